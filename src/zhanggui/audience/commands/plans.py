"""Plans per tier on the command line."""

from __future__ import annotations

from cyclopts import App

from zhanggui.audience.types.plans import Tier, TierPlan
from zhanggui.audience.words.plans import tier_name
from zhanggui.kernel.options import Json, Shown
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust import Author

from .profiles import OpenAudience


def add_plan_commands(app: App, open_room: OpenAudience) -> None:
    """`audience plans list`, `propose`, `people` and `day`."""
    plans = App(name="plans", help="A plan for each tier of customers; nothing happens before one was approved.")
    app.command(plans)
    _listing(plans, open_room)
    _acting(plans, open_room)


def _listing(app: App, open_room: OpenAudience) -> None:
    @app.command(name="list")
    def all_(shop: str, *, language: Shown = "zh", json: Json = False) -> None:
        """Show the tiers: how many may be written to, what runs, what the last plan brought.

        Args:
            shop: the shop's name.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            found = rooms.audience.plans.all()
        if json:
            print_json(found)
            return
        print_table(
            ("tier", "", "may be reached", "runs until", "brought last"), (_row(one, language) for one in found)
        )

    @app.command
    def people(shop: str, tier: Tier, batch: int, *, limit: int = 200) -> None:
        """Show whom a batch of the plan that runs reaches at this moment, an id a line.

        Args:
            shop: the shop's name.
            tier: acquire, retain, convert or win_back.
            batch: its number.
            limit: at most so many.
        """
        with open_room(shop) as rooms:
            page = rooms.audience.plans.people(tier, batch, limit=limit)
        for one in page.items:
            print(one.customer_id)


def _acting(app: App, open_room: OpenAudience) -> None:
    @app.command
    def propose(shop: str, tier: Tier) -> None:
        """Propose a plan for a tier from how it looks now; prints the proposal's id, to be decided like any other.

        Args:
            shop: the shop's name.
            tier: acquire, retain, convert or win_back.
        """
        with open_room(shop) as rooms:
            print(rooms.audience.plans.propose(tier).id)

    @app.command
    def stop(shop: str, tier: Tier) -> None:
        """Propose that the plan of a tier runs no longer; prints the proposal's id, to be decided like any other.

        Args:
            shop: the shop's name.
            tier: acquire, retain, convert or win_back.
        """
        with open_room(shop) as rooms:
            print(rooms.audience.plans.propose_stop(tier, Author(name=actor())).id)

    @app.command
    def day(shop: str, *, json: Json = False) -> None:
        """Do the day's work on plans now: judge what is over, take people in, let plans compete for the inbox.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            done = rooms.audience.plans.run_day()
        if json:
            print_json(done)
            return
        print(f"{done.reached} people taken in, {len(done.judged)} plans judged, {done.bids} plans compete.")


def _row(one: TierPlan, language: str) -> tuple[str, ...]:
    ends = "" if one.ends_at is None else one.ends_at.date().isoformat()
    return one.tier, tier_name(one.tier, language), _reach(one), ends, _brought(one)


def _reach(one: TierPlan) -> str:
    told = [f"{channel} {people}" for channel, people in one.reach.items() if people is not None]
    return ", ".join(told) or "fewer than the floor"


def _brought(one: TierPlan) -> str:
    last = next(iter(one.results), None)
    if last is None:
        return ""
    if last.ended != "judged":
        return f"{last.ended} before its day: not judged"
    if last.reached is None:
        return "too few to tell"
    return f"{last.gain:+.1%} buyers ({last.low:+.1%} to {last.high:+.1%})"
