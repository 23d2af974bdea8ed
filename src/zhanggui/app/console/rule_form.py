"""A segment's rule asked for in words: fields with their units that make the line of code, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhanggui.audience import BadSegmentRule
from zhanggui.audience.engines.segments.conditions import Figure, Joined, Liked, Rule, Tagged, Word
from zhanggui.audience.engines.segments.facts import FIELDS
from zhanggui.audience.engines.segments.rules import read
from zhanggui.audience.words.profiles import STAGES, TAGS
from zhanggui.audience.words.rules import SIGNS, RuleWords, may_be_asked
from zhanggui.audience.words.segments import FIELD_WORDS, UNITS
from zhanggui.kernel.money import BadAmount, to_decimal, to_minor
from zhanggui.kernel.words import named, words

from .shell import Console

COMPARED = (">=", "<=", "=")
FIRST = ("orders", "spent_minor", "idle_days")
"""Figures that are asked for at once; the others stand folded."""
MONEY = "spent_minor"
MOST_LIKED = 60
"""Categories to choose from, the largest first."""


@dataclass(frozen=True, slots=True)
class FigureField:
    """A figure that may be asked for: what it is called, its unit, and what was asked of it."""

    name: str
    label: str
    unit: str
    sign: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The form; `is_whole` where it says all that the rule says."""

    stages: tuple[tuple[str, str, bool], ...]
    first: tuple[FigureField, ...]
    others: tuple[FigureField, ...]
    tags: tuple[tuple[str, str], ...]
    likes: tuple[tuple[str, str], ...]
    signs: tuple[tuple[str, str], ...]
    filled: Mapping[str, str]
    is_whole: bool

    @property
    def has_others(self) -> bool:
        """Whether one of the folded fields is filled in."""
        return any(self.filled.get(name) for name in ("tag", "likes", *(one.name for one in self.others)))


def rule_words(console: Console) -> RuleWords:
    """Says rules to who asks."""

    def title(product_id: str) -> str:
        return console.rooms.product_browsing.titles([product_id], console.view.language).get(product_id, product_id)

    return RuleWords(console.view.language, console.view.formats, title)


def composed(console: Console) -> str:
    """The rule that the form asks for; empty where nothing was asked."""
    query = console.view.query
    stages = [stage for stage in STAGES if f"stage_{stage}" in query]
    parts = [f"stage in ({', '.join(stages)})"] if stages else []
    for name in _figures():
        value = query.get(name, "").strip()
        if value:
            sign = query.get(f"{name}_sign", "")
            parts.append(f"{name} {sign if sign in COMPARED else COMPARED[0]} {_written(console, name, value)}")
    if query.get("tag") in TAGS:
        parts.append(f"tag {query['tag']}")
    if query.get("likes"):
        parts.append('likes "{}"'.format(query["likes"].replace('"', "")))
    return " and ".join(parts)


def rule_form(console: Console, rule: str) -> RuleForm:
    """The form as a rule fills it."""
    filled = _filled(console, rule)
    held = filled or {}
    say = console.view._
    figures = {name: _figure(console, name, held) for name in _figures()}
    return RuleForm(
        stages=tuple((stage, say(name), f"stage_{stage}" in held) for stage, name in STAGES.items()),
        first=tuple(figures[name] for name in FIRST),
        others=tuple(figure for name, figure in figures.items() if name not in FIRST),
        tags=tuple((code, say(name)) for code, name in TAGS.items()),
        likes=_liked(console, held.get("likes", "")),
        signs=tuple((sign, say(SIGNS[sign])) for sign in COMPARED),
        filled=held,
        is_whole=filled is not None,
    )


def _figures() -> list[str]:
    return [name for name, shape in FIELDS.items() if shape in {"number", "share"}]


def _figure(console: Console, name: str, held: Mapping[str, str]) -> FigureField:
    say, view = console.view._, console.view
    unit = words(view.language).pgettext("currency", view.formats.currency) if name == MONEY else say(UNITS[name])
    sign = held.get(f"{name}_sign", COMPARED[0])
    return FigureField(name, say(FIELD_WORDS[name]), unit, sign, held.get(name, ""))


def _liked(console: Console, chosen: str) -> tuple[tuple[str, str], ...]:
    with console.rooms.db.read() as db:
        members = console.rooms.live.view(db).members
    keys = [key for key in members if key.startswith("category:") and may_be_asked(key)]
    largest = sorted(keys, key=lambda key: (-len(members[key]), key))[:MOST_LIKED]
    if chosen and chosen not in largest:
        largest.append(chosen)
    return tuple((key, _path(console, key)) for key in sorted(largest))


def _path(console: Console, key: str) -> str:
    return " / ".join(named(part, console.view.language) for part in key.partition(":")[2].split("/"))


def _written(console: Console, name: str, value: str) -> str:
    """A value as the language of rules writes it; one that is no number is left for the language to refuse."""
    if FIELDS[name] == "share":
        return f"{value}%"
    if name != MONEY:
        return value
    try:
        return str(to_minor(value, console.view.formats.currency))
    except BadAmount:
        return value


def _filled(console: Console, rule: str) -> dict[str, str] | None:
    """The fields of a rule; None where the form cannot say it."""
    if not rule:
        return {}
    try:
        said = read(rule)
    except BadSegmentRule:
        return None
    held: dict[str, str] = {}
    for part in said.parts if isinstance(said, Joined) and not said.is_any else (said,):
        found = _field(console, part)
        if not found or set(found) & set(held):
            return None
        held |= found
    return held


def _field(console: Console, part: Rule) -> dict[str, str]:
    match part:
        case Figure(name, sign, value) if sign in COMPARED:
            return {name: _shown(console, name, value), f"{name}_sign": sign}
        case Word("stage", values, True):
            return {f"stage_{stage}": "1" for stage in values}
        case Tagged(code):
            return {"tag": code}
        case Liked(key, "") if key.startswith("category:"):
            return {"likes": key}
        case _:
            return {}


def _shown(console: Console, name: str, value: float) -> str:
    """A value as the form asks for it."""
    if name == MONEY:
        return f"{to_decimal(round(value), console.view.formats.currency).normalize():f}"
    shown = Decimal(str(value)) * 100 if FIELDS[name] == "share" else Decimal(str(value))
    return f"{shown.normalize():f}"
