"""Figures for analysts on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from cyclopts import App

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.service.figures import AnalystFigures, FiguresAcross
from zhanggui.trust.types.figures import (
    ANALYSTS,
    AskAcross,
    AskFigures,
    BudgetState,
    CellOf,
    Cut,
    Measure,
    ReleasedAcross,
    ReleasedFigures,
    SharedCut,
    SharedMeasure,
)


class FigureRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def analyst_figures(self) -> AnalystFigures:
        """The figures and their budget."""


OpenFigures = Callable[[str], AbstractContextManager[FigureRooms]]


OpenAcross = Callable[[], AbstractContextManager[FiguresAcross]]


def figures_commands(open_room: OpenFigures, open_across: OpenAcross) -> App:
    """`figures release`, `across`, `budget` and `grant`."""
    app = App(name="figures", help="Figures for analysts that tell nothing of one person.")
    _release_command(app, open_room)
    _across_command(app, open_across)
    _budget_commands(app, open_room)
    return app


def _release_command(app: App, open_room: OpenFigures) -> None:
    @app.command
    def release(
        shop: str,
        *,
        measure: Measure = "orders",
        by: Cut = "none",
        group: str = "",
        days: Literal[7, 28, 90, 365] = 28,
        epsilon: float = 0.5,
        audience: str = ANALYSTS,
        json: Json = False,
    ) -> None:
        """Release counts, sums or top products; the cost is taken off the audience's budget.

        Args:
            shop: the shop's name.
            measure: orders, buyers, sales or top_products.
            by: none, category, gender, age, region, tenure or segment.
            group: only people of one group, as gender=female or segment=NAME.
            days: of the last so many days.
            epsilon: how much of the budget to spend: more is less noise.
            audience: whose budget pays.
        """
        with open_room(shop) as rooms:
            ask = AskFigures(measure=measure, by=by, group=group, days=days, epsilon=epsilon)
            found = rooms.analyst_figures.release(audience, ask)
        if json:
            print_json(found)
            return
        _print_rows(found)
        print(_meaning(found))
        _print_state(found.budget)


def _across_command(app: App, open_across: OpenAcross) -> None:
    @app.command
    def across(
        *shops: str,
        measure: SharedMeasure = "orders",
        by: SharedCut = "none",
        days: Literal[7, 28, 90, 365] = 28,
        epsilon: float = 0.5,
        audience: str = ANALYSTS,
        json: Json = False,
    ) -> None:
        """Release counts or sums over several shops; the cost is taken off the audience's budget in each of them.

        Args:
            shops: which shops; all that take part where none is named.
            measure: orders, buyers or sales.
            by: none, shop, gender, age, region or tenure.
            days: of the last so many days.
            epsilon: how much of each shop's budget to spend: more is less noise.
            audience: whose budget pays.
        """
        ask = AskAcross(measure=measure, by=by, shops=shops, days=days, epsilon=epsilon)
        with open_across() as figures:
            found = figures.release(audience, ask, lambda _shop: True)
        if json:
            print_json(found)
            return
        _print_rows(found)
        print(f"Of the shops {', '.join(found.shops)}.")
        print(_meaning(found))
        for one in found.budgets:
            _print_state(one.budget, f"{one.shop}, ")


def _budget_commands(app: App, open_room: OpenFigures) -> None:
    @app.command
    def budget(shop: str, *, audience: str = ANALYSTS, json: Json = False) -> None:
        """Show what is left of an audience's budget."""
        with open_room(shop) as rooms:
            state = rooms.analyst_figures.budget.state(audience)
        if json:
            print_json(state)
        else:
            _print_state(state)

    @app.command
    def grant(shop: str, epsilon: float, *, audience: str = ANALYSTS) -> None:
        """Grant an audience a new budget; what it spent before no longer counts. The ledger keeps who did it."""
        with open_room(shop) as rooms:
            _print_state(rooms.analyst_figures.budget.grant(audience, epsilon, actor()))


def _print_rows(found: ReleasedFigures | ReleasedAcross) -> None:
    told = [
        (_shown(row.group, row.group_of), _shown(row.label, row.of), "withheld" if row.value is None else row.value)
        for row in found.rows
    ]
    if any(group for group, _, _ in told):
        print_table(("of", "", "figure"), told)
    else:
        print_table(("", "figure"), (row[1:] for row in told))
    if isinstance(found, ReleasedFigures) and found.least:
        print(f"Products below {found.least} are not named: noise alone gets there in one of 20 answers.")


def _shown(label: str, of: CellOf) -> str:
    """In brackets what is no name: a shop or a segment may be called "all" or "other"."""
    return label if of == "named" else f"({label})"


def _meaning(found: ReleasedFigures | ReleasedAcross) -> str:
    if found.method == "k_floor":
        return (
            f"Groups of fewer than {found.floor} people are withheld, figures are rounded to tens."
            " For noise and a budget: pip install 'zhanggui[privacy]'."
        )
    return (
        f"Epsilon {found.epsilon:g}: in 95 of 100 cases a figure lies within {found.margin:g} of the truth, of which at"
        f" most {found.most_per_person} purchases of a person count."
        " Whether any one person is among them cannot be told."
    )


def _print_state(state: BudgetState, where: str = "") -> None:
    print(f"{where}{state.audience}: {state.left:g} of epsilon {state.granted:g} left after {state.releases} releases.")
