"""An upload on its way in: looked at, mapped, checked, but not accepted yet."""

from __future__ import annotations

import msgspec

from .imports import Reject


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a file as it would be taken: values in the order of the preview's fields, or why it is refused."""

    line: int
    values: tuple[str | int | None, ...] = ()
    reject: Reject | None = None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The first rows of a file by a map. Without rows where `missing` names required fields that no column fills."""

    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rows: tuple[PreviewRow, ...] = ()
    missing: tuple[str, ...] = ()


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would refuse, found by a run that stores nothing."""

    rows_read: int
    kept: int
    rejected: int
    excluded: int
    reasons: tuple[tuple[str, int], ...]  # the most frequent first
    first: tuple[Reject, ...]
