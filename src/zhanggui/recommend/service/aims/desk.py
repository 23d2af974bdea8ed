"""Everything about what a shop aims at, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from zhanggui.recommend.service.steering.objectives import Aims

from .floors import Floors
from .trade_off import TradeOffs
from .watching import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class AimDesk:
    """What the merchant sets and sees of aims.

    Attributes:
        aims: the objectives and the slider.
        trade_offs: what the slider costs and brings.
        watch: what served lists showed.
        floors: floors under the share of exposure of a group of goods.
    """

    aims: Aims
    trade_offs: TradeOffs
    watch: Watch
    floors: Floors
