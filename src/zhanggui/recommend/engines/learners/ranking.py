"""The second stage: the candidates of several models, ordered anew by what each of them says of each candidate.

A blend adds raw scores, so one loud model drowns the others. Here every model's score enters as a logarithm, by
itself and with the product's popularity, as a rank and as a share of the best among the candidates, beside whether
the shopper had the product before: goods that are bought once and goods that are bought again need opposite signs,
so what a history holds is a candidate too, where it may come again. The weights are those under which what people
took on validation is likeliest among their candidates, linear or with a hidden layer, whichever ranks better; only a
gain on cases that they were not learned from counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.blend import Choices, fit_blend
from zhanggui.recommend.engines.evaluation.tasks import Task, rows_of
from zhanggui.recommend.engines.interactions import Floats, Interactions, Ints

from .base import Fitted
from .blending import Panel
from .cells import Lens
from .ranking_network import Network, learn_network

DEPTH = 40
"""Best products of every model that become candidates."""
RIDGE = 1e-4
LATELY = (0.1, 0.02)
"""Newest shares of all events in which a product is counted beside all of them."""
_SCORE_BYTES = 200_000_000
_FLOOR = np.float32(-100.0)
"""Where the scores of products lie that are nobody's candidates; a candidate's is a sum of a few logarithms."""
OWN_COLUMNS = 8
"""Features that are not a model's; `ranking_kernels.describe` fills them."""
_LATELY = Lens(half_life=1.0, length_power=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Candidates of some people.

    Attributes:
        starts: (people + 1,) where the candidates of each begin, and the end.
        products: (n,) the candidates.
        features: (n, 4 × models + 8); see `ranking_kernels.describe`.
        plain: (people, size) the models' scores over their scales, added up with the plain blend's weights.
    """

    starts: Ints
    products: Ints
    features: Floats
    plain: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedRanking:
    """Several fitted learners and the weights of what they say.

    Attributes:
        parts: the models that name candidates.
        scales: (parts,) size of a good score of each.
        blend: (parts,) weights of the plain blend, which orders what is nobody's candidate.
        popularity: (size,) logarithm of how many people wanted a product, over its mean.
        lately: (size, 2) logarithm of how often that was among the newest events.
        keep_seen: whether what a shopper had before may be a candidate.
        ranker: weights of the features; a sum of nothing before they are learned.
        lift: what a candidate that nobody took yet gains, a logarithm of odds.
    """

    parts: tuple[Fitted, ...]
    scales: Floats
    blend: Floats
    popularity: Floats
    lately: Floats
    keep_seen: bool
    ranker: Network
    lift: float = 0.0

    @classmethod
    def unlearned(
        cls,
        parts: Sequence[Fitted],
        scales: NDArray[np.float64],
        blend: NDArray[np.float64],
        *,
        train: Interactions,
        keep_seen: bool,
    ) -> FittedRanking:
        """Before weights are learned."""
        wanted = np.bincount(train.product, weights=train.strength > 0, minlength=train.size)
        popularity = np.log1p(wanted).astype(np.float32)
        return cls(
            parts=tuple(parts),
            scales=scales.astype(np.float32),
            blend=blend.astype(np.float32),
            popularity=popularity / np.float32(max(float(popularity.mean()), 1e-6)),
            lately=np.stack([_wanted_lately(train, share) for share in LATELY], axis=1),
            keep_seen=keep_seen,
            ranker=Network.flat(np.zeros(4 * len(parts) + OWN_COLUMNS, dtype=np.float32)),
        )

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`: candidates by their features, below them all others in the order of the plain blend."""
        batches = [self._answer(described) for _, _, described in self.describe(histories, people)]
        return np.concatenate([np.zeros((0, len(self.popularity)), dtype=np.float32), *batches])

    def describe(self, histories: Interactions, people: int) -> Iterator[tuple[int, int, Described]]:
        """(first, last + 1, candidates) of a few people at a time, so that scores stay small in memory."""
        few = max(1, min(256, _SCORE_BYTES // (4 * len(self.popularity) * (len(self.parts) + 2))))
        for first in range(0, people, few):
            last = min(first + few, people)
            low, high = np.searchsorted(histories.person, [first, last])
            yield first, last, self._describe(rows_of(histories, slice(int(low), int(high)), first), last - first)

    def _describe(self, histories: Interactions, people: int) -> Described:
        from .ranking_kernels import describe, mark_best  # imports numba

        scores = np.stack([part.score(histories, people) for part in self.parts])
        own = _LATELY.look(histories, people).toarray()
        barred = np.zeros_like(own, dtype=np.bool_) if self.keep_seen else own != 0
        chosen = (own > 0) & ~barred
        for one in scores:
            mark_best(one, barred, DEPTH, chosen)
        person, products = np.nonzero(chosen)
        starts = np.searchsorted(person, np.arange(people + 1)).astype(np.int64)
        features = np.zeros((len(products), 4 * len(self.parts) + OWN_COLUMNS), dtype=np.float32)
        describe(scores, self.scales, self.popularity, self.lately, own, starts, products, features)
        plain = np.tensordot(self.blend / self.scales, scores, axes=1)
        return Described(starts=starts, products=products, features=features, plain=plain)

    def _answer(self, described: Described) -> Floats:
        plain = described.plain
        scores = plain / (np.float32(1.0) + np.abs(plain)) + _FLOOR
        person = np.repeat(np.arange(len(plain)), np.diff(described.starts))
        is_unseen = self.popularity[described.products] == 0
        scores[person, described.products] = self.ranker.score(described.features) + self.lift * is_unseen
        return scores.astype(np.float32, copy=False)


def learn_ranking(
    ranking: FittedRanking,
    task: Task,
    *,
    k: int,
    rng: np.random.Generator,
    rehearsal: tuple[FittedRanking, Task] | None = None,
) -> tuple[FittedRanking, NDArray[np.float64]]:
    """Learn the weights from the cases of a task.

    With a rehearsal the weights are learned from that, and judged on the task as it is.

    Returns:
        The ranking, learned from all cases, and (cases,) NDCG@k of each under weights learned from the other half.
    """
    panel = _panel(ranking, task)
    learned_from = panel if rehearsal is None else _panel(*rehearsal)
    share = _found_share(panel, task, k)
    everybody = np.ones(task.people, dtype=np.bool_)
    # Cases of one session stand side by side: halves are of owners, so that none is learned from its own beginning.
    in_first = np.isin(task.owners, np.unique(task.owners)[::2])
    flat, deep = np.zeros(task.people), np.zeros(task.people)
    for learned in (in_first, ~in_first):
        linear = Network.flat(_weights(learned_from, learned))
        flat[~learned] = _quality(panel, linear, k)[~learned]
        deep[~learned] = _quality(panel, learn_network(learned_from, learned, linear, rng), k)[~learned]
    gain = deep - flat
    ranker = Network.flat(_weights(learned_from, everybody))
    if gain.mean() > gain.std() / max(1, len(gain)) ** 0.5:
        return replace(ranking, ranker=learn_network(learned_from, everybody, ranker, rng)), deep * share
    return replace(ranking, ranker=ranker), flat * share


def _quality(panel: Panel, ranker: Network, k: int) -> NDArray[np.float64]:
    """(cases,) NDCG@k among candidates."""
    return replace(panel, scores=ranker.score(panel.scores)[:, None]).quality(np.ones(1), k)


def _wanted_lately(train: Interactions, share: float) -> Floats:
    """(size,) logarithm of how often each product was wanted among the newest `share` of events."""
    since = np.quantile(train.at_ms, 1.0 - share) if len(train) else 0
    counts = np.bincount(train.product, weights=(train.strength > 0) & (train.at_ms >= since), minlength=train.size)
    return np.log1p(counts).astype(np.float32)


def _panel(ranking: FittedRanking, task: Task) -> Panel:
    """The features of all candidates, and which of them were taken."""
    features, lengths, taken = [], [], []
    for first, last, described in ranking.describe(task.histories, task.people):
        lengths.append(np.diff(described.starts))
        case = np.repeat(np.arange(first, last), lengths[-1])
        targets = slice(task.target_starts[first], task.target_starts[last])
        owner = np.repeat(np.arange(first, last), np.diff(task.target_starts[first : last + 1]))
        wanted = owner * np.int64(task.size) + task.target_products[targets]
        features.append(described.features)
        taken.append(np.isin(case * np.int64(task.size) + described.products, wanted))
    starts = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
    return Panel(scores=np.concatenate(features), starts=starts, taken=np.concatenate(taken))


def _weights(panel: Panel, cases: NDArray[np.bool_]) -> Floats:
    """The likeliest weights on some of the cases."""
    occasion = np.repeat(np.arange(len(cases)), np.diff(panel.starts))
    rows = cases[occasion]
    return fit_blend(
        Choices(features=panel.scores[rows], occasion=occasion[rows], taken=panel.taken[rows].astype(np.float32)),
        ridge=RIDGE,
    )


def _found_share(panel: Panel, task: Task, k: int) -> NDArray[np.float64]:
    """(cases,) the best DCG@k that candidates allow over the best of all targets."""
    occasion = np.repeat(np.arange(task.people), np.diff(panel.starts))
    found = np.bincount(occasion, weights=panel.taken, minlength=task.people).astype(np.int64)
    best = np.concatenate([[0.0], np.cumsum(1.0 / np.log2(np.arange(k) + 2.0))])
    share: NDArray[np.float64] = best[np.minimum(found, k)] / best[np.minimum(np.diff(task.target_starts), k)]
    return share
