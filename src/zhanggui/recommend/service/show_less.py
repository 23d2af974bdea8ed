"""What shoppers' own preferences take away of scores."""

from __future__ import annotations

import numpy as np

from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.scratch import Scratch
from zhanggui.recommend.tables.preferences import StoredPreference

from .live_state import Snapshot

USUAL_STRENGTH = 3.0
"""Of a preference whose shopper names none; see `ShowLess`."""


def lowered(snapshot: Snapshot, preferences: list[StoredPreference], scores: Floats, scratch: Scratch) -> Floats:
    """(size,) what preferences take away. The usual strength takes the best below where the worst stood."""
    acting = [held for held in preferences if held.chips and not held.is_undone]
    if not acting:
        return scratch.no_penalty
    unit = 1.0 + (float(np.ptp(scores)) / USUAL_STRENGTH if len(scores) else 0.0)
    penalty = np.zeros(scratch.size, dtype=np.float32)
    for held in acting:
        for key in held.chips:
            penalty[snapshot.view.chip_members(key)] += np.float32(held.strength * unit)
    return penalty
