"""Weights by which the groups of people teach a model alike: a mitigation that a shop may switch on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.engines.fairness.mitigating import balancing_weights
from zhanggui.trust.ports import GroupLabels

from .reading_off import codes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWeights:
    """Weighs people by gender, age and region.

    Args:
        groups: who belongs to which group; read of those who allow training.
    """

    groups: GroupLabels

    def of(self, people: Sequence[int]) -> dict[int, float]:
        """What the events of each count, 1 in the mean."""
        numbers = np.array(people, dtype=np.int64)
        codes = codes_of(self.groups.labels(Purpose.TRAINING), numbers)
        return dict(zip(people, balancing_weights(list(codes.values())).tolist(), strict=True))
