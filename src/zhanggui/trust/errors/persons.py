"""Errors of the rights of persons: notices, contests, data shown and erased."""

from __future__ import annotations

from collections.abc import Sequence
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


class UnknownSeparateAsk(TrustError):
    """No separate consent of that name is asked for."""

    code, kind = "trust.unknown_separate_ask", Kind.NOT_FOUND

    @classmethod
    def of(cls, seen: str) -> Self:
        """Name what was meant."""
        return cls(
            f"No separate consent {seen[:80]!r} is asked for.", hint="List them: zhanggui consents separate asks SHOP"
        )


class UntoldSeparateAsk(TrustError):
    """A separate consent is to be asked for that does not say what its article asks to be told."""

    code, kind = "trust.untold_separate_ask", Kind.INVALID

    @classmethod
    def of(cls, article: int, missing: Sequence[str]) -> Self:
        """Name what is missing."""
        return cls(
            f"A separate consent under PIPL art. {article} does not say: {', '.join(missing)}.",
            hint="Say each of them in words that a shopper understands.",
        )

    @classmethod
    def misplaced(cls, act: str, country: str) -> Self:
        """Name an act and a country that do not fit."""
        return cls(
            f"A receiver in {country} is not asked for as {act}.",
            hint="Within the mainland (CN) it is hand_over (PIPL art. 23), elsewhere abroad (art. 39).",
        )


class EndedSeparateAsk(TrustError):
    """A separate consent is to be ended that is over already."""

    code, kind = "trust.ended_separate_ask", Kind.CONFLICT

    @classmethod
    def of(cls, name: str, version: int) -> Self:
        """Name the version that ended it."""
        return cls(
            f"The separate consent {name!r} is over since version {version}.",
            hint="Nobody is asked any more; publish a version to ask again.",
        )


class OutdatedSeparateAsk(TrustError):
    """Somebody agrees to a version that a newer one has replaced."""

    code, kind = "trust.outdated_separate_ask", Kind.CONFLICT

    @classmethod
    def of(cls, name: str, version: int) -> Self:
        """Name the version that is asked now."""
        return cls(
            f"The separate consent {name!r} is asked in version {version} now.",
            hint="Show that version, and ask again.",
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
