"""Segments in a reader's language: what rules may ask, and the first ones that a shop may want."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.audience.errors import BadSegmentRule
from zhanggui.kernel.words import N_, catalogue_language, words

FIELD_WORDS: Mapping[str, str] = {
    "stage": N_("Stage"),
    "orders": N_("Orders so far"),
    "spent_minor": N_("Spent here so far"),
    "idle_days": N_("Since the last order, or else the last visit"),
    "last_order_days": N_("Since the last order"),
    "recency": N_("How lately they bought, in fifths of the shop: 5 is latest"),
    "frequency": N_("How often they buy, in fifths: 5 is most often"),
    "money": N_("How much they spend, in fifths: 5 is most"),
    "buys_7": N_("Chance of a purchase within 7 days"),
    "buys_30": N_("Chance of a purchase within 30 days"),
    "lost_90": N_("Chance of none within 90 days"),
    "tag": N_("A tag of how they shop"),
    "likes": N_("An interest, with its strength"),
    "channel": N_("How they usually come"),
    "language": N_("In which language they are spoken to"),
}
"""What each field is called, in the order in which people ask."""
UNITS: Mapping[str, str] = {
    "orders": N_("orders"),
    "spent_minor": N_("smallest units of money"),
    "idle_days": N_("days"),
    "last_order_days": N_("days"),
    "recency": N_("of 5"),
    "frequency": N_("of 5"),
    "money": N_("of 5"),
    "buys_7": "%",
    "buys_30": "%",
    "lost_90": "%",
    "likes": "%",
}
"""What figures are counted in where a rule is written as code."""
TIERS: Mapping[str, tuple[str, str]] = {
    "acquire": (N_("Bought once, lately"), "stage = new and orders = 1"),
    "retain": (N_("Loyal customers"), "stage = loyal"),
    "convert": (N_("Look, and have not bought"), "orders = 0 and idle_days <= 14"),
    "win_back": (N_("Silent for longer than usual"), "stage in (at_risk, dormant)"),
}
"""A first segment for each tier (拉新, 留存, 转化, 唤醒)."""


def rule_problem(error: BadSegmentRule, language: str) -> str:
    """What is wrong with a rule and what to do, in the reader's language."""
    spoken = catalogue_language(language)
    said = words(spoken).gettext
    between = "" if spoken == "zh" else " "
    return f"{said(error.sentence) % error.values}{between}{said(error.cure) % error.values}"
