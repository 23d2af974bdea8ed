"""What the shop's facts hold of one person, for the person (PIPL art. 45): rows by number, in the order they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.privacy import Duty
from zhanggui.shop.types import Answer, Question, Review
from zhanggui.shop.types.accepting import ServedList

from .events import HotRow, served_lists, served_of
from .events.hot import COLUMNS, events
from .forgetting import raw
from .links import Link, person_links
from .orders import returns
from .visits import visits
from .words import answerers, questions, reviews


class SaidAnswer(msgspec.Struct, frozen=True):
    """An answer of the person's to somebody's question."""

    question_id: str
    answer: Answer


def reviews_by(db: sa.Connection, numbers: Sequence[int]) -> list[Review]:
    """Their reviews."""
    held = raw(reviews)
    rows = db.execute(sa.select(held.c.fact).where(held.c.person.in_(numbers)).order_by(held.c.number)).scalars()
    return [msgspec.json.decode(fact, type=Review) for fact in rows]


def questions_by(db: sa.Connection, numbers: Sequence[int]) -> list[Question]:
    """Their questions; what others answered is the others'."""
    held = raw(questions)
    rows = db.execute(sa.select(held.c.fact).where(held.c.person.in_(numbers)).order_by(held.c.number)).scalars()
    return [msgspec.structs.replace(msgspec.json.decode(fact, type=Question), answers=()) for fact in rows]


def answers_by(db: sa.Connection, numbers: Sequence[int]) -> list[SaidAnswer]:
    """Their answers."""
    said, asked = raw(answerers), raw(questions)
    chosen = sa.select(said.c.position, asked.c.fact).join(asked, asked.c.number == said.c.question)
    found = []
    for row in db.execute(chosen.where(said.c.person.in_(numbers)).order_by(asked.c.number, said.c.position)):
        question = msgspec.json.decode(row.fact, type=Question)
        found.append(SaidAnswer(question.id, question.answers[row.position]))
    return found


def return_numbers(db: sa.Connection, numbers: Sequence[int]) -> list[int]:
    """The numbers of their returns."""
    held = raw(returns)
    chosen = sa.select(held.c.number).where(held.c.person.in_(numbers)).order_by(held.c.number)
    return list(db.execute(chosen).scalars())


def logins_of(db: sa.Connection, numbers: Sequence[int]) -> list[Link]:
    """All logins that name them, oldest first."""
    held = raw(person_links)
    is_theirs = held.c.customer.in_(numbers) | held.c.visitor.in_(numbers)
    rows = db.execute(sa.select(held).where(is_theirs).order_by(held.c.number))
    return [msgspec.convert(row, Link, from_attributes=True) for row in rows]


def hot_events_of(db: sa.Connection, numbers: Sequence[int]) -> list[HotRow]:
    """Their events in the hot table, by arrival."""
    held = raw(events)
    columns = [held.c[name] for name in ("seq", *COLUMNS)]
    chosen = sa.select(*columns).where(held.c.person.in_(numbers)).order_by(held.c.seq)
    return [tuple(row) for row in db.execute(chosen)]


def served_to(db: sa.Connection, numbers: Sequence[int]) -> Iterator[ServedList]:
    """The lists that they were shown, oldest first."""
    held = raw(served_lists)
    ids = db.execute(sa.select(held.c.id).where(held.c.person.in_(numbers)).order_by(held.c.id)).scalars().all()
    for id_ in ids:
        found = served_of(db, id_, purpose=Duty.RIGHTS)
        if found is not None:
            yield found


def days_seen(db: sa.Connection, numbers: Sequence[int]) -> list[int]:
    """The days on which they came, as days since 1970 of the shop's own zone."""
    held = raw(visits)
    rows = db.execute(sa.select(held.c.day).where(held.c.person.in_(numbers)).distinct().order_by(held.c.day))
    return list(rows.scalars())
