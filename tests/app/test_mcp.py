"""A shop's tools, called by the SDK's own client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_rooms
from zhanggui.app.mcp.server import build_server
from zhanggui.app.rooms import Rooms
from zhanggui.audience import NewSegment
from zhanggui.audience.tables.plans import put_running
from zhanggui.audience.types.plans import PlanTerms, RunningPlan
from zhanggui.kernel.clock import to_ms
from zhanggui.shop import LegalBasis, Offer, Order, OrderLine, Product, ProductText

mcp = pytest.importorskip("mcp")


@pytest.fixture
def rooms(tmp_path: Path) -> Any:
    with open_rooms(SHOP, an_installation(tmp_path)) as opened:
        opened.catalogue.put_products(
            [
                Product(id=id_, texts={"zh": ProductText(title=title)}, category=("茶",), keywords=("龙井",))
                for id_, title in [("longjing", "明前龙井"), ("yuqian", "雨前龙井")]
            ]
        )
        opened.catalogue.put_offers([Offer(product_id="longjing", price_minor=9900, cost_minor=3000)])
        yield opened


def call(rooms: Rooms, tool: str, **arguments: Any) -> Any:
    async def asked() -> Any:
        async with mcp.Client(build_server(rooms)) as client:
            return await client.call_tool(tool, arguments)

    return anyio.run(asked)


def answered(rooms: Rooms, tool: str, **arguments: Any) -> dict[str, Any]:
    result = call(rooms, tool, **arguments)
    assert not result.is_error, result.content
    content: dict[str, Any] = result.structured_content
    return content


def test_the_tools_say_which_of_them_only_read(rooms: Rooms) -> None:
    async def listed() -> Any:
        async with mcp.Client(build_server(rooms)) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in anyio.run(listed)}

    proposing = {name for name, tool in tools.items() if not tool.annotations.read_only_hint}
    assert proposing == {
        *("propose_price", "propose_product_edit", "propose_plan", "propose_plan_stop"),
        *("show_less", "undo_show_less"),
    }
    assert all(tool.description for tool in tools.values())


def test_products_are_listed_and_shown_with_their_prices(rooms: Rooms) -> None:
    assert [product["id"] for product in answered(rooms, "list_products")["products"]] == ["longjing", "yuqian"]
    assert answered(rooms, "get_product", product_id="longjing")["offers"][0]["price_minor"] == 9900


def test_recommendations_come_with_their_reasons(rooms: Rooms) -> None:
    items = answered(rooms, "similar_products", product_id="longjing", k=1)["items"]

    assert [item["product_id"] for item in items] == ["yuqian"]
    assert items[0]["explanation"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("bought_together", {"product_id": "longjing"}),
        ("complete_basket", {"product_ids": ["longjing", "ghost"]}),
        ("complete_look", {"product_id": "longjing"}),
        ("rerank_products", {"product_ids": ["yuqian"], "customer_id": "u1"}),
        ("trending_products", {"hours": 48}),
        ("new_products", {"category": "茶"}),
        ("buy_again", {"customer_id": "u1"}),
    ],
)
def test_recipes_answer_with_lists(rooms: Rooms, tool: str, arguments: dict[str, Any]) -> None:
    assert "items" in answered(rooms, tool, **arguments)


def test_an_assistant_reads_what_to_do_next_and_how_many_would_like_a_product(rooms: Rooms) -> None:
    assert answered(rooms, "next_best_action", customer_id="u1")["action"] == "nothing"
    assert answered(rooms, "product_audience", product_id="longjing")["people"] == 0


def test_an_assistant_reads_segments_and_plans_and_a_tier_with_too_few_has_no_proposal(rooms: Rooms) -> None:
    rooms.audience.segments.add(NewSegment(name="三单", rule="orders >= 3"), "test")

    assert [one["name"] for one in answered(rooms, "segments")["segments"]] == ["三单"]
    assert answered(rooms, "segment_overlaps")["overlaps"] == []
    assert [one["tier"] for one in answered(rooms, "plans")["tiers"]] == ["acquire", "retain", "convert", "win_back"]
    assert answered(rooms, "plan", tier="retain")["state"] == "none"
    assert "Fewer than 20" in call(rooms, "propose_plan", tier="retain").content[0].text
    assert "one of: acquire" in call(rooms, "plan", tier="everybody").content[0].text
    assert "No plan runs for the tier 'retain'" in call(rooms, "propose_plan_stop", tier="retain").content[0].text


def test_an_assistant_proposes_that_a_plan_stops_and_it_runs_until_a_person_agrees(rooms: Rooms) -> None:
    terms = PlanTerms(rule="orders >= 1", channel="email", outlet="file", words="回来看看", goods=("longjing",), days=7)
    plan = RunningPlan(run="01J00000000000000000000000", terms=terms, started_ms=to_ms(rooms.clock()))
    rooms.db.write(lambda db: put_running(db, "retain", plan))

    proposal = answered(rooms, "propose_plan_stop", tier="retain")

    assert (proposal["subject"], proposal["author"]["kind"], proposal["state"]) == ("retain", "model", "proposed")
    assert answered(rooms, "plan", tier="retain")["running"] is not None
    rooms.proposals.approve(proposal["id"], "user:li")
    assert answered(rooms, "plan", tier="retain")["running"] is None


def test_an_order_is_shown_by_its_id(rooms: Rooms) -> None:
    from datetime import UTC, datetime

    line = OrderLine(id="1", product_id="longjing", quantity=1, unit_price_minor=9900)
    order = Order(id="o1", at=datetime(2026, 3, 14, tzinfo=UTC), lines=(line,))
    rooms.orders.put_orders([order], LegalBasis(kind="contract"))

    assert answered(rooms, "get_order", order_id="o1")["order"]["lines"][0]["product_id"] == "longjing"


def test_a_place_is_explained_by_a_tool_that_only_reads(rooms: Rooms) -> None:
    told = answered(rooms, "explain_recommendation", product_id="longjing", customer_id="u1")
    lost = answered(rooms, "explain_recommendation", product_id="yuqian", customer_id="u1", k=1)

    assert (told["stage"], told["position"], told["product_id"]) == ("shown", 1, "longjing")
    assert told["score"] == pytest.approx(sum(part["value"] for part in told["factors"]), abs=1e-6)
    assert lost["stage"] != "shown"
    assert lost["words"]


def test_a_proposed_price_changes_nothing_until_somebody_decides(rooms: Rooms) -> None:
    proposed = answered(rooms, "propose_price", product_id="longjing", price_minor=8900, why="卖得慢")["proposals"][0]

    assert proposed["state"] == "proposed"
    assert [one["id"] for one in answered(rooms, "list_proposals")["proposals"]] == [proposed["id"]]
    assert rooms.catalogue.offers(["longjing"])[0].price_minor == 9900


def test_the_ledger_is_verified(rooms: Rooms) -> None:
    assert answered(rooms, "verify_ledger")["is_intact"] is True


def test_a_mistake_comes_back_as_a_hint_and_not_as_a_traceback(rooms: Rooms) -> None:
    result = call(rooms, "get_product", product_id="longjin")

    assert result.is_error
    text = result.content[0].text
    assert "Did you mean 'longjing'?" in text
    assert "Traceback" not in text


def test_a_customer_sees_less_and_takes_it_back(rooms: Rooms) -> None:
    noted = answered(rooms, "show_less", product_id="longjing", customer_id="u1")
    assert (noted["product_id"], noted["is_undone"]) == ("longjing", False)

    assert call(rooms, "undo_show_less", preference_id=noted["id"], customer_id="u2").is_error
    undone = answered(rooms, "undo_show_less", preference_id=noted["id"], customer_id="u1")

    assert undone["is_undone"]
    [held] = answered(rooms, "wanted_less", customer_id="u1")["preferences"]
    assert (held["id"], held["is_undone"]) == (noted["id"], True)
    assert len(rooms.ledger.entries(kind="recommend.preference").items) == 2
