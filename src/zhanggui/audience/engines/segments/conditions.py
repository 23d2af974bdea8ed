"""What a rule says, as a tree: to be asked of somebody, and to be said in words."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .facts import Facts

LEAST_LIKED = 0.1
"""How surely `likes "KEY"` alone asks."""
SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
Test = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure compared; shares are in [0, 1]. It fits nobody of whom the figure is not known."""

    field: str
    sign: str
    value: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is one of some, or, where `is_in` is False, none of them."""

    field: str
    values: tuple[str, ...]
    is_in: bool = True


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag of how they shop."""

    code: str


@dataclass(frozen=True, slots=True)
class Liked:
    """An interest by its key, and how strong it must be; `sign` is empty where no strength was named."""

    key: str
    sign: str = ""
    value: float = LEAST_LIKED


@dataclass(frozen=True, slots=True)
class Unless:
    """The contrary of a rule."""

    part: Rule


@dataclass(frozen=True, slots=True)
class Joined:
    """Two rules or more: all of them, or, with `is_any`, one at least."""

    parts: tuple[Rule, ...]
    is_any: bool


Rule = Figure | Word | Tagged | Liked | Unless | Joined


def as_test(rule: Rule) -> Test:
    """The test that a rule makes; built once, asked of everybody."""
    match rule:
        case Figure(name, sign, value):
            holds = SIGNS[sign]
            return lambda facts: name in facts.numbers and holds(facts.numbers[name], value)
        case Word(name, values, is_in):
            return lambda facts: (facts.words[name] in values) is is_in
        case Tagged(code):
            return lambda facts: code in facts.tags
        case Liked(key, sign, value):
            reaches = SIGNS[sign or ">="]
            return lambda facts: reaches(facts.likes.get(key, 0.0), value)
        case Unless(part):
            test = as_test(part)
            return lambda facts: not test(facts)
        case Joined(parts, is_any):
            tests = [as_test(part) for part in parts]
            if is_any:
                return lambda facts: any(test(facts) for test in tests)
            return lambda facts: all(test(facts) for test in tests)


def asked(rule: Rule) -> frozenset[str]:
    """The fields that a rule asks for."""
    match rule:
        case Figure(name, _, _) | Word(name, _, _):
            return frozenset({name})
        case Tagged():
            return frozenset({"tag"})
        case Liked():
            return frozenset({"likes"})
        case Unless(part):
            return asked(part)
        case Joined(parts, _):
            return frozenset().union(*(asked(part) for part in parts))
