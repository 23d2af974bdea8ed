from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, person_numbers
from zhanggui.trust import ConsentPart, Consents, Notice, NoticePart


class Shop:
    """A shop's consents, and the parts of its export."""

    def __init__(self, db: Database) -> None:
        self.db, self.time = db, Time()
        self.ledger = a_ledger(db, clock=self.time)
        self.consents = Consents(db=db, clock=self.time, ledger=self.ledger)
        self.parts = (NoticePart(ledger=self.ledger), ConsentPart(ledger=self.ledger, names=Naming()))

    def person(self, kind: int, id_: str) -> int:
        return self.db.write(lambda db: person_numbers(db, kind, [id_], create=True))[id_]

    def exported(self) -> list[bytes]:
        with self.db.read() as db:
            return [msgspec.json.encode(row) for part in self.parts for page in part.rows(db) for row in page]

    def takes_in(self, other: Shop) -> list[tuple[int, int, int]]:
        reports = []
        for ours, theirs in zip(self.parts, other.parts, strict=True):
            with other.db.read() as db:
                rows = [row for page in theirs.rows(db) for row in page]
            report = self.db.write(lambda db, part=ours, rows=rows: part.restore(db, rows, 0))  # type: ignore[misc]
            reports.append((report.created, report.updated, report.unchanged))
        return reports


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    one, two = (a_shop_store(tmp_path / name) for name in ("one", "two"))
    yield Shop(one), Shop(two)
    one.close()
    two.close()


def test_consents_and_notices_come_back_whatever_numbers_people_have(shops: tuple[Shop, Shop]) -> None:
    one, two = shops
    one.consents.set_notice(Notice(notice="v1", purposes=(Purpose.MARKETING, Purpose.ANALYTICS)), actor="owner")
    for kind, id_ in ((VISITOR, "b"), (CUSTOMER, "b"), (CUSTOMER, "a")):
        one.consents.record(one.person(kind, id_), Purpose.MARKETING, granted=kind == VISITOR, actor="owner")
    two.person(CUSTOMER, "a")

    assert two.takes_in(one) == [(1, 0, 0), (3, 0, 0)]
    assert two.takes_in(one) == [(0, 0, 1), (0, 0, 3)]

    assert two.exported() == one.exported()
    assert two.consents.allows(two.person(VISITOR, "b"), Purpose.MARKETING)
    assert [entry.kind for entry in two.ledger.entries().items] == [
        "consent.notice",
        "consent.granted",
        "consent.refused",
        "consent.refused",
    ]


def test_what_somebody_said_later_outlives_a_restore(shops: tuple[Shop, Shop]) -> None:
    one, two = shops
    one.consents.record(one.person(CUSTOMER, "a"), Purpose.MARKETING, granted=True, actor="owner")
    two.time.pass_(seconds=1)
    two.consents.record(two.person(CUSTOMER, "a"), Purpose.MARKETING, granted=False, actor="owner")

    assert two.takes_in(one) == [(0, 0, 0), (0, 0, 1)]

    assert not two.consents.allows(two.person(CUSTOMER, "a"), Purpose.MARKETING)
