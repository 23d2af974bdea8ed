"""What the ledger keeps of proposals and of who may do what. Nothing personal stands in it."""

from __future__ import annotations

import msgspec

from zhanggui.trust.types.proposals import ChangeJson, Proposal


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal was made, or edited."""

    id: str
    kind: str
    subject: str
    hash: str
    change: ChangeJson
    author: str
    findings: tuple[str, ...]  # rules that warn or block, as `block:rule`

    @classmethod
    def of(cls, proposal: Proposal) -> Proposed:
        """The record of a proposal as it stands."""
        author = proposal.author
        return cls(
            id=proposal.id,
            kind=proposal.kind,
            subject=proposal.subject,
            hash=proposal.hash,
            change=proposal.change,
            author=f"{author.kind}:{author.name}" + (f"@{author.version}" if author.version else ""),
            findings=tuple(f"{found.level}:{found.rule}" for found in proposal.findings if found.level != "pass"),
        )


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal was approved, rejected, failed or ran out; `hash` is of what was decided on."""

    id: str
    kind: str
    subject: str
    hash: str
    outlet: str
    reason: str = ""

    @classmethod
    def of(cls, proposal: Proposal, *, reason: str = "") -> Decided:
        """The record of a decision on a proposal as it stands."""
        return cls(
            id=proposal.id,
            kind=proposal.kind,
            subject=proposal.subject,
            hash=proposal.hash,
            outlet=proposal.outlet,
            reason=reason,
        )


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """A change took effect, or was undone: what was done, and what would undo it."""

    id: str
    kind: str
    subject: str
    change: ChangeJson
    inverse: ChangeJson


class LevelSet(msgspec.Struct, frozen=True, kw_only=True):
    """A kind's autonomy level was set."""

    kind: str
    level: str


class Switched(msgspec.Struct, frozen=True, kw_only=True):
    """Everything was paused, or goes on."""

    is_paused: bool
