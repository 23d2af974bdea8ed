"""A place for newcomers: Thompson sampling over what each has shown so far, with its chance known exactly.

What is known of a newcomer is how often it was shown and how often somebody then chose it: a Beta distribution, which
starts at the shop's own rate. `DRAWS` times one value is drawn for every newcomer; a request takes one of these draws
by its own chance and shows whoever is best in it. So the chance that a newcomer is shown is the share of the draws in
which it is the best: exact, with no estimate. The draws of a newcomer depend on its counts alone, so that all processes
with the same counts have the same.

One of five times the place goes, with equal chances, to somebody who was shown less than `FLOOR` times: nobody is
judged before it had its trial, however little it seems to fit.

Source: Thompson, Biometrika 25, 1933, doi:10.1093/biomet/25.3-4.285; Chapelle and Li, NIPS 2011.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .interactions import Floats, Ints

DRAWS = 256
FLOOR = 30
FLOOR_OF = 5
"""One time in so many the place goes to somebody who was shown less than `FLOOR` times."""
PRIOR_WORTH = 10.0
"""So many times shown are what is believed beforehand worth."""
USUAL_RATE, USUAL_WORTH = 0.05, 20.0
"""The rate of a shop of which nothing is known, and how many times shown that is worth."""
FIT_SWAY = 0.5
"""The best fit raises a rate by so much, the worst lowers it."""


class Explorer:
    """Counts how often each product was shown and then chosen, and keeps the draws of newcomers.

    Args:
        shown: number of the event that says that a product was seen in a list.
        chosen: number of the event that says that it was then chosen.
    """

    def __init__(self, shown: int, chosen: int) -> None:
        self._kinds = (shown, chosen)
        self._counts: NDArray[np.int64] = np.zeros((2, 1), dtype=np.int64)
        self._draws: dict[int, tuple[int, int, Floats]] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._counts = np.zeros((2, 1), dtype=np.int64)
        self._draws.clear()

    def add(self, product: Ints, kind: Ints) -> None:
        """Count events that arrived: (n,) product numbers, 0 for none, and what was done."""
        size = int(product.max(initial=0)) + 1
        if size > self._counts.shape[1]:
            grown = np.zeros((2, max(size, 2 * self._counts.shape[1])), dtype=np.int64)
            grown[:, : self._counts.shape[1]] = self._counts
            self._counts = grown
        for row, number in enumerate(self._kinds):
            np.add.at(self._counts[row], product[(kind == number) & (product > 0)], 1)

    def counts(self, numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        """(2, n) how often each was shown and chosen; chosen without being seen shown counts as shown."""
        found = np.zeros((2, len(numbers)), dtype=np.int64)
        known = numbers < self._counts.shape[1]
        found[:, known] = self._counts[:, numbers[known]]
        found[0] = np.maximum(found[0], found[1])
        return found

    @property
    def rate(self) -> float:
        """How often what is shown is chosen, in the whole shop."""
        shown, chosen = self._counts.sum(axis=1)
        return float((chosen + USUAL_RATE * USUAL_WORTH) / (max(shown, chosen) + USUAL_WORTH))

    def draws(self, numbers: NDArray[np.int32]) -> Floats:
        """(n, DRAWS) rates that each may have."""
        counts = self.counts(numbers)
        return np.stack([self._drawn(*row) for row in zip(numbers.tolist(), *counts.tolist(), strict=True)])

    def _drawn(self, number: int, shown: int, chosen: int) -> Floats:
        held = self._draws.get(number)
        if held is None or held[:2] != (shown, chosen):
            held = (shown, chosen, drawn(number, shown, chosen, round(self.rate, 3)))
            self._draws[number] = held
        return held[2]


def drawn(number: int, shown: int, chosen: int, rate: float) -> Floats:
    """(DRAWS,) values of the Beta distribution of a newcomer; the same for the same arguments.

    Args:
        number: of the product, so that no two have the same draws.
        shown: how often.
        chosen: how often of these.
        rate: in (0, 1), what is believed beforehand.
    """
    rng = np.random.default_rng([number, shown, chosen])
    won, lost = PRIOR_WORTH * rate + chosen, PRIOR_WORTH * (1 - rate) + shown - chosen
    values: Floats = rng.beta(won, lost, DRAWS).astype(np.float32)
    return values


def explored(fit: Floats, draws: Callable[[Ints], Floats], shown: Ints, chance: int, among: int) -> tuple[int, float]:
    """Who has the place, and with what chance.

    Args:
        fit: (n,) how well each newcomer fits this shopper by content, 0 or more; n ≥ 1, in any order.
        draws: from rows of the newcomers (m,) to what `Explorer.draws` says of them; asked of those who compete.
        shown: (n,) how often each was shown.
        chance: a number of this request, evenly distributed over 64 bits.
        among: so many that fit best compete; those before their trial in any case.

    Returns:
        (row, its propensity).
    """
    best = np.argsort(-fit, kind="stable")[:among]
    top = float(fit.max())
    sway = 1.0 + FIT_SWAY * (2.0 * fit[best] / np.float32(top) - 1.0) if top > 0 else np.ones(len(best))
    winners = best[np.argmax(draws(best) * sway[:, None], axis=0)]
    untried = np.flatnonzero(shown < FLOOR)
    in_trial, turn = divmod(chance, DRAWS)
    trial, is_trial = in_trial // FLOOR_OF, in_trial % FLOOR_OF == 0 and len(untried) > 0
    row = int(untried[trial % len(untried)]) if is_trial else int(winners[turn])
    share = float(np.mean(winners == row))
    if len(untried) == 0:
        return row, share
    own = 1.0 / len(untried) if shown[row] < FLOOR else 0.0
    return row, (1 - 1 / FLOOR_OF) * share + own / FLOOR_OF
