"""In which language a page answers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhanggui.kernel.words import LANGUAGES, catalogue_language

COOKIE = "zg_lang"
SHOPPERS_COOKIE = "zg_shop_lang"
_STOREFRONT = re.compile(r"/shop/[^/]+")


def kept_in(path: str) -> tuple[str, str]:
    """(name, path) of the cookie that keeps the language of a page.

    Each storefront has its own: a merchant who reads the shop in English, as a shopper may, goes on in Chinese behind
    the counter.
    """
    storefront = _STOREFRONT.match(path)
    return (SHOPPERS_COOKIE, storefront.group()) if storefront else (COOKIE, "/")


def language_of(query: Mapping[str, str], kept: str | None, accept: str, default: str) -> str:
    """`zh` or `en`: what the address says, else the cookie, else the browser, else the shop."""
    for asked in (query.get("lang"), kept):
        if asked in LANGUAGES:
            return asked
    for part in accept.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.split("-")[0] in LANGUAGES:
            return tag.split("-")[0]
    return catalogue_language(default)


def other_language(language: str) -> str:
    """The one that the switch leads to."""
    return "en" if language == "zh" else "zh"
