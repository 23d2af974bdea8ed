"""Rules and filters in live answers: they act in the very next one, hold everywhere, and each move is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids
from tests.shop.builders import an_offer

from zhanggui.kernel.db import Database
from zhanggui.recommend import BadFilter, BadRule, Recommendations, ShowLess, UnknownRule, UnknownValue
from zhanggui.recommend.engines.arranging import replay
from zhanggui.recommend.service.rules.keeping import VALUES, RuleChanged, Rules
from zhanggui.recommend.service.rules.trials import RuleTrials
from zhanggui.recommend.types.rules import PutRule, RuleKind, TryRule
from zhanggui.shop import EventName, LiveCatalogue, ProductLabel


@dataclass
class Book:
    entries: list[tuple[str, RuleChanged, str, str]] = field(default_factory=list)

    def append(
        self,
        db: sa.Connection,
        kind: str,
        payload: object,
        actor: str = "system",
        *,
        person: int | None = None,
        about: str = "",
    ) -> int:
        assert isinstance(payload, RuleChanged)
        self.entries.append((kind, payload, actor, about))
        return len(self.entries)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    for keyword, brand in (("绿茶", "西湖茶"), ("花果茶", "花间"), ("茶具", "")):
        shop.sells(*(a_tea(f"{keyword}-{n}", keyword, brand=brand, seller=f"s{n % 2}") for n in range(6)))
        shop.catalogue.put_offers([an_offer(f"{keyword}-{n}", price_minor=1000 * (n + 1)) for n in range(6)])
    return shop


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def rules(shop: TestShop, book: Book) -> Rules:
    return Rules(db=shop.db, clock=shop.clock, live=LiveCatalogue(shop.db, shop.clock), record=book)


def a_rule(kind: RuleKind, target: str = "", value: float = 0.0, **more: object) -> PutRule:
    return PutRule(kind=kind, target=target, value=value, **more)  # type: ignore[arg-type]


def test_a_filter_of_the_request_leaves_nothing_else(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")

    answer = shop.recommend.for_shopper(
        visitor_id="v", k=18, only='price_minor <= 3000 and category under "茶" and not viewed within 30d'
    )

    assert set(ids(answer)) == {f"{kind}-{n}" for kind in ("绿茶", "花果茶", "茶具") for n in range(3)} - {"花果茶-0"}
    assert answer.items[0].product_id.startswith("花果茶")


def test_a_narrow_filter_is_answered_from_the_whole_catalogue(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")

    assert ids(shop.recommend.for_shopper(visitor_id="v", k=5, only='id = "茶具-5"')) == ["茶具-5"]


def test_a_filter_follows_price_label_and_new_products_at_once(shop: TestShop) -> None:
    def cheap() -> set[str]:
        return set(ids(shop.recommend.popular(k=50, only='price_minor < 1500 or label has "新品" or brand = "新"')))

    assert cheap() == {"绿茶-0", "花果茶-0", "茶具-0"}
    shop.catalogue.put_offers([an_offer("绿茶-0", price_minor=9900)])
    assert cheap() == {"花果茶-0", "茶具-0"}
    shop.catalogue.put_labels([ProductLabel(product_id="茶具-4", label="新品")])
    assert cheap() == {"花果茶-0", "茶具-0", "茶具-4"}
    shop.sells(a_tea("new", "绿茶", brand="新"))
    assert cheap() == {"花果茶-0", "茶具-0", "茶具-4", "new"}


def test_an_unknown_value_gives_an_empty_list_with_a_hint(shop: TestShop) -> None:
    answer = shop.recommend.popular(only='brand = "西虎茶" or keyword has "x"')

    assert answer.items == ()
    assert answer.hints[0] == "At character 9: no product has the brand '西虎茶'. Did you mean '西湖茶'?"
    near = shop.recommend.popular(only='id = "绿茶-99"').hints[0]
    assert near.startswith("At character 6: no product has the id '绿茶-99'. Did you mean '绿茶-")
    with pytest.raises(BadFilter, match="no field 'prize_minor'"):
        shop.recommend.popular(only="prize_minor < 3")


def start_anew(rules: Rules) -> None:
    for rule in rules.all():
        rules.remove(rule.id, "t")


FILTERS = (
    "price_minor < 3500",
    'category under "绿茶"',
    'not keyword has "绿茶"',
    'seller = "s1"',
    "not (viewed or bought)",
    "not dismissed within 2d",
    'brand in ("西湖茶", "花间") and price_minor > 2000',
    "age < 1d",
    "shopper.is_known",
    'not id = "花果茶-1"',
)
IMPERSONAL = [only for only in FILTERS if "viewed" not in only and "shopper" not in only]
Fits = Callable[[str], bool]


def fits(only: str, shop: TestShop, touched: set[str], is_known: bool) -> Fits:
    def price(id_: str) -> int:
        return 1000 * (int(id_[-1]) + 1)

    meanings: tuple[Fits, ...] = (
        lambda id_: price(id_) < 3500,
        lambda id_: id_.startswith("绿茶"),
        lambda id_: not id_.startswith("绿茶"),
        lambda id_: int(id_[-1]) % 2 == 1,
        lambda id_: id_ not in touched,
        lambda _: True,
        lambda id_: not id_.startswith("茶具") and price(id_) > 2000,
        lambda _: True,
        lambda _: is_known,
        lambda id_: id_ != "花果茶-1",
    )
    return meanings[FILTERS.index(only)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_filter_leaks_through_any_recipe(shop: TestShop, rules: Rules, data: st.DataObject) -> None:
    start_anew(rules)
    who = data.draw(st.sampled_from(["v", "w", None]))
    touched = {"花果茶-0", "绿茶-3"} if who == "v" else set()
    if who == "v":
        shop.sees("v", *sorted(touched))
    only = data.draw(st.sampled_from(FILTERS))
    standing = data.draw(st.sampled_from(FILTERS))
    rules.create(a_rule(RuleKind.FILTER, standing), "t")
    for kind, value in ((RuleKind.PIN, 1.0), (RuleKind.PROMOTE, 0.5), (RuleKind.BOOST, 1.0)):
        if data.draw(st.booleans()):
            rules.create(a_rule(kind, data.draw(st.sampled_from(FILTERS[:4])), value), "t")

    for surface in ("home", "cart", "product", "buy_again"):
        answer = shop.recommend.for_shopper(visitor_id=who, k=18, surface=surface, only=only)
        for text in (only, standing):
            means = fits(text, shop, touched, is_known=who == "v")
            assert all(means(id_) for id_ in ids(answer)), (surface, text)
    for recipe, answer in recipes(shop, who, only).items():
        for text in (only, standing):
            means = fits(text, shop, touched, is_known=who == "v")
            assert all(means(id_) for id_ in ids(answer)), (recipe, text)


def recipes(shop: TestShop, who: str | None, only: str) -> dict[str, Recommendations]:
    """What each recipe answers a visitor, asked for what fits a filter."""
    beside, shelves, personal = shop.recommend.beside, shop.recommend.shelves, shop.recommend.personal
    everything = [f"{name}-{n}" for name in ("绿茶", "花果茶", "茶具") for n in range(6)]
    return {
        "together": beside.bought_together("茶具-1", k=18, visitor_id=who, only=only),
        "look": beside.complete_look("绿茶-1", k=18, visitor_id=who, only=only),
        "basket": beside.complete_basket(["绿茶-1", "茶具-1"], k=18, visitor_id=who, only=only),
        "trending": shelves.trending(hours=720, k=18, visitor_id=who, only=only),
        "new": shelves.new_arrivals(days=365, k=18, visitor_id=who, only=only),
        "rerank": personal.rerank(everything, visitor_id=who, only=only),
        "again": personal.buy_again(visitor_id=who, k=18, only=only),
    }


def test_the_recipes_have_something_to_filter_and_filter_it(shop: TestShop) -> None:
    """So that the law above does not hold of empty lists."""
    shop.sees("v", "花果茶-0")
    bare, cheap = recipes(shop, "v", ""), recipes(shop, "v", 'category under "绿茶"')

    for recipe in ("together", "look", "basket", "new", "rerank"):
        assert ids(bare[recipe]), recipe
        assert all(id_.startswith("绿茶") for id_ in ids(cheap[recipe])), recipe
    assert ids(cheap["rerank"])
    assert {one.why for one in cheap["rerank"].left_out} == {"filtered"}
    assert len(ids(cheap["rerank"])) < len(ids(bare["rerank"]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(IMPERSONAL), st.sampled_from(IMPERSONAL))
def test_no_filter_leaks_through_what_is_for_everybody(shop: TestShop, rules: Rules, only: str, standing: str) -> None:
    start_anew(rules)
    rules.create(a_rule(RuleKind.FILTER, standing), "t")

    beside = shop.recommend.goes_with("茶具-1", k=18)
    answers = (shop.recommend.similar("绿茶-1", k=18, only=only), shop.recommend.popular(k=18, only=only))

    assert all(map(fits(standing, shop, set(), is_known=False), ids(beside)))
    for text in (only, standing):
        assert all(map(fits(text, shop, set(), is_known=False), [*ids(answers[0]), *ids(answers[1])]))


def test_a_rule_acts_in_the_next_answer_of_every_process_and_its_end_restores_the_former(
    shop: TestShop, rules: Rules
) -> None:
    shop.sees("v", "花果茶-0")
    other = shop.recommender()
    before = other.for_shopper(visitor_id="v", k=6).items

    rule = rules.create(a_rule(RuleKind.PIN, 'id = "茶具-5"', 2), "user:a")

    pinned = other.for_shopper(visitor_id="v", k=6).items
    assert (pinned[1].product_id, pinned[1].moved_by, pinned[1].ranked_at > 2) == ("茶具-5", "pin", True)
    rules.change(rule.id, a_rule(RuleKind.PIN, 'id = "茶具-5"', 2, is_on=False), "user:a")
    assert other.for_shopper(visitor_id="v", k=6).items == before


def test_a_rule_holds_on_its_surface_and_in_its_time(shop: TestShop, rules: Rules, clock: FixedClock) -> None:
    soon = clock() + timedelta(hours=1)
    rules.create(a_rule(RuleKind.FILTER, 'keyword has "绿茶"', surface="home", starts_at=soon), "u")
    rules.create(a_rule(RuleKind.FILTER, 'keyword has "茶具"', surface="home", ends_at=soon), "u")

    def kinds(surface: str) -> set[str]:
        return {id_.split("-")[0] for id_ in ids(shop.recommend.for_shopper(k=18, surface=surface))}

    assert (kinds("home"), kinds("cart")) == ({"茶具"}, {"绿茶", "花果茶", "茶具"})
    clock.advance(timedelta(hours=1))
    assert kinds("home") == {"绿茶"}


def test_promotions_have_their_share_and_caps_hold(shop: TestShop, rules: Rules) -> None:
    shop.sees("v", "花果茶-0")
    rules.create(a_rule(RuleKind.PROMOTE, 'keyword has "茶具"', 0.25), "u")
    rules.create(a_rule(RuleKind.CAP, value=3, by="category"), "u")

    shown = ids(shop.recommend.for_shopper(visitor_id="v", k=8))

    assert [sum(id_.startswith(kind) for id_ in shown) for kind in ("花果茶", "绿茶")] == [3, 3]
    assert [n for n, id_ in enumerate(shown, start=1) if id_.startswith("茶具")][:2] <= [4, 8]


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "广告：由商家推广放在此处"), ("en", "Ad: a promotion of the shop")]
)
def test_a_place_that_a_promotion_took_is_said_to_be_an_ad_and_no_other(
    shop: TestShop, rules: Rules, language: str, said: str
) -> None:
    shop.sees("v", "花果茶-0")
    rules.create(a_rule(RuleKind.PROMOTE, 'keyword has "茶具"', 0.25), "u")
    rules.create(a_rule(RuleKind.PIN, 'keyword has "绿茶"', 1), "u")

    items = shop.recommend.for_shopper(visitor_id="v", k=8, language=language).items

    promoted = {item.product_id: item.moved_text for item in items if item.moved_by == "promote"}
    assert promoted
    assert all(id_.startswith("茶具") and text.startswith(said) for id_, text in promoted.items())
    assert {item.moved_text for item in items if item.moved_by == "pin"} == {""}


def test_what_was_shown_often_and_never_heeded_rests(shop: TestShop, rules: Rules, clock: FixedClock) -> None:
    shop.sees("v", "花果茶-0")
    rules.create(a_rule(RuleKind.REST, value=3), "u")
    first = ids(shop.recommend.for_shopper(visitor_id="v", k=3, surface="product"))
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        shop.recommend.for_shopper(visitor_id="v", k=3, surface="product")
    shop.sees("v", first[0])
    shop.recommend.flush()
    shop.db.write(lambda _: None)  # after this the log has been written: works are done in order

    shown = shop.recommend.for_shopper(visitor_id="v", k=18, surface="product")

    resting = set(first[1:])
    assert set(ids(shown)[-2:]) == resting
    assert first[0] not in ids(shown)[-2:]
    assert {item.moved_by for item in shown.items} <= {"", "rest"}


@pytest.mark.parametrize("beside", ["similar", "goes_with"])
def test_what_was_shown_beside_a_product_to_somebody_known_rests_too(
    shop: TestShop, rules: Rules, clock: FixedClock, beside: str
) -> None:
    shop.sees("v", "茶具-0")
    rules.create(a_rule(RuleKind.REST, value=3), "u")
    ask = getattr(shop.recommend, beside)
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        first = ids(ask("花果茶-0", 2, visitor_id="v"))
        ask("花果茶-1", 4)  # nobody's
    shop.recommend.flush()
    shop.db.write(lambda _: None)

    assert set(ids(ask("花果茶-0", 17, visitor_id="v"))[-2:]) == set(first)
    assert ids(ask("花果茶-0", 2)) == first, "for a stranger nothing rests"
    assert ids(ask("花果茶-0", 2, visitor_id="unheard-of")) == first


def test_of_whoever_turned_personalization_off_no_list_beside_a_product_is_noted(shop: TestShop) -> None:
    shop.sees("v", "茶具-0")
    shop.gate.is_open = False
    shop.recommend.similar("花果茶-0", 3, visitor_id="v")
    shop.recommend.goes_with("花果茶-0", 3, visitor_id="v")
    shop.recommend.flush()
    shop.db.write(lambda _: None)

    with shop.db.read() as db:
        persons = {row[0] for row in db.exec_driver_sql("SELECT person FROM served_lists")}
    assert persons <= {0}


def test_boost_and_bury_and_new_sellers(shop: TestShop, rules: Rules, clock: FixedClock) -> None:
    shop.sees("v", "花果茶-0")
    clock.advance(timedelta(days=100))
    shop.sees("v", "花果茶-0")
    shop.sells(a_tea("new", "茶具", seller="newcomer"))
    rules.create(a_rule(RuleKind.BURY, 'keyword has "花果茶"', 3), "u")
    assert not any(id_.startswith("花果茶") for id_ in ids(shop.recommend.for_shopper(visitor_id="v", k=8)))
    rules.create(a_rule(RuleKind.FAIR, value=0.5), "u")

    shown = shop.recommend.for_shopper(visitor_id="v", k=4, surface="product").items

    assert "new" in [item.product_id for item in shown[:2]]


def test_exploring_shows_other_categories_and_more_to_a_narrow_taste(shop: TestShop, rules: Rules) -> None:
    shop.sees("v", "花果茶-0", "花果茶-1")
    rules.create(a_rule(RuleKind.EXPLORE, value=0.2), "u")

    shown = ids(shop.recommend.for_shopper(visitor_id="v", k=5, surface="product"))

    # One taste only: a fifth of the places becomes two fifths.
    assert sum(not id_.startswith("花果茶") for id_ in shown) == 2


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_named_moves_on_the_ranked_list_give_the_list_that_is_shown(
    shop: TestShop, rules: Rules, data: st.DataObject
) -> None:
    start_anew(rules)
    shop.sees("v", data.draw(st.sampled_from(["花果茶-0", "绿茶-1", "茶具-2"])))
    for kind in data.draw(st.lists(st.sampled_from(list(RuleKind)), max_size=5)):
        least, most, is_whole, _ = VALUES[kind]
        value = data.draw(st.sampled_from([max(least, 1.0), min(most, 2.0)] if is_whole else [least, min(most, 0.5)]))
        target = data.draw(st.sampled_from(FILTERS[:4])) if kind.value in "filter pin boost bury promote" else ""
        rules.create(a_rule(kind, target, value, by="brand" if kind is RuleKind.CAP else ""), "t")
    trial = RuleTrials(rules=rules, recommender=shop.recommend)
    ask = TryRule(rule=a_rule(RuleKind.VARIETY, value=0.5), visitor_id="v", k=data.draw(st.integers(1, 9)))

    seen = trial.preview(ask)

    moves = np.array([(move.start - 1, move.end - 1, 0) for move in seen.moves], dtype=np.int32).reshape(-1, 3)
    rows = replay(len(seen.ranked), moves, len(seen.after))
    assert [seen.ranked[row] for row in rows] == [item.product_id for item in seen.after]
    assert [seen.ranked[item.ranked_at - 1] for item in seen.after if item.ranked_at] == [
        item.product_id for item in seen.after if item.ranked_at
    ]
    assert all(move.kind for move in seen.moves)


def test_a_preview_shows_the_list_without_and_with_the_rule_and_logs_nothing(shop: TestShop, rules: Rules) -> None:
    shop.sees("v", "花果茶-0")
    trial = RuleTrials(rules=rules, recommender=shop.recommend)

    seen = trial.preview(TryRule(rule=a_rule(RuleKind.PIN, 'keyword has "茶具"', 1), visitor_id="v", k=3))

    assert seen.before[0].product_id.startswith("花果茶")
    assert seen.after[0].product_id.startswith("茶具")
    assert (seen.products, len(seen.examples)) == (6, 5)
    assert (seen.moves[0].kind, seen.moves[0].end) == ("pin", 1)
    assert rules.all() == []


def test_every_act_stands_in_the_ledger_and_can_be_taken_back(shop: TestShop, rules: Rules, book: Book) -> None:
    rule = rules.create(a_rule(RuleKind.PIN, 'id = "茶具-5"', 1), "user:a")
    rules.change(rule.id, a_rule(RuleKind.PIN, 'id = "茶具-4"', 1), "user:b")
    rules.remove(rule.id, "user:c")

    def first() -> str:
        return ids(shop.recommend.for_shopper(k=2))[0]

    seen = []
    for _ in range(2):
        rules.undo(rule.id, "user:d")
        seen.append(first())
    rules.undo(rule.id, "user:d")

    assert seen == ["茶具-4", "茶具-5"]
    assert rules.all() == []
    assert [(payload.act, actor) for _, payload, actor, _ in book.entries] == [
        ("created", "user:a"),
        ("changed", "user:b"),
        ("removed", "user:c"),
        *[("undone", "user:d")] * 3,
    ]
    assert {(kind, about) for kind, _, _, about in book.entries} == {("recommend.rule", f"rule:{rule.id}")}
    with pytest.raises(BadRule, match="Nothing is left"):
        rules.undo(rule.id, "user:d")


@pytest.mark.parametrize(
    ("wanted", "error", "says"),
    [
        (a_rule(RuleKind.PIN, value=1), BadRule, "needs a target"),
        (a_rule(RuleKind.PIN, 'brand = "西湖茶"', 1.5), BadRule, "it is 1 to 200"),
        (a_rule(RuleKind.FILTER, 'brand = "西湖茶"', 3), BadRule, "it is 0"),
        (a_rule(RuleKind.CAP, value=3), BadRule, "what to count by"),
        (a_rule(RuleKind.PROMOTE, 'brand = "西湖茶"', 0.2, by="brand"), BadRule, "Only a cap"),
        (a_rule(RuleKind.REST, 'brand = "西湖茶"', 3), BadRule, "about the whole list"),
        (a_rule(RuleKind.PIN, 'brand = "西虎茶"', 1), UnknownValue, "no product has the brand '西虎茶'"),
        (a_rule(RuleKind.PIN, 'brnd = "西湖茶"', 1), BadFilter, "no field 'brnd'"),
    ],
)
def test_a_rule_whose_parts_do_not_go_together_is_refused(
    rules: Rules, wanted: PutRule, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        rules.create(wanted, "u")


def test_a_rule_that_is_not_there_is_unknown(rules: Rules) -> None:
    for act in (rules.get, lambda id_: rules.remove(id_, "u"), lambda id_: rules.undo(id_, "u")):
        with pytest.raises(UnknownRule):
            act("01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_a_dismissed_product_stays_away_whatever_a_rule_says(shop: TestShop, rules: Rules) -> None:
    rules.create(a_rule(RuleKind.PIN, 'id = "茶具-5"', 1), "u")
    shop.recommend.show_less(ShowLess(product_id="茶具-5", visitor_id="v", chips=()))
    shop.sees("v", "花果茶-0", name=EventName.DISMISS)

    answer: Recommendations = shop.recommend.for_shopper(visitor_id="v", k=18, only="price_minor > 0")

    assert not {"茶具-5", "花果茶-0"} & set(ids(answer))
    assert "茶具-5" not in ids(shop.recommend.for_shopper(visitor_id="v", k=18, only="dismissed"))
