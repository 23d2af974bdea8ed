"""Every error code with its status and what it says: for the page of the server and for docs/errors.md."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from zhanggui.kernel.errors import ZhangguiError

from .errors import DOOR_CODES, STATUS


class Explained(msgspec.Struct, frozen=True, order=True):
    """One code, for a reader."""

    code: str
    status: int
    summary: str


def error_classes(root: type[ZhangguiError] = ZhangguiError) -> Iterator[type[ZhangguiError]]:
    """All error classes that are imported by now, the root of the tree first."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def explained_errors() -> list[Explained]:
    """All codes in order; a class without a code of its own is a root that nobody raises."""
    found: dict[str, Explained] = {}
    for status, (code, hint) in DOOR_CODES.items():
        found[code] = Explained(code, status, hint)
    for error in error_classes():
        if "code" in vars(error):
            found[error.code] = Explained(error.code, STATUS[error.kind], _first_paragraph(error.__doc__ or ""))
    return sorted(found.values())


def _first_paragraph(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())
