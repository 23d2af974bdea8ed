"""A segment's rule in a reader's language: 「阶段是新客户，且累计下单正好 1 单」."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from zhanggui.audience.engines.denied import is_unsaid
from zhanggui.audience.engines.segments.conditions import Figure, Joined, Liked, Rule, Tagged, Unless, Word
from zhanggui.audience.engines.segments.facts import FIELDS
from zhanggui.audience.engines.segments.rules import read
from zhanggui.audience.errors import BadSegmentRule
from zhanggui.kernel.words import N_, catalogue_language, named, words

from .profiles import LEVELS, STAGES, TAGS

FIGURES: Mapping[str, str] = {
    "orders": N_("orders so far: %(sign)s %(n)s"),
    "spent_minor": N_("spent so far: %(sign)s %(n)s"),
    "last_order_days": N_("days since the last order: %(sign)s %(n)s"),
    "idle_days": N_("days since the last order, or else the last visit: %(sign)s %(n)s"),
    "recency": N_("how lately they bought, 1 to 5 (latest): %(sign)s %(n)s"),
    "frequency": N_("how often they buy, 1 to 5 (most): %(sign)s %(n)s"),
    "money": N_("how much they spend, 1 to 5 (most): %(sign)s %(n)s"),
    "buys_7": N_("chance of a purchase within 7 days: %(sign)s %(n)s"),
    "buys_30": N_("chance of a purchase within 30 days: %(sign)s %(n)s"),
    "lost_90": N_("chance of none within 90 days: %(sign)s %(n)s"),
}
SIGNS: Mapping[str, str] = {
    "=": N_("exactly"),
    "!=": N_("anything but"),
    "<": N_("less than"),
    "<=": N_("at most"),
    ">": N_("more than"),
    ">=": N_("at least"),
}
CHOICES: Mapping[str, tuple[str, str]] = {
    "stage": (N_("stage: %(words)s"), N_("stage: anything but %(words)s")),
    "channel": (N_("usually come by: %(words)s"), N_("usually come by: anything but %(words)s")),
    "language": (N_("spoken to in: %(words)s"), N_("spoken to in: anything but %(words)s")),
}
COME_BY: Mapping[str, str] = {
    "app": N_("the app"),
    "web": N_("the website"),
    "wechat": N_("WeChat"),
    "phone": N_("the phone"),
}
"""Usual channels; a shop's own are called as it calls them."""
TAGGED, UNTAGGED = N_('tag "%(name)s"'), N_('without the tag "%(name)s"')
LIKED = N_('like the %(level)s "%(name)s"')
UNLIKED = N_('no interest in the %(level)s "%(name)s"')
LIKED_BY = N_('interest in the %(level)s "%(name)s": %(sign)s %(n)s')
AND, OR, ONE_OR = N_(", and "), N_(", or "), N_(" or ")
GROUP, UNLESS = N_("(%(rule)s)"), N_("not (%(rule)s)")
DENIED = N_("What this rule asks may no longer be asked of anybody: it means nobody.")
_LEVELS: Mapping[str, str] = {str(level): name for level, name in LEVELS.items()} | {"keyword": LEVELS["attribute"]}


def may_be_asked(key: str) -> bool:
    """Whether a rule may ask for an interest: not for what is inferred of nobody."""
    return not is_unsaid(key)


class Shown(Protocol):
    """How the reader writes figures, and what else of them a rule names."""

    def money(self, minor: int | None, currency: str = "") -> str:
        """An amount of the shop's currency in its minor units."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """A figure."""

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share of one."""

    def tongue(self, tag: str) -> str:
        """A language by its name."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Says rules to one reader.

    Args:
        language: `zh` or `en`.
        shown: how they write figures.
        title_of: what a product is called, by its id.
    """

    language: str
    shown: Shown
    title_of: Callable[[str], str] = str

    def say(self, rule: str) -> str:
        """The rule in words; of one that may not be asked any more, that it means nobody."""
        try:
            told = self._said(read(rule))
        except BadSegmentRule:
            return self._(DENIED)
        return told[:1].upper() + told[1:]

    def _(self, msgid: str) -> str:
        return words(catalogue_language(self.language)).gettext(msgid)

    def _said(self, rule: Rule) -> str:
        match rule:
            case Figure(name, sign, value):
                return self._(FIGURES[name]) % {"sign": self._(SIGNS[sign]), "n": self._figure(name, value)}
            case Word(name, values, is_in):
                chosen = self._(ONE_OR).join(self._word(name, value) for value in values)
                return self._(CHOICES[name][0 if is_in else 1]) % {"words": chosen}
            case Tagged(code):
                return self._(TAGGED) % {"name": self._tag(code)}
            case Liked():
                return self._liked(rule, LIKED)
            case Unless(part):
                return self._unless(part)
            case Joined(parts, is_any):
                return self._joined(parts, OR if is_any else AND)

    def _joined(self, parts: Sequence[Rule], between: str) -> str:
        grouped = [self._grouped(part) if isinstance(part, Joined) else self._said(part) for part in parts]
        return self._(between).join(grouped)

    def _grouped(self, rule: Rule) -> str:
        return self._(GROUP) % {"rule": self._said(rule)}

    def _unless(self, part: Rule) -> str:
        match part:
            case Tagged(code):
                return self._(UNTAGGED) % {"name": self._tag(code)}
            case Liked(sign=""):
                return self._liked(part, UNLIKED)
            case _:
                return self._(UNLESS) % {"rule": self._said(part)}

    def _liked(self, liked: Liked, plain: str) -> str:
        kind, _, value = liked.key.partition(":")
        level = self._(_LEVELS.get(kind, kind))
        what = {
            "level": level[:1].lower() + level[1:],
            "name": self.title_of(value) if kind == "product" else self._path(value),
        }
        if not liked.sign:
            return self._(plain) % what
        return self._(LIKED_BY) % {**what, "sign": self._(SIGNS[liked.sign]), "n": self._share(liked.value)}

    def _path(self, value: str) -> str:
        return "/".join(named(part, self.language) for part in value.split("/"))

    def _tag(self, code: str) -> str:
        return self._(TAGS[code])  # type: ignore[index]

    def _word(self, name: str, value: str) -> str:
        if name == "stage":
            return self._(STAGES[value])  # type: ignore[index]
        if name == "language":
            return self.shown.tongue(value)
        return self._(COME_BY[value]) if name == "channel" and value in COME_BY else value

    def _figure(self, name: str, value: float) -> str:
        if FIELDS[name] == "share":
            return self._share(value)
        if name == "spent_minor":
            return self.shown.money(round(value))
        return self.shown.number(value, 0 if value == round(value) else 1)

    def _share(self, value: float) -> str:
        percent = round(value * 100, 6)
        return self.shown.percent(value, 0 if percent == round(percent) else 1)
