"""All pages of a running site, found by following its own links: one address for each kind of page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx

_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#][^"]*)"')
_ELSEWHERE = re.compile(r"^/(assets|static|v1|docs|schema|health|metrics)\b|/logout$")
"""What is not the site's own pages, and the one link that would end the walk."""
_NAMED = re.compile(r"[a-z][a-z.-]*")


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link that leads to an error."""

    address: str
    found_on: str
    status: int


@dataclass(frozen=True, slots=True)
class Crawl:
    """What was found: one address of each kind of page, and the links that lead nowhere."""

    pages: tuple[str, ...]
    broken: tuple[BrokenLink, ...]


def shape_of(path: str, words: frozenset[str]) -> str:
    """A path with everything that names one thing replaced, so that all products are one kind of page."""
    parts = [part if part in words else "*" for part in path.strip("/").split("/")]
    return "/".join(parts)


def words_of(paths: Iterable[str]) -> frozenset[str]:
    """The fixed words of a site's route templates: `/console/{shop:str}/orders` has `console` and `orders`."""
    return frozenset(part for path in paths for part in path.strip("/").split("/") if _NAMED.fullmatch(part))


def crawl(client: httpx.Client, starts: Iterable[str], words: frozenset[str], *, most: int = 400) -> Crawl:
    """Follow links from `starts` as whoever the client is logged in as.

    Args:
        client: with the site as its base address, following redirects.
        starts: where to begin.
        words: fixed words of the site's paths; see `words_of`.
        most: pages looked at before giving up.
    """
    waiting = deque((start, "") for start in starts)
    seen: set[str] = set()
    pages: list[str] = []
    broken: list[BrokenLink] = []
    while waiting and len(seen) < most:
        address, found_on = waiting.popleft()
        shape = shape_of(urlsplit(address).path, words)
        if shape in seen:
            continue
        seen.add(shape)
        with client.stream("GET", address) as answer:
            if not answer.is_success:
                broken.append(BrokenLink(address, found_on, answer.status_code))
            elif _is_page(answer):
                pages.append(address)
                waiting.extend((link, address) for link in _links(answer.read().decode(), address))
    return Crawl(tuple(pages), tuple(broken))


def _is_page(answer: httpx.Response) -> bool:
    """Whether a browser would show it: a download is a link that leads somewhere, and no page."""
    is_download = answer.headers.get("content-disposition", "").startswith("attachment")
    return answer.headers.get("content-type", "").startswith("text/html") and not is_download


def _links(html: str, page: str) -> Iterable[str]:
    for raw in _LINK.findall(html):
        parts = urlsplit(urljoin(page, unescape(raw)))
        if not parts.scheme and not parts.netloc and not _ELSEWHERE.search(parts.path):
            yield parts.path
