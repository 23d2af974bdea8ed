"""Figures over several shops of one installation: exact ones of each are added up, and noise hides each shop's people.

A person is a number of their own in each shop, so one number changes the figures of one shop alone: what is added up
has the sensitivity of the shop where it is highest, and costs each shop's people the same epsilon (parallel
composition over shops, Dwork and Roth 2014, ch. 3; somebody who buys in several shops pays in each).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from zhanggui.trust.engines.figures import noise
from zhanggui.trust.errors import ShopStaysOut, TooFewShops
from zhanggui.trust.types.figures import AskAcross, AskFigures, ReleasedAcross, ShopBudget

from .cells import UNCUT, labelled
from .hiding import Counted, hidden, rows_of
from .releasing import AnalystFigures

LEAST_SHOPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresAcross:
    """Adds up what several shops tell.

    Args:
        shops: names of all shops of the installation.
        figures: those of one shop.
        stay_out: shops whose people are in no figure with other shops'.
        is_noisy: whether the library for noise is there; without it the floor holds.
    """

    shops: Callable[[], Sequence[str]]
    figures: Callable[[str], AnalystFigures]
    stay_out: Collection[str]
    is_noisy: Callable[[], bool] = noise.has_library

    def taking_part(self, may: Callable[[str], bool]) -> tuple[str, ...]:
        """Shops of which somebody may be told, by name."""
        return tuple(sorted(shop for shop in self.shops() if may(shop) and shop not in self.stay_out))

    def release(self, audience: str, ask: AskAcross, may: Callable[[str], bool]) -> ReleasedAcross:
        """Answer a question; its cost is taken off the audience's budget in each shop before anything is computed.

        Where one shop's budget is spent nothing is computed, and none of the others is charged, unless somebody else
        spends at the same moment: then those before it are, and nobody learns anything.

        Args:
            audience: whose budget pays in each shop.
            ask: what is asked; without shops, of all that take part.
            may: whether who asks may be told of a shop.

        Raises:
            ShopStaysOut: a shop that was named takes no part, or the asker may not be told of it.
            TooFewShops: fewer than two are left.
            BudgetSpent: in one of them it costs more than is left.
        """
        shops = self._chosen(ask, may)
        is_noisy = self.is_noisy()
        if is_noisy:
            for shop in shops:
                self.figures(shop).budget.require(audience, ask.epsilon)
        states = [
            budget.spend(audience, ask) if is_noisy else budget.state(audience)
            for budget in (self.figures(shop).budget for shop in shops)
        ]
        budgets = tuple(ShopBudget(shop, state) for shop, state in zip(shops, states, strict=True))
        return self._answer(shops, ask, budgets, is_noisy=is_noisy)

    def _answer(
        self, shops: tuple[str, ...], ask: AskAcross, budgets: tuple[ShopBudget, ...], *, is_noisy: bool
    ) -> ReleasedAcross:
        told = _together(shops, [self.figures(shop).counted(_alone(ask)) for shop in shops], ask)
        limits = [self.figures(shop).limits for shop in shops]
        hid = hidden(told, ask.epsilon, max(one.floor for one in limits), is_noisy=is_noisy)
        return ReleasedAcross(
            method=hid.method,
            rows=rows_of(told.names, hid.values),
            shops=shops,
            epsilon=hid.epsilon,
            scale=round(hid.scale, 2),
            margin=round(hid.margin, 2),
            most_per_person=told.most_per_person,
            most_minor=max(one.most_minor for one in limits),
            floor=hid.floor,
            budgets=budgets,
        )

    def _chosen(self, ask: AskAcross, may: Callable[[str], bool]) -> tuple[str, ...]:
        free = self.taking_part(may)
        for shop in ask.shops:
            if shop not in free:
                raise ShopStaysOut(
                    f"The shop {shop!r} is in no figure across shops that you may be told.",
                    hint=f"Shops that take part: {', '.join(free) or 'none'}. Settings: privacy.stay_out.",
                )
        chosen = tuple(sorted(set(ask.shops))) or free
        if len(chosen) < LEAST_SHOPS:
            raise TooFewShops(
                f"Figures across shops need {LEAST_SHOPS} of them; {len(chosen)} would be in it.",
                hint="Name others, or ask for the figures of the one shop.",
            )
        return chosen


def _alone(ask: AskAcross) -> AskFigures:
    """The question as each shop is asked it."""
    by = "none" if ask.by == "shop" else ask.by
    return AskFigures(measure=ask.measure, by=by, days=ask.days, epsilon=ask.epsilon)


def _together(shops: Sequence[str], told: Sequence[Counted], ask: AskAcross) -> Counted:
    """One table of all shops: cell by cell added up, or a cell for each shop."""
    first = told[0]
    if ask.by == "shop":
        exact, people = (np.concatenate([getattr(one, name) for one in told]) for name in ("exact", "people"))
        names = tuple((UNCUT, shop) for shop in labelled(shops))
    else:
        exact, people = (np.sum([getattr(one, name) for one in told], axis=0) for name in ("exact", "people"))
        names = first.names
    sensitivity = max(one.sensitivity for one in told)
    return Counted(names, exact, sensitivity, people, max(one.most_per_person for one in told))
