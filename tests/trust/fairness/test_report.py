"""The report: who is counted, what is told of whom, and what is raised."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import FixedClock

from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.types.watching import BubbleWeek, ExposureDay, ExposureReport
from zhanggui.trust.service.fairness.reporting import Fairness, second_opinion
from zhanggui.trust.types.fairness import FairnessLimits, FairnessReport, MeasuredKind


@dataclass
class Counts:
    """Ten lists a person and as many clicks as are said; a wanted product, found or not."""

    clicked: list[int]
    found: list[int] | None = None
    uncounted: int = 0
    asked: int = 0

    def counts(self) -> Any:
        self.asked += 1
        n = len(self.clicked)

        @dataclass
        class Columns:
            person: Any = field(default_factory=lambda: np.arange(1, n + 1))
            lists: Any = field(default_factory=lambda: np.full(n, 10))
            clicked: Any = field(default_factory=lambda: np.array(self.clicked, dtype=np.int64))
            places: Any = field(default_factory=lambda: np.full(n, 100))
            reduced: Any = field(default_factory=lambda: np.full(n, 30))
            wanted: Any = field(default_factory=lambda: np.ones(n, dtype=np.int64))
            wanted_shown: Any = field(default_factory=lambda: np.array(self.found or [1] * n, dtype=np.int64))
            uncounted: int = self.uncounted

        return Columns()


@dataclass
class Labels:
    gender: Mapping[int, str]
    purposes: list[Purpose] = field(default_factory=list)

    def labels(self, purpose: Purpose) -> Mapping[str, Mapping[int, str]]:
        self.purposes.append(purpose)
        return {"gender": self.gender}


@dataclass
class Shown:
    """Lists as a whole, and how narrow the middle person's were week by week."""

    gini: float = 0.5
    entropy: float = 3.0
    medians: tuple[float, ...] = (0.3, 0.3)

    def __call__(self) -> Any:
        day = ExposureDay(
            day="2026-03-01", lists=9, entropy=self.entropy, novelty=4.0, new_sellers=0.1, gini=self.gini, shown=0.5
        )
        weeks = [BubbleWeek(since="2026-03-01", people=9, median=one, ninth=one) for one in self.medians]
        return ExposureReport(days=(day,) * 9, bubbles=(), people=9, median_bubble=0.3, uncounted=0, weeks=tuple(weeks))


def looked(counts: Counts, gender: Mapping[int, str], shown: Shown | None = None) -> FairnessReport:
    with tempfile.TemporaryDirectory() as folder:
        return Fairness(
            clock=FixedClock(),
            counts=counts,
            groups=Labels(gender),
            exposure=shown or Shown(),
            limits=FairnessLimits(),
            folder=Path(folder),
        ).look()


def of(report: FairnessReport, measure: str) -> MeasuredKind:
    return next(one for one in report.measured if one.measure == measure)


def halves(people: int) -> dict[int, str]:
    return {n: "female" if n % 2 else "male" for n in range(1, people + 1)}


def test_groups_that_click_alike_raise_nothing() -> None:
    report = looked(Counts([3, 3, 4, 4] * 20), halves(80))

    assert [one.group for one in of(report, "clicked").groups] == ["female", "male"]
    assert of(report, "clicked").groups[0].share.value == 0.35
    assert report.alerts == ()


def test_a_group_that_is_served_less_raises_an_alert() -> None:
    report = looked(Counts([4, 1] * 40), halves(80))

    gap = of(report, "clicked").gap
    assert gap is not None
    assert (gap.most, gap.least, gap.ratio, gap.is_alert) == ("female", "male", 0.25, True)
    assert [(one.code, one.about, one.value) for one in report.alerts] == [("ratio", "gender:clicked", 0.25)]


def test_equal_opportunity_is_told_of_what_people_came_to_want() -> None:
    report = looked(Counts([1] * 80, found=[1, 0] * 40), halves(80))

    found = of(report, "found")
    assert [one.share.value for one in found.groups] == [1.0, 0.0]
    assert [one.about for one in report.alerts] == ["gender:found"]


def test_a_gap_that_chance_shows_is_no_alert() -> None:
    report = looked(Counts([9, 9] + [0] * 38 + [9, 0] + [0] * 0), halves(42))

    gap = of(report, "clicked").gap
    assert gap is not None
    assert gap.difference.low <= 0
    assert not gap.is_alert


def test_a_group_under_the_floor_is_not_told() -> None:
    gender = halves(60) | dict.fromkeys(range(61, 79), "other")
    report = looked(Counts([2] * 78), gender)

    assert [one.group for one in of(report, "clicked").groups] == ["female", "male"]
    assert of(report, "clicked").untold == 1
    assert looked(Counts([2] * 30), halves(30)).measured == ()


@pytest.mark.parametrize(
    ("shown", "codes"),
    [
        (Shown(), []),
        (Shown(gini=0.97), ["gini"]),
        (Shown(entropy=0.4), ["entropy"]),
        (Shown(medians=(0.85, 0.85)), ["bubble"]),
        (Shown(medians=(0.4, 0.45, 0.55)), ["narrowing"]),
        (Shown(medians=(0.9,)), ["bubble"]),
        (Shown(medians=()), []),
    ],
)
def test_lists_that_have_become_too_narrow_raise_an_alert(shown: Shown, codes: list[str]) -> None:
    report = looked(Counts([]), {}, shown)

    assert [one.code for one in report.alerts] == codes
    assert report.bubbles is not None
    assert report.bubbles.bubble == (shown.medians[-1] if shown.medians else None)


def test_traits_are_read_for_analytics_and_the_report_is_kept_for_all_processes(tmp_path: Path) -> None:
    clock, counts, labels = FixedClock(), Counts([1] * 50, uncounted=7), Labels(halves(50))
    parts = {"clock": clock, "counts": counts, "groups": labels, "exposure": Shown(), "limits": FairnessLimits()}
    fairness, another = (Fairness(**parts, folder=tmp_path) for _ in range(2))

    first = fairness.report()
    clock.advance(hours=9)
    assert another.report() == first
    assert counts.asked == 1
    assert fairness.look().at_ms > first.at_ms
    assert another.report().at_ms > first.at_ms

    (tmp_path / "fairness.json").write_bytes(b"{")
    assert another.report().uncounted == 7
    assert set(labels.purposes) == {Purpose.ANALYTICS}


def test_fairlearn_finds_the_same_gaps_where_it_is_installed() -> None:
    fairlearn = pytest.importorskip("fairlearn", reason="the extra `fairness` is not installed")
    report = looked(Counts([3, 2] * 40), halves(80))

    assert second_opinion(report) == (f"fairlearn {fairlearn.__version__}", True)
