"""Errors of what may change in the shop, and of the ledger that holds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from zhanggui.kernel.errors import Kind, did_you_mean

from .root import TrustError


class UnknownProposal(TrustError):
    """No proposal has that id."""

    code, kind = "trust.unknown_proposal", Kind.NOT_FOUND

    @classmethod
    def of(cls, seen: str) -> Self:
        """Name the id that was asked for."""
        return cls(f"No proposal has the id {seen!r}.", hint="List them with: zhanggui proposals list SHOP")


class UnknownKind(TrustError):
    """No kind of proposal has that name."""

    code, kind = "trust.unknown_kind", Kind.NOT_FOUND

    @classmethod
    def among(cls, seen: str, known: Iterable[str]) -> Self:
        """Name the nearest known kind."""
        names = sorted(known)
        return cls(
            f"There is no kind of proposal {seen!r}.", hint=did_you_mean(seen, names, otherwise=", ".join(names))
        )


class UnknownSubject(TrustError):
    """There is nothing of that name to change."""

    code, kind = "trust.unknown_subject", Kind.NOT_FOUND


class BadChange(TrustError):
    """The change does not fit its kind."""

    code, kind = "trust.bad_change", Kind.INVALID


class WrongState(TrustError):
    """The proposal is no longer where the caller believed it to be."""

    code, kind = "trust.wrong_state", Kind.CONFLICT


class SubjectChanged(TrustError):
    """The thing itself has changed meanwhile."""

    code, kind = "trust.subject_changed", Kind.CONFLICT


class Blocked(TrustError):
    """A check blocks the proposal."""

    code, kind = "trust.blocked", Kind.CONFLICT


class NotAllowed(TrustError):
    """The kind stands at `observe`, or everything is paused."""

    code, kind = "trust.observe_only", Kind.FORBIDDEN


class BadAnchor(TrustError):
    """The anchor is not a checkpoint of this ledger."""

    code, kind = "trust.bad_anchor", Kind.INVALID


class NoSigningKey(TrustError):
    """The shop's folder holds no key to sign checkpoints with."""

    code, kind = "trust.no_signing_key", Kind.UNAVAILABLE


class UnknownEntry(TrustError):
    """The ledger has no entry of that number."""

    code, kind = "trust.unknown_entry", Kind.NOT_FOUND
