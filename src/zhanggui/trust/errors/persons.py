"""Errors of the rights of persons: notices, contests, data shown and erased."""

from __future__ import annotations

from typing import Self

from zhanggui.kernel.errors import Kind

from .root import TrustError


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
