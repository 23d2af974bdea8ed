"""What rules make of a list's order: the same however often it is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.arranging import Order
from zhanggui.recommend.service.acting import NOT_SEEN, Doer
from zhanggui.recommend.service.ordering import Ordering
from zhanggui.recommend.service.rule_book import read_rule
from zhanggui.recommend.service.strengths import STRENGTH
from zhanggui.recommend.types.rules import Rule, RuleKind

NONE = np.zeros(0, dtype=np.int64)
ALL_KINDS = tuple(RuleKind)


def a_rule(kind: RuleKind, clock: FixedClock) -> Rule:
    return Rule(
        id=kind,
        kind=kind,
        name="",
        target='category under "茶"',
        surface="",
        by="",
        value=0.5 if kind not in {RuleKind.PIN, RuleKind.CAP} else 2.0,
        starts_at=None,
        ends_at=None,
        is_on=True,
        changed_at=clock(),
    )


def shape_of(order: Order) -> dict[str, list[int]]:
    """By which rules each part of an order is wanted."""
    parts = {name: [one.rule for one in getattr(order, name)] for name in ("pins", "quotas", "caps", "lifts")}
    singles = {name: getattr(order, name) for name in ("resting", "variety", "calibration")}
    return parts | {name: [] if one is None else [one[1]] for name, one in singles.items()}


def test_every_kind_of_rule_is_heard_and_asking_twice_doubles_nothing(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6))
    now_ms = to_ms(clock())
    with sqlite.read() as db:
        snapshot = shop.recommend.serving.state.snapshot(db, now_ms)
    rules = [read_rule(a_rule(kind, clock)) for kind in ALL_KINDS]
    doer = Doer(product=NONE, kind=NONE, at_ms=NONE, strength=STRENGTH)
    ordering = Ordering(
        snapshot, rules, (), doer, NOT_SEEN, now_ms, lambda _target, ids: np.ones(len(ids), dtype=np.bool_)
    )
    ids = np.arange(1, 7, dtype=np.int32)

    first, again = shape_of(ordering.order(ids, 3)), shape_of(ordering.order(ids, 3))

    assert again == first
    heard = {ALL_KINDS[number] for numbers in first.values() for number in numbers}
    assert heard == set(ALL_KINDS) - {RuleKind.FILTER}
