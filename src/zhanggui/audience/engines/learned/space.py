"""The space that people lie in: columns of a sketch, each block of columns with the same say, turned onto few axes.

Blocks: recency, frequency and money (logarithms, each of deviation 1); stage; interests by category; rhythm; price
bands; tags. Shares go in as their square roots (Hellinger), so that a small one still says something. A block's columns
are divided by the root of their summed variance, so that many columns do not outvote few and rare ones do not shout.
The axes are principal components of the whole. Everything that reading needs is stored, so one person is put in place
from their live profile alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import get_args

import msgspec
import numpy as np
import numpy.typing as npt

from zhanggui.audience.types.profiles import StageCode, TagCode

from .sketching import HOURS, Sketch

Floats = npt.NDArray[np.float64]
STAGES: tuple[str, ...] = get_args(StageCode)
TAGS: tuple[str, ...] = get_args(TagCode)
MOST_CATEGORIES, MOST_PRICES = 24, 8
AXES = 8
KEPT = 0.8
"""Share of the variance that the axes keep at most; what is left is mostly noise of single people."""
MONEY = 4
WEIGHTS = (0.7, 0.5, 1.0, 1.0, 0.7, 1.0)
"""Of the blocks. Stages and money have pages of their own, and would else say everything."""


class Space(msgspec.Struct, frozen=True):
    """How a sketch becomes a point.

    Attributes:
        categories, prices: keys of interests that have a column.
        middle, scale: (c,) of each column.
        axes: (c, d) from columns to axes.
    """

    categories: tuple[str, ...]
    prices: tuple[str, ...]
    middle: list[float]
    scale: list[float]
    axes: list[list[float]]


def learned_space(sketches: Sequence[Sketch], least: int) -> tuple[Space, Floats]:
    """(the space of these people, (n, d) their points).

    Args:
        sketches: n of them, at least one.
        least: interests of fewer people have no column.
    """
    categories = _common([list(one.categories) for one in sketches], least, MOST_CATEGORIES)
    prices = _common([list(one.prices) for one in sketches], least, MOST_PRICES)
    rows = np.array([_columns(one, categories, prices) for one in sketches], dtype=np.float64)
    middle, spread = rows.mean(axis=0), rows.var(axis=0)
    scale = _scale(spread, [MONEY, len(STAGES), len(categories), len(HOURS) + 1, len(prices), len(TAGS)])
    level = (rows - middle) / scale
    axes = _axes(level)
    space = Space(categories, prices, middle.tolist(), scale.tolist(), axes.tolist())
    return space, level @ axes


def points(space: Space, sketches: Sequence[Sketch]) -> Floats:
    """(n, d) where people lie in a space that was learned before."""
    rows = np.array([_columns(one, space.categories, space.prices) for one in sketches], dtype=np.float64)
    return np.asarray((rows - np.asarray(space.middle)) / np.asarray(space.scale) @ np.asarray(space.axes))


def _common(liked: Sequence[Sequence[str]], least: int, most: int) -> tuple[str, ...]:
    counted = Counter(key for keys in liked for key in keys)
    ranked = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(key for key, people in ranked[:most] if people >= least)


def _columns(one: Sketch, categories: Sequence[str], prices: Sequence[str]) -> list[float]:
    spent = max(one.spent_minor, 0)
    money = (one.idle_days, one.orders, spent, spent / max(one.orders, 1))
    shares = [one.categories[key].share if key in one.categories else 0.0 for key in categories]
    bands = [one.prices[key].share if key in one.prices else 0.0 for key in prices]
    return [
        *map(math.log1p, money),
        *(float(one.stage == stage) for stage in STAGES),
        *(math.sqrt(max(share, 0.0)) for share in (*shares, *one.hours, one.weekend, *bands)),
        *(float(tag in one.tags) for tag in TAGS),
    ]


def _scale(spread: Floats, blocks: Sequence[int]) -> Floats:
    scale, start = np.ones_like(spread), 0
    for place, size in enumerate(blocks):
        block = slice(start, start + size)
        if place == 0:
            scale[block] = np.sqrt(spread[block] * size) / WEIGHTS[place]
        else:
            scale[block] = math.sqrt(float(spread[block].sum())) / WEIGHTS[place]
        start += size
    return np.where(scale > 1e-9, scale, 1.0)


def _axes(level: Floats) -> Floats:
    """Principal axes with most of the variance; the sign of each is that of its largest part."""
    spread, axes = np.linalg.eigh(level.T @ level / len(level))
    order = np.argsort(spread, kind="stable")[::-1][:AXES]
    spread, axes = np.maximum(spread[order], 0.0), axes[:, order]
    total = float(level.var(axis=0).sum())
    wanted = 1 + int(np.searchsorted(np.cumsum(spread), KEPT * total)) if total > 0 else 1
    axes = axes[:, : min(wanted, AXES)]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return np.asarray(axes * np.where(signs == 0, 1.0, signs))
