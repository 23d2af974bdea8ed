"""What is called off here reaches the merchant's own systems by the outbox, and so does taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import a_store
from tests.shop.builders import CONTRACT, an_order, some_orders
from tests.shop.outbox.builders import Bench, Jobs, Scripted, Time

from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Orders, OrderState
from zhanggui.shop.outbox import (
    PLAIN_COLUMNS,
    ByHandOutlet,
    Confirmed,
    FileOutlet,
    OrderSendings,
    OutboxQueue,
    Refused,
    UnknownOutlet,
)


def orders_on(bench: Bench) -> Orders:
    orders = some_orders(bench.db, sendings=OrderSendings(queue=bench.queue))
    orders.put_orders([an_order("o1", state=OrderState.PAID)], CONTRACT)
    return orders


def test_an_order_that_is_called_off_is_sent_once_and_taking_it_up_again_sends_the_inverse(tmp_path: Path) -> None:
    outlet = Scripted(Confirmed(), Confirmed())
    bench = Bench(tmp_path, outlet)
    orders = orders_on(bench)

    orders.cancel("o1", "out")
    orders.cancel("o1", "out")
    bench.run_jobs()
    orders.reinstate("o1", "paid")
    bench.run_jobs()

    change = {"kind": "shop.cancel_order", "subject": "o1"}
    assert [entry.payload for entry in outlet.got] == [
        change | {"change": {"state": "cancelled"}, "is_undo": False},
        change | {"change": {"state": "paid"}, "is_undo": True},
    ]
    assert [(entry.card.code, entry.card.params) for entry in outlet.got] == [
        ("cancel_order", {"order": "o1"}),
        ("reinstate_order", {"order": "o1"}),
    ]
    assert len({entry.idempotency_key for entry in outlet.got}) == 2


def test_what_has_not_left_yet_is_taken_back_instead(tmp_path: Path) -> None:
    outlet = Scripted()
    bench = Bench(tmp_path, outlet)
    orders = orders_on(bench)

    orders.cancel("o1", "out")
    orders.reinstate("o1")
    bench.run_jobs()

    assert outlet.got == []
    assert [entry.state for entry in bench.outbox.list().items] == ["cancelled"]


def test_what_never_arrived_needs_no_inverse(tmp_path: Path) -> None:
    outlet = Scripted(Refused("no such order"))
    bench = Bench(tmp_path, outlet)
    orders = orders_on(bench)

    orders.cancel("o1", "out")
    bench.run_jobs()
    orders.reinstate("o1")

    assert [entry.state for entry in bench.outbox.list().items] == ["failed"]


def test_what_comes_as_called_off_from_outside_is_not_sent_back(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Scripted())
    orders = orders_on(bench)

    orders.put_orders([an_order("o1", state=OrderState.CANCELLED)], CONTRACT)
    orders.reinstate("o1")

    assert bench.outbox.list().items == ()


def test_an_unknown_way_out_calls_nothing_off(tmp_path: Path) -> None:
    orders = orders_on(Bench(tmp_path, Scripted()))

    with pytest.raises(UnknownOutlet):
        orders.cancel("o1", "fax")

    assert orders.order("o1", purpose=Purpose.SERVICE).state is OrderState.PAID


@pytest.mark.parametrize(
    ("asked", "ways", "taken"),
    [
        ("", ("by-hand", "file", "webhook"), ["webhook"]),
        ("", ("by-hand", "file"), ["by-hand"]),
        ("file", ("by-hand", "file", "webhook"), ["file"]),
        ("store", ("by-hand", "file"), []),
    ],
)
def test_the_way_out_is_the_one_asked_for_else_the_webhook_else_a_person(
    tmp_path: Path, asked: str, ways: tuple[str, ...], taken: list[str]
) -> None:
    bench = Bench(tmp_path, Scripted())
    bench.queue = OutboxQueue(clock=Time(), enqueue=Jobs(), outlets=dict.fromkeys(ways, ByHandOutlet()))

    orders_on(bench).cancel("o1", asked)

    assert [entry.outlet for entry in bench.outbox.list().items] == taken


def test_what_leaves_is_the_order_s_number_and_its_state_and_nothing_of_its_buyer(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Scripted())

    orders_on(bench).cancel("o1", "out")

    [entry] = bench.outbox.list().items
    assert entry.payload == {
        "kind": "shop.cancel_order", "subject": "o1", "change": {"state": "cancelled"}, "is_undo": False,
    }  # fmt: skip
    assert entry.card.params == {"order": "o1"}


def test_a_file_names_the_order_and_its_state(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FileOutlet(folder=tmp_path / "out", columns=PLAIN_COLUMNS))

    orders_on(bench).cancel("o1", "out")
    bench.run_jobs()

    [written] = (tmp_path / "out").glob("*.csv")
    assert written.read_text("utf-8-sig").splitlines() == ["order_id,state", "o1,cancelled"]


def test_without_a_way_out_an_order_is_called_off_all_the_same(tmp_path: Path) -> None:
    db = a_store(tmp_path / "shop.db")
    orders = some_orders(db)
    orders.put_orders([an_order("o1")], CONTRACT)

    assert orders.cancel("o1").state is OrderState.CANCELLED
    db.close()
