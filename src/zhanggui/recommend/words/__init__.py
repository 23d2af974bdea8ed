"""Reasons and notices in a reader's language. Codes and parameters come from the answer; words are made at the edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from zhanggui.kernel.words import N_, catalogue_language, named, words

from .labels import NAMES, name_of

REASONS: Mapping[str, str] = {
    "because_viewed": N_('Because you looked at "%(title)s"'),
    "because_carted": N_('Because you put "%(title)s" in your cart'),
    "because_bought_with": N_('Often chosen with "%(title)s", which you bought'),
    "same_keyword": N_('%(value)s, like "%(title)s"'),
    "alike_in_words": N_('Described much as "%(title)s" is'),
    "described_alike": N_('What is said of it is like what is said of "%(title)s"'),
    "looks_alike": N_('Looks like "%(title)s"'),
    "not_yet_seen": N_("Nobody has looked at it yet; it is shown to be found"),
    "trending": N_("Selling well lately"),
    "popular": N_("A favourite of this shop"),
    "buy_again": N_("You bought this; perhaps it is time again"),
    "new_arrival": N_("New in the shop"),
    "for_a_change": N_("New in the shop, for a change"),
    "chosen_with": N_('Often chosen together with "%(title)s"'),
    "bought_together": N_('Bought together with "%(title)s" by %(people)s of its %(buyers)s buyers'),
    "rising_now": N_(
        "%(count)s looks, carts and purchases in the last %(hours)s hours, %(before)s in as many hours before"
    ),
    "new_since": N_("New: %(days)s days in the shop"),
    "earned_label": N_("%(label)s: %(percent)s%%, in the whole shop %(average)s%%; %(orders)s orders"),
    "due_again": N_("You buy this about every %(days)s days; the last time was %(ago)s days ago"),
    "due_like_others": N_("Others take this again after some %(days)s days; you bought it %(ago)s days ago"),
    "left_in_basket": N_('"%(title)s" has lain in the basket for %(hours)s hours'),
    "not_reviewed": N_('Bought "%(title)s" %(days)s days ago and has not said how it is'),
    "nothing_wanted": N_("Little seems wanted now: better leave them in peace"),
    "nothing_known": N_("Nothing may be known of this shopper, so nothing is suggested"),
}
NOTICES: Mapping[str, str] = {
    "personalization_off": N_("Personalization is off: this list is everybody's"),
    "no_history": N_("We have not met yet: this is what others like"),
    "nothing_bought": N_("There is nothing yet that you bought here and may want again"),
    "purchases_unread": N_("Personalization is off, so what you bought is not looked at"),
    "low_intent": N_("Little seems wanted now, so little is shown"),
    "within_budget": N_("Nothing here costs more than what is left of your budget for this month"),
    "budget_spent": N_("Your budget for this month is spent, so nothing is suggested"),
}
MOVES: Mapping[str, str] = {
    "tag:tries_new": N_("A place kept for something else, as you like to try"),
    "tag:early_bird": N_("A place kept for what is new, as you buy new things early"),
    "tag:keeps_to_favourites": N_("Somewhat further up, as you keep to favourites"),
    "tag:stocks_up": N_("Somewhat further up, as you stock up and people buy it again"),
    "tag:one_brand": N_("Somewhat further up, as you keep to its brand"),
    "tag:compares": N_("Somewhat further up, as you compare and it costs about what you look at"),
    "head_start": N_("Further up, as it is below its list price: so in everybody's list"),
    "promote": N_("Ad: a promotion of the shop put it here"),
}
"""What a tag of the shopper's, a head start for all or a promotion did to a place.

