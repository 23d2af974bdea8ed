"""The first decisions of a demo shop rest on its own rows, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_rooms
from zhanggui.app.decisions import seed_decisions
from zhanggui.app.rooms import Rooms
from zhanggui.shop import LegalBasis, Offer, Order, OrderLine, OrderState, Product, ProductText, RivalPrice
from zhanggui.trust import Author, Proposal

BASIS = LegalBasis(kind="contract")


@pytest.fixture
def rooms(tmp_path: Any) -> Iterator[Rooms]:
    with open_rooms(SHOP, an_installation(tmp_path)) as opened:
        yield opened


def put_tea(rooms: Rooms, id_: str, *, price: int, cost: int, stock: int, sold: int = 0, **text: Any) -> None:
    """A tea with its list price at its price; `sold` pieces went yesterday."""
    said = ProductText(title=f"{id_}茶", description=f"{id_}好茶。", **text)
    rooms.catalogue.put_products([Product(id=id_, texts={"zh": said})])
    offer = Offer(product_id=id_, price_minor=price, list_price_minor=price, cost_minor=cost, on_hand=stock)
    rooms.catalogue.put_offers([offer])
    if sold:
        line = OrderLine(id="1", product_id=id_, quantity=sold, unit_price_minor=price)
        at = rooms.clock() - timedelta(days=1)
        rooms.orders.put_orders([Order(id=f"o-{id_}", at=at, state=OrderState.PAID, lines=(line,))], BASIS)


def put_rivals(rooms: Rooms, id_: str, *prices: int) -> None:
    seen_at = rooms.clock() - timedelta(days=2)
    rooms.catalogue.put_rival_prices(
        [
            RivalPrice(product_id=id_, rival=f"rival {n}", price_minor=price, seen_at=seen_at)
            for n, price in enumerate(prices)
        ]
    )


def seeded(rooms: Rooms) -> dict[str, Proposal]:
    seed_decisions(rooms)
    return {proposal.reason.code: proposal for proposal in rooms.proposals.list().items}


def test_rivals_who_are_all_cheaper_are_met_in_their_middle(rooms: Rooms) -> None:
    put_tea(rooms, "a", price=10_000, cost=3_000, stock=500, sold=100)
    put_rivals(rooms, "a", 9_400, 9_600)

    proposal = seeded(rooms)["rivals_are_cheaper"]

    assert proposal.author == Author(kind="rules", name="shop_rules", version="1")  # no model was asked
    # 5% cheaper sells 12.5% more of 100: 112.5 pieces at a margin of 65.00 are 7,312.50; 100 at 70.00 are 7,000.
    assert proposal.change == {"price_minor": 9_500}
    assert (proposal.effect.amount_minor, proposal.effect.low_minor) == (31_250, -17_500)
    assert [ref.kind for ref in proposal.evidence] == ["offer", "sales", "rival_price", "rival_price"]
    assert not proposal.is_blocked


def test_what_is_sold_out_is_not_made_dearer(rooms: Rooms) -> None:
    put_tea(rooms, "a", price=10_000, cost=3_000, stock=0, sold=100)
    put_rivals(rooms, "a", 10_500, 11_000)

    assert "rivals_are_dearer" not in seeded(rooms)


def test_following_dearer_rivals_beyond_the_list_price_is_blocked_and_has_a_cure(rooms: Rooms) -> None:
    put_tea(rooms, "a", price=10_000, cost=8_000, stock=500, sold=10)
    put_rivals(rooms, "a", 10_500, 11_000)

    proposal = seeded(rooms)["rivals_are_dearer"]

    blocking = [finding for finding in proposal.findings if finding.level.value == "block"]
    assert [finding.rule for finding in blocking] == ["price.honest_list_price"]
    assert blocking[0].cure is not None
    assert blocking[0].cure.change == {"price_minor": 10_500, "list_price_minor": None}


def test_what_sells_out_within_a_week_is_labelled_beside_its_other_labels(rooms: Rooms) -> None:
    put_tea(rooms, "a", price=10_000, cost=3_000, stock=2, sold=28)

    proposal = seeded(rooms)["runs_out_soon"]

    assert proposal.change == {"labels": [{"label": "库存紧张", "source": "behaviour", "evidence": "2 / 28 / 28"}]}
    assert proposal.reason.params["days_left"] == "2.0"


def test_a_text_gets_the_facts_that_it_lacks_and_keeps_its_words(rooms: Rooms) -> None:
    put_tea(rooms, "a", price=10_000, cost=3_000, stock=500, attributes={"产地": "杭州", "口味": "清香"})

    proposal = seeded(rooms)["text_lacks_facts"]

    texts = proposal.change["texts"]
    assert isinstance(texts, dict)
    assert texts["zh"]["description"] == "a好茶。产地：杭州。"


def test_idle_stock_goes_a_little_below_cost_with_a_warning_that_mends(rooms: Rooms) -> None:
    put_tea(rooms, "a", price=10_000, cost=6_000, stock=5)

    proposal = seeded(rooms)["idle_stock"]

    warned = [finding for finding in proposal.findings if finding.level.value == "warn"]
    assert proposal.change == {"price_minor": 5_700}
    assert [(one.rule, one.cure.change if one.cure else None) for one in warned] == [
        ("price.covers_cost", {"price_minor": 6_000})
    ]


def test_a_shop_that_has_proposals_gets_no_others(rooms: Rooms) -> None:
    put_tea(rooms, "a", price=10_000, cost=6_000, stock=5)

    assert (seed_decisions(rooms), seed_decisions(rooms)) == (1, 0)
