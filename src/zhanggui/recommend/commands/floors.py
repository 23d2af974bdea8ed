"""A floor under a group's share of exposure, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json, Quiet
from zhanggui.kernel.terminal import Bars, actor, print_json, print_table
from zhanggui.recommend.service.aims.desk import AimDesk
from zhanggui.recommend.service.aims.floor_check import TO_LAST_DAY
from zhanggui.recommend.service.aims.floored import about
from zhanggui.recommend.service.aims.floors import WHY
from zhanggui.recommend.types.floors import ExposureFloor, FlooredBy, FloorReport, Measured, StandingFloor

BELOW = 3


class FloorRooms(Protocol):
    """What this command needs of an open shop."""

    @property
    def aim_desk(self) -> AimDesk:
        """What the shop aims at."""


OpenFloors = Callable[[str], AbstractContextManager[FloorRooms]]


def add_floor(app: App, open_room: OpenFloors) -> None:
    """`recommend aims floor` and `floors`."""
    _trying(app, open_room)
    _listing(app, open_room)


def _trying(app: App, open_room: OpenFloors) -> None:

    @app.command
    def floor(
        shop: str,
        share: float,
        *,
        by: FlooredBy = "new_sellers",
        name: str = "",
        places: int = 20,
        decide: bool = False,
        json: Json = False,
        quiet: Quiet = False,
    ) -> int:
        """Replay the last sessions with a floor under a group's share of exposure; exit code 3 when it does not hold.

        Args:
            shop: the shop's name.
            share: of the exposure, places weighted by position, such as 0.2.
            by: which groups there are.
            name: of the brand, seller or category.
            places: how long the lists are, up to 200.
            decide: set the rule that holds it, where the replay holds it; `recommend rules undo` takes it back.
        """
        wanted = ExposureFloor(by=by, name=name, share=share, places=places)
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            floors = rooms.aim_desk.floors
            if decide:
                found, made = floors.decide(wanted, actor(), bars.begin("replaying"))
                said = f"Rule {made.id} holds it. Take it back: zhanggui recommend rules undo {shop} {made.id}"
            else:
                found, said = (
                    floors.measure(wanted, bars.begin("replaying")),
                    "Nothing was set; --decide sets the rule.",
                )
        if json:
            print_json(found)
        else:
            _print(found, said)
        return 0 if found.verdict == "met" else BELOW


def _listing(app: App, open_room: OpenFloors) -> None:
    @app.command
    def floors(shop: str, *, json: Json = False) -> int:
        """Show the floors that stand, and what served lists gave since; exit code 3 when the last week is below one.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            rooms.aim_desk.watch.count()
            standing = rooms.aim_desk.floors.all()
        if json:
            print_json(standing)
        else:
            print_table(
                ("rule", "group", "floor", "week", "lists", "below", "share of exposure", "recall cost", ""),
                map(_row, standing),
            )
        return BELOW if any(one.served is not None and one.served.is_below for one in standing) else 0


def _row(one: StandingFloor) -> tuple[object, ...]:
    floor, cost = one.report.floor, _said(one.report.recall_cost)
    head = (one.rule.id, about(floor), f"{floor.share:.1%}")
    if one.served is None or not one.served.weeks:
        return *head, "", "", "", "not counted yet" if one.rule.is_on else "switched off", cost, ""
    last = one.served.weeks[-1]
    until = date.fromisoformat(last.since) + TO_LAST_DAY
    told = "BELOW" if one.served.is_below else "" if one.served.last_week else "not the last week"
    return *head, f"{last.since} to {until}", last.lists, last.below, _said(last.share), cost, told


def _print(found: FloorReport, said: str) -> None:
    print_table(
        ("figure", "without", "with the floor, or cost"),
        (
            ("share of exposure", _said(found.before), _said(found.after)),
            (f"recall@{found.floor.places}", _said(found.recall), _said(found.recall_cost)),
            (f"NDCG@{found.floor.places}", _said(found.ndcg), _said(found.ndcg_cost)),
        ),
    )
    rule = found.rule
    print(f"Rule: {rule.kind.value} {rule.target} {rule.value:.4f}, {found.needed} of {found.floor.places} places.")
    print(f"{found.lists} lists replayed, {found.below} below the floor; {found.candidates} goods of the group.")
    print(f"Floor {found.floor.share:.1%}: {WHY[found.verdict]}. {said}")


def _said(figure: Measured) -> str:
    return f"{figure.value:.4f} ({figure.low:.4f} to {figure.high:.4f})"
