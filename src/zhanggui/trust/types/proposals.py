"""What a room wants to do, what the rules found, and what was decided."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Literal

import msgspec

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Short = Annotated[str, msgspec.Meta(max_length=512)]
Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=2048, pattern=r"^[^\x00-\x1f\x7f]+$(?!\n)")]
Params = dict[Short, Short]
Money = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
ChangeJson = dict[str, object]
"""A change as JSON; its kind says which struct it must fit."""


class ProposalState(enum.StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"  # passed through within one commit: the next state is queued or applied
    QUEUED = "queued"
    APPLIED = "applied"
    UNDONE = "undone"
    REJECTED = "rejected"
    FAILED = "failed"
    EXPIRED = "expired"


class AutonomyLevel(enum.StrEnum):
    """How far the software may go alone (自主级别)."""

    OBSERVE = "observe"  # proposals are noted, nothing is decided
    SUGGEST = "suggest"  # a person decides
    ACT = "act"  # what no check blocks is approved at once


class Author(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who proposes: a person, a model, or rules that ask no model, each with its version."""

    kind: Literal["person", "model", "rules"] = "person"
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    version: Short = ""


class Rationale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, as a code and its values; worded at the edge."""

    code: Word
    params: Params = {}


class FactRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact that the proposal rests on (依据): its kind (`order`, `event`, `review`, ...) and its id."""

    kind: Word
    ref: Subject


class Effect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it is expected to bring, in minor units with an interval; or why nobody can say."""

    amount_minor: Money | None = None
    low_minor: Money | None = None
    high_minor: Money | None = None
    currency: Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{3})?$(?!\n)")] = ""
    why_unknown: Short = ""

    def __post_init__(self) -> None:
        known = (self.amount_minor, self.low_minor, self.high_minor)
        if all(value is None for value in known):
            if not self.why_unknown:
                raise ValueError("an effect without an amount must say why, in why_unknown")
            return
        if self.amount_minor is None or self.low_minor is None or self.high_minor is None or not self.currency:
            raise ValueError("an effect needs amount_minor, low_minor, high_minor and currency together")
        if not self.low_minor <= self.amount_minor <= self.high_minor:
            raise ValueError("an effect's amount_minor must lie between low_minor and high_minor")


NOT_ESTIMATED = Effect(why_unknown="not_estimated")


class Cure(msgspec.Struct, frozen=True, kw_only=True):
    """How to mend a finding: in words by its code, and where a rule can, the mended change itself."""

    code: str
    params: dict[str, str] = {}
    change: ChangeJson | None = None


class Level(enum.StrEnum):
    """How grave a finding is."""

    PASS = "pass"  # noqa: S105  (a verdict, no password)
    WARN = "warn"
    BLOCK = "block"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found (检查结果): its rule, how grave, the exact place in the change, and the cure."""

    rule: str
    level: Level
    place: str = ""
    params: dict[str, str] = {}
    cure: Cure | None = None


class ProposalDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a room or a person hands in."""

    kind: Word
    subject: Subject
    change: ChangeJson
    reason: Rationale
    author: Author
    evidence: Annotated[tuple[FactRef, ...], msgspec.Meta(max_length=1000)] = ()
    effect: Effect = NOT_ESTIMATED
    outlet: Word = "store"
    expires_at: datetime | None = None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal (提案) as it stands.

    `hash` covers kind, subject, change, outlet and what the subject looked like; an approval is of one hash.
    `after` is the fingerprint of the subject once it was applied: an undo needs it unchanged. `is_effect_old`: the
    change was edited since its effect was estimated, and its kind cannot estimate it anew.
    """

    id: str
    kind: str
    subject: str
    change: ChangeJson
    reason: Rationale
    evidence: tuple[FactRef, ...]
    effect: Effect
    author: Author
    outlet: str
    state: ProposalState
    findings: tuple[Finding, ...]
    hash: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None = None
    approved_hash: str | None = None
    decided_by: str = ""
    decision: Rationale | None = None  # why it was rejected, or how it failed
    inverse: ChangeJson | None = None
    after: str = ""
    outbox_id: str | None = None
    undo_outbox_id: str | None = None
    is_effect_old: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether a check blocks it."""
        return any(finding.level is Level.BLOCK for finding in self.findings)


class ProposalPage(msgspec.Struct, frozen=True, kw_only=True):
    """Proposals, newest first; `next` is where the next page starts, None at the end."""

    items: tuple[Proposal, ...]
    next: str | None = None


class KindAutonomy(msgspec.Struct, frozen=True, kw_only=True):
    """A kind's level as it was set, and as it acts now: `observe` while everything is paused."""

    kind: str
    level: AutonomyLevel
    acts_as: AutonomyLevel


class Autonomy(msgspec.Struct, frozen=True, kw_only=True):
    """All kinds' levels."""

    is_paused: bool
    kinds: tuple[KindAutonomy, ...]
