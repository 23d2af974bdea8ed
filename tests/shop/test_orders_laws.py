from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import FixedClock, a_store, examples
from tests.shop.builders import (
    CONTRACT,
    NOON,
    a_customer,
    a_line,
    a_question,
    a_return,
    a_review,
    an_order,
    some_orders,
    some_people,
    some_words,
    the_history,
)

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import (
    Answer,
    Order,
    OrderLine,
    OrderState,
    Return,
)

_lines = st.lists(
    st.builds(
        a_line,
        st.sampled_from(["p1", "p2", "p3"]),
        id=st.sampled_from("abcd"),
        quantity=st.integers(-1, 3),
        unit_price_minor=st.integers(0, 500),
    ),
    max_size=4,
    unique_by=lambda line: line.id,
)
_orders = st.builds(
    an_order,
    st.sampled_from(["o1", "o2", "o3"]),
    lines=_lines,
    customer_id=st.sampled_from([None, "u1", "u2"]),
    state=st.sampled_from(list(OrderState)),
)
_returns = st.builds(a_return, st.sampled_from(["r1", "r2"]), lines=_lines, customer_id=st.sampled_from([None, "u1"]))


def _net(db: Database) -> Counter[tuple[str, str]]:
    """What each person holds of each product by the history, in minor units."""
    net: Counter[tuple[str, str]] = Counter()
    for person, product, kind, _, value in the_history(db):
        net[person, product] += value if kind == "purchase" else -value
    return Counter({key: value for key, value in net.items() if value})


@pytest.mark.law
@settings(max_examples=examples(40), deadline=None)
@given(batches=st.lists(st.tuples(st.lists(_orders, max_size=4), st.lists(_returns, max_size=2)), max_size=4))
def test_importing_twice_equals_once_and_the_history_nets_to_the_facts(
    batches: list[tuple[list[Order], list[Return]]],
) -> None:
    db = a_store(Path(mkdtemp(prefix="zg-orders-")) / "store.db")
    orders = some_orders(db, FixedClock())
    for bought, returned in batches:
        for _ in range(2):
            first = orders.put_orders(bought, CONTRACT), orders.put_returns(returned, CONTRACT)
        assert all(report.created == report.updated == 0 for report in first)

    expected: Counter[tuple[str, str]] = Counter()
    for order in orders.orders(limit=200, purpose=Purpose.SERVICE):
        if order.state is not OrderState.CANCELLED:
            _count(expected, order.customer_id or f"order:{order.id}", order.lines, 1)
    for goods in orders.returns(limit=200, purpose=Purpose.SERVICE):
        _count(expected, goods.customer_id or f"return:{goods.id}", goods.lines, -1)
    assert _net(db) == Counter({key: value for key, value in expected.items() if value})
    last = {order.id: order for bought, _ in batches for order in bought}
    assert {order.id: order for order in orders.orders(limit=200, purpose=Purpose.SERVICE)} == last
    db.close()


def _count(net: Counter[tuple[str, str]], person: str, lines: tuple[OrderLine, ...], sign: int) -> None:
    for line in lines:
        if line.quantity > 0:
            net[person, line.product_id] += sign * (line.quantity * line.unit_price_minor - line.discount_minor)


@pytest.mark.postgresql
def test_writers_of_the_same_new_people_and_products_never_wait_for_each_other(postgresql: Database) -> None:
    failures: list[Exception] = []

    def write(turn: int) -> None:
        orders, words, people = some_orders(postgresql), some_words(postgresql), some_people(postgresql)
        try:
            for n in range(15):
                who, what = f"u{n}", f"p{n}"
                orders.put_orders([an_order(f"o{turn}-{n}", customer_id=who, lines=[a_line(what)])], CONTRACT)
                words.put_reviews([a_review(f"v{turn}-{n}", customer_id=who, product_id=what)])
                answer = Answer(id="a", customer_id=f"a{n}", text="是", at=NOON)
                words.put_questions([a_question(f"q{turn}-{n}", product_id=f"x{n}", answers=(answer,))])
                people.put_customers([a_customer(who)], CONTRACT)
        except Exception as error:  # noqa: BLE001  (whatever a thread meets is the test's to tell)
            failures.append(error)

    writers = [threading.Thread(target=write, args=(turn,)) for turn in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failures == []
    with postgresql.read() as db:
        for table, count in (("products", 30), ("persons", 30)):
            numbers = [row[0] for row in db.exec_driver_sql(f"SELECT number FROM {table} ORDER BY number")]
            assert numbers == list(range(1, count + 1))
