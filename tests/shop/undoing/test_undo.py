"""An import that is taken back leaves nothing of its own, gives back what stood before, and says what stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.conftest import FixedClock
from tests.shop.builders import (
    CONTRACT,
    a_customer,
    a_line,
    a_product,
    a_question,
    a_return,
    a_review,
    an_offer,
    an_order,
    some_orders,
)
from tests.shop.events.builders import an_event, history_of
from tests.shop.undoing.builders import LI, TheImports, the_facts

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Answer, EventName, Identifiers, ProductLabel, RivalPrice
from zhanggui.shop.importers.errors import ImportKeptNot, UnknownImport
from zhanggui.shop.tables.import_changes import scrub_changes
from zhanggui.shop.tables.people import CUSTOMER, person_numbers
from zhanggui.shop.types.imports import BookEntry, EntryKind
from zhanggui.shop.types.undoing import KeptBecause, KeptFacts

NOW = FixedClock().now
BEFORE = {
    "products": [a_product("longjing"), a_product("puer")],
    "offers": [an_offer("longjing"), an_offer("puer")],
    "labels": [ProductLabel(product_id="longjing", label="新茶", source="merchant", evidence="")],
    "rival-prices": [RivalPrice(product_id="longjing", rival="x", seen_at=NOW, price_minor=100)],
    "customers": [a_customer("u1"), a_customer("u2", phone="13900139000")],
    "orders": [an_order("o1", customer_id="u1"), an_order("o2", customer_id="u2")],
    "returns": [a_return("r1", order_id="o1")],
    "entries": [
        BookEntry(
            id="e1", kind=EntryKind.CHARGE, code="POST", quantity=1, unit_price_source="3", currency="CNY", at=NOW
        )
    ],
    "reviews": [a_review("v1", customer_id="u1")],
    "questions": [
        a_question("q1", customer_id="u1", answers=(Answer(id="a1", customer_id="u2", text="是", at=NOW),)),
    ],
    "events": [an_event(id="x1", at=NOW, visitor_id="b1")],
}
WRONG = {
    "products": [a_product("longjing", title="铁观音"), a_product("qimen")],
    "offers": [an_offer("longjing", price_minor=1), an_offer("qimen")],
    "labels": [ProductLabel(product_id="puer", label="假", source="merchant", evidence="")],
    "rival-prices": [RivalPrice(product_id="longjing", rival="x", seen_at=NOW, price_minor=7)],
    "customers": [a_customer("u1", phone="13700137000"), a_customer("u3")],
    "orders": [an_order("o1", customer_id="u2", lines=[a_line(quantity=9)]), an_order("o3", customer_id="u3")],
    "returns": [a_return("r1", order_id="o1", lines=[]), a_return("r2", order_id="o2")],
    "entries": [
        BookEntry(
            id="e1", kind=EntryKind.CHARGE, code="POST", quantity=5, unit_price_source="3", currency="CNY", at=NOW
        )
    ],
    "reviews": [a_review("v1", customer_id="u2", text="假"), a_review("v2")],
    "questions": [a_question("q1", text="假"), a_question("q2", customer_id="u3")],
    "events": [
        an_event(id="x2", at=NOW, visitor_id="b1", product_id="puer"),
        an_event(id="x3", at=NOW, name=EventName.IDENTIFY, visitor_id="b1", customer_id="u1", product_id=None),
    ],
}
"""A file of each kind that changes something, and brings something new."""


@pytest.fixture
def imports(sqlite: Database, tmp_path: Path) -> TheImports:
    return TheImports(sqlite, tmp_path)


def test_each_kind_of_import_over_others_is_taken_back_to_the_last_column(
    any_database: Database, tmp_path: Path
) -> None:
    imports = TheImports(any_database, tmp_path)
    for kind, facts in BEFORE.items():
        imports.take(kind, facts)

    for kind, facts in WRONG.items():
        stood = the_facts(any_database)
        report = imports.take(kind, facts)
        assert the_facts(any_database) != stood, kind
        foretold = imports.undoing.look(report.id)
        undo = imports.undoing.take_back(report.id, LI)

        assert the_facts(any_database) == stood, kind
        assert undo.is_done, kind
        assert (undo.removed, undo.restored, undo.kept) == (foretold.removed, foretold.restored, ()), kind
        assert sum(undo.removed.values()) + sum(undo.restored.values()) >= report.created + report.updated, kind


def test_it_stands_in_the_ledger_who_took_what_back(imports: TheImports) -> None:
    report = imports.take("products", [a_product("longjing"), a_product("puer")])

    undo = imports.undoing.take_back(report.id, LI)

    assert [(kind, actor) for kind, _, actor in imports.ledger.entries] == [
        ("import.undo_begun", LI),
        ("import.undone", LI),
    ]
    assert imports.ledger.entries[-1][1].files == ("products.jsonl",)
    assert (undo.by, undo.removed) == (LI, {"products": 2})


def test_taking_back_twice_does_it_once(imports: TheImports) -> None:
    report = imports.take("products", [a_product()])
    once = imports.undoing.take_back(report.id, LI)
    imports.take("products", [a_product()])

    assert imports.undoing.take_back(report.id, "user:wang") == once
    assert len(the_facts(imports.db)["products"]) == 1
    assert len(imports.ledger.entries) == 2


def test_a_file_taken_back_can_come_again(imports: TheImports) -> None:
    first = {kind: imports.take(kind, facts) for kind, facts in BEFORE.items()}
    for report in reversed(first.values()):
        imports.undoing.take_back(report.id, LI)
    assert not any(the_facts(imports.db).values())

    again = {kind: imports.take(kind, facts) for kind, facts in BEFORE.items()}

    assert {kind: report.created for kind, report in again.items()} == {k: r.created for k, r in first.items()}


def test_what_was_changed_since_stays_and_is_counted(imports: TheImports) -> None:
    wrong = imports.take("products", [a_product("longjing"), a_product("puer")])
    imports.take("products", [a_product("puer", title="对的")])

    foretold, undo = imports.undoing.look(wrong.id), imports.undoing.take_back(wrong.id, LI)

    assert undo.kept == foretold.kept == (KeptFacts(what="products", because=KeptBecause.CHANGED, count=1),)
    assert undo.removed == {"products": 1}
    assert [row[1] for row in the_facts(imports.db)["products"]] == ["puer"]


def test_what_came_later_keeps_what_it_rests_on(imports: TheImports) -> None:
    goods = imports.take("products", [a_product("longjing"), a_product("puer")])
    people = imports.take("customers", [a_customer("u1"), a_customer("u2")])
    bought = imports.take("orders", [an_order("o1", customer_id="u2", lines=[a_line("puer")])])
    some_orders(imports.db).put_returns([a_return("r1", order_id="o1", lines=[a_line("puer")])], CONTRACT)

    kept = {
        kind: imports.undoing.take_back(report.id, LI).kept
        for kind, report in (("orders", bought), ("customers", people), ("products", goods))
    }

    assert kept == {
        kind: (KeptFacts(what=kind, because=KeptBecause.USED, count=1),) for kind in ("orders", "customers", "products")
    }


def test_the_price_of_a_product_that_stays_stays(imports: TheImports) -> None:
    report = imports.take_text("products", "商品编码,商品名称,售价\nlongjing,西湖龙井,88\npuer,普洱,30\n")
    some_orders(imports.db).put_orders([an_order("o1", lines=[a_line("puer")])], CONTRACT)

    imports.undoing.take_back(report.id, LI)

    facts = the_facts(imports.db)
    assert [row[1] for row in facts["products"]] == ["puer"]
    assert len(facts["offers"]) == 1


def test_events_that_went_to_the_archive_are_taken_out_of_it(imports: TheImports, tmp_path: Path) -> None:
    old = NOW - timedelta(days=20)
    imports.take("orders", [an_order("o1", customer_id="u1", at=old)])
    imports.archive.archive_closed_days()
    stood = history_of(imports.db, tmp_path / "events")
    orders = imports.take("orders", [an_order("o2", customer_id="u1", at=old), an_order("o3", at=old)])
    events = imports.take("events", [an_event(id="x1", at=old, visitor_id="b1"), an_event(id="x2", at=NOW)])
    imports.archive.archive_closed_days()
    assert len(history_of(imports.db, tmp_path / "events")) == len(stood) + 4

    for report in (events, orders):
        assert imports.undoing.take_back(report.id, LI).events_removed == 2

    assert history_of(imports.db, tmp_path / "events") == stood
    assert imports.profiles.is_anew
    with imports.db.read() as db:
        folded = db.exec_driver_sql("SELECT person FROM folded_histories").fetchall()
    assert len(folded) == 1


def test_an_undo_that_is_killed_in_the_middle_goes_on_where_it_stopped(
    imports: TheImports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhanggui.shop.service.import_undo.AT_ONCE", 2)
    report = imports.take("products", [a_product(f"p{n}") for n in range(7)])

    def die(done: int, _of: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.undoing.take_back(report.id, LI, die)
    assert len(the_facts(imports.db)["products"]) == 3

    undo = imports.undoing.take_back(report.id, "user:wang")

    assert (undo.removed, undo.by) == ({"products": 7}, LI)
    assert not any(the_facts(imports.db).values())


def test_of_whoever_was_erased_since_nothing_comes_back(imports: TheImports) -> None:
    imports.take("customers", [a_customer("u1", phone="13800138000")])
    report = imports.take("customers", [a_customer("u1", phone="13900139000")])

    def erase(db: object) -> None:
        scrub_changes(db, person_numbers(db, CUSTOMER, ["u1"], create=False).values())  # type: ignore[arg-type]

    imports.db.write(erase)
    undo = imports.undoing.take_back(report.id, LI)

    assert undo.kept == (KeptFacts(what="customers", because=KeptBecause.CHANGED, count=1),)
    with imports.db.read() as db:
        assert db.exec_driver_sql("SELECT before FROM import_changes WHERE person IS NOT NULL").fetchall() == []


def test_a_customer_is_found_again_by_the_phone_that_stood_before(imports: TheImports) -> None:
    from tests.shop.builders import some_people

    imports.take("customers", [a_customer("u1", phone="13800138000")])
    report = imports.take("customers", [msgspec.structs.replace(a_customer("u1"), identifiers=Identifiers(name="错"))])

    imports.undoing.take_back(report.id, LI)

    people = some_people(imports.db)
    assert [one.id for one in people.find("phone", "13800138000", purpose=Purpose.SERVICE)] == ["u1"]


def test_what_is_no_import_or_too_old_is_refused_with_a_cure(imports: TheImports) -> None:
    report = imports.take("products", [a_product()])
    with pytest.raises(UnknownImport):
        imports.undoing.take_back("0" * 26, LI)

    imports.db.write(lambda db: db.exec_driver_sql("DELETE FROM import_changes"))

    with pytest.raises(ImportKeptNot, match="not kept"):
        imports.undoing.take_back(report.id, LI)


def test_an_import_that_changed_nothing_has_nothing_to_take_back(imports: TheImports) -> None:
    imports.take("products", [a_product()])
    report = imports.take("products", [a_product()])

    undo = imports.undoing.take_back(report.id, LI)

    assert (undo.is_done, undo.removed, undo.restored) == (True, {}, {})
    assert len(the_facts(imports.db)["products"]) == 1


def test_what_stood_before_is_forgotten_after_ninety_days(sqlite: Database, tmp_path: Path) -> None:
    import datetime as dt

    clock = FixedClock(dt.datetime.now(dt.UTC))  # ids are made by the machine's clock
    imports = TheImports(sqlite, tmp_path, clock)
    imports.take("products", [a_product()])

    clock.advance(days=89)
    assert imports.undoing.drop_old() == 0
    clock.advance(days=2)
    assert imports.undoing.drop_old() == 2  # the change, and the marks
