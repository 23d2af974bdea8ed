"""Products that are candidates in every answer: those that lead a trend, and those that no model knows yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.choosing import EXTRA, leaders
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.model import RankModel

NEWCOMERS = 512


def newcomers_of(
    model: RankModel, blocked: NDArray[np.bool_], is_content: NDArray[np.bool_] | None
) -> NDArray[np.int32]:
    """What a trained model cannot know, newest first; without training everything is equally new.

    Args:
        model: in service.
        blocked: (size,) products that cannot be bought now.
        is_content: what of the catalogue is no product; None where all is.
    """
    if not model.id:
        return np.zeros(0, dtype=np.int32)
    is_new = ~blocked
    is_new[: model.size] &= ~model.is_known
    if is_content is not None:
        is_new[: len(is_content)] &= ~is_content  # the mixing has places of its own
    return np.flatnonzero(is_new)[-NEWCOMERS:][::-1].astype(np.int32)


def always(signals: Floats, blocked: NDArray[np.bool_], newcomers: NDArray[np.int32]) -> NDArray[np.int32]:
    """The leaders of the trends in `signals` (size, 5), and the newcomers."""
    # Less than nothing for what cannot be bought, so that it never leads.
    trends: Floats = np.where(blocked[:, None], np.float32(-1), signals[:, :2])
    return np.concatenate([leaders(trends, EXTRA), newcomers])
