"""What earned labels are called, and what each says of a product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from zhanggui.kernel.words import LANGUAGES, N_, catalogue_language, words
from zhanggui.recommend.types.labels import LabelCode

NAMES: Mapping[LabelCode, str] = {
    "again": N_("Often bought again"),
    "dawn": N_("Ordered at dawn"),
    "night": N_("Ordered late at night"),
    "several": N_("Several at a time"),
    "together": N_("Bought with other things"),
    "weekend": N_("Ordered at weekends"),
}
MEANINGS: Mapping[LabelCode, str] = {
    "again": N_("Share of its buyers who ordered it on several days"),
    "dawn": N_("Share of its orders between 5 and 9 in the morning"),
    "night": N_("Share of its orders between 22 and 2 at night"),
    "several": N_("Share of its orders with two pieces or more"),
    "together": N_("Share of its orders with another product beside it"),
    "weekend": N_("Share of its orders on Saturdays and Sundays"),
}


def name_of(code: str, language: str) -> str:
    """A label's name: Chinese for `zh…`, else English."""
    return words(catalogue_language(language)).gettext(NAMES[cast("LabelCode", code)])


def meaning_of(code: str, language: str) -> str:
    """What its share is a share of."""
    return words(catalogue_language(language)).gettext(MEANINGS[cast("LabelCode", code)])


def spellings(code: LabelCode) -> set[str]:
    """Everything that a label is called: its code, and its name in each language."""
    return {code, *(name_of(code, language) for language in LANGUAGES)}
