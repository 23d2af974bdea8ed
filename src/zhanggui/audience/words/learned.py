"""Learned segments in a reader's language: names composed from facts, never a judgement of people."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from zhanggui.audience.engines.learned.naming import Name, NamePart
from zhanggui.audience.types.learned import FigureName, Lifted, Part, Portrait
from zhanggui.audience.types.profiles import StageCode, TagCode
from zhanggui.kernel.words import LANGUAGES, N_, catalogue_language, named, words

from .profiles import STAGES, TAGS

SHOWN_TRAITS = 3
"""So many things that are common to a group are told."""
NOUNS: Mapping[str, str] = {
    "": N_("Customers"),
    "new": N_("New customers"),
    "active": N_("Active customers"),
    "loyal": N_("Regulars"),
}
_TAG_CLAUSES: Mapping[TagCode, str] = {
    "dawn_orders": N_("order at dawn"),
    "lunch_orders": N_("order at noon"),
    "night_orders": N_("order late at night"),
    "weekend_orders": N_("order at weekends"),
    "steady_rhythm": N_("buy at steady intervals"),
    "stocks_up": N_("stock up"),
    "big_baskets": N_("fill the basket"),
    "tries_new": N_("try something else"),
    "early_bird": N_("buy what is new in the shop"),
    "keeps_to_favourites": N_("keep to favourites"),
    "one_brand": N_("keep to one brand"),
    "compares": N_("compare before buying"),
    "decides_fast": N_("decide fast"),
    "collects": N_("collect in the cart"),
    "searches": N_("go straight to the search"),
    "lingers": N_("look at things for long"),
    "reviews": N_("write reviews"),
    "asks": N_("ask before buying"),
    "reads_messages": N_("read messages"),
    "leaves_messages": N_("leave messages unread"),
}
_CLAUSES: Mapping[tuple[str, str], str] = {
    **{("tag", code): words_ for code, words_ in _TAG_CLAUSES.items()},
    ("hours", "dawn"): N_("come at dawn"),
    ("hours", "morning"): N_("come in the morning"),
    ("hours", "noon"): N_("come at noon"),
    ("hours", "afternoon"): N_("come in the afternoon"),
    ("hours", "evening"): N_("come in the evening"),
    ("hours", "night"): N_("come late at night"),
    ("weekend", ""): N_("come at weekends"),
    ("order", "large"): N_("place larger orders"),
    ("order", "small"): N_("place smaller orders"),
    ("stage", "at_risk"): N_("come less often lately"),
    ("stage", "dormant"): N_("have not come for a while"),
    ("stage", "lost"): N_("have not come for long"),
    ("unbought", ""): N_("have not bought yet"),
}
_INTERESTS: Mapping[str, str] = {"category": N_("like %(what)s"), "price": N_("buy at %(what)s")}
_WHO, _AND, _NUMBERED = N_("%(noun)s who %(clauses)s"), N_(" and "), N_("%(name)s (%(n)s)")
HOURS: Mapping[str, str] = {
    "dawn": N_("5 to 9"),
    "morning": N_("9 to 11"),
    "noon": N_("11 to 14"),
    "afternoon": N_("14 to 18"),
    "evening": N_("18 to 22"),
    "night": N_("22 to 5"),
}
FIGURES: Mapping[FigureName, str] = {
    "orders": N_("Orders each"),
    "spent_minor": N_("Spent so far"),
    "order_minor": N_("An order comes to"),
    "idle_days": N_("Days since the last order"),
}
REASONS: Mapping[str, str] = {
    "few": N_("Too few customers allow that it is learned from them."),
    "loose": N_("The customers do not fall into groups: they lie about evenly."),
    "unstable": N_("The groups do not come out again from samples."),
    "worse": N_("The groups that serve still fit today's customers better."),
    "data": N_("The training set did not pass the gate."),
}
_UNBOUGHT = N_("Not bought yet")


def name_of(name: Name, language: str) -> str:
    """The name in the reader's language: 「清晨下单、囤货、偏爱绿茶的熟客」."""
    spoken = catalogue_language(language)
    said = words(spoken).gettext
    noun, clauses = said(NOUNS[name.noun]), [_clause(part, spoken) for part in name.clauses]
    whole = said(_WHO) % {"noun": noun, "clauses": _joined(clauses, said(_AND))} if clauses else noun
    return said(_NUMBERED) % {"name": whole, "n": name.ordinal} if name.ordinal else whole


def spoken(name: Name) -> tuple[str, ...]:
    """The name in all languages."""
    return tuple(name_of(name, language) for language in LANGUAGES)


def _joined(clauses: list[str], last: str) -> str:
    """「a、b」 or "a, b and c"."""
    if last == "、" or len(clauses) < 2:
        return last.join(clauses)
    return f"{', '.join(clauses[:-1])}{last}{clauses[-1]}"


def _clause(part: NamePart, spoken: str) -> str:
    said = words(spoken).gettext
    if part.kind in _INTERESTS:
        return said(_INTERESTS[part.kind]) % {"what": named(part.text, spoken)}
    return said(_CLAUSES[part.kind, part.key])


def worded(portrait: Portrait, language: str) -> Portrait:
    """The portrait with words for its codes."""
    spoken = catalogue_language(language)
    replace = msgspec.structs.replace
    return replace(
        portrait,
        categories=tuple(replace(one, text=_lifted(one, spoken)) for one in portrait.categories),
        common=tuple(replace(one, text=_lifted(one, spoken)) for one in portrait.common),
        stages=tuple(replace(one, text=_stage(one.key, spoken)) for one in portrait.stages),
        hours=tuple(replace(one, text=_hours(one, spoken)) for one in portrait.hours),
    )


def reason_text(reason: str, language: str) -> str:
    """Why a learning was refused; empty where it was not."""
    return words(catalogue_language(language)).gettext(REASONS[reason.partition(":")[0]]) if reason else ""


def _lifted(one: Lifted, spoken: str) -> str:
    said = words(spoken).gettext
    if one.kind in {"category", "price"}:
        return named(one.text, spoken)
    if one.kind == "tag":
        return said(TAGS[one.key])  # type: ignore[index]
    if one.kind == "stage":
        return _stage(one.key, spoken)
    text = said(_CLAUSES[one.kind, one.key])
    return text[:1].upper() + text[1:]


def _stage(key: str, spoken: str) -> str:
    said = words(spoken).gettext
    known: Mapping[StageCode, str] = STAGES
    return said(_UNBOUGHT) if key == "unbought" else said(known[key])  # type: ignore[index]


def _hours(one: Part, spoken: str) -> str:
    return words(spoken).gettext(HOURS[one.key])
