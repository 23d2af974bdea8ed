"""`recommend/gowalla`: check-ins without order; everybody's held out places among all that they did not train with.

Protocol: the split that is published with the data, rank all items not in a shopper's training row, averages over
shoppers. `auto` chooses, tunes and weighs on a fifth of the training part; a shopper's row is only a history.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from zhanggui.recommend.engines.evaluation.metrics import judge
from zhanggui.recommend.engines.evaluation.protocols import given_test
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.auto import Auto
from zhanggui.recommend.engines.learners.base import Limits

from .harness import Report, case, real_data
from .recommend_amazon import quiet, tell

K = 20
CPU_SECONDS = 900.0
"""With 300 the second stage is kept time for, and filters and walks are refused."""


@case("recommend/gowalla")
def gowalla(report: Report) -> None:
    """`auto` against the best published, on 29,858 people and 40,981 places."""
    task = _task(real_data("gowalla"))
    began, worked = time.perf_counter(), time.process_time()
    fitted = Auto(task=task, k=K, limits=Limits(seconds=CPU_SECONDS)).fit(
        task.train, rng=np.random.default_rng(0), on_step=quiet
    )
    report("fit_s", time.perf_counter() - began, unit="s")
    report("fit_cpu_s", time.process_time() - worked, unit="s")
    tell(report, fitted)
    began = time.perf_counter()
    marks = judge(task, fitted.score, ks=(K,), rng=np.random.default_rng(0), on_step=quiet)
    report("predict_s", time.perf_counter() - began, unit="s")
    report(f"recall@{K}", float(marks.of("recall", K).mean()), bar=">= 0.192")
    report(f"ndcg@{K}", float(marks.of("ndcg", K).mean()), bar=">= 0.160")


def _task(folder: Path) -> Task:
    import pyarrow.parquet as pq

    tables = [pq.read_table(folder / f"{part}.parquet") for part in ("train", "test")]
    size = 2 + max(int(table["item"].to_numpy().max()) for table in tables)
    train, test = (unordered(table["user"].to_numpy(), table["item"].to_numpy() + 1, size) for table in tables)
    return given_test(train, test)


def unordered(person: np.ndarray, product: np.ndarray, size: int) -> Interactions:
    return Interactions.of(
        person=person.astype(np.int64),
        product=product,
        at_ms=np.zeros(len(person), dtype=np.int64),
        strength=np.ones(len(person)),
        is_purchase=np.zeros(len(person), dtype=bool),
        size=size,
    )
