"""Everything about the models of a shop beside serving and training them."""

from __future__ import annotations

from dataclasses import dataclass

from zhanggui.recommend.service.off_policy import OffPolicy

from .acts import ModelActs
from .comparing import Comparing
from .quality import Quality
from .standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDesk:
    """What people see of models and do with them.

    Attributes:
        acts: earlier models back into service.
        quality: how models do over time.
        comparing: two models side by side.
        off_policy: what served places led to.
        standing: how old the present model is and what departs, for who does not wait.
    """

    acts: ModelActs
    quality: Quality
    comparing: Comparing
    off_policy: OffPolicy
    standing: Standing
