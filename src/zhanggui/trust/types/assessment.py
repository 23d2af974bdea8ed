"""An impact assessment as it is handed out, and a breach drill."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One chapter: a sentence, a table, and what follows from it. All in the reader's language."""

    title: str
    intro: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """An impact assessment (PIPL art. 55-56), as of one moment, filled from the store and the code."""

    title: str
    shop: str
    made_at: datetime
    language: str
    chapters: tuple[Chapter, ...]


class DrillAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is supposed to have leaked.

    Attributes:
        tables: names of tables with rows about people, as the assessment lists them; empty: all of them.
        is_master_key_safe: whether the master key stayed safe: what is sealed is then noise.
        found_at: when it was found; now without.
        cause: how it came about, for the notice.
        with_ids: list who is affected; who asks must be allowed to read people.
    """

    tables: Annotated[tuple[str, ...], msgspec.Meta(max_length=64)] = ()
    is_master_key_safe: bool = True
    found_at: datetime | None = None
    cause: Annotated[str, msgspec.Meta(max_length=512)] = ""
    with_ids: bool = False


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """What is due by when, and which law says so."""

    due_at: datetime
    what: str
    law: str


class BreachDrill(msgspec.Struct, frozen=True, kw_only=True):
    """Who would be affected and what would be due. Nothing was sent to anybody.

    Attributes:
        customers: how many of the affected the shop knows by an id of its own.
        visitors: how many are browsers only.
        readable: fields that whoever has the rows could read.
        sealed: fields that are noise without the master key.
        notice: the text of the notice by language, with places to fill in [square brackets].
        ids: of customers, where they were asked for and may be seen.
    """

    shop: str
    found_at: datetime
    tables: tuple[str, ...]
    customers: int
    visitors: int
    readable: tuple[str, ...]
    sealed: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    notice: dict[str, str]
    ledger_entry: int
    ids: tuple[str, ...] = ()
