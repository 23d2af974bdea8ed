"""Contests of automatic decisions: brought by shoppers, answered by people, by a due date, with the record attached."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import hash64, new_id
from zhanggui.trust.errors import ContestAnswered, TooManyContests, UnknownContest
from zhanggui.trust.service.consent_parts import PersonNames
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import contests as tables
from zhanggui.trust.tables import ledger as ledger_tables
from zhanggui.trust.types.contests import (
    AnswerContest,
    Contest,
    ContestAnswer,
    ContestPage,
    ContestState,
    Decision,
    GivenAnswer,
    HeldContest,
    OpenContest,
    OpenedContest,
    OwnContest,
)

MOST_A_DAY = 20
"""So many one person may bring within 24 hours: a form that anybody may send must not drown the others."""
ENTRIES = 20
OF_GOODS = frozenset({Decision.RECOMMENDATION, Decision.PRICE, Decision.OFFER})


class ContestNoted(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps: that something was contested, or answered; the words stay with the contest."""

    contest: str
    decision: str
    about: str
    due_ms: int
    outcome: str = ""


def new_token() -> str:
    """What whoever brings a contest reads its answer with."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contests:
    """Keeps contests (PIPL art. 24 and 50, GDPR art. 22 (3)).

    Args:
        names: the merchant's ids of our numbers.
        days: within which a person must have answered.
        make_token: 256 bits that nobody guesses; only its hash is kept.
    """

    db: Database
    clock: Clock
    ledger: Ledger
    names: PersonNames
    days: int
    make_token: Callable[[], str] = new_token

    def open(self, asked: OpenContest, actor: str) -> OpenedContest:
        """Take a contest in, with the ledger's entries about what was decided.

        Raises:
            TooManyContests: this person has brought so many within a day.
        """
        now, token = self.clock(), self.make_token()

        def work(db: sa.Connection) -> HeldContest:
            (person,) = self.names.people_numbers(db, [(asked.customer_id, asked.visitor_id)])
            if tables.opened_since(db, [person], to_ms(now - timedelta(days=1))) >= MOST_A_DAY:
                raise TooManyContests.within_a_day(MOST_A_DAY)
            held = HeldContest(
                id=new_id(),
                person=person,
                decision=asked.decision,
                about=asked.about,
                list_id=asked.list_id,
                shown=asked.shown,
                words=asked.words,
                at=now,
                due_at=now + timedelta(days=self.days),
                entries=self._entries(db, asked, person),
                token_hash=_hash_of(token),
            )
            tables.put_contest(db, held)
            self._note(db, "contest.opened", held, actor)
            return held

        (shown,) = self._shown([self.db.write(work)])
        return OpenedContest(token=token, **msgspec.structs.asdict(shown))

    def answer(self, id_: str, given: AnswerContest, actor: str) -> Contest:
        """Note a person's answer; the shopper sees it at once.

        Raises:
            UnknownContest: there is none of that id.
            ContestAnswered: somebody has answered it.
        """
        now = self.clock()

        def work(db: sa.Connection) -> HeldContest:
            held = _require(db, id_)
            if held.answer is not None:
                raise ContestAnswered.by(held.answer.by)
            answer = ContestAnswer(outcome=given.outcome, words=given.words, by=actor, at=now)
            held = msgspec.structs.replace(held, answer=answer)
            tables.put_contest(db, held)
            self._note(db, "contest.answered", held, actor)
            return held

        return self._shown([self.db.write(work)])[0]

    def contest(self, id_: str) -> Contest:
        """One contest.

        Raises:
            UnknownContest: there is none of that id.
        """
        with self.db.read() as db:
            held = _require(db, id_)
        return self._shown([held])[0]

    def own(self, id_: str, token: str) -> OwnContest:
        """One contest as whoever holds its token may read it.

        Raises:
            UnknownContest: there is none of that id and token.
        """
        with self.db.read() as db:
            held = tables.contest(db, id_)
        if held is None or not held.token_hash or not hmac.compare_digest(held.token_hash, _hash_of(token)):
            raise UnknownContest.of(id_)
        answer = held.answer
        return OwnContest(
            id=held.id,
            state=held.state(self.clock()),
            decision=held.decision,
            about=held.about,
            words=held.words,
            at=held.at,
            due_at=held.due_at,
            answer=None if answer is None else GivenAnswer(outcome=answer.outcome, words=answer.words, at=answer.at),
        )

    def of(self, persons: Collection[int]) -> list[Contest]:
        """What these numbers of one subject contested, newest first."""
        with self.db.read() as db:
            held = tables.contests_of(db, persons) if persons else []
        return self._shown(held)

    def page(self, state: ContestState | None = None, after: str = "", limit: int = 50) -> ContestPage:
        """Contests, oldest first: all, or of one state; open ones include those that are overdue."""
        late = to_ms(self.clock()) if state is ContestState.OVERDUE else None
        with self.db.read() as db:
            held = tables.contests_page(
                db, state=None if state is None else state.value, late_before_ms=late, after=after, limit=limit + 1
            )
        items = self._shown(held[:limit])
        return ContestPage(items=items, next=items[-1].id if len(held) > limit else None)

    def waiting(self) -> tuple[int, int]:
        """(open, of these overdue)."""
        with self.db.read() as db:
            return tables.counted_open(db, to_ms(self.clock()))

    def contesting(self, db: sa.Connection) -> set[int]:
        """The numbers of those whose contests wait for an answer: until then nothing new is decided about them."""
        return tables.persons_contesting(db)

    def _entries(self, db: sa.Connection, asked: OpenContest, person: int) -> tuple[int, ...]:
        """The newest ledger entries about the goods that were decided on, and about the person."""
        about = [hash64(f"product:{asked.about}")] if asked.about and asked.decision in OF_GOODS else []
        of_goods = ledger_tables.entries_about(db, about, ENTRIES)
        of_person = ledger_tables.payloads_of(db, [person])[-ENTRIES:]
        return tuple(sorted({*of_goods, *of_person}))

    def _note(self, db: sa.Connection, kind: str, held: HeldContest, actor: str) -> None:
        self.ledger.append(db, kind, noted(held), actor, person=held.person, about=f"contest:{held.id}")

    def _shown(self, held: Sequence[HeldContest]) -> list[Contest]:
        with self.db.read() as db:
            names = self.names.people(db, {one.person for one in held})
        now = self.clock()
        return [_contest(one, names.get(one.person, (None, None)), one.state(now)) for one in held]


def _contest(held: HeldContest, who: tuple[str | None, str | None], state: ContestState) -> Contest:
    return Contest(
        id=held.id,
        state=state,
        decision=held.decision,
        about=held.about,
        list_id=held.list_id,
        shown=held.shown,
        words=held.words,
        at=held.at,
        due_at=held.due_at,
        entries=held.entries,
        answer=held.answer,
        customer_id=who[0],
        visitor_id=who[1],
    )


def _hash_of(token: str) -> str:
    """A token has 256 random bits: its plain digest says nothing of it."""
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()


def _require(db: sa.Connection, id_: str) -> HeldContest:
    held = tables.contest(db, id_)
    if held is None:
        raise UnknownContest.of(id_)
    return held


def noted(held: HeldContest) -> ContestNoted:
    """What the ledger keeps of a contest as it stands."""
    return ContestNoted(
        contest=held.id,
        decision=held.decision.value,
        about=held.about,
        due_ms=to_ms(held.due_at),
        outcome="" if held.answer is None else held.answer.outcome.value,
    )
