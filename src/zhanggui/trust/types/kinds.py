"""What a kind of proposal consists of. Rooms make their own and hand them to the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec
import sqlalchemy as sa

from zhanggui.shop import Card

from .proposals import ChangeJson, Effect, FactRef, Finding, Rationale
from .showing import DiffRow, EditField, Phrase

C = TypeVar("C", bound=msgspec.Struct)
B = TypeVar("B", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class CheckContext(Generic[C, B]):
    """What a check sees: the change, and the subject as it is now."""

    subject: str
    change: C
    before: B


Check = Callable[[CheckContext[C, B]], Sequence[Finding]]
"""A rule: pure; answers one finding for each place that it looked at, a pass included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPage(Generic[C, B]):
    """How a kind is shown to a person and edited by one: pure functions that answer codes and values.

    Args:
        icon: of the kind, by name.
        about: what a subject names, as a fact that a page can look up.
        title: the change in one line; without the subject as it is, one that does not compare.
        rows: a row for each thing that the change is about, those that stay the same included.
        fields: of the form, filled with the change.
        edited: the change that the values of a form make, by the names of its fields.
    """

    icon: str
    about: Callable[[str], FactRef]
    title: Callable[[C, B | None], Phrase]
    rows: Callable[[C, B], Sequence[DiffRow]]
    fields: Callable[[C, B], Sequence[EditField]]
    edited: Callable[[C, B, Mapping[str, object]], ChangeJson]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalKind(Generic[C, B]):
    """A kind of proposal.

    Args:
        name: `room.verb_noun`, stable.
        change: the struct that a change must fit.
        read: the subject as it is, None when there is none.
        look: the subject with what else of the shop its checks ask about this change; None where they ask no more.
        watched: the part of the subject that the change is about; when that has changed, a decision made on it falls.
        apply: change the subject, inside the caller's transaction; the last argument is now, in ms.
        invert: the change that undoes `change`, which is applied now (in ms) to the subject as it was before.
        card: the change in words, for a person who does it by hand.
        page: how a person sees and edits it.
        estimate: what a change is expected to bring, by the figures of the reason; None where they do not say it.
        checks: all are run, in order, at every edit and again at the approval.
    """

    name: str
    change: type[C]
    read: Callable[[sa.Connection, str], B | None]
    watched: Callable[[B, C], object]
    apply: Callable[[sa.Connection, str, C, int], None]
    invert: Callable[[B, C, int], C]
    card: Callable[[str, C], Card]
    page: KindPage[C, B]
    estimate: Callable[[Rationale, C, B], Effect | None] | None = None
    checks: tuple[Check[C, B], ...] = ()
    look: Callable[[sa.Connection, C, B], B] | None = None
