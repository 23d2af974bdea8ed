"""Releases figures about many people, so that nothing is learned of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

import numpy as np

from zhanggui.kernel.clock import Clock
from zhanggui.trust.engines.figures import noise
from zhanggui.trust.engines.figures.bounding import counted, people, summed
from zhanggui.trust.engines.figures.floor import floored
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

TOP = 10
OTHER = "other"
Labels = Mapping[str, Mapping[int, str]]
"""Kind of group → person → label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The cells of a table, which must not depend on anybody's rows: names, and which product falls into which."""

    labels: tuple[str, ...]
    of_product: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalystFigures:
    """Counts, sums and rankings for analysts.

    Args:
        purchases: those since a moment, of people who allow analytics.
        groups: labels of the same people.
        group_labels: every label that a kind of group can have.
        goods: (categories, products) as cells.
        is_noisy: whether the library for noise is there; without it the floor holds.
    """

    clock: Clock
    budget: PrivacyBudget
    limits: FigureLimits
    purchases: Callable[[datetime], Purchases]
    groups: Callable[[], Labels]
    group_labels: Callable[[str], Sequence[str]]
    goods: Callable[[], tuple[Domain, Domain]]
    is_noisy: Callable[[], bool] = noise.has_library

    def release(self, audience: str, ask: AskFigures) -> ReleasedFigures:
        """Answer a question; its cost is taken off the audience's budget before anything is computed.

        Raises:
            BudgetSpent: it costs more than is left.
        """
        is_noisy = self.is_noisy()
        state = self.budget.spend(audience, ask) if is_noisy else self.budget.state(audience)
        return self._answer(ask, state, is_noisy=is_noisy)

    def preview(self, ask: AskFigures) -> ReleasedFigures:
        """What an analyst would get, for the attack that tests it; nobody is told, so nobody's budget pays."""
        return self._answer(ask, self.budget.state("nobody"), is_noisy=self.is_noisy())

    def _answer(self, ask: AskFigures, state: BudgetState, *, is_noisy: bool) -> ReleasedFigures:
        bought = self._of_group(self.purchases(self.clock() - timedelta(days=ask.days)), ask.group)
        labels, cell = self._cells(bought, ask)
        exact, sensitivity = self._exact(bought, cell, len(labels), ask)
        values: list[int | None]
        if is_noisy:
            values = [max(value, 0) for value in noise.noisy(exact, sensitivity, ask.epsilon)]
        else:
            values = floored(exact, people(bought.person, cell, len(labels), len(labels)), self.limits.floor)
        scale = noise.scale_of(sensitivity, ask.epsilon) if is_noisy else 0.0
        return ReleasedFigures(
            method="differential_privacy" if is_noisy else "k_floor",
            rows=_rows(labels, values, ask),
            epsilon=ask.epsilon if is_noisy else 0.0,
            scale=round(scale, 2),
            margin=round(noise.margin_of(scale), 2),
            most_per_person=self._most_per_person(ask),
            most_minor=self.limits.most_minor,
            floor=0 if is_noisy else self.limits.floor,
            budget=state,
        )

    def _exact(self, bought: Purchases, cell: Longs, cells: int, ask: AskFigures) -> tuple[Longs, int]:
        """Bounded figures, and the most that one person changes in them."""
        most = self._most_per_person(ask)
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
        """How often one person counts in a table; a buyer stands in one cell, unless they buy in several categories."""
        is_in_one_cell = ask.measure == "buyers" and ask.by != "category"
        return 1 if is_in_one_cell else self.limits.most_per_person

    def _of_group(self, bought: Purchases, group: str) -> Purchases:
        kind, _, label = group.partition("=")
        if not kind:
            return bought
        labels = self.groups().get(kind, {})
        kept = np.array([labels.get(person) == label for person in bought.person.tolist()], dtype=bool)
        return Purchases(*(column[kept] for column in bought))

    def _cells(self, bought: Purchases, ask: AskFigures) -> tuple[tuple[str, ...], Longs]:
        """Names of the cells, and the cell of each purchase."""
        if ask.measure == "top_products" or ask.by == "category":
            categories, products = self.goods()
            domain = products if ask.measure == "top_products" else categories
            other = len(domain.labels)
            cell = [domain.of_product.get(product, other) for product in bought.product.tolist()]
            return (*domain.labels, OTHER), np.array(cell, dtype=np.int64)
        if ask.by == "none":
            return ("all",), np.zeros(len(bought.person), dtype=np.int64)
        names = tuple(self.group_labels(ask.by))
        place = {name: number for number, name in enumerate(names)}
        labels = self.groups().get(ask.by, {})
        cell = [place.get(labels.get(person, ""), len(names)) for person in bought.person.tolist()]
        return (*names, OTHER), np.array(cell, dtype=np.int64)


def _rows(labels: Sequence[str], values: Sequence[int | None], ask: AskFigures) -> tuple[FigureRow, ...]:
    rows = [FigureRow(label, value) for label, value in zip(labels, values, strict=True)]
    if ask.measure == "top_products":
        told = [row for row in rows if row.value is not None and row.label != OTHER]
        return tuple(sorted(told, key=lambda row: -(row.value or 0))[:TOP])
    return tuple(rows)