Of other rules nothing is told to shoppers; a place that was promoted is marked as an ad (电子商务法 art. 40).
"""

STAGES: Mapping[str, str] = {
    "shown": N_("Shown at place %(position)s"),
    "exploring": N_("Shown at place %(position)s to try something new, whatever its score"),
    "not_a_candidate": N_("No candidate: nothing that this shopper did leads to it, and it does not lead the sales"),
    "sold_out": N_("Sold out"),
    "not_for_sale": N_("Off the shelves"),
    "dismissed": N_("The shopper asked for less like it"),
    "bought_lately": N_("Bought lately; it rests for a while"),
    "filtered": N_("A filter leaves it out"),
    "over_budget": N_("Dearer than what is left of the shopper's own budget for this month"),
    "filtered_by_rule": N_('The rule "%(rule)s" leaves it out'),
    "nothing_bought": N_("There is nothing yet that you bought here and may want again"),
    "purchases_unread": N_("Personalization is off, so what you bought is not looked at"),
    "low_intent": N_("Little seems wanted now, so nothing is shown"),
    "lowered": N_("The shopper asked for less of its kind: that lowers it below the last one shown"),
    "gave_way": N_("Its category stands there already and gives way to others"),
    "ranked_below": N_("At place %(place)s of %(candidates)s by its score, %(behind)s below the last one shown"),
    "moved_away": N_('By its score it had a place; the rule "%(rule)s" moved it away'),
    "rested": N_("Shown again and again without a response: it rests"),
}
"""Where a product stands in an answer, or where it was lost."""
SIGNALS: Mapping[str, str] = {
    "alike": N_("Liked by people with the same taste"),
    "together": N_("Seen or bought together"),
    "content": N_("Same words, category or brand"),
    "described_alike": N_("Described alike"),
    "looks_alike": N_("Looks alike"),
    "trend": N_("Selling well lately"),
    "newness": N_("New in the shop"),
    "bought": N_("Bought before"),
    "margin": N_("Earns the shop more"),
    "long_term": N_("Its buyers come back"),
}
"""The factors of a reason, as they are called on every page, whoever reads."""
PARTS: Mapping[str, str] = {
    **SIGNALS,
    "first_stage": N_("All of this together"),
    "age": N_("How long it has been in the shop"),
    "price": N_("Its price beside what the shopper is used to"),
    "habit": N_("Time of day, of the week and of the year"),
    "category": N_("The shopper's share in its category"),
    "own": N_("What the shopper did with it before"),
    "activity": N_("How much the shopper does here"),
    "moment": N_("The moment"),
    "stock": N_("How much of it is left"),
    "place": N_("How much it is wanted on this channel and device"),
    "foreseen": N_("What is foreseen of the shopper by what they did"),
}
"""What adds to a score."""


def explain(code: str, params: Mapping[str, str], language: str) -> str:
    """A reason in words: Chinese for `zh…`, else English."""
    reader = catalogue_language(language)
    if "value" in params:  # a category, brand or trait, which has one name for all languages
        params = {**params, "value": named(params["value"], reader)}
    if params.get("label") in NAMES:
        params = {**params, "label": name_of(params["label"], reader)}
    return _template(code, reader) % params


@cache
def _template(code: str, reader: str) -> str:
    return words(reader).gettext(REASONS[code])


def notice(codes: Sequence[str], language: str) -> str:
    """Notices in words, one after the other; empty for none."""
    if not codes:
        return ""
    reader = catalogue_language(language)
    return ("；" if reader == "zh" else "; ").join(words(reader).gettext(NOTICES[code]) for code in codes)


def move(mover: str, language: str) -> str:
    """Why a product stands elsewhere than its score alone put it, in words; empty where the shopper is not told."""
    return words(catalogue_language(language)).gettext(MOVES[mover]) if mover in MOVES else ""


def stage(code: str, params: Mapping[str, str], language: str) -> str:
    """Where a product stands, in words."""
    return words(catalogue_language(language)).gettext(STAGES[code]) % params


def part(name: str, language: str) -> str:
    """What adds to a score, in words."""
    return words(catalogue_language(language)).gettext(PARTS[name])
