"""Predictions in a reader's language: reasons, what is missing, why a model was refused, groups of offers."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.audience.types.predictions import CheckCode, Condition, DataCheck, Kind, Notice, PlotName, Refusal
from zhanggui.kernel.words import N_, catalogue_language, words

NEVER = 9999

KIND_NAMES: Mapping[Kind, str] = {
    "buy_7": N_("Purchase within 7 days"),
    "buy_30": N_("Purchase within 30 days"),
    "stay_90": N_("Purchase within 90 days; without one a customer counts as lost"),
    "lifetime": N_("Coming back and spending"),
    "next_category": N_("Category of the next purchase"),
    "offers": N_("Answers of groups to reduced prices"),
}
REASONS: Mapping[str, str] = {
    "idle_days": N_("Days since the last purchase: %(value)s"),
    "orders": N_("Days with a purchase: %(value)s"),
    "orders_30": N_("Days with a purchase, of the last 30: %(value)s"),
    "orders_90": N_("Days with a purchase, of the last 90: %(value)s"),
    "tenure_days": N_("Days since the first purchase: %(value)s"),
    "usual_gap": N_("Usual days between purchases: %(value)s"),
    "gap_spread": N_("Days between purchases scatter by %(value)s of their mean"),
    "lateness": N_("Away for %(value)s times the usual days"),
    "order_value": N_("The usual value of an order"),
    "last_value": N_("The value of the last order"),
    "spent_90": N_("What was spent in the last 90 days"),
    "products": N_("Different products bought: %(value)s"),
    "refunds": N_("Days on which something was given back: %(value)s"),
    "last_year": N_("Days with a purchase at this time a year ago: %(value)s"),
    "visit_idle": N_("Days since the last visit: %(value)s"),
    "visits_7": N_("Days with a visit, of the last 7: %(value)s"),
    "visits_30": N_("Days with a visit, of the last 30: %(value)s"),
    "carts_7": N_("Days with something put in the cart, of the last 7: %(value)s"),
    "alive": N_("By the rhythm of purchases a customer still, at %(percent)s %%"),
    "foreseen_orders": N_("Orders to come by the rhythm of purchases: %(value)s"),
    "foreseen_chance": N_("By the rhythm of purchases alone the chance is %(percent)s %%"),
    "foreseen_value": N_("What an order is foreseen to be worth"),
}
"""By column; a value below 10 is said with one digit."""
BESIDE: Mapping[str, str] = {
    "frequency": N_("Days on which they came back: %(value)s; of the middle customer %(usual)s"),
    "idle": N_("Days since the last purchase: %(value)s; of the middle customer %(usual)s"),
    "age": N_("Days since the first purchase: %(value)s; of the middle customer %(usual)s"),
}
"""By figure of BG/NBD, beside the middle one of the shop's customers."""
DEARER, CHEAPER = (
    N_("An order is worth more than the middle customer's"),
    N_("An order is worth no more than the middle customer's"),
)
PLOTS: Mapping[PlotName, str] = {
    "orders": N_("Orders to come"),
    "alive": N_("A customer still"),
    "first_category": N_("The likeliest next category"),
    "latent": N_("Categories never looked at"),
}
NO_VISIT = N_("No visit without a purchase")
CHECKS: Mapping[CheckCode, str] = {
    "customers": N_("Customers who bought: %(seen)s; %(needed)s are needed"),
    "days": N_("Days since the first purchase: %(seen)s; %(needed)s are needed"),
    "buyers": N_(
        "In a past window as long, customers who bought and who did not, the rarer of the two: %(seen)s; "
        "%(needed)s are needed"
    ),
    "comers_back": N_("Customers who bought again: %(seen)s; %(needed)s are needed"),
    "categories": N_("Categories that may be named: %(seen)s; %(needed)s are needed"),
    "cases": N_("Customers who bought in the last 30 days and before: %(seen)s; %(needed)s are needed"),
    "lines": N_("Purchases with a price: %(seen)s; %(needed)s are needed"),
    "lightgbm": N_("LightGBM cannot be loaded on this machine; see zhanggui doctor"),
}
REFUSALS: Mapping[Refusal, str] = {
    "": "",
    "worse_than_recency": N_("It foretells worse than the plainest rule"),
    "no_better_than_lifetime": N_("It foretells worse than the rhythm of purchases alone"),
    "worse_than_present": N_("It foretells worse than the model that serves"),
    "miscalibrated": N_("What it says comes true clearly more or less often than it says"),
    "training_data": N_("Nothing was learned: the training set did not pass a check"),
}
CONDITIONS: Mapping[Condition, str] = {
    "first_order": N_("One order so far"),
    "few_orders": N_("Two or three orders so far"),
    "regulars": N_("Four orders or more so far"),
    "away_30": N_("Not here for 30 to 89 days"),
    "away_90": N_("Not here for 90 days or longer"),
}
NOTICES: Mapping[Notice, str] = {
    "": "",
    "has_not_bought": N_("Has not bought yet: chances are told of customers only"),
    "muted": N_("They asked that nothing be foretold of them"),
    "no_models": N_("There was too little to learn from yet: nothing is foretold"),
}


def reason_text(column: str, value: float, language: str) -> str:
    """What moves a chance, in words. Money is not said: it would need the shop's currency, and says little here."""
    say = words(catalogue_language(language)).gettext
    if column == "visit_idle" and value >= NEVER:
        return say(NO_VISIT)
    return say(REASONS[column]) % {"value": _number(value), "percent": f"{100 * value:.0f}"}


def beside_text(figure: str, value: float, usual: float, language: str) -> str:
    """A figure beside that of the shop's middle customer, in words; money is not said."""
    say = words(catalogue_language(language)).gettext
    if figure == "order_value":
        return say(DEARER if value > usual else CHEAPER)
    return say(BESIDE[figure]) % {"value": _number(value), "usual": _number(usual)}


def plot_text(plot: PlotName, language: str) -> str:
    """What a plot beside the reliability of a card shows."""
    return words(catalogue_language(language)).gettext(PLOTS[plot])


def check_text(check: DataCheck, language: str) -> str:
    """What was needed and seen, in words."""
    say = words(catalogue_language(language)).gettext
    return say(CHECKS[check.code]) % {"seen": check.seen, "needed": check.needed}


def kind_text(kind: Kind, language: str) -> str:
    """What a model foretells."""
    return words(catalogue_language(language)).gettext(KIND_NAMES[kind])


def refusal_text(reason: Refusal, language: str) -> str:
    """Why a model was refused; empty for one that was not."""
    return words(catalogue_language(language)).gettext(REFUSALS[reason]) if reason else ""


def condition_text(condition: Condition, language: str) -> str:
    """Whom a group holds."""
    return words(catalogue_language(language)).gettext(CONDITIONS[condition])


def notice_text(notice: Notice, language: str) -> str:
    """What is to be said beside a prediction; empty for nothing."""
    return words(catalogue_language(language)).gettext(NOTICES[notice]) if notice else ""


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) or abs(value) >= 10 else f"{value:.1f}"
