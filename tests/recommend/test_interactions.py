"""Behaviour as sorted arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.recommend.engines import interactions
from zhanggui.recommend.engines.interactions import Interactions

ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 5), st.integers(1, 6)), min_size=8, max_size=60)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, in_time=st.booleans())
def test_many_rows_are_sorted_as_few_are(rows: list[tuple[int, int, int]], in_time: bool) -> None:
    table = np.array(sorted(rows, key=lambda row: row[1]) if in_time else rows)
    expected = np.lexsort((table[:, 2], table[:, 1], table[:, 0]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interactions, "MANY_ROWS", 1)
        log = Interactions.of(
            person=table[:, 0],
            product=table[:, 2],
            at_ms=table[:, 1],
            strength=np.arange(len(table)),
            is_purchase=np.zeros(len(table), dtype=bool),
            size=7,
        )

    assert log.strength.astype(int).tolist() == expected.tolist()
    assert np.stack([log.person, log.at_ms, log.product], axis=1).tolist() == table[expected].tolist()
