"""How much each person's behaviour teaches, where a shop wants its groups of people to teach alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.ports import PersonWeights

TAUGHT = "groups alike"
"""Stands on the card of a model that was taught so."""


def weighed(events: Interactions, weights: PersonWeights) -> Interactions:
    """The same events, each counting what its person's do."""
    people, place = np.unique(events.person, return_inverse=True)
    of = weights.of(people.tolist())
    factor = np.array([of.get(person, 1.0) for person in people.tolist()], dtype=np.float32)
    return replace(events, strength=events.strength * factor[place])
