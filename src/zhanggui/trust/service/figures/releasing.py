"""Releases figures about many people, so that nothing is learned of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from zhanggui.kernel.clock import Clock
from zhanggui.trust.engines.figures import noise
from zhanggui.trust.engines.figures.bounding import counted, people, summed
from zhanggui.trust.engines.figures.standing_out import least_told, top_of_each
from zhanggui.trust.types.figures import (
    AskFigures,
    BudgetState,
    FigureLimits,
    FigureRow,
    Longs,
    Purchases,
    ReleasedFigures,
)

from .budget import PrivacyBudget
from .cells import Cells, Table
from .hiding import Counted, hidden, rows_of

TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalystFigures:
    """Counts, sums and rankings for analysts.

    Args:
        purchases: those since a moment, of people who allow analytics.
        cells: divides them, for the same people.
        is_noisy: whether the library for noise is there; without it the floor holds.
    """

    clock: Clock
    budget: PrivacyBudget
    limits: FigureLimits
    purchases: Callable[[datetime], Purchases]
    cells: Cells
    is_noisy: Callable[[], bool] = noise.has_library

    def release(self, audience: str, ask: AskFigures) -> ReleasedFigures:
        """Answer a question; its cost is taken off the audience's budget before anything is computed.

        Raises:
            BudgetSpent: it costs more than is left.
            TooManyFigures: it has more cells than noise is made for; it costs nothing.
        """
        self.cells.require_few(ask)
        is_noisy = self.is_noisy()
        state = self.budget.spend(audience, ask) if is_noisy else self.budget.state(audience)
        return self._answer(ask, state, is_noisy=is_noisy)

    def preview(self, ask: AskFigures) -> ReleasedFigures:
        """What an analyst would get, for the attack that tests it; nobody is told, so nobody's budget pays."""
        return self._answer(ask, self.budget.state("nobody"), is_noisy=self.is_noisy())

    def _answer(self, ask: AskFigures, state: BudgetState, *, is_noisy: bool) -> ReleasedFigures:
        told = self.counted(ask)
        hid = hidden(told, ask.epsilon, self.limits.floor, is_noisy=is_noisy)
        least = least_told(hid.scale, len(hid.values)) if ask.measure == "top_products" else 0
        rows = rows_of(told.names, hid.values)
        return ReleasedFigures(
            method=hid.method,
            rows=_ranked(rows, least) if ask.measure == "top_products" else rows,
            epsilon=hid.epsilon,
            scale=round(hid.scale, 2),
            margin=round(hid.margin, 2),
            most_per_person=told.most_per_person,
            most_minor=self.limits.most_minor,
            floor=hid.floor,
            budget=state,
            least=least,
        )

    def counted(self, ask: AskFigures) -> Counted:
        """The bounded figures as they are, for whoever hides people in them; never told to anybody."""
        purchases = self.purchases(self.clock() - timedelta(days=ask.days))
        table = self.cells.table(self.cells.of_group(purchases, ask.group), ask)
        cells = len(table.names)
        behind = people(table.bought.person, table.cell, cells, cells)
        return Counted(table.names, *self._exact(table, ask), behind, self._most_per_person(ask))

    def _exact(self, table: Table, ask: AskFigures) -> tuple[Longs, int]:
        """Bounded figures, and the most that one person changes in them."""
        most, cells, (_, bought, cell) = self._most_per_person(ask), len(table.names), table
        match ask.measure:
            case "buyers":
                return people(bought.person, cell, cells, most), most
            case "sales":
                worth = summed(bought.person, cell, bought.minor, cells, most, self.limits.most_minor)
                return worth, most * self.limits.most_minor
            case "orders" | "top_products":
                return counted(bought.person, cell, cells, most), most
            case never:
                assert_never(never)

    def _most_per_person(self, ask: AskFigures) -> int:
        """How often one person counts in a table; a buyer is counted once, unless cut by categories or segments."""
        is_in_one_cell = ask.measure == "buyers" and ask.by not in ("category", "segment")
        return 1 if is_in_one_cell else self.limits.most_per_person


def _ranked(rows: Sequence[FigureRow], least: int) -> tuple[FigureRow, ...]:
    return top_of_each([row for row in rows if row.of == "named"], least, TOP)
