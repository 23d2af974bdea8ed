"""Figures for analysts: what one person can change, what it costs, and who is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.audience import NewSegment
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust import CreateKey
from zhanggui.trust.engines.figures import noise
from zhanggui.trust.engines.figures.bounding import counted, first_of_each, people, summed
from zhanggui.trust.engines.figures.floor import floored
from zhanggui.trust.engines.figures.standing_out import least_told, top_of_each
from zhanggui.trust.errors import BudgetSpent, TooManyFigures
from zhanggui.trust.service.figures import AnalystFigures
from zhanggui.trust.service.figures import cells as cells_module
from zhanggui.trust.service.figures.cells import Cells, Domain
from zhanggui.trust.types.figures import AskFigures, Cut, FigureLimits, FigureRow, Measure, Purchases

Client = TestClient[Any]
API = f"/v1/{SHOP}/analyst-figures"
ROWS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3), st.integers(0, 500)), max_size=60)


@given(ROWS, st.integers(1, 6), st.integers(1, 4))
def test_one_person_changes_a_table_by_no_more_than_its_sensitivity(
    rows: list[tuple[int, int, int]], gone: int, most: int
) -> None:
    def tables(kept: list[tuple[int, int, int]]) -> list[Any]:
        person, cell, minor = np.array(kept, dtype=np.int64).reshape(-1, 3).T
        return [
            counted(person, cell, 4, most),
            people(person, cell, 4, most),
            summed(person, cell, minor, 4, most, 100),
        ]

    whole, without = tables(rows), tables([row for row in rows if row[0] != gone])

    for exact, other, bound in zip(whole, without, (most, most, most * 100), strict=True):
        assert int(np.abs(exact - other).sum()) <= bound


def test_the_first_rows_of_each_person_count() -> None:
    person = np.array([1, 2, 1, 1, 2])

    assert first_of_each(person, 2).tolist() == [True, True, True, False, True]


def test_small_groups_are_withheld_and_the_rest_is_rounded() -> None:
    assert floored(np.array([47, 9, 123]), np.array([12, 9, 10]), 10) == [50, None, 120]


def test_the_library_grants_exactly_what_is_asked() -> None:
    pytest.importorskip("opendp")
    assert float(noise._laplace(noise.scale_of(10, 0.5)).map(10)) == pytest.approx(0.5)
    assert len(noise.noisy(np.array([5, 0, 7]), 10, 0.5)) == 3
    assert noise.margin_of(20.0) == pytest.approx(59.91, abs=0.01)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("figures"), SHOP)
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=12, customers=40, days=7)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
    with open_control(settings) as control:
        for role in ("owner", "analyst"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture
def rooms(settings: Settings) -> Iterator[Rooms]:
    with open_rooms(SHOP, settings) as rooms:
        yield rooms


def figures_of(rooms: Rooms, *, is_noisy: bool = False, floor: int = 2) -> AnalystFigures:
    bought = Purchases(np.array([1, 1, 2, 3]), np.array([1, 2, 1, 3]), np.array([500, 700, 500, 900]))
    goods = Domain(labels=("tea", "cup"), of_product={1: 0, 2: 1})
    cells = Cells(
        groups=lambda: {"gender": {1: "female", 2: "female", 3: "male"}},
        group_labels=lambda _kind: ("female", "male"),
        goods=lambda: (goods, goods),
        segments=lambda: {"often": {1, 2}, "lately": {1}},
    )
    return AnalystFigures(
        clock=rooms.clock,
        budget=rooms.analyst_figures.budget,
        limits=FigureLimits(floor=floor),
        purchases=lambda _since: bought,
        cells=cells,
        is_noisy=lambda: is_noisy,
    )


def many(rooms: Rooms, *, is_noisy: bool = False) -> AnalystFigures:
    """12 women bought tea and 20 of 22 men a cup, two of them tea; the women are in one segment, all in another."""
    person = np.arange(1, 35)
    product = np.where((person <= 12) | (person > 32), 1, 2)
    women = {int(one) for one in person[:12]}
    cells = replace(
        figures_of(rooms).cells,
        groups=lambda: {"gender": {int(one): "female" if one <= 12 else "male" for one in person}},
        segments=lambda: {"women": women, "all of them": {int(one) for one in person}},
    )
    bought = Purchases(person, product, np.full(34, 500))
    return replace(figures_of(rooms, is_noisy=is_noisy), purchases=lambda _since: bought, cells=cells)


def told(figures: AnalystFigures, **asked: Any) -> dict[str, int | None]:
    return {row.label: row.value for row in figures.release("floor", AskFigures(**asked)).rows}


def test_without_the_library_the_floor_holds_and_nothing_is_spent(rooms: Rooms) -> None:
    figures = figures_of(rooms)

    assert told(figures, measure="sales", by="gender") == {"female": 1700, "male": None, "other": None}
    assert told(figures, measure="sales", by="category") == {"tea": 1000, "cup": None, "other": None}
    assert told(figures, measure="sales", group="gender=female") == {"all": 1700}
    assert told(figures_of(rooms, floor=4), measure="buyers") == {"all": None}
    assert figures.budget.state("floor").spent == 0


@pytest.mark.parametrize("by", get_args(Cut))
@pytest.mark.parametrize("measure", get_args(Measure))
def test_the_bound_that_an_answer_tells_is_the_one_that_its_figures_keep(
    rooms: Rooms, measure: Measure, by: Cut
) -> None:
    ask = AskFigures(measure=measure, by=by)
    bought = Purchases(np.array([1] * 40), np.array([1, 2] * 20), np.array([500] * 40))
    figures = replace(figures_of(rooms), limits=FigureLimits(most_per_person=3, most_minor=400))

    exact, sensitivity = figures._exact(figures.cells.table(bought, ask), ask)

    unit = 400 if measure == "sales" else 1
    assert sensitivity == figures.preview(ask).most_per_person * unit
    assert 0 < int(exact.sum()) <= sensitivity


def ranked(figures: AnalystFigures, by: Cut, group: str = "") -> list[tuple[str, str, int | None]]:
    ask = AskFigures(measure="top_products", by=by, group=group)
    return [(row.group, row.label, row.value) for row in figures.preview(ask).rows]


def test_products_are_ranked_within_each_group(rooms: Rooms) -> None:
    figures = replace(many(rooms), limits=FigureLimits(floor=10))

    assert ranked(figures, "gender") == [("female", "tea", 10), ("male", "cup", 20)]
    assert ranked(figures, "none") == [("", "cup", 20), ("", "tea", 10)]
    assert ranked(figures, "none", "gender=female") == [("", "tea", 10)]
    assert ranked(figures, "none", "segment=women") == [("", "tea", 10)]
    assert ranked(figures, "segment") == [
        ("women", "tea", 10),
        ("all of them", "cup", 20),
        ("all of them", "tea", 10),
    ]
    assert ranked(figures, "category") == [("tea", "tea", 10), ("cup", "cup", 20)]


def test_a_purchase_of_somebody_in_two_segments_takes_two_of_their_places(rooms: Rooms) -> None:
    bought = Purchases(np.array([1, 1, 1, 2]), np.array([1, 2, 1, 1]), np.array([500] * 4))
    figures = replace(figures_of(rooms), limits=FigureLimits(most_per_person=4))
    ask = AskFigures(measure="orders", by="segment")

    exact, sensitivity = figures._exact(figures.cells.table(bought, ask), ask)

    # Person 1 is in both: the first two purchases count in both, the third finds no place left. Person 2 is in one.
    assert (exact.tolist(), sensitivity) == ([3, 2, 0], 4)


def test_what_noise_alone_reaches_is_not_ranked(rooms: Rooms) -> None:
    pytest.importorskip("opendp")
    assert least_told(20.0, 10) == 93  # 20 * ln(10 / 0.1) = 92.1
    assert least_told(0.0, 10) == 0
    rows = [FigureRow("tea", 93, "f"), FigureRow("cup", 92, "f"), FigureRow("cup", 99, "m"), FigureRow("tea", 120, "m")]

    told = top_of_each(rows, 93, 1)

    assert [(row.group, row.label) for row in told] == [("f", "tea"), ("m", "tea")]
    found = many(rooms, is_noisy=True).preview(AskFigures(measure="top_products", by="gender", epsilon=10))
    assert found.least == least_told(1.0, 9)
    assert all(row.value is not None and row.value >= found.least for row in found.rows)


def test_noise_is_discrete_laplace_of_the_scale_that_is_told() -> None:
    """The library draws from the operating system and takes no seed; the band is missed once in 10^12 runs.

    Dvoretzky, Kiefer and Wolfowitz 1956, with the constant of Massart 1990.
    """
    pytest.importorskip("opendp")
    draws, scale = 20_000, 20.0
    drawn = np.sort(noise.noisy(np.zeros(draws, dtype=np.int64), 10, 10 / scale))
    band = np.sqrt(np.log(2e12) / (2 * draws))

    at = np.arange(-200, 201)
    share, ratio = np.exp(-1 / scale), 1 + np.exp(-1 / scale)
    expected = np.where(at < 0, share ** np.abs(at) / ratio, 1 - share ** (np.abs(at) + 1) / ratio)
    seen = np.searchsorted(drawn, at, side="right") / draws

    assert np.abs(seen - expected).max() < band < 0.03
    assert (np.abs(drawn) <= noise.margin_of(scale)).mean() == pytest.approx(0.95, abs=band)


def test_more_cells_than_noise_is_made_for_are_refused_and_cost_nothing(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells_module, "MOST_CELLS", 8)
    figures = many(rooms, is_noisy=True)

    with pytest.raises(TooManyFigures, match="9 figures"):
        figures.release("many", AskFigures(measure="top_products", by="gender"))

    assert figures.budget.state("many").spent == 0
    assert figures.preview(AskFigures(measure="top_products")).method == "differential_privacy"


def test_kept_segments_are_cells_by_name(rooms: Rooms) -> None:
    rooms.audience.segments.add(NewSegment(name="常客", rule="orders >= 1"), "user:owner")

    found = rooms.analyst_figures.preview(AskFigures(measure="buyers", by="segment", days=365))

    assert [row.label for row in found.rows] == ["常客", "other"]
    members = rooms.analyst_figures.cells.segments()
    assert set(members) == {"常客"}
    assert members["常客"]


def test_a_category_or_a_gender_called_other_is_not_the_rest(rooms: Rooms) -> None:
    goods = (Domain(labels=("other",), of_product={1: 0}), Domain(labels=("tea", "cup"), of_product={1: 0, 2: 1}))
    bought = Purchases(np.arange(40), np.repeat([1, 2], [30, 10]), np.full(40, 100))
    cells = Cells(
        groups=lambda: {"gender": dict.fromkeys(range(12), "other")},
        group_labels=lambda _kind: ("other",),
        goods=lambda: goods,
        segments=dict,
    )
    figures = replace(figures_of(rooms), purchases=lambda _since: bought, cells=cells)

    by_category = figures.release("names", AskFigures(by="category")).rows
    by_gender = figures.release("names", AskFigures(by="gender")).rows
    ranked = figures.release("names", AskFigures(measure="top_products", by="category")).rows

    assert [(row.label, row.of, row.value) for row in by_category] == [("other", "named", 30), ("other", "other", 10)]
    assert [(row.of, row.value) for row in by_gender] == [("named", 10), ("other", 30)]
    assert [(row.group, row.group_of, row.label) for row in ranked] == [
        ("other", "named", "tea"),
        ("other", "other", "cup"),
    ]


def test_the_account_is_exact_and_what_is_spent_is_refused(rooms: Rooms) -> None:
    budget = rooms.analyst_figures.budget
    budget.grant("tenth", 1.0, "user:owner")

    states = [budget.spend("tenth", AskFigures(epsilon=0.1)) for _ in range(10)]

    assert [state.left for state in states] == [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]
    with pytest.raises(BudgetSpent, match="0 of 1 is left"):
        budget.spend("tenth", AskFigures(epsilon=0.01))
    assert budget.state("tenth").releases == 10
    assert budget.state("other").spent == 0


def test_only_a_grant_gives_a_budget_back_and_the_ledger_keeps_it(rooms: Rooms) -> None:
    budget = rooms.analyst_figures.budget
    budget.grant("again", 0.5, "user:owner")
    budget.spend("again", AskFigures(epsilon=0.5))

    assert budget.grant("again", 2.0, "user:owner").left == 2.0

    entry = rooms.ledger.entries(kind="figures.grant_budget").items[-1]
    assert (entry.actor, entry.payload) == (
        "user:owner",
        {"audience": "again", "epsilon": 2.0, "spent_before": 0.5},
    )


def test_a_refused_question_computes_nothing(rooms: Rooms) -> None:
    figures = figures_of(rooms, is_noisy=True)
    figures.budget.grant("poor", 0.0, "user:owner")

    with pytest.raises(BudgetSpent):
        figures.release("poor", AskFigures())


def test_who_refuses_analytics_is_not_counted(rooms: Rooms) -> None:
    def people_now() -> set[int]:
        return set(rooms.analyst_figures.purchases(datetime(2020, 1, 1, tzinfo=UTC)).person.tolist())

    before = people_now()
    someone = min(before)

    rooms.consents.record(someone, Purpose.ANALYTICS, granted=False, actor="user:owner")

    assert people_now() == before - {someone}


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


def test_a_key_has_a_budget_of_its_own_over_http(app: Any, settings: Settings) -> None:
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=("trust:figures",))).secret
    client: Client = TestClient(app)
    client.headers["authorization"] = f"Bearer {key}"

    found = client.post(API, json={"measure": "sales", "by": "region", "epsilon": 3.0}).json()
    state = client.get(f"{API}/budget").json()

    assert found["budget"] == state
    assert state["audience"].startswith("key:")
    if found["method"] == "differential_privacy":
        assert (state["left"], found["scale"]) == (1.0, round(10 * 100_000 / 3, 2))
        assert client.post(API, json={"epsilon": 3.0}).status_code == 403
    assert client.post(f"{API}/budget", json={"epsilon": 9}).status_code == 403


@pytest.fixture(scope="module")
def as_(app: Any, settings: Settings) -> Callable[..., Client]:
    def of(role: str, language: str = "zh") -> Client:
        with open_control(settings) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    return of


def test_an_analyst_asks_on_the_page_and_only_an_owner_grants(as_: Callable[..., Client]) -> None:
    page = f"/console/{SHOP}/figures"
    analyst, owner = as_("analyst"), as_("owner")
    token = analyst.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]

    shown = analyst.post(page, data={"measure": "orders", "by": "gender", "csrf": token}).text

    assert "女" in shown
    cut = {"measure": "top_products", "by": "segment", "days": "365", "epsilon": "1.0", "csrf": token}
    ranks = analyst.post(page, data=cut).text
    assert ("没有商品高出噪声" in ranks) or ("常客" in ranks) or ("没有商品被足够多的人买过" in ranks)
    assert "重新发放预算" not in shown
    assert analyst.post(f"{page}/budget", data={"csrf": token}).status_code == 403
    own = owner.get(page).text
    token = own.partition('name="csrf" value="')[2].partition('"')[0]
    assert "重新发放预算" in own
    assert owner.post(f"{page}/budget", data={"csrf": token}).status_code == 200


def test_the_command_releases_and_says_what_it_means(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["figures", "release", SHOP, "--by", "category", "--home", str(settings.home)]) == 0

    shown = capsys.readouterr().out
    assert "left after" in shown
    assert "people are withheld" in shown or "cannot be told" in shown
