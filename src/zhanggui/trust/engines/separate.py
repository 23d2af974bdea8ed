"""What a separate consent must say to be asked, and whether a yes to it still holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zhanggui.trust.engines.consent import newest
from zhanggui.trust.engines.egress.crossing import HOME
from zhanggui.trust.types.separate import PublishSeparateAsk, SeparateAct, SeparateAsk

ARTICLES: Mapping[SeparateAct, int] = {
    SeparateAct.HAND_OVER: 23,
    SeparateAct.PUBLISH: 25,
    SeparateAct.PUBLIC_PLACES: 26,
    SeparateAct.SENSITIVE: 29,
    SeparateAct.ABROAD: 39,
}
_ALWAYS = ("data", "purpose")
_OF_RECEIVER = ("receiver", "contact", "country", "method")
MUST_TELL: Mapping[SeparateAct, tuple[str, ...]] = {
    SeparateAct.HAND_OVER: (*_OF_RECEIVER, *_ALWAYS),
    SeparateAct.PUBLISH: ("receiver", *_ALWAYS),
    SeparateAct.PUBLIC_PLACES: _ALWAYS,
    SeparateAct.SENSITIVE: (*_ALWAYS, "effect"),
    SeparateAct.ABROAD: (*_OF_RECEIVER, *_ALWAYS, "rights"),
}
"""By act, what the person is told at least; `receiver` of a publication says where it is published."""
_TO_RECEIVERS = frozenset({SeparateAct.HAND_OVER, SeparateAct.ABROAD})


def untold(draft: PublishSeparateAsk) -> tuple[str, ...]:
    """The fields that its act asks for and that stand empty."""
    held = {name: getattr(draft, name) for name in MUST_TELL[draft.act]}
    return tuple(name for name, said in held.items() if not (said.strip() if isinstance(said, str) else said))


def act_towards(country: str) -> SeparateAct:
    """The act under which personal data go to a receiver in that country."""
    return SeparateAct.HAND_OVER if country == HOME else SeparateAct.ABROAD


def is_placed(draft: PublishSeparateAsk) -> bool:
    """Whether a receiver is asked for under the act that its country makes it."""
    return draft.act not in _TO_RECEIVERS or draft.act is act_towards(draft.country)


def is_agreed(ask: SeparateAsk, words: Collection[tuple[int, int, bool]]) -> bool:
    """Whether the (version, at_ms, granted) words of one subject allow what a newest version asks.

    A yes is to one version: what was agreed to before is no word on what is asked now. Of two words at one moment the
    refusal counts.
    """
    said = newest((at_ms, granted and version == ask.version) for version, at_ms, granted in words)
    return ask.is_open and said is True
