"""Contests (申诉): a shopper asks a person to look at what the software decided about them.

Law: PIPL art. 24 (3) (explanation, and the right to refuse a decision made by automation alone) and art. 50, GDPR
art. 22 (3) (human intervention, to express one's point of view, to contest). PIPL articles read in the Chinese text;
GDPR art. 22 read in English.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

import msgspec

from zhanggui.kernel.ids import MerchantId

MOST_WORDS = 2_000
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_WORDS)]


class Decision(enum.StrEnum):
    """What was decided without a person."""

    RECOMMENDATION = "recommendation"
    PRICE = "price"
    OFFER = "offer"
    REFUSAL = "refusal"
    OTHER = "other"


class ContestState(enum.StrEnum):
    """Where a contest stands; `overdue` is open and past its day."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"


class Outcome(enum.StrEnum):
    """What a person decided after looking."""

    CHANGED = "changed"
    UPHELD = "upheld"
    EXPLAINED = "explained"


class OpenContest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contest as it is brought.

    Attributes:
        decision: what kind of decision.
        about: the product, the order or whatever else was decided on, by its id.
        list_id: the served list in which it was shown, where there was one.
        shown: what the shopper saw, as it stood before them: the reason, the price.
        words: what they say to it.
    """

    decision: Decision
    about: Annotated[str, msgspec.Meta(max_length=256)] = ""
    list_id: Annotated[str, msgspec.Meta(max_length=26)] = ""
    shown: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    words: Words
    customer_id: MerchantId | None = None
    visitor_id: MerchantId | None = None


class AnswerContest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's answer."""

    outcome: Outcome
    words: Words


class ContestAnswer(AnswerContest, frozen=True, kw_only=True):
    """An answer as it was given."""

    by: str
    at: datetime


class HeldContest(msgspec.Struct, frozen=True, kw_only=True):
    """A contest as it is kept.

    `entries` are the numbers of ledger entries about the decision; by `token_hash` whoever brought it reads the answer.
    """

    id: str
    person: int
    decision: Decision
    about: str
    list_id: str
    shown: str
    words: str
    at: datetime
    due_at: datetime
    entries: tuple[int, ...] = ()
    answer: ContestAnswer | None = None
    token_hash: str = ""

    def state(self, now: datetime) -> ContestState:
        """Where it stands at a moment."""
        if self.answer is not None:
            return ContestState.ANSWERED
        return ContestState.OVERDUE if now > self.due_at else ContestState.OPEN


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """A contest as it is shown."""

    id: str
    state: ContestState
    decision: Decision
    about: str
    list_id: str
    shown: str
    words: str
    at: datetime
    due_at: datetime
    entries: tuple[int, ...]
    answer: ContestAnswer | None
    customer_id: str | None = None
    visitor_id: str | None = None


class OpenedContest(Contest, frozen=True, kw_only=True):
    """A contest as it was just brought. `token` is shown this once: with it the answer can be read without a login."""

    token: str


class ShowContest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token that came with a contest; it stands in a body, so that no log of addresses holds it."""

    token: Annotated[str, msgspec.Meta(max_length=64)]


class GivenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A person's answer as the shopper reads it: without who gave it."""

    outcome: Outcome
    words: str
    at: datetime


class OwnContest(msgspec.Struct, frozen=True, kw_only=True):
    """A contest as whoever brought it reads it."""

    id: str
    state: ContestState
    decision: Decision
    about: str
    words: str
    at: datetime
    due_at: datetime
    answer: GivenAnswer | None


class ContestPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some contests, oldest first."""

    items: list[Contest]
    next: str | None = None
