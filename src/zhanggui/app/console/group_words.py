"""Kinds of groups of people, as pages call them."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.app.web.formats import Formats
from zhanggui.app.web.rendering import View
from zhanggui.kernel.words import N_
from zhanggui.trust.types.fairness import Share

KIND_WORDS: Mapping[str, str] = {
    "gender": N_("Gender"),
    "age": N_("Age"),
    "region": N_("Region"),
    "tenure": N_("Customer for"),
    "device": N_("Device"),
}


def with_interval(share: Share, f: Formats) -> str:
    """A share and the interval that it lies in."""
    return f"{f.percent(share.value)} ({f.percent(share.low)} – {f.percent(share.high)})"


def people_words(view: View, people: int | None, floor: int) -> str:
    """So many people; below the floor that they are fewer."""
    return view._(N_("fewer than %(n)s")) % {"n": floor} if people is None else view.formats.number(people)
