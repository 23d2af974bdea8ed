"""How the model that serves stands, for who asks often: the brief, and the watch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.recommend.service.models.standing import Standing
from zhanggui.recommend.types.quality import Drift, ModelQuality

FALL = Drift(what="clicks", strength=3.0, limit=2.58, before=0.4, now=0.3)


class Looks:
    """Counts how often somebody looks back."""

    def __init__(self) -> None:
        self.times = 0

    def report(self) -> ModelQuality:
        self.times += 1
        return ModelQuality(days=(), models=(), drifts=(FALL,), uncounted=0)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    made = TestShop(sqlite, tmp_path / "models", clock)
    made.sells(*teas("绿茶", 6))
    return made


def standing_of(shop: TestShop, looks: Looks, every_hours: int = 24) -> Standing:
    return Standing(db=shop.db, clock=shop.clock, quality=looks, every_hours=every_hours)  # type: ignore[arg-type]


def trained(shop: TestShop) -> int:
    for n in range(60):
        shop.sees(f"v{n}", f"绿茶-{n % 5}", days_ago=2)
    shop.recommend.train()
    return to_ms(shop.clock())


def test_a_shop_without_a_model_has_nothing_to_tell(shop: TestShop) -> None:
    assert standing_of(shop, Looks()).now() is None


@pytest.mark.parametrize(("every_hours", "days"), [(24, 3), (0, 7), (240, 30)])
def test_a_model_is_old_after_three_missed_trainings(
    shop: TestShop, clock: FixedClock, every_hours: int, days: int
) -> None:
    at_ms = trained(shop)
    clock.advance(days=days)
    young = standing_of(shop, Looks(), every_hours).now()
    clock.advance(minutes=1)
    old = standing_of(shop, Looks(), every_hours).now()

    assert young is not None
    assert old is not None
    assert (young.is_old, old.is_old, old.trained_ms) == (False, True, at_ms)


def test_what_departs_is_counted_by_a_job_and_read_by_all(shop: TestShop, clock: FixedClock) -> None:
    trained(shop)
    looks = Looks()
    before = standing_of(shop, looks).now()
    standing_of(shop, looks).count()
    told = [standing_of(shop, looks).now() for _ in range(5)]
    clock.advance(days=2)
    stale = standing_of(shop, looks).now()

    assert before is not None
    assert stale is not None
    assert (before.drifts, stale.drifts, looks.times) == ((), (), 1)
    assert all(one is not None and one.drifts == (FALL,) for one in told)
