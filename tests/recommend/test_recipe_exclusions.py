"""A law: what must not come, comes through no recipe."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids
from tests.recommend.test_rules import Book, a_rule

from zhanggui.kernel.db import Database
from zhanggui.recommend import Recommendations, ShowLess
from zhanggui.recommend.service.rules.keeping import Rules
from zhanggui.recommend.types.recipes import ExportLists
from zhanggui.recommend.types.rules import RuleKind
from zhanggui.shop import EventName, LiveCatalogue

KINDS = ("绿茶", "花果茶", "茶具", "茶巾")
GOODS = [f"{kind}-{n}" for kind in KINDS for n in range(3)]
PRODUCT = st.sampled_from(GOODS)
ACTS = (EventName.VIEW_ITEM, EventName.ADD_TO_CART, EventName.PURCHASE, EventName.DISMISS)
_numbers = count()


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*(a_tea(id_, id_.split("-", maxsplit=1)[0]) for id_ in GOODS))
    for n in range(24):
        shop.buys(f"b{n}", GOODS[n % 3], GOODS[6 + n % 2], GOODS[9 + n % 3], days_ago=n % 20 + 2)
        shop.sees(f"b{n}", GOODS[n % 12], GOODS[3 + n % 3], days_ago=1)
    shop.recommend.train()
    return shop


def every_list(shop: TestShop, who: str, anchor: str, others: list[str]) -> list[Recommendations]:
    recommend = shop.recommend
    return [
        recommend.beside.bought_together(anchor, k=12, visitor_id=who),
        recommend.beside.complete_look(anchor, k=12, visitor_id=who),
        recommend.beside.complete_basket([anchor, *others], k=12, visitor_id=who),
        recommend.personal.rerank(GOODS, visitor_id=who),
        recommend.personal.buy_again(visitor_id=who, k=12),
        recommend.shelves.trending(hours=720, k=12, visitor_id=who),
        recommend.shelves.new_arrivals(k=12, visitor_id=who),
        recommend.for_shopper(visitor_id=who, k=12, surface="email"),
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(PRODUCT, st.sampled_from(ACTS)), max_size=8),
    less=st.sets(PRODUCT, max_size=2),
    sold_out=st.sets(PRODUCT, max_size=4),
    anchor=PRODUCT,
    others=st.lists(PRODUCT, max_size=3),
)
def test_what_must_not_come_comes_through_no_recipe(
    shop: TestShop,
    acts: list[tuple[str, EventName]],
    less: set[str],
    sold_out: set[str],
    anchor: str,
    others: list[str],
) -> None:
    who = f"v{next(_numbers)}"
    for id_ in GOODS:
        shop.stocks(id_, 0 if id_ in sold_out else 9)
    for id_, act in acts:
        shop.sees(who, id_, name=act)
    for id_ in less:
        shop.recommend.show_less(ShowLess(product_id=id_, visitor_id=who))
    never = sold_out | less | {id_ for id_, act in acts if act in {EventName.DISMISS, EventName.PURCHASE}}

    for answer in every_list(shop, who, anchor, others):
        assert not never & set(ids(answer)), answer.surface
        assert len(set(ids(answer))) == len(answer.items)
    suggested = shop.recommend.next_actions.suggest(visitor_id=who)
    if suggested.action != "ask_review":
        assert not never & {item.product_id for item in suggested.products}
    for id_ in sorted(never)[:1]:
        assert who not in {one.visitor_id for one in shop.recommend.audiences.people(id_)}


def test_a_merchant_s_filter_holds_in_every_recipe_and_in_exports(shop: TestShop, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    shop.sees("v", *GOODS[:6])
    rules = Rules(db=shop.db, clock=shop.clock, live=LiveCatalogue(shop.db, shop.clock), record=Book())

    rules.create(a_rule(RuleKind.FILTER, 'not category under "茶具"'), "me")

    for answer in every_list(shop, "v", GOODS[0], []):
        assert not [id_ for id_ in ids(answer) if id_.startswith("茶具")], answer.surface
    shop.recommend.batches.export(tmp_path / "lists.parquet", ExportLists(k=12, surface="home"))
    listed = set(pq.read_table(tmp_path / "lists.parquet").column("product_id").to_pylist())
    assert listed
    assert not [id_ for id_ in listed if id_.startswith("茶具")]
