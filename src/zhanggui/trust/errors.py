"""Errors of the room `trust`.

TrustError
├── UnknownProposal, UnknownKind, UnknownSubject, BadChange
├── WrongState          the proposal is no longer where the caller believed it to be
├── SubjectChanged      the thing itself has changed since the proposal was made or applied
├── Blocked             a check blocks it, for people and for `act` alike
├── NotAllowed          the kind is at `observe`, or everything is paused
├── BadAnchor, NoSigningKey, UnknownEntry
├── UnknownKey, BadKey, BadToken, BadCsrf, OutOfScope, UnknownScope
├── UnknownUser, KnownUser, UnknownRole, WeakPassword, BadLogin, TooManyLogins, LastOwner
├── UnknownNotice, VersionedNotice, UnknownContest, ContestAnswered, TooManyContests
├── UnknownPerson, NoReason, UnknownReceipt, NotConfirmed
└── BriefNotSent        a channel did not take the morning brief
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from zhanggui.kernel.errors import Kind, ZhangguiError, did_you_mean


class TrustError(ZhangguiError):
    """Root of this room's errors."""

    code = "trust.error"


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


class UnknownKey(TrustError):
    """No API key has that id."""

    code, kind = "trust.unknown_key", Kind.NOT_FOUND


class BadKey(TrustError):
    """The API key is wrong, expired or revoked; which of these is not said."""

    code, kind = "trust.bad_key", Kind.UNAUTHENTICATED


class UnknownUser(TrustError):
    """No user has that account name."""

    code, kind = "trust.unknown_user", Kind.NOT_FOUND


class KnownUser(TrustError):
    """The account name is taken."""

    code, kind = "trust.known_user", Kind.CONFLICT


class LastOwner(TrustError):
    """Nobody could give rights in the shop any more."""

    code, kind = "trust.last_owner", Kind.CONFLICT


class BadLogin(TrustError):
    """Account and password do not fit each other; which is wrong is not said."""

    code, kind = "trust.bad_login", Kind.UNAUTHENTICATED


class TooManyLogins(TrustError):
    """Too many failed logins; the message says how long to wait."""

    code, kind = "trust.too_many_logins", Kind.TOO_MANY


class BadToken(TrustError):
    """A customer token or a login link is forged, used or too old."""

    code, kind = "trust.bad_token", Kind.UNAUTHENTICATED


class BadCsrf(TrustError):
    """A page's request did not carry the token of its session."""

    code, kind = "trust.bad_csrf", Kind.FORBIDDEN


class OutOfScope(TrustError):
    """The caller is known and lacks the scope."""

    code, kind = "trust.out_of_scope", Kind.FORBIDDEN


class UnknownScope(TrustError):
    """A key or token was asked for with a scope it cannot have."""

    code, kind = "trust.unknown_scope", Kind.INVALID

    @classmethod
    def among(cls, seen: str, known: Iterable[str]) -> Self:
        """Name the nearest scope that there is, or all of them."""
        scopes = list(known)
        everything = f"There are: {', '.join(scopes)}; room:* for a whole room, * for everything."
        return cls(f"There is no scope {seen!r}.", hint=did_you_mean(seen, scopes, otherwise=everything))


class UnknownRole(TrustError):
    """No role has that name."""

    code, kind = "trust.unknown_role", Kind.INVALID

    @classmethod
    def among(cls, seen: str, known: Iterable[str]) -> Self:
        """Name the nearest role."""
        names = list(known)
        return cls(f"There is no role {seen!r}.", hint=did_you_mean(seen, names, otherwise=", ".join(names)))


class WeakPassword(TrustError):
    """The password is too short or too long."""

    code, kind = "trust.weak_password", Kind.INVALID


class UnknownPerson(TrustError):
    """No customer or visitor has that id."""

    code, kind = "trust.unknown_person", Kind.NOT_FOUND


class UnknownNotice(TrustError):
    """No version of that notice was published."""

    code, kind = "trust.unknown_notice", Kind.NOT_FOUND

    @classmethod
    def of(cls, seen: str) -> Self:
        """Name what was asked for."""
        return cls(
            f"No version {seen!r} of a notice was published.", hint="List them with: zhanggui consents notices SHOP"
        )


class VersionedNotice(TrustError):
    """A notice that has versions is changed by publishing the next one."""

    code, kind = "trust.versioned_notice", Kind.CONFLICT

    @classmethod
    def of(cls, notice: str) -> Self:
        """Name the notice."""
        return cls(
            f"The notice {notice!r} has versions; what people agreed to is not changed behind them.",
            hint="Publish a new version, and say whether it asks again.",
        )


class UnknownContest(TrustError):
    """No contest has that id."""

    code, kind = "trust.unknown_contest", Kind.NOT_FOUND

    @classmethod
    def of(cls, seen: str) -> Self:
        """Name the id that was asked for."""
        return cls(f"No contest has the id {seen!r}.", hint="List them with: zhanggui contests list SHOP")


class ContestAnswered(TrustError):
    """Somebody has answered the contest."""

    code, kind = "trust.contest_answered", Kind.CONFLICT

    @classmethod
    def by(cls, actor: str) -> Self:
        """Name who answered."""
        return cls(f"This contest was answered already, by {actor}.", hint="An answer is final; look at it again.")


class TooManyContests(TrustError):
    """One person brings more contests within a day than anybody could mean."""

    code, kind = "trust.too_many_contests", Kind.TOO_MANY

    @classmethod
    def within_a_day(cls, most: int) -> Self:
        """Name the most."""
        return cls(f"{most} contests came from you within a day.", hint="Write to the shop about all of them at once.")


class NoReason(TrustError):
    """Personal data were to be shown, and nobody said why."""

    code, kind = "trust.no_reason", Kind.INVALID


class UnknownReceipt(TrustError):
    """No erasure has a receipt of that id."""

    code, kind = "trust.unknown_receipt", Kind.NOT_FOUND


class NotConfirmed(TrustError):
    """An erasure cannot be undone: whoever asks repeats whom it is about."""

    code, kind = "trust.not_confirmed", Kind.INVALID


class BriefNotSent(TrustError):
    """A channel did not take the morning brief; the next try reaches only the channels that are left."""

    code, kind = "trust.brief_not_sent", Kind.UNAVAILABLE


class BadYear(TrustError):
    """There is no year of that number to review."""

    code, kind = "trust.bad_year", Kind.INVALID


class CannotWrite(TrustError):
    """A file cannot be written where it was asked for."""

    code, kind = "trust.cannot_write", Kind.UNAVAILABLE
