"""Codes with values, said in the reader's words. A catalogue knows each code by its context: `rule`, `cure`, `fact`…"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from zhanggui.app.web.formats import NOTHING, Formats
from zhanggui.audience.words.rules import RuleWords
from zhanggui.kernel.words import named, words
from zhanggui.trust import LISTED, FactRef, Phrase, Shape, Value

MINOR = "_minor"
NAMES = frozenset({"label", "labels"})
"""Values that are names of the merchant's."""


def subject_words(ref: FactRef, language: str) -> str:
    """What a proposal is about where it is no product: a tier by its name; else the id as it stands."""
    return words(language).pgettext(ref.kind, ref.ref)


class Reader(Protocol):
    """Who reads: a request's view, or somebody whom a message goes to."""

    @property
    def language(self) -> str:
        """`zh` or `en`."""

    @property
    def formats(self) -> Formats:
        """How they see figures."""


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return NOTHING


@dataclass(frozen=True, slots=True)
class Phrases:
    """Says codes to one reader."""

    view: Reader

    def knows(self, context: str, code: str) -> bool:
        """Whether there are words for a code."""
        return words(self.view.language).pgettext(context, code) != code

    def say(
        self, context: str, code: str, params: Mapping[str, str] | None = None, /, *, currency: str = "", **more: str
    ) -> str:
        """A code in words; where there are none, the code. Values named `…_minor` are money.

        Args:
            context: under which the catalogues keep it.
            code: what to say.
            params: values by name.
            currency: of the money among them; without, what `params` name, else the shop's.
            more: values that are words already.
        """
        values = {**(params or {}), **more}
        money = currency or values.get("currency", "")
        shown = {name: self._value(name, value, money) for name, value in values.items()}
        told = words(self.view.language).pgettext(context, code)
        return told % _Values(shown) if "%(" in told else told

    def phrase(self, context: str, phrase: Phrase, **more: str) -> str:
        """The same, of a phrase."""
        return self.say(context, phrase.code, phrase.params, **more)

    def value(self, value: Value | None) -> str:
        """A value of a diff as it is written; empty for none."""
        if value is None:
            return ""
        match value.shape:
            case Shape.MONEY:
                return self.view.formats.money(int(value.text), value.currency)
            case Shape.SHARE:
                return self.view.formats.percent(float(value.text))
            case Shape.SAID:
                return self.say("value", value.text)
            case Shape.NAMES:
                return self._names(value.text)
            case Shape.RULE:
                return RuleWords(self.view.language, self.view.formats).say(value.text)
            case _:
                return value.text

    def _value(self, name: str, value: str, currency: str) -> str:
        if name in NAMES:
            return self._names(value)
        is_money = name.endswith(MINOR) and value.removeprefix("-").isdecimal()
        return self.view.formats.money(int(value), currency) if is_money else value

    def _names(self, listed: str) -> str:
        return LISTED.join(named(name, self.view.language) for name in listed.split(LISTED))
