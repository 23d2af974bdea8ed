"""E-mail addresses, also with words for the signs; no versions (`vite@5.0`), machines (`git@host:`) or files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .spans import EMAIL, Span

_HOSTS = (
    "qq|vip|163|126|139|188|189|gmail|googlemail|outlook|hotmail|live|msn|yeah|sina|sohu|tom|21cn|aliyun|foxmail|icloud"
    "|yahoo|ymail|proton|protonmail|gmx|zoho|wo|naver|aol|me"
)
_ENDS = r"(?:com|cn|net|org|edu|uk|hk|tw|io|co|me|de|fr|jp|au|ca|sg)(?![A-Za-z0-9])"
_MAIL = re.compile(
    r"[A-Za-z0-9](?<![A-Za-z0-9._%+'*-].)(?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_+-])?"
    rf"(?:@{{1,2}} ?| @ |[\[(]@[\])]| @(?=(?:{_HOSTS})\.))"
    r"(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,18}"
    r"|[A-Za-z0-9-]{2,20} ?[.。点] ?(?:com|cn|net)"
    rf"|(?:{_HOSTS}) ?, ?com)"
    r"(?![A-Za-z0-9]|-[A-Za-z0-9])"
)
_LOCAL = (
    r"(?<![A-Za-z0-9._%+-])(?:[A-Za-z0-9._-]{1,20}\s?(?:\b(?:underscore|dot|dash|hyphen|minus)\b|下划线|下横线|横杠|点|杠)\s?)"
    r"{0,3}[A-Za-z0-9][A-Za-z0-9._+-]{1,40}\s?"
)
_SHOWN = r"[\[({<]\s?at\s?[\])}>]|[(\[]?\s?(?:艾特|爱特|小老鼠|圈a|花a|at符号|\(a\)|_at_)\s?[)\]]?"
_SPOKEN = re.compile(
    rf"{_LOCAL}(?:{_SHOWN}|\bat\b|#)\s?(?:[A-Za-z0-9-]{{1,30}}\s?(?:[\[({{<]\s?dot\s?[\])}}>]|\bdot\b|[点點])\s?){{1,3}}"
    rf"{_ENDS}",
    re.IGNORECASE,
)
_PROVIDER = re.compile(
    rf"{_LOCAL}(?:(?:{_SHOWN}|[#*]|\bat\b)\s?(?:{_HOSTS})(?:\s?\.\s?|\s){_ENDS}"
    rf"|(?:{_SHOWN})\s?(?:[A-Za-z0-9-]{{1,30}}\.){{1,3}}{_ENDS}|(?:艾特|爱特|小老鼠)\s?(?:{_HOSTS})(?![A-Za-z0-9.]))",
    re.IGNORECASE,
)
_SPOKEN_AT = re.compile(
    r"[(_#*aA艾爱老圈花](?:(?<=[#*])|(?<=\W[aA])[tT](?!\w)|(?<=[艾爱])特|(?<=老)鼠|(?<=[圈花])[aA]|(?<=\()a\)|(?<=_)at_)"
)
_POINT = re.compile("[.。点點dD特鼠c](?:(?<![dDc])|[oO][tT]|(?<=c)om)")
_NO_LOCAL = re.compile(
    r"(?:look(?:ed|ing)?|shop|bought|buy|available|find|found|see|seen|it|us|me|them|here|order(?:ed)?|sold|sell|price|price"
    r"[sd]|cheaper|are|is|was|me|check|visit|store|stock)\s+at\b",
    re.IGNORECASE,
)
"""What is done at a site; no mailbox."""
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
                if not _NO_LOCAL.match(match.group()):
                    yield Span(match.start(), match.end(), EMAIL)


def _is_mail(text: str, match: re.Match[str]) -> bool:
    if match.group().rpartition(".")[2].lower() in _NO_ENDING:
        return False
    if match.group().startswith("git@") or text[match.end() : match.end() + 2] == ":/":
        return False
    return not _MACHINE.search(text, max(0, match.start() - 48), match.start())
