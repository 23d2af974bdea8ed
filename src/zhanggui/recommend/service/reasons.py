"""Why each product of an answer is there: shares of its score by factor, and the events that they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zhanggui.recommend.engines.blend import FACTORS, GIVEN, POPULAR, TRENDING
from zhanggui.recommend.engines.content_parts import WORDS
from zhanggui.recommend.engines.vector_spaces import SPACES
from zhanggui.recommend.types.lists import Evidence, Reason
from zhanggui.recommend.types.vectors import VectorSpaceName

from .live_state import Snapshot
from .ranked import Ranking
from .strengths import CARTED, PURCHASE
from .wishing import Past

ALIKE, TOGETHER, CONTENT, _TREND, NEWNESS, BOUGHT = range(len(FACTORS) - GIVEN)
CODES: Mapping[VectorSpaceName, str] = {"text": "described_alike", "image": "looks_alike"}
"""The reason that each space of vectors gives."""
CONTENT_NAMES = (FACTORS[CONTENT], *(CODES[space] for space in SPACES))
"""What the parts of `ContentParts` are called: words and traits, then each space."""
DIGITS = 4
"""Of shares."""


def reasons(snapshot: Snapshot, past: Past, found: Ranking, language: str) -> list[Reason]:
    """One reason a place, in order."""
    teller = _Teller(snapshot, past, found, language)
    grounds, last = found.grounds, len(found.numbers) - 1
    rows = zip(
        range(last + 1),
        found.numbers.tolist(),
        _rounded(grounds.shares),
        # What the merchant adds is told among the shares, and is no reason for a shopper.
        grounds.shares[:, :-GIVEN].argmax(axis=1).tolist(),
        grounds.rows.tolist(),
        _rounded(grounds.weights),
        strict=True,
    )
    return [
        teller.tell(place, number, share, factor, evidence, weights, found.is_exploring and place == last)
        for place, number, share, factor, evidence, weights in rows
    ]


def _rounded(shares: np.ndarray) -> list[list[float]]:
    # As doubles: a rounded single would print all its digits.
    rounded: list[list[float]] = shares.astype(np.float64).round(DIGITS).tolist()
    return rounded


class _Teller:
    """Puts the figures of one answer into reasons."""

    __slots__ = ("_content", "_history", "_ids", "_kinds", "_language", "_seqs", "_snapshot", "_view")

    def __init__(self, snapshot: Snapshot, past: Past, found: Ranking, language: str) -> None:
        self._snapshot, self._view, self._language = snapshot, snapshot.view, language
        self._ids = snapshot.view.ids
        self._history, self._content = found.history.tolist(), found.content
        self._kinds, self._seqs = past.kind[found.newest].tolist(), past.seq[found.newest].tolist()

    def tell(
        self,
        place: int,
        number: int,
        share: Sequence[float],
        factor: int,
        rows: Sequence[int],
        weights: Sequence[float],
        is_exploring: bool,  # noqa: FBT001
    ) -> Reason:
        """The reason of a product: its main factor, all shares, and the rows of the history that speak loudest."""
        told = {FACTORS[n]: value for n, value in enumerate(share) if value > 0}
        if self._content is not None and share[CONTENT] > 0:
            told = self._apart(told, place)
        seqs, ids, history = self._seqs, self._ids, self._history
        because = tuple(
            [Evidence(seqs[row], ids[history[row]], weights[n]) for n, row in enumerate(rows) if weights[n] > 0]
        )
        if is_exploring and not because:
            return Reason("for_a_change", {}, (), told)
        if factor == BOUGHT and told:
            own = history.index(number)
            return Reason("buy_again", {}, (Evidence(seqs[own], ids[number], share[factor]),), told)
        # The history speaks through three factors: together they may say more than the one that is largest alone.
        if because and (sum(share[: CONTENT + 1]) >= share[factor] or is_exploring):
            return self._from_history(place, number, rows[0], share, because, told)
        return Reason(self._general(number, factor), {}, because, told)

    def _apart(self, told: dict[str, float], place: int) -> dict[str, float]:
        """Shares with that of content taken apart; the words have what the others leave, so that nothing is lost."""
        assert self._content is not None
        whole = told.pop(CONTENT_NAMES[WORDS])
        parts = [round(whole * float(part), DIGITS) for part in self._content.shares[place]]
        parts[WORDS] = max(round(whole - sum(parts[1:]), DIGITS), 0.0)
        return told | {name: part for name, part in zip(CONTENT_NAMES, parts, strict=True) if part > 0}

    def _likest(self, place: int, told: dict[str, float]) -> tuple[str, int] | None:
        """What vectors say most, if it is more than words do, and the row of the history that it is most like."""
        if self._content is None:
            return None
        part = max(range(len(CONTENT_NAMES)), key=lambda n: told.get(CONTENT_NAMES[n], 0.0))
        return None if part == WORDS else (CONTENT_NAMES[part], int(self._content.loudest[place, part]))

    def _from_history(
        self,
        place: int,
        number: int,
        row: int,
        share: Sequence[float],
        because: tuple[Evidence, ...],
        told: dict[str, float],
    ) -> Reason:
        behaviour = max(share[ALIKE], share[TOGETHER])
        is_content = share[CONTENT] > behaviour or behaviour == 0
        code, row = (is_content and self._likest(place, told)) or ("", row)
        view, source, kind = self._view, self._history[row], self._kinds[row]
        params = {"product_id": view.ids[source], "title": view.titles(source, self._language)}
        if code:
            return Reason(code, params, because, told)
        if is_content:
            shared = [chip for chip in view.chips(number) if chip in view.chips(source) and chip.kind != "price"]
            if shared:
                chip = min(shared, key=lambda chip: ("keyword", "category", "brand").index(chip.kind))
                return Reason("same_keyword", params | {"chip": chip.key, "value": chip.value}, because, told)
            return Reason("alike_in_words", params, because, told)
        code = "because_bought_with" if kind == PURCHASE else "because_carted" if kind in CARTED else "because_viewed"
        return Reason(code, params, because, told)

    def _general(self, number: int, factor: int) -> str:
        if factor == NEWNESS:
            return "new_arrival"
        signals = self._snapshot.signals[number, :3]
        if not signals.any():
            return "not_yet_seen"
        given = signals * self._snapshot.model.blend[TRENDING : POPULAR + 1]
        return "popular" if int(np.argmax(given)) == POPULAR - TRENDING else "trending"
