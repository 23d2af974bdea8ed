"""What trees are told of stock, of channel and device, of what is foreseen, and of what a taking is worth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas

from zhanggui.kernel.clock import DAY_MS, HOUR_MS, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.trees import Trees
from zhanggui.recommend.engines.choosing import Occasion, Replay, Split, hold_out_last, replay
from zhanggui.recommend.engines.first_stage import Graphs, no_neighbours
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.engines.ranking.calibration import Calibration
from zhanggui.recommend.engines.ranking.columns import COLUMNS
from zhanggui.recommend.engines.ranking.context import CHANNELS, DEVICES, classes_of, context_of
from zhanggui.recommend.engines.ranking.facts import FITS, Facts, Moment, fits_of, log_stocks
from zhanggui.recommend.engines.ranking.lambdamart import learn_trees
from zhanggui.recommend.engines.ranking.lessons import Beside, Lesson, lesson_of, ndcg_at
from zhanggui.recommend.engines.ranking.stage import Stage
from zhanggui.recommend.ports import Known, NoProfiles
from zhanggui.recommend.service.training.behaviour import behaviour_of
from zhanggui.recommend.service.training.stock_book import StockBook
from zhanggui.recommend.types.aims import Objectives
from zhanggui.shop import Event, EventContext, EventName

APP, WEB = context_of("app", "phone"), context_of("web", "desktop")


@pytest.mark.parametrize(
    ("channel", "device", "classes"),
    [
        ("", "", ("unknown", "unknown")),
        ("App", "", ("app", "unknown")),
        ("mini-program", "Phone", ("mini_program", "phone")),
        ("小程序", "手机", ("mini_program", "phone")),
        ("storefront", "mobile", ("web", "phone")),
        ("fax", "fridge", ("other", "unknown")),
        ("", "tablet", ("unknown", "tablet")),
    ],
)
def test_channels_and_devices_are_told_by_class(channel: str, device: str, classes: tuple[str, str]) -> None:
    place, held = classes_of(context_of(channel, device))

    assert (CHANNELS[place], DEVICES[held]) == classes


def acts(contexts: list[int] | None) -> Interactions:
    """Two products: 1 is taken on the first context again and again, 2 on the second."""
    count = 200
    product = np.arange(count) % 2 + 1
    told = None if contexts is None else np.array(contexts)[product - 1]
    return Interactions.of(
        person=np.arange(count) // 4,
        product=product,
        at_ms=np.arange(count) * HOUR_MS,
        strength=np.ones(count),
        is_purchase=np.zeros(count, dtype=bool),
        size=3,
        context=told,
    )


def test_what_is_wanted_in_the_app_fits_the_app() -> None:
    fits = fits_of(acts([APP, WEB]), 0)
    app, web = Moment.of(0, 0, APP), Moment.of(0, 0, WEB)

    assert fits[1, app.columns[3]] > 0.3 > -0.3 > fits[1, web.columns[3]]
    assert fits[2, web.columns[4]] > 0.3 > -0.3 > fits[2, app.columns[4]]


def test_who_tells_no_channel_fits_nothing_more_or_less() -> None:
    unknown = Moment.of(0, 0)

    for events in (acts(None), acts([0, 0]), acts([APP, WEB])):
        assert fits_of(events, 0).shape == (3, FITS)
        assert not fits_of(events, 0)[:, unknown.columns[3:]].any()


def test_an_occasion_began_where_its_first_event_did(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 3))
    for n in range(60):
        shop.sees(f"v{n}", "绿茶-0", days_ago=3)
    at = clock() - timedelta(days=1)
    told = EventContext(channel="app", device="phone")
    event = Event(id="told", name=EventName.VIEW_ITEM, at=at, visitor_id="v1", product_id="绿茶-1", context=told)
    assert shop.events.accept([event]).accepted == 1

    events, _, _ = behaviour_of(shop.recommend.trainer.history, 4, Objectives())

    assert [one.context for one in hold_out_last(events).occasions] == [APP]


def test_a_day_is_taught_with_the_stock_of_that_day(tmp_path: Path) -> None:
    book = StockBook(folder=tmp_path / "stock")
    first_ms = 100 * DAY_MS
    book.keep(np.array([0, 5, -1]), first_ms)
    book.keep(np.array([0, 900, 900]), first_ms + HOUR_MS)
    book.keep(np.array([0, 40, -1]), first_ms + DAY_MS)

    assert book.at(first_ms - 1) is None
    assert book.at(first_ms + HOUR_MS).tolist() == pytest.approx([0, log_stocks(np.array([5]))[0], 0])  # type: ignore[union-attr]
    assert book.at(first_ms + DAY_MS)[1] == pytest.approx(np.log1p(40), abs=0.05)  # type: ignore[index]
    assert book.at(first_ms + 4 * DAY_MS) is None


def test_a_page_that_was_cut_short_tells_nothing(tmp_path: Path) -> None:
    book = StockBook(folder=tmp_path / "stock")
    book.keep(np.array([0, 5]), DAY_MS)
    (tmp_path / "stock" / f"{DAY_MS}.npy").write_bytes(b"\x93NUMPY")

    assert StockBook(folder=tmp_path / "stock").at(DAY_MS).tolist() == []  # type: ignore[union-attr]


def replays() -> list[Replay]:
    events = acts(None)
    split = Split(
        past=events,
        occasions=[
            Occasion(person=3, at_ms=90 * DAY_MS, taken=np.array([2]), worth=np.array([4.0], np.float32), context=APP)
        ],
    )
    lists = Graphs(alike=no_neighbours(3), together=no_neighbours(3), content=no_neighbours(3))
    rate = np.zeros(3, dtype=np.float32)
    return list(replay(lists, rate, split))


def test_a_lesson_tells_what_was_known_at_the_moment() -> None:
    facts = Facts.of(
        np.zeros(3, dtype=np.int64),
        fits_of(acts([APP, WEB]), 0),
        price_minor=np.full(3, 100),
        created_ms=np.zeros(3, dtype=np.int64),
        category=np.zeros(3, dtype=np.int32),
        log_stock=np.full(3, 9.0, dtype=np.float32),
    )
    beside = Beside(
        stock=lambda at_ms: np.full(3, at_ms / DAY_MS, dtype=np.float32),
        foreseen=lambda person, _at_ms: np.array([person, 0.5, 0.25], dtype=np.float32),
    )

    lesson = lesson_of(replays(), facts, np.ones(15, dtype=np.float32), 0, beside)

    told = {name: lesson.rows[:, COLUMNS.index(name)] for name in COLUMNS}
    assert set(told["stock"].tolist()) == {90.0}
    assert set(told["foreseen_value"].tolist()) == {3.0}
    assert set(told["channel"].tolist()) == {float(CHANNELS.index("app"))}
    assert set(told["device"].tolist()) == {float(DEVICES.index("phone"))}
    assert told["channel_fit"].max() > 0.3 > -0.3 > told["channel_fit"].min()
    assert sorted(lesson.worth.tolist()) == [0.0, 4.0]
    assert lesson.taken.sum() == 1


def two_takings() -> Lesson:
    """What is cheap is taken often and worth little, what is dear seldom and worth much."""
    rng = np.random.default_rng(5)
    occasions, each = 240, 20
    rows = np.zeros((occasions * each, len(COLUMNS)), dtype=np.float32)
    price = rng.random(len(rows)).astype(np.float32)
    rows[:, COLUMNS.index("price")] = price
    taken = rng.random(len(rows)) < np.where(price < 0.5, 0.3, 0.15)
    worth = np.where(taken, np.where(price < 0.5, 0.1, 3.0), 0.0).astype(np.float32)
    ends = np.arange(0, len(rows) + 1, each)
    wanted = tuple(np.sort(worth[a:b][taken[a:b]])[::-1] for a, b in pairwise(ends))
    return Lesson(
        rows=rows,
        first_stage=np.zeros(len(rows), dtype=np.float32),
        taken=taken,
        worth=worth,
        lengths=np.full(occasions, each),
        wanted=wanted,
    )


def test_trees_put_first_what_counts_for_more() -> None:
    lesson = two_takings()
    alike = replace(lesson, worth=lesson.taken.astype(np.float32))
    by_worth, by_count = learn_trees(lesson, 0), learn_trees(alike, 0)

    assert by_worth is not None
    assert by_count is not None
    price = lesson.rows[:, COLUMNS.index("price")]
    is_dear = price > 0.5
    said = {name: made.margins(lesson.rows) for name, made in (("worth", by_worth), ("count", by_count))}
    assert said["worth"][is_dear].mean() > said["worth"][~is_dear].mean()
    assert said["count"][is_dear].mean() < said["count"][~is_dear].mean()


def test_gain_is_the_worth_of_the_first_over_the_best_there_could_be() -> None:
    lesson = two_takings().part(0, 1)
    one = replace(lesson, worth=np.eye(20, dtype=np.float32)[7] * 2, wanted=(np.array([2.0, 1.0], dtype=np.float32),))
    best = 2 + 1 / np.log2(3)

    assert ndcg_at(one, -np.abs(np.arange(20) - 7.0), 20) == pytest.approx([2 / best])
    assert ndcg_at(replace(one, wanted=(np.zeros(1, dtype=np.float32),)), np.zeros(20), 20).tolist() == [0.0]


@dataclass
class Foreseen:
    asked: list[int] = field(default_factory=list)

    def now(self, db: object, person: int) -> tuple[float, ...]:
        self.asked.append(person)
        return (1.0, 0.9, 0.8)

    def past(self) -> Foreseen:
        return self

    def then(self, person: int, at_ms: int) -> tuple[float, ...]:
        return ()


def asking(column: str, bound: float, size: int) -> Stage:
    """Trees that raise what the shopper did something with, where a column is above a bound."""
    own = COLUMNS.index("own_interest")
    inner = np.array([[COLUMNS.index(column), own, own]], dtype=np.int32)
    bounds = np.array([[bound, np.inf, 0.01]], dtype=np.float32)
    return Stage(
        trees=Trees(feature=inner, threshold=bounds, value=np.array([[0.0, 0.0, 0.0, 50.0]]), cover=np.ones((1, 7))),
        first_ms=np.zeros(size, dtype=np.int64),
        fits=np.zeros((size, FITS), dtype=np.float32),
        calibration=Calibration(1.0, 0.0),
    )


@dataclass
class WithStage:
    shop: TestShop
    column: str
    bound: float

    def load(self, card: object) -> RankModel:
        model = self.shop.recommend.models.load(card)  # type: ignore[arg-type]
        return replace(model, stage=asking(self.column, self.bound, model.size))


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    made = TestShop(sqlite, tmp_path / "models", clock)
    made.sells(*teas("绿茶", 8), *teas("红茶", 8))
    for n in range(30):
        made.buys(f"c{n}", f"绿茶-{n % 6}", f"红茶-{n % 3}", days_ago=20)
    made.recommend.train()
    made.sees("me", "绿茶-7", "红茶-7")
    return made


def asked(shop: TestShop, column: str, bound: float, profiles: Foreseen | None = None) -> TestShop:
    shop.recommend = shop.recommender(known=Known(profiles=profiles or NoProfiles()))
    shop.recommend.serving.state._store = WithStage(shop, column, bound)
    return shop


@pytest.mark.parametrize(
    ("column", "place"), [("channel", {"channel": "app"}), ("device", {"device": "phone"})], ids=["channel", "device"]
)
def test_the_next_answer_knows_where_the_shopper_is(shop: TestShop, column: str, place: dict[str, str]) -> None:
    recommend = asked(shop, column, 1.5).recommend

    there, elsewhere = recommend.for_shopper(visitor_id="me", **place), recommend.for_shopper(visitor_id="me")

    assert set(ids(there)[:2]) == {"绿茶-7", "红茶-7"}
    assert set(ids(elsewhere)[:2]) != {"绿茶-7", "红茶-7"}


def test_trees_see_the_stock_of_this_moment(shop: TestShop) -> None:
    recommend = asked(shop, "stock", 3.0).recommend
    shop.stocks("绿茶-7", 3)
    shop.stocks("红茶-7", 500)
    few = ids(recommend.for_shopper(visitor_id="me"))
    shop.stocks("绿茶-7", 500)

    assert few[0] == "红茶-7"
    assert "绿茶-7" not in few[:2]
    assert set(ids(recommend.for_shopper(visitor_id="me"))[:2]) == {"绿茶-7", "红茶-7"}


def test_what_is_foreseen_acts_only_for_who_may_be_known(shop: TestShop) -> None:
    told = Foreseen()
    recommend = asked(shop, "still_buying", 0.5, told).recommend

    assert set(ids(recommend.for_shopper(visitor_id="me"))[:2]) == {"绿茶-7", "红茶-7"}
    assert len(told.asked) == 1
    shop.gate.is_open = False
    shop.recommend = shop.recommender(known=Known(profiles=told))
    assert shop.recommend.for_shopper(visitor_id="me").notice == "personalization_off"
    assert len(told.asked) == 1


def test_nothing_is_foreseen_by_default(shop: TestShop) -> None:
    recommend = asked(shop, "still_buying", 0.5).recommend

    assert set(ids(recommend.for_shopper(visitor_id="me"))[:2]) != {"绿茶-7", "红茶-7"}


def test_a_training_writes_down_what_is_available(shop: TestShop, clock: FixedClock) -> None:
    book = shop.recommend.trainer.stock

    assert book.at(to_ms(clock())) is not None
