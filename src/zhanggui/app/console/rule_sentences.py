"""What filters, rules and aims say when they are refused, in the words of whoever reads the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhanggui.kernel.words import N_

from .aim_words import AIMS, EVENTS, SLIDER
from .exposure_floors import FLOORED_BY

_FILTERS: Final = (
    N_("At character {at} of the filter: {what}."),
    N_("a filter has at most {n} characters"),
    N_("Say it shorter."),
    N_("a quote opens here and never closes"),
    N_("Close it: {text}"),
    N_("a number may not be negative"),
    N_("Nothing of a product is below 0."),
    N_("'{seen}' means nothing here"),
    N_('Put words in quotes: brand = "Nike".'),
    N_("the filter ends here; expected is {wanted}"),
    N_("'{seen}' stands here; expected is {wanted}"),
    N_("`and`, `or`, or the end"),
    N_("`)`, `and` or `or`"),
    N_("`,` or `)`"),
    N_("the name of a field"),
    N_("a comparison after {name}: {signs}"),
    N_("one of {words} after {name}"),
    N_("a word in quotes"),
    N_("a number"),
    N_("a span of time after {name}"),
    N_("parts stand within parts more than {n} deep"),
    N_("Say it flatter."),
    N_("a filter has at most {n} tests"),
    N_("Say it in two rules."),
    N_("there is no field '{seen}'"),
    N_("Fields are: {fields}."),
    N_("the quotes are empty"),
    N_("Name what is meant."),
    N_("In minor units, fen or cents: 200 yuan is 20000."),
    N_("{name} takes a bare number, not '{seen}'"),
    N_("'{seen}' is no span of time"),
    N_("Say it with a unit: 30d, 12h or 2w."),
    N_('Put it in quotes: "{word}".'),
    N_("Did you mean '{near}'?"),
    N_("At character {at}: no product has the {trait} '{value}'."),
    N_("There are: {known}."),
    N_("There are none."),
)
_RULES: Final = (
    N_("There are {n} rules already."),
    N_("Remove some first."),
    N_("The value of {kind} is {value}; it is {least} to {most}."),
    N_("The value of {kind} is {value}; it is 0."),
    N_("It says {meaning}."),
    N_("a filter takes no value"),
    N_("the place from 1"),
    N_("how far products rise; 1 lifts the worst of a list to the best"),
    N_("how far products sink; 1 takes the best of a list below the worst"),
    N_("how many may come at most"),
    N_("the share of the places, such as 0.2"),
    N_("how much likeness costs, up to 1"),
    N_("how closely categories follow the shopper's taste, up to 1"),
    N_("the share of the places, up to 0.5"),
    N_("the share of the places for articles, videos and live sessions at most, 0 for none"),
    N_("after how many times unheeded a product rests"),
    N_("A rule of the kind {kind} needs a target."),
    N_('Say which products: brand = "Nike".'),
    N_("A cap needs a target, or what to count by."),
    N_("Count by brand, category or seller."),
    N_("Only a cap counts by something."),
    N_("Leave `by` empty."),
    N_("A rule of the kind {kind} is about the whole list."),
    N_("Leave the target empty."),
    N_("The rule ends before it starts."),
    N_("Let `ends_at` come after `starts_at`."),
    N_("Nothing is left to take back of this rule."),
    N_("Make it anew."),
    N_("'{seen}' is no moment."),
    N_("Write a day and a time such as 2026-11-22T18:30."),
    N_("'{seen}' is no number."),
    N_("Write a number such as 0.3."),
)
_AIMS: Final = (
    N_("{aim} is {value}; it is {least} to {most}."),
    N_("0 leaves it out; the more it is, the more it counts."),
    N_("No act would speak for a product."),
    N_("Give at least one event a weight above 0."),
    N_("Nothing would count as taken."),
    N_("Give click, cart or purchase a weight above 0."),
    N_("Nothing is left to take back of the objectives."),
    N_("Set them anew."),
    N_("{n} sessions of shoppers who came before; measuring the slider needs {least}."),
    N_("Until then its cost is not known."),
)
_FLOORS: Final = (
    N_("The name has {n} characters."),
    N_("A name has at most {most}."),
    N_("There are no groups by '{seen}'."),
    N_("Choose one of the list."),
    N_("The share '{seen}' cannot be."),
    N_("Write a percentage above 0 and up to 100."),
    N_("A list of '{seen}' places cannot be."),
    N_("Write a whole number from 1 to {most}."),
    N_("A floor by {by} with the name '{seen}'."),
    N_("Name the brand, seller or category; new sellers have no name."),
    N_("The name '{seen}' holds a quote."),
    N_("Make a rule with a target of your own."),
    N_(
        "With the rule the group would have {after} of the exposure, and the floor is {floor}: {verdict}. No rule was"
        " made."
    ),
    N_("{n} goods of the group for {needed} places: lower the floor, or add goods."),
)
RULE_SENTENCES: Final = (*_FILTERS, *_RULES, *_AIMS, *_FLOORS)
"""As filters, rules and objectives say it; `{…}` stands for what they saw."""
_TRAITS: Final = (
    *(N_("brand"), N_("category"), N_("seller"), N_("keyword"), N_("label"), N_("market"), N_("type"), N_("id")),
)
_KINDS: Final = (
    *(N_("pin"), N_("boost"), N_("bury"), N_("cap"), N_("promote"), N_("filter"), N_("variety"), N_("taste")),
    *(N_("explore"), N_("fair"), N_("mix"), N_("rest")),
)
GAP_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "trait": {word: word for word in _TRAITS},
    "kind": {word: word for word in _KINDS},
    "by": {str(by): word for by, word in FLOORED_BY.items()},
    "verdict": {
        "not enough candidates": N_("not enough candidates"),
        "other rules, or what shoppers should not be shown again, take their places": N_(
            "other rules, or what shoppers should not be shown again, take their places"
        ),
    },
    "aim": {
        "variety": SLIDER,
        **{name: words[0] for name, words in AIMS.items()},
        **{f"event {name}": word for name, word in EVENTS.items()},
    },
}
"""Gap → what a sentence writes there, and the words for it; the same word elsewhere is a user's, or code."""
