"""Which traits name a group: one that says where its people stand, and up to two of how they shop; all names differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from zhanggui.audience.types.learned import Lifted, TraitKind

NOUNS = frozenset({"new", "active", "loyal"})
"""Stages that are nouns; the others are told as clauses."""
WHEN = frozenset({"dawn_orders", "lunch_orders", "night_orders", "weekend_orders"})
CLAUSES = 2
COMMON = 0.25
"""A trait names a group where so many of it have it; rarer ones do only where names would be alike."""


class NamePart(msgspec.Struct, frozen=True):
    """A trait in a name; `text` are the merchant's words where its key is an interest's."""

    kind: TraitKind
    key: str
    text: str = ""


class Name(msgspec.Struct, frozen=True):
    """What a name is made of: a stage or none, clauses as they are read, and a number where all else fails."""

    noun: str = ""
    clauses: tuple[NamePart, ...] = ()
    ordinal: int = 0


def names(telling: Sequence[Sequence[Lifted]], spoken: Callable[[Name], tuple[str, ...]]) -> list[Name]:
    """A name for each group, distinct in every language.

    Args:
        telling: by group what tells it apart, the most telling first.
        spoken: a name in all languages.
    """
    many = [CLAUSES] * len(telling)
    found = [_name(traits, CLAUSES) for traits in telling]
    for _ in range(len(_SLOTS)):
        alike = _alike(found, spoken)
        if not alike:
            return found
        for place in alike:
            many[place] += 1
            found[place] = _name(telling[place], many[place])
    return [
        msgspec.structs.replace(name, ordinal=place + 1) if place in _alike(found, spoken) else name
        for place, name in enumerate(found)
    ]


def _alike(found: Sequence[Name], spoken: Callable[[Name], tuple[str, ...]]) -> list[int]:
    """Places of names that are another's in some language."""
    said = [set(enumerate(spoken(name))) for name in found]
    counted = Counter(one for words in said for one in words)
    return [place for place, words in enumerate(said) if any(counted[one] > 1 for one in words)]


def _name(telling: Sequence[Lifted], most: int) -> Name:
    noun = next((one.key for one in telling if one.kind == "stage" and one.key in NOUNS), "")
    chosen: dict[str, NamePart] = {}
    for one in telling:
        slot = _slot(one)
        is_common = one.share >= COMMON or most > CLAUSES
        if slot and is_common and slot not in chosen and len(chosen) < most:
            chosen[slot] = NamePart(one.kind, one.key, one.text)
    return Name(noun, tuple(chosen[slot] for slot in _SLOTS if slot in chosen))


_SLOTS = ("when", "way", "category", "price", "order", "stage")


def _slot(one: Lifted) -> str:
    """The place of a trait in a name; at most one trait stands in each."""
    if one.kind in {"hours", "weekend"} or (one.kind == "tag" and one.key in WHEN):
        return "when"
    if one.kind == "tag":
        return "way"
    if one.kind == "stage":
        return "" if one.key in NOUNS else "stage"
    return "stage" if one.kind == "unbought" else one.kind
