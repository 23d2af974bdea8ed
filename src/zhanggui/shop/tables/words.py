"""Reviews and questions. Who wrote them is a person's number beside the text, so erasure can take it away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import BigKey, shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty, Reason
from zhanggui.shop.types import Answer, PutReport, Question, Review

from .bulk import Row, content_hash, delete_among, encode, known_ids, put_rows, select_among, take_numbers
from .people import CUSTOMER, external_ids, person_numbers
from .products import reserve_product_numbers


def _words_table(name: str) -> Personal:
    table = sa.Table(
        name,
        shop_metadata,
        sa.Column("number", BigKey, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(256), nullable=False, unique=True),
        sa.Column("product", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, index=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.BigInteger, nullable=False),
        sa.Column("fact", sa.LargeBinary, nullable=False),  # JSON without the customers
        sa.Index(f"ix_{name}_product_number", "product", "number"),
    )
    return Personal(table)


reviews = _words_table("reviews")
questions = _words_table("questions")

answerers = Personal(
    sa.Table(
        "answerers",
        shop_metadata,
        sa.Column("question", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, nullable=False, index=True),
    )
)

_COLUMNS = ("number", "id", "product", "person", "at_ms", "hash", "fact")


class HeldReview(msgspec.Struct, frozen=True):
    """A review as it is held."""

    number: int
    person: int | None
    review: Review


class HeldQuestion(msgspec.Struct, frozen=True):
    """A question as it is held; `answerers` are the persons who answered, None for the merchant."""

    number: int
    person: int | None
    question: Question
    answerers: tuple[int | None, ...]


def store_reviews(db: sa.Connection, facts: Sequence[Review], now_ms: int) -> PutReport:
    """Create or change reviews; of equal ids in one batch the last counts."""
    latest = {fact.id: fact for fact in facts}
    report, _ = _store(db, reviews, latest, {id_: _bare_review(fact) for id_, fact in latest.items()}, now_ms)
    return _counted(report, len(facts))


def store_questions(db: sa.Connection, facts: Sequence[Question], now_ms: int) -> PutReport:
    """Create or change questions with their answers; of equal ids in one batch the last counts."""
    latest = {fact.id: fact for fact in facts}
    # Persons are numbered before products everywhere, so that two writers on PostgreSQL never wait for each other.
    asking = {fact.customer_id for fact in latest.values() if fact.customer_id}
    answering = {answer.customer_id for fact in latest.values() for answer in fact.answers if answer.customer_id}
    persons = person_numbers(db, CUSTOMER, asking | answering, create=True)
    report, numbers = _store(db, questions, latest, {id_: _bare_question(f) for id_, f in latest.items()}, now_ms)
    delete_among(db, answerers, "question", list(numbers.values()))
    rows: list[Row] = [
        (numbers[id_], position, persons[answer.customer_id])
        for id_ in numbers
        for position, answer in enumerate(latest[id_].answers)
        if answer.customer_id
    ]
    put_rows(db, answerers, ("question", "position", "person"), rows)
    return _counted(report, len(facts))


def _counted(report: PutReport, given: int) -> PutReport:
    return msgspec.structs.replace(report, unchanged=given - report.created - report.updated)


def _bare_review(fact: Review) -> bytes:
    return encode(msgspec.structs.replace(fact, customer_id=None))


def _bare_question(fact: Question) -> bytes:
    answers = tuple(msgspec.structs.replace(answer, customer_id=None) for answer in fact.answers)
    return encode(msgspec.structs.replace(fact, customer_id=None, answers=answers))


def _store(
    db: sa.Connection,
    table: Personal,
    latest: dict[str, Review] | dict[str, Question],
    bare: dict[str, bytes],
    now: int,
) -> tuple[PutReport, dict[str, int]]:
    """Put what is new or differs; returns the report and the numbers of what was put."""
    hashes = {id_: content_hash(fact) for id_, fact in latest.items()}
    known = known_ids(db, table.for_(Duty.UPKEEP), ("number", "hash"), table.name, latest)
    numbers: dict[str, int] = {id_: row[1] for id_, row in known.items() if row[2] != hashes[id_]}
    missing = [id_ for id_ in latest if id_ not in known]
    if missing:
        numbers |= zip(missing, take_numbers(db, table.name, len(missing)), strict=True)
    put = [latest[id_] for id_ in numbers]
    persons = person_numbers(db, CUSTOMER, {fact.customer_id for fact in put if fact.customer_id}, create=True)
    products = reserve_product_numbers(db, {fact.product_id for fact in put}, now)
    rows: list[Row] = []
    for fact in put:
        person = persons[fact.customer_id] if fact.customer_id else None
        rows.append(
            (
                numbers[fact.id],
                fact.id,
                products[fact.product_id],
                person,
                to_ms(fact.at),
                hashes[fact.id],
                bare[fact.id],
            )
        )
    put_rows(db, table, _COLUMNS, rows, keys=("number",))
    return PutReport(len(missing), len(rows) - len(missing)), numbers


def reviewed_by(db: sa.Connection, persons: Collection[int], *, purpose: Reason) -> set[int]:
    """The numbers of the products that these persons have reviewed."""
    c = reviews.for_(purpose).c
    rows = db.execute(sa.select(c.product).where(c.person.in_(list(persons))))
    return {row.product for row in rows}


def reviews_page(
    db: sa.Connection, *, after: int, limit: int, product: int | None = None, purpose: Reason
) -> list[HeldReview]:
    """Reviews in the order in which they came, or only those of one product."""
    rows = _page(db, reviews.for_(purpose), after, limit, product)
    ids = external_ids(db, {row[1] for row in rows if row[1]})
    held: list[HeldReview] = []
    for number, person, fact in rows:
        review = msgspec.json.decode(fact, type=Review)
        held.append(HeldReview(number, person, msgspec.structs.replace(review, customer_id=ids.get(person or 0))))
    return held


def questions_page(
    db: sa.Connection, *, after: int, limit: int, product: int | None = None, purpose: Reason
) -> list[HeldQuestion]:
    """Questions in the order in which they came, or only those of one product."""
    rows = _page(db, questions.for_(purpose), after, limit, product)
    numbers = [row[0] for row in rows]
    named = select_among(db, answerers.for_(purpose), ("question", "position", "person"), "question", numbers)
    who = {(question, position): person for question, position, person in named}
    ids = external_ids(db, {row[1] for row in rows if row[1]}.union(who.values()))
    held: list[HeldQuestion] = []
    for number, person, fact in rows:
        bare = msgspec.json.decode(fact, type=Question)
        answering = tuple(who.get((number, position)) for position in range(len(bare.answers)))
        question = msgspec.structs.replace(
            bare, customer_id=ids.get(person or 0), answers=_named(bare.answers, answering, ids)
        )
        held.append(HeldQuestion(number, person, question, answering))
    return held


def _named(answers: Iterable[Answer], persons: Collection[int | None], ids: dict[int, str]) -> tuple[Answer, ...]:
    return tuple(
        msgspec.structs.replace(answer, customer_id=ids.get(person or 0))
        for answer, person in zip(answers, persons, strict=True)
    )


def _page(
    db: sa.Connection, table: sa.Table, after: int, limit: int, product: int | None
) -> list[tuple[int, int | None, bytes]]:
    chosen = sa.select(table.c.number, table.c.person, table.c.fact).where(table.c.number > after)
    if product is not None:
        chosen = chosen.where(table.c.product == product)
    return [(row[0], row[1], row[2]) for row in db.execute(chosen.order_by(table.c.number).limit(limit))]
