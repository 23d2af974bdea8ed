"""The table of rules: what a rule does in words, how it stands, and the rules that fit a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhanggui.app.web.tables import Column, TableAsk
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.rules import Rule

from .shell import Console

KINDS: Mapping[str, tuple[str, str]] = {
    "filter": (N_("Only these"), N_("takes no value")),
    "pin": (N_("Pin"), N_("the place, from 1")),
    "boost": (N_("Lift"), N_("how far: 1 lifts the last of a list to the first")),
    "bury": (N_("Sink"), N_("how far: 1 takes the first of a list below the last")),
    "cap": (N_("At most"), N_("how many come in one list")),
    "promote": (N_("Promote"), N_("share of the places: 0.2 is every fifth")),
    "variety": (N_("Variety"), N_("0 to 1: how much likeness costs")),
    "taste": (N_("Follow tastes"), N_("0 to 1: how closely categories follow the shopper's own")),
    "explore": (N_("Other categories"), N_("share of the places, more for a narrow taste")),
    "fair": (N_("New sellers"), N_("share of the places for sellers who came within 90 days")),
    "mix": (N_("Mix in articles, videos, live"), N_("share of the places at most; 0 for none")),
    "rest": (N_("Let rest"), N_("after how many times shown and not heeded, within 7 days")),
}
"""Kind → its word, and what its value says."""
MOVED: Mapping[str, str] = {**{kind: words[0] for kind, words in KINDS.items()}, "newcomer": N_("A newcomer's place")}
BY: Mapping[str, str] = {
    "": N_("all together"),
    "brand": N_("brand"),
    "category": N_("category"),
    "seller": N_("seller"),
}
SURFACES: Mapping[str, str] = {
    "": N_("everywhere"),
    "home": N_("Home page"),
    "product": N_("Product page"),
    "cart": N_("Cart"),
    "buy_again": N_("Buy again"),
    "popular": N_("Popular"),
    "similar": N_("Similar products"),
    "basket": N_("Basket"),
    "email": N_("By e-mail"),
    "sms": N_("By text message"),
    "wechat": N_("By WeChat"),
    "push": N_("App notification"),
    "popup": N_("Pop-up"),
}


def standing_of(console: Console) -> Callable[[Rule], tuple[str, str]]:
    """Says how a rule stands: its word and its tone."""
    say, now = console.view._, console.view.formats.now

    def standing(rule: Rule) -> tuple[str, str]:
        if not rule.is_on:
            return say(N_("Off")), ""
        if rule.starts_at is not None and now < rule.starts_at:
            return say(N_("Begins later")), "info"
        if rule.ends_at is not None and now >= rule.ends_at:
            return say(N_("Over")), "warn"
        return say(N_("Acts")), "ok"

    return standing


def listed_rules(console: Console) -> tuple[TableAsk, list[Rule]]:
    """What is asked for, and the rules that fit."""
    standing, say = standing_of(console), console.view._
    sorts: Mapping[str, Callable[[Rule], Any]] = {
        "name": lambda one: (one.name or say(KINDS[one.kind.value][0])).casefold(),
        "kind": lambda one: say(KINDS[one.kind.value][0]),
        "surface": lambda one: one.surface,
        "standing": lambda one: standing(one)[0],
    }
    ask = TableAsk.of(console.view.query, sorts=sorts, path=f"{console.base}/rules")
    held = console.rooms.rule_trials.rules.all()
    return ask, ask.arranged(held, sorts, lambda one: (one.name, one.target, say(KINDS[one.kind.value][0])))


def rule_columns(console: Console) -> tuple[Column, ...]:
    """The heads of the table."""
    say = console.view._
    return (
        Column("name", say(N_("Rule"))),
        Column("kind", say(N_("What it does")), is_wide=True),
        Column("surface", say(N_("Where")), is_wide=True),
        Column("standing", say(N_("State"))),
    )
