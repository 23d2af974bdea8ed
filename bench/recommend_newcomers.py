"""`recommend/newcomers`: what serving finds of products that nobody took yet, and what the others lose by it.

Protocol: the baskets of `recommend/online-retail`. Models know the past of everybody's last basket; the blend and the
rate at which content stands for behaviour are learned on two thirds of the latest 1,500 of these, judged on the third
left out. There a fifth of all products (seeds 101 to 103) is looked at as newcomers: their words, and that they are
new. Repeats are kept. Recall@20 over the first stage's order, of the newcomers and of the others. Peers: the slope of
behaviour over content, which was the rate before; content alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhanggui.recommend.engines.blend import ALIKE, CONTENT, FEATURES, fit_blend
from zhanggui.recommend.engines.choosing import Replay, Split, choices_of, hold_out_last, replay
from zhanggui.recommend.engines.content import ContentIndex
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.newcomer_rate import HIDDEN, rehearsed_rate, unknown
from zhanggui.recommend.engines.popularity import repeat_rates
from zhanggui.recommend.service.training.learning import cold_gain, learn_graphs

from .harness import Report, case
from .recommend_online_retail import product_words, read_baskets

K, OCCASIONS, NEIGHBOURS, SEEDS = 20, 1_500, 50, (101, 102, 103)
NEGATIVES, BYTES = 400, 2**30


@case("recommend/newcomers")
def newcomers(report: Report) -> None:
    """Recall of newcomers and of the others, by the rate that a training learns and by those beside it."""
    baskets = read_baskets()
    split = hold_out_last(baskets, most=OCCASIONS)
    graphs, _ = learn_graphs(split.past, ContentIndex.of(product_words()).neighbours(NEIGHBOURS), BYTES)
    rate = repeat_rates(split.past)
    taught, judged = (
        list(
            replay(
                graphs,
                rate,
                Split(past=split.past, occasions=[one for n, one in enumerate(split.occasions) if (n % 3 == 0) == out]),
                only_new=False,
                on_step=lambda _done, _of: None,
            )
        )
        for out in (False, True)
    )
    choices = choices_of(taught, most=NEGATIVES, rng=np.random.default_rng(0))
    blend = fit_blend(choices)
    blend[FEATURES.index("newness")] = max(float(blend[FEATURES.index("newness")]), 0.2)
    rehearsed = rehearsed_rate(taught, blend, np.random.default_rng(0), baskets.size) or 0.0
    report.note(f"rates: rehearsed {rehearsed}, slope {cold_gain(choices):.3f}")
    for name, one in {"rehearsed": rehearsed, "slope": cold_gain(choices), "content_alone": None}.items():
        cold, warm = recalls(judged, blend, one, baskets.size)
        report(f"recall@{K}_newcomers_{name}", cold)
        report(f"recall@{K}_others_{name}", warm)


def recalls(judged: Sequence[Replay], blend: Floats, rate: float | None, size: int) -> tuple[float, float]:
    """Of newcomers and of the others, the mean over seeds; None orders by content alone."""
    found: tuple[list[float], list[float]] = [], []
    for seed in SEEDS:
        is_hidden = np.random.default_rng(seed).random(size) < HIDDEN
        for one in judged:
            features = one.candidates.features.copy()
            hidden = is_hidden[one.candidates.ids]
            features[hidden] = unknown(features[hidden])
            scores = features @ blend if rate is not None else features[:, CONTENT].copy()
            scores[hidden] += np.float32((rate or 0.0) * blend[ALIKE]) * features[hidden, CONTENT]
            top = one.candidates.ids[np.argsort(-scores, kind="stable")[:K]]
            for part, wanted in zip(found, (is_hidden[one.taken], ~is_hidden[one.taken]), strict=True):
                if wanted.any():
                    part.append(float(np.isin(one.taken[wanted], top).mean()))
    return float(np.mean(found[0])), float(np.mean(found[1]))
