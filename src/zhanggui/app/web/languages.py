"""In which language a page answers."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import LANGUAGES, catalogue_language

COOKIE = "zg_lang"


def language_of(query: Mapping[str, str], cookies: Mapping[str, str], accept: str, default: str) -> str:
    """`zh` or `en`: what the address says, else the cookie, else the browser, else the shop."""
    for asked in (query.get("lang"), cookies.get(COOKIE)):
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
