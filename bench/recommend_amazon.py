"""`recommend/amazon-beauty` and `recommend/amazon-sports`: the last product of each shopper, all products ranked.

Protocol: leave-one-out, strict. The last event of everyone is the test, the one before the validation; neither is in
what models learn from, and at test time the validation event is the newest of the history. Seen products stay in the
ranking; beside it the figures with seen products removed. `auto` chooses, tunes and weighs on validation alone; of the
items it is told their attributes, which stand beside the interactions.
"""

from __future__ import annotations

import time

import numpy as np

from zhanggui.recommend.engines.evaluation.metrics import judge
from zhanggui.recommend.engines.evaluation.protocols import leave_one_out
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.auto import Auto, FittedAuto
from zhanggui.recommend.engines.learners.base import Fitted, Limits
from zhanggui.recommend.engines.learners.candidates import Candidate, candidates_for
from zhanggui.recommend.engines.learners.content import Content
from zhanggui.recommend.engines.learners.covisit import Covisit

from .harness import Report, case, real_data

K = 10
DAY_MS = 86_400_000
SECONDS = 1200.0
BYTES = 8_000_000_000


@case("recommend/amazon-beauty")
def amazon_beauty(report: Report) -> None:
    """`auto` against the best published, on 22,363 shoppers."""
    _run(report, "amazon-beauty", hit_bar=">= 0.0930", ndcg_bar=">= 0.0570")


@case("recommend/amazon-sports")
def amazon_sports(report: Report) -> None:
    """The same on 35,598 shoppers."""
    _run(report, "amazon-sports", hit_bar=">= 0.0600", ndcg_bar=">= 0.0360")


def _run(report: Report, name: str, *, hit_bar: str, ndcg_bar: str) -> None:
    events = interactions(name)
    task = leave_one_out(events)
    auto = _auto(task, documents_of(name, task.size))
    began = time.perf_counter()
    fitted = auto.fit(task.train, rng=np.random.default_rng(0), on_step=quiet)
    report("fit_s", time.perf_counter() - began, unit="s")
    tell(report, fitted)
    began = time.perf_counter()
    kept = _judged(task, fitted)
    report("predict_s", time.perf_counter() - began, unit="s")
    report(f"hr@{K}_seen_kept", kept["hit"], bar=hit_bar)
    report(f"ndcg@{K}_seen_kept", kept["ndcg"], bar=ndcg_bar)
    removed = _judged(leave_one_out(events, keep_seen=False), fitted)
    report(f"hr@{K}_seen_removed", removed["hit"])
    report(f"ndcg@{K}_seen_removed", removed["ndcg"])
    alone = _judged(task, Covisit().fit(task.train, rng=np.random.default_rng(0), on_step=quiet))
    report(f"hr@{K}_covisit_alone", alone["hit"])
    report(f"ndcg@{K}_covisit_alone", alone["ndcg"])


def _judged(task: Task, fitted: Fitted) -> dict[str, float]:
    marks = judge(task, fitted.score, ks=(K,), rng=np.random.default_rng(0), on_step=quiet)
    return {measure: float(marks.of(measure, K).mean()) for measure in ("hit", "ndcg")}


def quiet(_done: int, _of: int) -> None:
    """Figures are told at the end."""


def _auto(task: Task, documents: list[list[str]]) -> Auto:
    told = Candidate(learner=Content(documents=documents))
    candidates = (*candidates_for(task.train), told)
    return Auto(task=task, limits=Limits(seconds=SECONDS, bytes=BYTES), k=K, candidates=candidates)


def tell(report: Report, fitted: FittedAuto) -> None:
    """What `auto` chose, and why."""
    card = fitted.card
    report(f"ndcg@{card.k}_validation", card.quality)
    report.note(f"{card.reason} Seed 0; {card.cases} cases of validation.")
    for tried in card.tried:
        quality = "not fitted" if tried.quality is None else f"{tried.quality:.4f}"
        report.note(f"{tried.name}: {quality}, weight {tried.weight:.2f}, {tried.seconds:.0f} s, {tried.settings}")
        report.note(f"  {tried.reason}")


def interactions(name: str) -> Interactions:
    import pyarrow.parquet as pq

    table = pq.read_table(real_data(name) / "interactions.parquet")
    person, product, place = (table[column].to_numpy() for column in ("user", "item", "position"))
    return Interactions.of(
        person=person.astype(np.int64),
        product=product,
        at_ms=place.astype(np.int64) * DAY_MS,  # an order is all that is known: every event a session of its own
        strength=np.ones(len(person)),
        is_purchase=np.ones(len(person), dtype=bool),
        size=int(product.max()) + 1,
    )


def documents_of(name: str, size: int) -> list[list[str]]:
    import pyarrow.parquet as pq

    table = pq.read_table(real_data(name) / "item_attributes.parquet")
    documents: list[list[str]] = [[] for _ in range(size)]
    for item, attribute in zip(table["item"].to_pylist(), table["attribute"].to_pylist(), strict=True):
        if item < size:
            documents[item].append(str(attribute))
    return documents
