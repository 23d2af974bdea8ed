"""Rules of recommendations on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Protocol

import msgspec
from cyclopts import App, Parameter

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_json_lines, print_table
from zhanggui.recommend.service.rules.keeping import Rules
from zhanggui.recommend.service.rules.trials import RuleTrials
from zhanggui.recommend.types.lists import RankedProduct
from zhanggui.recommend.types.rules import CapBy, PutRule, Rule, RuleKind, RulePreview, TryRule

from .list_printing import Places


class RuleRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def rule_trials(self) -> RuleTrials:
        """The rules."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Trial:
    """Whose list is shown without and with a rule.

    Attributes:
        dry_run: only show a shopper's list without and with it.
        visitor: of --dry-run, the id of a browser.
        customer: of --dry-run, the id of a customer.
        k: of --dry-run, places of the list.
    """

    dry_run: bool = False
    visitor: str | None = None
    customer: str | None = None
    k: Places = 10

    def of(self, rule: PutRule) -> TryRule:
        """The trial of a rule, where it would hold."""
        return TryRule(
            rule=rule, customer_id=self.customer, visitor_id=self.visitor, k=self.k, surface=rule.surface or "home"
        )


NO_TRIAL = Trial()
OpenRules = Callable[[str], AbstractContextManager[RuleRooms]]


def rule_commands(open_room: OpenRules) -> App:
    """`recommend rules list`, `add`, `on`, `off`, `remove` and `undo`."""
    app = App(name="rules", help="What the merchant pins, lifts, caps, promotes and leaves out.")
    _listing(app, open_room)
    _adding(app, open_room)
    _switching(app, open_room)
    _ending(app, open_room)
    return app


def _listing(app: App, open_room: OpenRules) -> None:
    @app.command(name="list")
    def list_(shop: str, *, json: Json = False) -> None:
        """List the rules, the oldest first.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            rules = rooms.rule_trials.rules.all()
        if json:
            print_json_lines(rules)
            return
        print_table(("rule", "kind", "value", "target", "surface", "on"), map(_row, rules))


def _row(rule: Rule) -> tuple[str, ...]:
    counted = f"by {rule.by} {rule.target}" if rule.by else rule.target
    return rule.id, rule.kind.value, f"{rule.value:g}", counted, rule.surface, "on" if rule.is_on else ""


def _adding(app: App, open_room: OpenRules) -> None:
    @app.command
    def add(
        shop: str,
        kind: RuleKind,
        target: str = "",
        *,
        value: float = 0.0,
        by: CapBy = "",
        surface: str = "",
        name: str = "",
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        trial: Trial = NO_TRIAL,
    ) -> None:
        """Make a rule, or with --dry-run show what it would do.

        Args:
            shop: the shop's name.
            kind: what it does.
            target: a filter that says which products, such as 'brand = "Nike" and price_minor < 20000'.
            value: a place, a share or a number, as the kind wants it.
            by: what a cap counts by.
            surface: where it holds; everywhere where nothing is said.
            name: in your own words.
            starts_at: from when it holds.
            ends_at: until before when.
        """
        wanted = PutRule(
            kind=kind,
            name=name,
            target=target,
            surface=surface,
            by=by,
            value=value,
            starts_at=None if starts_at is None else starts_at.astimezone(),
            ends_at=None if ends_at is None else ends_at.astimezone(),
        )
        with open_room(shop) as rooms:
            _try_or_make(rooms.rule_trials, wanted, trial)


def _try_or_make(rules: RuleTrials, wanted: PutRule, trial: Trial) -> None:
    if trial.dry_run:
        _print_preview(rules.preview(trial.of(wanted)))
    else:
        print_json(rules.rules.create(wanted, actor()))


def _switching(app: App, open_room: OpenRules) -> None:
    @app.command
    def on(shop: str, rule: str) -> None:
        """Let a rule act.

        Args:
            shop: the shop's name.
            rule: its id.
        """
        with open_room(shop) as rooms:
            print_json(_switched(rooms.rule_trials.rules, rule, is_on=True))

    @app.command
    def off(shop: str, rule: str) -> None:
        """Keep a rule, and let it not act.

        Args:
            shop: the shop's name.
            rule: its id.
        """
        with open_room(shop) as rooms:
            print_json(_switched(rooms.rule_trials.rules, rule, is_on=False))


def _ending(app: App, open_room: OpenRules) -> None:
    @app.command
    def remove(shop: str, rule: str) -> None:
        """Take a rule away; `undo` brings it back.

        Args:
            shop: the shop's name.
            rule: its id.
        """
        with open_room(shop) as rooms:
            print_json(rooms.rule_trials.rules.remove(rule, actor()))

    @app.command
    def undo(shop: str, rule: str) -> None:
        """Take the last act about a rule back.

        Args:
            shop: the shop's name.
            rule: its id.
        """
        with open_room(shop) as rooms:
            print_json(rooms.rule_trials.rules.undo(rule, actor()))


def as_put(rule: Rule) -> PutRule:
    """A rule as it was asked for."""
    fields = {name: getattr(rule, name) for name in PutRule.__struct_fields__}
    return PutRule(**fields)


def _switched(rules: Rules, rule_id: str, *, is_on: bool) -> Rule:
    return rules.change(rule_id, msgspec.structs.replace(as_put(rules.get(rule_id)), is_on=is_on), actor())


def _print_preview(seen: RulePreview) -> None:
    rows = (
        (place, "" if was is None else was.product_id, *_placed(after))
        for place, (was, after) in enumerate(zip_longest(seen.before, seen.after), start=1)
    )
    print_table(("", "now", "with the rule", "ranked at", "moved by"), rows)
    print(f"It is about {seen.products} products.")


def _placed(after: RankedProduct | None) -> tuple[object, ...]:
    return () if after is None else (after.product_id, after.ranked_at or "", after.moved_by)
