"""What a shop aims at, on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import msgspec
from cyclopts import App, Parameter

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.jobs import JobState
from zhanggui.kernel.options import Json, Quiet
from zhanggui.kernel.terminal import Bars, actor, print_json, print_table
from zhanggui.recommend.errors import BadObjectives
from zhanggui.recommend.jobs.aims import measuring_of
from zhanggui.recommend.service.aims.desk import AimDesk
from zhanggui.recommend.types.aims import EventWeights, Objectives
from zhanggui.recommend.types.watching import Estimate, ExposureDay, ExposureReport, Measuring, TradeOff

from .floors import add_floor


class AimRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def aim_desk(self) -> AimDesk:
        """What the shop aims at."""


OpenAims = Callable[[str], AbstractContextManager[AimRooms]]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to change; what is not named stays.

    Attributes:
        variety: the slider, from 0 for fit alone to 1 for as varied as the rules allow.
        margin: how much a product's margin counts, from 0 to 1.
        long_term: how much it counts that buyers of a product came back, from 0 to 1.
        click: what a product that was looked at next counts for when the blend is learned.
        cart: the same of one that was put in the cart.
        purchase: the same of one that was bought.
        event: weights of acts, such as --event view=0.3 --event cart=0.8.
    """

    variety: float | None = None
    margin: float | None = None
    long_term: float | None = None
    click: float | None = None
    cart: float | None = None
    purchase: float | None = None
    event: tuple[str, ...] = ()

    def over(self, now: Objectives) -> Objectives:
        """The objectives with these in place of their own.

        Raises:
            BadObjectives: an act that there is not, or a weight that is no number.
        """
        names = ("variety", "margin", "long_term", "click", "cart", "purchase")
        named = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        events = msgspec.structs.replace(now.events, **dict(map(_weight, self.event)))
        return msgspec.structs.replace(now, events=events, **named)


UNCHANGED = Wanted()


def _weight(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    known = EventWeights.__struct_fields__
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if name not in known or number < 0:
        raise BadObjectives(f"{text!r} is no weight of an act.", hint=f"Write ACT=NUMBER; acts are {', '.join(known)}.")
    return name, number


def aim_commands(open_room: OpenAims) -> App:
    """`recommend aims show`, `set`, `undo`, `cost`, `exposure` and `floor`."""
    app = App(name="aims", help="What the lists are for: weights of acts, margin, and the slider to variety.")
    _setting(app, open_room)
    _looking(app, open_room)
    add_floor(app, open_room)
    return app


def _setting(app: App, open_room: OpenAims) -> None:
    @app.command
    def show(shop: str, *, json: Json = False) -> None:
        """Show what the shop aims at.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            _print_objectives(rooms.aim_desk.aims.get(), json=json)

    @app.command(name="set")
    def set_(shop: str, *, wanted: Wanted = UNCHANGED, json: Json = False) -> None:
        """Aim at something else; it acts in the very next answer, and what is learned from the next training on.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            aims = rooms.aim_desk.aims
            _print_objectives(aims.set(wanted.over(aims.get()), actor()), json=json)

    @app.command
    def undo(shop: str, *, json: Json = False) -> None:
        """Take the last change back.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            _print_objectives(rooms.aim_desk.aims.undo(actor()), json=json)


def _looking(app: App, open_room: OpenAims) -> None:
    @app.command
    def cost(shop: str, *, measure: bool = False, json: Json = False, quiet: Quiet = False) -> None:
        """Show what the slider costs and brings, as measured on the last sessions.

        Args:
            shop: the shop's name.
            measure: measure anew now.
        """
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            held = rooms.aim_desk.trade_offs
            if measure:
                found: TradeOff | None = held.measure(bars.begin("measuring"))
            else:
                found = held.latest()
            why = _why_not(measuring_of(held.serving.db))
        if json:
            print_json(found)
        elif found is None:
            print(f"Nothing is measured yet{why}. Measure it: zhanggui recommend aims cost {shop} --measure")
        else:
            _print_trade_off(found)

    @app.command
    def exposure(shop: str, *, json: Json = False) -> None:
        """Show what served lists of the last 35 days showed, and how narrow people's lists are.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            report = rooms.aim_desk.watch.report()
        if json:
            print_json(report)
        else:
            _print_exposure(report)


STANDS: Mapping[JobState, str] = {
    JobState.WAITING: "a measurement waits for its turn",
    JobState.RUNNING: "a measurement runs",
    JobState.DEAD: "the last measurement failed",
    JobState.CANCELLED: "the last measurement was called off",
}


def _why_not(last: Measuring | None) -> str:
    """Why there are no figures: one measures, or came to nothing."""
    if last is None or last.state is JobState.DONE:
        return ""
    return f", for {last.error[:1].lower()}{last.error[1:].rstrip('.')}" if last.error else f"; {STANDS[last.state]}"


def _print_objectives(aims: Objectives, *, json: bool) -> None:
    if json:
        print_json(aims)
        return
    names = ("variety", "margin", "long_term", "click", "cart", "purchase")
    rows = [(name, f"{getattr(aims, name):g}") for name in names]
    rows += [(f"event {name}", f"{getattr(aims.events, name):g}") for name in EventWeights.__struct_fields__]
    print_table(("objective", "value"), rows)


def _print_trade_off(found: TradeOff) -> None:
    print_table(
        ("slider", "recall@20", "margin a list", "entropy (bits)", "new sellers", "catalogue shown"),
        (
            (f"{row.position:g}", *map(_said, (row.recall, row.margin, row.entropy, row.new_sellers, row.coverage)))
            for row in found.rows
        ),
    )
    print(
        f"{found.occasions} sessions, measured {from_ms(found.at_ms):%Y-%m-%d %H:%M} UTC; in brackets 95 % intervals."
    )


def _said(figure: Estimate | None) -> str:
    return "" if figure is None else f"{figure.value:g} ({figure.low:g} to {figure.high:g})"


def _print_exposure(report: ExposureReport) -> None:
    columns = ("day", "lists", "entropy (bits)", "novelty (bits)", "new sellers", "Gini", "catalogue shown")
    print_table(columns, map(_day, report.days))
    bubbles = (
        (f"{one.low:.1f} to {one.high:.1f}", "fewer than 5" if one.people is None else one.people)
        for one in report.bubbles
    )
    print_table(("bubble", "people"), bubbles)
    print(f"{report.people} people counted; {report.uncounted} lists are of people who may not be counted.")


def _day(day: ExposureDay) -> tuple[object, ...]:
    shares = (f"{day.new_sellers:.1%}", f"{day.gini:.2f}", f"{day.shown:.1%}")
    return day.day, day.lists, f"{day.entropy:.2f}", f"{day.novelty:.2f}", *shares
