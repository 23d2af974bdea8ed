"""Laws of taking imports back, over files of any kind with the same few ids."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import FixedClock, a_store, examples
from tests.shop.builders import a_customer, a_line, a_product, a_question, a_return, a_review, an_offer, an_order
from tests.shop.events.builders import an_event
from tests.shop.undoing.builders import LI, TheImports, the_facts

from zhanggui.shop import EventName, OrderState

NOW = FixedClock().now
GOODS, PEOPLE, ORDERS = (st.sampled_from([f"{kind}{n}" for n in range(3)]) for kind in "pco")
WHEN = st.sampled_from([NOW - timedelta(days=days) for days in (0, 1, 20)])
LINES = st.lists(st.builds(a_line, GOODS, id=st.sampled_from("12"), quantity=st.integers(1, 3)), min_size=1, max_size=2)
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "products": st.builds(a_product, GOODS, title=st.sampled_from(["茶", "红茶"])),
    "offers": st.builds(an_offer, GOODS, price_minor=st.integers(1, 3)),
    "customers": st.builds(a_customer, PEOPLE, phone=st.sampled_from(["13800138000", "13900139000"])),
    "orders": st.builds(
        an_order,
        ORDERS,
        customer_id=st.none() | PEOPLE,
        at=WHEN,
        state=st.sampled_from([OrderState.PAID, OrderState.CANCELLED]),
        lines=LINES.filter(lambda lines: len({line.id for line in lines}) == len(lines)),
    ),
    "returns": st.builds(a_return, st.sampled_from(["r1", "r2"]), order_id=st.none() | ORDERS, at=WHEN),
    "reviews": st.builds(a_review, st.sampled_from(["v1", "v2"]), customer_id=st.none() | PEOPLE, product_id=GOODS),
    "questions": st.builds(a_question, st.sampled_from(["q1", "q2"]), customer_id=st.none() | PEOPLE),
    "events": st.builds(
        an_event,
        id=st.sampled_from([f"x{n}" for n in range(4)]),
        at=WHEN,
        name=st.sampled_from([EventName.VIEW_ITEM, EventName.ADD_TO_CART]),
        visitor_id=st.none() | st.just("b1"),
        customer_id=PEOPLE,
        product_id=GOODS,
    ),
}
FILES = st.sampled_from(sorted(FACTS)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.lists(FACTS[kind], min_size=2, max_size=4))
)

pytestmark = pytest.mark.law


@settings(max_examples=examples(30))
@given(st.lists(FILES, max_size=4), FILES, st.booleans())
def test_a_wrong_file_over_any_others_taken_back_leaves_what_they_said(
    others: Sequence[tuple[str, Sequence[msgspec.Struct]]],
    wrong: tuple[str, Sequence[msgspec.Struct]],
    is_archived: bool,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        imports = TheImports(a_store(Path(folder) / "store.db"), Path(folder))
        for kind, facts in others:
            imports.take(kind, facts)
        stood = the_facts(imports.db)

        report = imports.take(*wrong)
        if is_archived:
            imports.archive.archive_closed_days()
        undo = imports.undoing.take_back(report.id, LI)

        stands = the_facts(imports.db)
        if is_archived:  # the days of others went to the archive too
            stood.pop("events"), stands.pop("events")
        assert stands == stood
        assert undo.kept == ()
        imports.db.close()


@settings(max_examples=examples(15))
@given(st.lists(FILES, min_size=1, max_size=4))
def test_all_files_taken_back_from_the_last_to_the_first_leave_nothing(
    files: Sequence[tuple[str, Sequence[msgspec.Struct]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        imports = TheImports(a_store(Path(folder) / "store.db"), Path(folder))
        reports = [imports.take(kind, facts) for kind, facts in files]

        for report in reversed(reports):
            imports.undoing.take_back(report.id, LI)

        assert not any(the_facts(imports.db).values())
        imports.db.close()
