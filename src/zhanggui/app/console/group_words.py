"""Kinds of groups of people, as pages call them."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import N_

KIND_WORDS: Mapping[str, str] = {
    "gender": N_("Gender"),
    "age": N_("Age"),
    "region": N_("Region"),
    "tenure": N_("Customer for"),
    "device": N_("Channel"),
}
