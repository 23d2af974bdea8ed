"""How large a segment was day by day, as a table: days that may be told, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhanggui.app.web.listed import Field, Listed, figure
from zhanggui.app.web.tables import Column
from zhanggui.audience.types.segments import DaySize
from zhanggui.kernel.words import N_

from .shell import Console


def size_table(console: Console, path: str, sizes: Sequence[DaySize]) -> Listed[DaySize]:
    """The table; `path` is that of the segment's page."""
    say, f = console.view._, console.view.formats
    fields: tuple[Field[DaySize], ...] = (
        Field(Column("day", say(N_("Day"))), lambda one: one.day, lambda one: f.day(date.fromisoformat(one.day))),
        figure("customers", say(N_("Customers")), lambda one: one.people, lambda one: f.number(one.people)),
    )
    return console.table(path, "day-").listed(
        [one for one in reversed(sizes) if one.people is not None],
        fields,
        title=say(N_("Day by day")),
        search=say(N_("Find a day")),
        nothing=say(N_("It is counted once a day; the line stands from the second day on.")),
        file=f"{console.base}{path}/days.csv",
    )
