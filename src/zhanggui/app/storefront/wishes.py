"""What a shopper wants less of, as they read it: traits of the same words are one to them."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.words import named
from zhanggui.recommend import ChipChoice, Preference


def told_once(held: Preference, language: str) -> Preference:
    """A wish whose chips each have words of their own; of equal ones the chosen stays, else the first.

    A category, a keyword and a brand may be called the same. They remain apart wherever programs read them.
    """
    kept: dict[str, ChipChoice] = {}
    for chip in held.chips:
        name = named(chip.value, language)
        if name not in kept or (chip.is_chosen and not kept[name].is_chosen):
            kept[name] = chip
    return msgspec.structs.replace(held, chips=tuple(kept.values()))
