"""How customers stay, on the command line."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter, validators

from zhanggui.audience.service.segments.journeys import MOST_MONTHS
from zhanggui.audience.types.journeys import Cohort
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_table

from .profiles import OpenAudience

Months = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=MOST_MONTHS))]


def add_journey_commands(app: App, open_room: OpenAudience) -> None:
    """`audience cohorts` and `flow`."""

    @app.command
    def cohorts(shop: str, *, months: Months = 12, json: Json = False) -> None:
        """Show by month of the first purchase how many bought again in each month since.

        Args:
            shop: the shop's name.
            months: how many cohorts.
        """
        with open_room(shop) as rooms:
            journeys = rooms.audience.journeys
            found = journeys.cohorts(months)
        if json:
            print_json(found)
            return
        columns = ("first bought in", "customers", *(f"+{n}" for n in range(1, months)))
        print_table(columns, (_row(one, journeys.floor) for one in found))

    @app.command
    def flow(shop: str, *, json: Json = False) -> None:
        """Show from which stage to which customers moved in the month before this.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            journeys = rooms.audience.journeys
            found = journeys.flow()
        if json:
            print_json(found)
            return
        rows = (
            (move.before or "no customer yet", move.after, _people(move.people, journeys.floor)) for move in found.moves
        )
        print_table(("from", "to", "customers"), rows, title=f"{found.since} to {found.until}")


def _row(cohort: Cohort, floor: int) -> list[str]:
    people = cohort.people
    shares = ["<" if kept is None or not people else f"{kept / people:.0%}" for kept in cohort.kept[1:]]
    return [cohort.month, _people(people, floor), *shares]


def _people(people: int | None, floor: int) -> str:
    return f"fewer than {floor}" if people is None else str(people)
