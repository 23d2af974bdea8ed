"""The page of a model has words for every method that a training may try, and for why a network is not in."""

from __future__ import annotations

import numpy as np

from zhanggui.app.console.model_methods import METHODS, REASONS
from zhanggui.recommend.engines.graphs.methods import (
    ALIKE,
    NETWORK_NAMES,
    NETWORKS,
    TOGETHER,
    WORDS,
    Method,
    hindrance,
)
from zhanggui.recommend.engines.graphs.trying import USUAL
from zhanggui.recommend.engines.interactions import Interactions


def test_every_method_that_is_tried_has_a_name_on_the_page() -> None:
    assert {method.name for method in (*ALIKE, *TOGETHER)} | NETWORK_NAMES | {USUAL} == set(METHODS)


def test_why_a_method_has_nothing_to_learn_from_is_said_in_words() -> None:
    empty = np.zeros(0, dtype=np.int64)
    nothing = Interactions.of(
        person=empty, product=empty, at_ms=empty, strength=empty, is_purchase=empty.astype(bool), size=2
    )
    for method in (Method(name=WORDS), *(network for _, network in NETWORKS)):
        reason = hindrance(method, nothing, ())
        assert reason
        assert any(part in reason for part in REASONS), reason
