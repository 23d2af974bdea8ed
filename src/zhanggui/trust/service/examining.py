"""Looking at a change: does it fit its kind, what do the checks say, and what exactly would be approved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.trust.errors import BadChange, UnknownKind, UnknownSubject, WrongState
from zhanggui.trust.types.kinds import CheckContext, ProposalKind
from zhanggui.trust.types.proposals import ChangeJson, Effect, Finding, Level, Proposal

AnyKind = ProposalKind[Any, Any]
_CANONICAL = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class Examined:
    """A change as its kind reads it, against the subject as it is now."""

    kind: AnyKind
    change: msgspec.Struct
    before: msgspec.Struct
    findings: tuple[Finding, ...]
    hash: str

    @property
    def blocking(self) -> list[Finding]:
        """The findings that block."""
        return [finding for finding in self.findings if finding.level is Level.BLOCK]


def kind_of(kinds: Mapping[str, AnyKind], name: str) -> AnyKind:
    """The kind of that name.

    Raises:
        UnknownKind: there is none.
    """
    kind = kinds.get(name)
    if kind is None:
        raise UnknownKind.among(name, kinds)
    return kind


def typed(kind: AnyKind, change: ChangeJson) -> msgspec.Struct:
    """The change as its kind's struct.

    Raises:
        BadChange: it does not fit; the message names the field.
    """
    try:
        return msgspec.convert(change, kind.change)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        fields = ", ".join(kind.change.__struct_fields__)
        raise BadChange(f"The change does not fit {kind.name}: {error}.", hint=f"Its fields are: {fields}.") from error


def examine(db: sa.Connection, kind: AnyKind, subject: str, change: ChangeJson, outlet: str) -> Examined:
    """Run all checks against the subject as it is now.

    Raises:
        BadChange: the change does not fit.
        UnknownSubject: there is nothing of that name to change.
    """
    fitting = typed(kind, change)
    before = kind.read(db, subject)
    if before is None:
        raise UnknownSubject(f"{kind.name} finds nothing by {subject!r}.", hint="Name something that the shop has.")
    if kind.look is not None:
        before = kind.look(db, fitting, before)
    context = CheckContext(subject, fitting, before)
    findings = tuple(finding for check in kind.checks for finding in check(context))
    covered = (kind.name, subject, msgspec.to_builtins(fitting), outlet, kind.watched(before, fitting))
    return Examined(kind, fitting, before, findings, _digest(covered))


def effect_of(proposal: Proposal, seen: Examined) -> tuple[Effect, bool]:
    """What the change that is seen now is expected to bring, and whether that was estimated for an earlier one."""
    kind = seen.kind
    anew = None if kind.estimate is None else kind.estimate(proposal.reason, seen.change, seen.before)
    if anew is not None:
        return anew, False
    is_edited = typed(kind, proposal.change) != seen.change
    return proposal.effect, proposal.effect.amount_minor is not None and (is_edited or proposal.is_effect_old)


def fingerprint(db: sa.Connection, kind: AnyKind, subject: str, change: msgspec.Struct) -> str:
    """What the part of the subject that the change is about looks like now; empty when there is no subject."""
    now = kind.read(db, subject)
    return "" if now is None else _digest(kind.watched(now, change))


def require_seen(proposal: Proposal, seen_hash: str | None) -> None:
    """Raise unless a proposal is still the one that somebody looked at; None asks for nothing.

    Raises:
        WrongState: it was edited since.
    """
    if seen_hash is not None and seen_hash != proposal.hash:
        raise WrongState(f"Proposal {proposal.id} is no longer the one that was seen.", hint="Read it again first.")


def _digest(value: object) -> str:
    return hashlib.sha256(_CANONICAL.encode(value)).hexdigest()
