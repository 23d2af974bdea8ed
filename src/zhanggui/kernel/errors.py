"""What can go wrong, as one tree. Each error says what happened, what was seen, and what to do.

    ZhangguiError
    ├── InvalidInput          Kind.INVALID       the caller can mend it
    ├── NotFound              Kind.NOT_FOUND
    ├── Conflict              Kind.CONFLICT      somebody else was first
    ├── Forbidden             Kind.FORBIDDEN
    ├── Unauthenticated       Kind.UNAUTHENTICATED
    ├── TooLarge              Kind.TOO_LARGE
    ├── TooManyRequests       Kind.TOO_MANY
    └── Unavailable           Kind.UNAVAILABLE   try again, or repair the installation

Rooms derive one root each (`ShopError`) and name their own leaves; a leaf sets `code` and `kind`.
Only app/ knows HTTP status numbers and exit codes.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable
from typing import ClassVar


class Kind(enum.Enum):
    """The kind of an error: all that a door needs to choose a status or an exit code."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class ZhangguiError(Exception):
    """Root of all errors meant for a reader.

    Args:
        message: what happened and what was seen, one or two sentences.
        hint: what to do now; empty when there is nothing better than the message.
        params: values of the message by name, for a reader in another language.
        api_hint: the hint for one who came over HTTP, where it is another than on the command line.
    """

    code: ClassVar[str] = "zhanggui.error"
    kind: ClassVar[Kind] = Kind.INVALID

    def __init__(
        self, message: str, *, hint: str = "", params: dict[str, str] | None = None, api_hint: str = ""
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.api_hint = api_hint or hint
        self.params = params or {}


class InvalidInput(ZhangguiError):
    """The input does not fit; the message names the place and the hint the cure."""

    code, kind = "input.invalid", Kind.INVALID


class NotFound(ZhangguiError):
    """Nothing is known by that name."""

    code, kind = "not_found", Kind.NOT_FOUND


class Conflict(ZhangguiError):
    """The state has moved on since the caller looked."""

    code, kind = "conflict", Kind.CONFLICT


class Forbidden(ZhangguiError):
    """The caller is known and may not."""

    code, kind = "forbidden", Kind.FORBIDDEN


class Unauthenticated(ZhangguiError):
    """The caller is not known."""

    code, kind = "unauthenticated", Kind.UNAUTHENTICATED


class TooLarge(ZhangguiError):
    """The input is over a limit that the message names."""

    code, kind = "input.too_large", Kind.TOO_LARGE


class TooManyRequests(ZhangguiError):
    """The caller is over a rate that the message names."""

    code, kind = "too_many_requests", Kind.TOO_MANY


class Unavailable(ZhangguiError):
    """Something this needs is not there now."""

    code, kind = "unavailable", Kind.UNAVAILABLE


def did_you_mean(seen: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint that names the nearest known word, or `otherwise` when none is near."""
    near = difflib.get_close_matches(seen, list(known), n=1)
    return f"Did you mean {quoted(near[0])}?" if near else otherwise


def quoted(seen: str) -> str:
    """What was seen, in single quotes whatever it holds: Python's own repr takes double ones around an apostrophe."""
    return "'" + "".join(one if one.isprintable() else repr(one)[1:-1] for one in seen) + "'"
