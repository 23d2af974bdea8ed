"""How much a row says in favour of its product: by the word of its event, or by a column of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.acts import EVENT_NUMBERS, EVENT_OF_WORD, EventName
from zhanggui.kernel.errors import did_you_mean
from zhanggui.recommend.errors import BadLog
from zhanggui.recommend.service.strengths import STRENGTH

from .event_words import event_of, plain_word
from .files import File

if TYPE_CHECKING:
    from .columns import Columns

_COMMA = r"^-?(\d+|\d{1,3}(\.\d{3})+),\d+$"
_TOLD = 6
_MOST = 5.0  # times the median: one bulk order must not outweigh everything else


def strengths_of(
    file: File, columns: Columns, weights: Mapping[str, float] | None
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """((n,) strengths, (n,) whether a purchase); 1 each where neither events nor values are known.

    Raises:
        BadLog: an event's word is not known, or values are not numbers.
    """
    strength, is_purchase = np.ones(file.rows, dtype=np.float32), np.zeros(file.rows, dtype=bool)
    if columns.event:
        strength, is_purchase = _by_event(file.column(columns.event), columns.event, weights or {})
    if columns.value:
        strength = strength * _by_value(file.column(columns.value), columns.value)
    return strength, is_purchase


def _by_event(column: Any, name: str, weights: Mapping[str, float]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = pc.fill_null(column.cast(pa.string()), "").combine_chunks().dictionary_encode()
    words = coded.dictionary.to_pylist()
    own = {plain_word(word): value for word, value in weights.items()}
    strength, is_purchase = [], []
    unknown = [word for word in words if plain_word(word) not in own and event_of(word) is None]
    if unknown and len(words) > 1:  # one word in all rows parts nothing
        raise _unknown(name, unknown)
    for word in words:
        plain = plain_word(word)
        event = event_of(word)
        strength.append(own.get(plain, float(STRENGTH[EVENT_NUMBERS[event]]) if event else 1.0))
        is_purchase.append(event is EventName.PURCHASE)
    codes = coded.indices.to_numpy()
    return np.array(strength, dtype=np.float32)[codes], np.array(is_purchase)[codes]


def _unknown(name: str, found: Sequence[str]) -> BadLog:
    named = [word for word in found if word.strip()]
    if not named:
        words = f"The column {name!r} is empty in some rows and names events in others."
        return BadLog(words, hint="Fill it or take these rows out.")
    weights = ",".join(f"{plain_word(word)}=1" for word in sorted(named)[:_TOLD])
    otherwise = f"Say how much each is wanted, 0 and less for what is not: --weights {weights}"
    if len(named) == 1:
        hint = did_you_mean(plain_word(named[0]), EVENT_OF_WORD, otherwise=otherwise)
        return BadLog(f"The column {name!r} has an event that is not known: {named[0]!r}.", hint=hint)
    listed = ", ".join(repr(word) for word in sorted(named)[:_TOLD])
    return BadLog(f"The column {name!r} has {len(named)} events that are not known: {listed}.", hint=otherwise)


def _pointed(column: Any) -> Any:
    """Numbers with a decimal point where the column writes a comma, and points between thousands."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_string(column.type):
        return column
    text = pc.utf8_trim_whitespace(column)
    has_comma = pc.fill_null(pc.match_substring_regex(text, _COMMA), False)  # noqa: FBT003
    pointed = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    return pc.if_else(has_comma, pointed, text)


def _by_value(column: Any, name: str) -> NDArray[np.float32]:
    """Values over their median, at most 5; those of 0 and less speak against a product."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        values = pc.fill_null(_pointed(column).cast(pa.float64()), float("nan")).to_numpy()
    except pa.ArrowInvalid as error:
        first = str(error).splitlines()[0]
        raise BadLog(f"The column {name!r} does not hold numbers: {first}", hint="Name another: --value") from error
    wanted = values[values > 0]
    usual = float(np.median(wanted)) if len(wanted) else 1.0
    scaled: NDArray[np.float32] = np.clip(np.nan_to_num(values / usual, nan=1.0), -1.0, _MOST).astype(np.float32)
    return scaled
