"""Taking people out of the shop's facts: rows about them go, what others said and what the books need stays.

Orders and returns stay as nobody's: each becomes a guest's of its own, so that not even two orders of one person can
be told to be theirs. Kept are number, moment, state, amounts and goods, which e-commerce law art. 31 wants for three
years (trade records of a platform) and the books for longer (measures on accounting archives; both texts not read in
full by us); what names, places or describes the buyer goes (PIPL art. 47).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.persons import ERASED_ID
from zhanggui.kernel.privacy import Duty
from zhanggui.shop.types import Question

from .bulk import encode
from .events import folded_histories, served_lists
from .events.hot import events
from .links import person_links
from .lookups import customer_lookups
from .order_days import touch_days
from .orders import orders, returns
from .people import VISITOR, customers, person_numbers, persons
from .products import products
from .visits import visits
from .words import answerers, questions, reviews

Counts = dict[str, int]


def raw(table: Personal | sa.Table) -> sa.Table:
    """A table of people's rows, to be read and changed for the rights of whom they are about."""
    return table.for_(Duty.RIGHTS) if isinstance(table, Personal) else table


def delete_rows(db: sa.Connection, table: Personal | sa.Table, column: str, numbers: Collection[int]) -> int:
    """Delete the rows whose `column` is one of `numbers`; returns how many."""
    held = raw(table)
    return db.execute(sa.delete(held).where(held.c[column].in_(list(numbers)))).rowcount


def forget_people(db: sa.Connection, numbers: Collection[int]) -> Counts:
    """Take away customers' rows, logins and ids; the number stays, so that it is never given to anybody else."""
    links = delete_rows(db, person_links, "customer", numbers) + delete_rows(db, person_links, "visitor", numbers)
    gone = delete_rows(db, customers, "person", numbers)
    looked = delete_rows(db, customer_lookups, "person", numbers)
    named, renamed = raw(persons), 0
    for number in numbers:
        id_ = f"{ERASED_ID}{number}"
        change = sa.update(named).where(named.c.number == number, named.c.external_id != id_).values(external_id=id_)
        renamed += db.execute(change).rowcount
    announce(db, "person", map(str, numbers))
    return {"customers": gone, "customer_lookups": looked, "person_links": links, "persons": renamed}


def forget_behaviour(db: sa.Connection, numbers: Collection[int]) -> Counts:
    """Take away what the store holds of people's behaviour; the files of the archive are not touched."""
    tables = (events, folded_histories, served_lists, visits)
    return {table.name: delete_rows(db, table, "person", numbers) for table in tables}


def forget_orders(db: sa.Connection, numbers: Collection[int]) -> Counts:
    """Make people's orders and returns guests' orders, with nothing in them that says whose they were."""
    head, back = raw(orders), raw(returns)
    bought = _rows_of(db, head, ("number", "id", "at_ms"), numbers)
    brought = _rows_of(db, back, ("number", "id", "at_ms", "order_id"), numbers)
    guests = {row.number: f"order:{row.id}" for row in bought}
    returners = {row.number: f"order:{row.order_id}" if row.order_id else f"return:{row.id}" for row in brought}
    nobody = person_numbers(db, VISITOR, {*guests.values(), *returners.values()}, create=True)
    # A hash would tell by trial who it was; 0 fits no fact, so the merchant's next word on the order is taken.
    blank = {"customer": None, "notice": "", "hash": 0}
    where = {"visitor": None, "province": "", "city_tier": None, "shipments": None}
    for number, guest in guests.items():
        db.execute(sa.update(head).where(head.c.number == number).values(person=nobody[guest], **blank, **where))
    for number, guest in returners.items():
        db.execute(sa.update(back).where(back.c.number == number).values(person=nobody[guest], reason="", **blank))
    touch_days(db, [row.at_ms for row in (*bought, *brought)])
    return {"orders": len(bought), "returns": len(brought)}


def forget_order_visitors(db: sa.Connection, numbers: Collection[int]) -> int:
    """Take erased browsers out of orders that other people made on them; looks at every order."""
    head = raw(orders)
    change = sa.update(head).where(head.c.visitor.in_(list(numbers))).values(visitor=None, hash=0)
    return db.execute(change).rowcount


def forget_words(db: sa.Connection, numbers: Collection[int]) -> Counts:
    """Take away people's reviews, questions and answers; what others answered stays, below an empty question."""
    asked = raw(questions)
    gone = delete_rows(db, reviews, "person", numbers)
    answers = _forget_answers(db, numbers)
    held = db.execute(sa.select(asked.c.number, asked.c.fact).where(asked.c.person.in_(list(numbers)))).all()
    by_others = _with_answers(db, [row.number for row in held])
    for row in held:
        if row.number in by_others:
            bare = msgspec.structs.replace(msgspec.json.decode(row.fact, type=Question), text="")
            blank = {"person": None, "hash": 0, "fact": encode(bare)}
            db.execute(sa.update(asked).where(asked.c.number == row.number).values(**blank))
        else:
            db.execute(sa.delete(asked).where(asked.c.number == row.number))
    return {"reviews": gone, "questions": len(held), "answerers": answers}


def _forget_answers(db: sa.Connection, numbers: Collection[int]) -> int:
    said, asked = raw(answerers), raw(questions)
    rows = db.execute(sa.select(said).where(said.c.person.in_(list(numbers)))).all()
    for question in sorted({row.question for row in rows}):
        out = {row.position for row in rows if row.question == question}
        others = db.execute(sa.select(said).where(said.c.question == question).order_by(said.c.position)).all()
        fact = msgspec.json.decode(
            db.execute(sa.select(asked.c.fact).where(asked.c.number == question)).scalar_one(), type=Question
        )
        kept = tuple(answer for position, answer in enumerate(fact.answers) if position not in out)
        left = encode(msgspec.structs.replace(fact, answers=kept))
        db.execute(sa.update(asked).where(asked.c.number == question).values(fact=left, hash=0))
        db.execute(sa.delete(said).where(said.c.question == question))
        moved = [
            {"question": question, "position": row.position - sum(gone < row.position for gone in out)}
            | {"person": row.person}
            for row in others
            if row.position not in out
        ]
        if moved:
            db.execute(sa.insert(said), moved)
    return len(rows)


def _with_answers(db: sa.Connection, numbers: Sequence[int]) -> set[int]:
    """Those of some questions that somebody else, who is known, has answered."""
    said = raw(answerers)
    return set(db.execute(sa.select(said.c.question).where(said.c.question.in_(list(numbers)))).scalars())


def _rows_of(
    db: sa.Connection, table: sa.Table, columns: Sequence[str], numbers: Collection[int]
) -> Sequence[sa.Row[Any]]:
    """The rows of some people, whether they stand under their number or name them as a customer."""
    wanted = list(numbers)
    is_theirs = table.c.person.in_(wanted) | table.c.customer.in_(wanted)
    return db.execute(sa.select(*(table.c[name] for name in columns)).where(is_theirs)).all()


def shows_picture(db: sa.Connection, name: str) -> bool:
    """Whether a product or anybody's review shows a picture of that name."""
    for table in (products, raw(reviews)):
        # LIKE over the bytes as text: both stores say it alike, and a name is hexadecimal.
        text = sa.cast(table.c.fact, sa.Text) if db.dialect.name == "sqlite" else sa.func.encode(table.c.fact, "escape")
        found = sa.select(sa.literal(1)).select_from(table).where(text.like(f"%{name}%")).limit(1)
        if db.execute(found).first() is not None:
            return True
    return False
