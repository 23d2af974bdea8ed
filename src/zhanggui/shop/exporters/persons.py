"""What the shop itself holds of a person: how they get it, and how it goes. Four stores in the sense of trust's port.

Law: PIPL art. 45 (access and copies), art. 47 (erasure); GDPR art. 15, 17 and 20.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, from_ms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.privacy import Cipher, Duty
from zhanggui.shop.service.day_files import COLUMNS, DayFiles, where
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.tables import forgetting, of_person
from zhanggui.shop.tables.events import HotRow, archive_record
from zhanggui.shop.tables.import_changes import changes_about, scrub_changes
from zhanggui.shop.tables.order_reading import orders_page, returns_page
from zhanggui.shop.tables.people import customers_by_number, customers_page, external_ids
from zhanggui.shop.tables.products import product_ids

from .past import past_events

Document = Mapping[str, object]
Counts = Mapping[str, int]
MOST, PAGE = 1_000_000, 1_000
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleNames:
    """What people are called, by number."""

    cipher: Cipher

    def people(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
        """(customer id, visitor id), one of the two; numbers that are nobody's are left out."""
        return Naming().people(db, numbers)

    def pictures(self, db: sa.Connection, numbers: Collection[int]) -> list[str]:
        """Of their reviews."""
        return [image for review in of_person.reviews_by(db, list(numbers)) for image in review.images]

    def customer_names(self, db: sa.Connection, after: int) -> dict[int, str]:
        """The names of a page of customers beyond a number; empty at the end."""
        held = customers_page(db, self.cipher, after=after, limit=PAGE, purpose=Duty.RIGHTS)
        return {one.number: one.customer.identifiers.name for one in held}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleStore:
    """Customers, the ids of browsers, and the logins that join the two. Their keys are destroyed by trust."""

    cipher: Cipher
    name: str = "person"
    tables: tuple[str, ...] = (
        *("persons", "customers", "customer_lookups", "person_links", "subject_keys", "import_changes"),
    )

    def export(self, db: sa.Connection, person: KnownPerson) -> Document:
        """The customer's row with identifiers in clear, its browsers and its logins."""
        held = customers_by_number(db, self.cipher, person.numbers, purpose=Duty.RIGHTS)
        logins = of_person.logins_of(db, person.numbers)
        ids = external_ids(db, {number for one in logins for number in (one.visitor, one.customer)})
        return {
            "customers": [_plain(one.customer) | {"basis": _plain(one.basis)} for one in held],
            "browsers": list(person.visitor_ids),
            "logins": [
                {"browser": ids[one.visitor], "customer": ids[one.customer], "at": from_ms(one.at_ms).isoformat()}
                for one in logins
            ],
            "changed_by_imports": [
                {"import": import_id, "what": part.name.lower()}
                for import_id, part in changes_about(db, person.numbers)
            ],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Counts:
        """Delete the rows; the number stays under a name that says nothing."""
        del receipt
        scrubbed = {"import_changes": scrub_changes(db, person.numbers)}
        return forgetting.forget_people(db, person.numbers) | scrubbed


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStore:
    """Orders and returns: they stay for the books, as nobody's, with their lines, stock and entries of the books."""

    name: str = "orders"
    tables: tuple[str, ...] = (
        *("orders", "returns", "order_lines", "return_lines", "order_allocations", "book_entries"),
    )

    def export(self, db: sa.Connection, person: KnownPerson) -> Document:
        """Orders and returns with their lines."""
        bought = orders_page(db, after=0, limit=MOST, persons=person.numbers, purpose=Duty.RIGHTS)
        numbers = of_person.return_numbers(db, person.numbers)
        brought = [
            one for number in numbers for one in returns_page(db, after=number - 1, limit=1, purpose=Duty.RIGHTS)
        ]
        return {
            "orders": [_plain(one.order) | {"basis": _plain(one.basis)} for one in bought],
            "returns": [_plain(one.goods) | {"basis": _plain(one.basis)} for one in brought],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Counts:
        """Make them guests'."""
        del receipt
        return forgetting.forget_orders(db, person.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordStore:
    """Reviews, questions and answers."""

    name: str = "words"
    tables: tuple[str, ...] = ("reviews", "questions", "answerers")

    def export(self, db: sa.Connection, person: KnownPerson) -> Document:
        """What they wrote."""
        answers = of_person.answers_by(db, person.numbers)
        return {
            "reviews": [_plain(one) for one in of_person.reviews_by(db, person.numbers)],
            "questions": [_plain(one) for one in of_person.questions_by(db, person.numbers)],
            "answers": [_plain(one) for one in answers],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Counts:
        """Delete them; what others answered stays."""
        del receipt
        return forgetting.forget_words(db, person.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourStore:
    """Events, hot and archived, what was folded of them, lists that were shown, and days on which they came."""

    files: DayFiles
    name: str = "behaviour"
    tables: tuple[str, ...] = ("events", "folded_histories", "served_lists", "visits")

    def export(self, db: sa.Connection, person: KnownPerson) -> Document:
        """Every event once, oldest first, and the rest."""
        with self.files.kept():
            rows = sorted(self._rows(db, person), key=lambda row: (row[4], row[0]))
        events = chain.from_iterable(past_events(db, rows))
        shown = list(of_person.served_to(db, person.numbers))
        ids = product_ids(db, {product for one in shown for product in one.products})
        return {
            "events": [_plain(event) for event in events],
            "lists_shown": [
                {"surface": one.surface, "at": from_ms(one.at_ms).isoformat(), "model": one.model}
                | {"products": [ids[product] for product in one.products if product in ids]}
                for one in shown
            ],
            "days": [str(_EPOCH + timedelta(days=day)) for day in of_person.days_seen(db, person.numbers)],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Counts:
        """Delete the rows; the archive's files are a trail."""
        del receipt
        return forgetting.forget_behaviour(db, person.numbers)

    def _rows(self, db: sa.Connection, person: KnownPerson) -> Iterator[HotRow]:
        import pyarrow as pa
        import pyarrow.compute as pc

        record, theirs = archive_record(db), pa.array(person.numbers, type=pa.int64())
        for row in of_person.hot_events_of(db, person.numbers):
            day = record.get(row[4] // DAY_MS)
            if day is None or row[0] > day.until_seq:  # else a file holds it already
                yield row
        for day in record.values():
            for batch in self.files.batches(day, COLUMNS):
                own = where(batch, pc.is_in(batch["person"], value_set=theirs).to_numpy(zero_copy_only=False))
                yield from _rows_in(own)


def _rows_in(batch: Any) -> Iterable[HotRow]:
    return zip(*(batch[name].to_pylist() for name in COLUMNS), strict=True)


def _plain(fact: msgspec.Struct) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(fact)
    return plain
