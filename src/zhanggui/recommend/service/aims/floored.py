"""Which goods a floor is about, and which floors stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.recommend.engines.filters import parse
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.ordering import NEW_SELLER_MS, sellers_since
from zhanggui.recommend.service.ruling import context_of
from zhanggui.recommend.service.surfaces import HOME
from zhanggui.recommend.tables import rules as rule_tables
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.types.floors import DecidedFloor, ExposureFloor
from zhanggui.recommend.types.rules import Rule

Flags = NDArray[np.bool_]


def target_of(floor: ExposureFloor) -> str:
    """The goods of a named group as a rule's target; empty for new sellers, whose goods change day by day."""
    return "" if floor.by == "new_sellers" else f'{floor.by} = "{floor.name}"'


def about(floor: ExposureFloor) -> str:
    """The group in a word: `new_sellers`, `seller:A`."""
    return f"{floor.by}:{floor.name}" if floor.name else floor.by


def is_of_group(floor: ExposureFloor, snapshot: Snapshot, product: Ints, at_ms: Ints, now_ms: int) -> Flags:
    """Which of some products are of a floor's group, each at its moment; the two shapes are broadcast."""
    if floor.by == "new_sellers":
        young: Flags = at_ms - sellers_since(snapshot)[product] < NEW_SELLER_MS
        return young
    context = context_of(now_ms, UTC, surface=HOME, channel="", is_known=True)
    fits = np.zeros(len(snapshot.blocked), dtype=np.bool_)
    out = snapshot.masks.left_out(parse(target_of(floor)), context)[: len(fits)]
    fits[: len(out)] = ~out
    return np.broadcast_to(fits[product], np.broadcast_shapes(product.shape, at_ms.shape))


def standing_floors(db: sa.Connection) -> list[tuple[Rule, DecidedFloor]]:
    """The floors whose rule is there, with it: of a rule that was decided anew or taken back, the one of its value."""
    decided = setting_tables.floors_of(db)
    return standing_of(rule_tables.rules_in(db) if decided else [], decided)


def standing_of(rules: Sequence[Rule], decided: Sequence[DecidedFloor]) -> list[tuple[Rule, DecidedFloor]]:
    """The floors, of all that were decided, whose rule is among these."""
    found = [(rule, _behind(rule, [one for one in decided if one.rule_id == rule.id])) for rule in rules]
    return [(rule, one) for rule, one in found if one is not None]


def _behind(rule: Rule, decided: Sequence[DecidedFloor]) -> DecidedFloor | None:
    # The quota goes in steps, so that floors of several shares may have the same one; the rule's name has the share.
    same = [one for one in decided if (one.report.rule.value, one.report.rule.name) == (rule.value, rule.name)]
    return next(reversed(same or decided), None)
