"""Segments in a reader's language: what rules may ask, and the first ones that a shop may want."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.audience.errors import BadSegmentRule
from zhanggui.kernel.words import N_, catalogue_language, words

FIELD_WORDS: Mapping[str, str] = {
    "stage": N_("where they stand: new, active, loyal, at_risk, dormant, lost"),
    "orders": N_("orders so far"),
    "spent_minor": N_("what they spent, in the smallest unit"),
    "last_order_days": N_("days since the last order"),
    "recency": N_("how lately, in fifths of the shop: 5 is latest"),
    "frequency": N_("how often, in fifths: 5 is most often"),
    "money": N_("how much, in fifths: 5 is most"),
    "buys_30": N_("chance of a purchase within 30 days"),
    "lost_90": N_("chance of none within 90 days"),
    "tag": N_("a tag of how they shop"),
    "likes": N_("an interest, with its strength"),
    "channel": N_("how they usually come"),
    "language": N_("in which language they are spoken to"),
}
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
