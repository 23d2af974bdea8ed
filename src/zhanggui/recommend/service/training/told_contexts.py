"""Where events of the past came about: read from the fields that have no column, for who told it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.ranking.context import UNKNOWN, context_of


class _Place(msgspec.Struct):
    channel: str = ""
    device: str = ""


class _Told(msgspec.Struct):
    context: _Place | None = None


_decode = msgspec.json.Decoder(_Told).decode
_number = lru_cache(maxsize=1024)(context_of)


def contexts_of(extra: Any) -> NDArray[np.uint8]:
    """(n,) numbers of `ranking.context` of a batch's column `extra` (n,): JSON, or null where there is none."""
    found = np.full(len(extra), UNKNOWN, dtype=np.uint8)
    for row, stored in enumerate(extra.to_pylist()):
        if stored is not None and b'"context"' in stored:
            place = _decode(stored).context
            if place is not None:
                found[row] = _number(place.channel, place.device)
    return found
