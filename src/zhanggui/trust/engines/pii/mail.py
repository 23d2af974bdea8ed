"""E-mail addresses, also with words for the signs; no versions (`vite@5.0`), machines (`git@host:`) or files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .spans import EMAIL, Span

_MAIL = re.compile(
    r"[A-Za-z0-9](?<![A-Za-z0-9._%+'*-].)(?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_+-])? ?@ ?"
    r"(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,18}"
    r"|[A-Za-z0-9-]{2,20} ?[.。点] ?(?:com|cn|net))"
    r"(?![A-Za-z0-9]|-[A-Za-z0-9])"
)
_SPOKEN = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._+-]{1,40}\s?(?:[\[({<]\s?at\s?[\])}>]|\bat\b"
    r"|[(\[]?\s?艾特\s?[)\]]?|#)\s?"
    r"(?:[A-Za-z0-9-]{1,30}\s?(?:[\[({<]\s?dot\s?[\])}>]|\bdot\b|点)\s?){1,3}(?:com|cn|net|org|edu|uk|hk|tw|io|co"
    r"|me)\b",
    re.IGNORECASE,
)
_PROVIDER = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._+-]{2,40}\s?(?:[\[(]\s?at\s?[\])]|[(\[]?\s?艾特\s?[)\]]?|#"
    r"|\bat\b)\s?"
    r"(?:qq|163|126|gmail|outlook|hotmail|yeah|sina|foxmail|icloud|yahoo|139|189)\s?\.\s?(?:com|cn|net)\b",
    re.IGNORECASE,
)
_SPOKEN_AT = re.compile(r"[#aA艾](?:(?<=#)|(?<=\W[aA])[tT](?!\w)|(?<=艾)特)")
_POINT = re.compile("[.点。dD](?:(?<![dD])|ot)")
_NO_ENDING = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "js",
        "css",
        "json",
        "map",
        "html",
        "py",
        "ts",
        "tsx",
        "jsx",
        "md",
        "txt",
        "pdf",
        "zip",
        "gz",
        "mjs",
        "yml",
        "yaml",
        "toml",
        "local",
        "internal",
    ]
)
_MACHINE = re.compile(r"(?:\b(?:ssh|scp|sftp|rsync|mosh|telnet)\b[^\n@]{0,24}|://[^\s@/]{0,40})\Z")


def mails(text: str) -> Iterable[Span]:
    """All e-mail addresses in a folded text."""
    return _mails(text) if "@" in text or (_POINT.search(text) and _SPOKEN_AT.search(text)) else ()


def _mails(text: str) -> Iterator[Span]:
    if "@" in text:
        for match in _MAIL.finditer(text):
            if _is_mail(text, match):
                yield Span(match.start(), match.end(), EMAIL)
    if _SPOKEN_AT.search(text):
        for pattern in (_SPOKEN, _PROVIDER):
            for match in pattern.finditer(text):
                yield Span(match.start(), match.end(), EMAIL)


def _is_mail(text: str, match: re.Match[str]) -> bool:
    if match.group().rpartition(".")[2].lower() in _NO_ENDING:
        return False
    if match.group().startswith("git@") or text[match.end() : match.end() + 2] == ":/":
        return False
    return not _MACHINE.search(text, max(0, match.start() - 48), match.start())
