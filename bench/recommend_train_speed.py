"""`recommend/train-speed`: ten million interactions from a Parquet file to a blend that answers.

The data are drawn: 60,000 people, 20,000 products, popularity falls as Zipf's law, and everybody leans towards a few of
200 tastes, so that there is something to learn. Timed is all from opening the file to the first answers. The loss that
speed costs is shown on a smaller cut of the same kind, against the exact linear autoencoder.

`BENCH_INTERACTIONS=100000000` measures more than memory would hold in comfort: people grow with the interactions, the
rows are sorted on disk block by block and mapped from there; each of 10, 30 and 100 million is told, with the slope.
"""

from __future__ import annotations

import contextlib
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from zhanggui.recommend.engines.covisitation import CovisitationConfig
from zhanggui.recommend.engines.evaluation.metrics import judge
from zhanggui.recommend.engines.evaluation.protocols import given_test
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Fitted
from zhanggui.recommend.engines.learners.blending import FittedBlend, gather, learn_weights, scale_of
from zhanggui.recommend.engines.learners.cells import cells
from zhanggui.recommend.engines.learners.covisit import Covisit
from zhanggui.recommend.engines.learners.linear import Ease
from zhanggui.recommend.engines.learners.spectral import Spectral
from zhanggui.recommend.engines.mapped import map_interactions

from .harness import Report, case
from .recommend_amazon import quiet

PEOPLE, PRODUCTS, EVENTS = 60_000, 20_000, 10_000_000
CUT = (6_000, 2_000, 300_000)
TASTES, TASTES_EACH = 200, 3
CASES, HELD, K = 1000, 0.2, 20
ITERATIONS = 15
PEER_SECONDS = 100.0
"""After which ALS is not begun upon another pass."""
SECOND_MS = 1000
LEANING = 0.6
"""Share of what a person does that follows a taste."""
GROUP = 5_000_000
LARGER = (10_000_000, 30_000_000)
"""Sizes measured before a larger one that is asked for, so that there is a slope."""
COVISIT = Covisit(counting=CovisitationConfig(by_moment=True, neighbours=200, before=1.0, distance=20.0, window=12))
LOW_RANK = Spectral(rank=128, sweeps=3)


@case("recommend/train-speed")
def train_speed(report: Report) -> None:
    """Time and memory at ten million, the loss on a cut, and two peers on the same matrix; or beyond memory."""
    wanted = int(os.environ.get("BENCH_INTERACTIONS", EVENTS))
    rng = np.random.default_rng(0)
    if wanted > EVENTS:
        warm_up(rng)
        _tell_slope(report, [count for count in LARGER if count < wanted] + [wanted], rng)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "interactions.parquet"
        write(file, rng, PEOPLE, PRODUCTS, EVENTS)
        warm_up(rng)
        began, worked = time.perf_counter(), time.process_time()
        events = read(file, PRODUCTS + 1)
        report("read_s", time.perf_counter() - began, unit="s")
        blend = learned(events, rng)
        blend.score(events.where(events.person < 1), 1)
        report("to_first_answer_s", time.perf_counter() - began, unit="s", bar="<= 60")
        report("cpu_s", time.process_time() - worked, unit="s")
        report("peak", peak_mb(), unit="MB", bar="<= 6144")
    _tell_loss(report, rng)
    _time_peers(report, events)


def _tell_slope(report: Report, counts: list[int], rng: np.random.Generator) -> None:
    """Each size from Parquet to the first answer, out of core; seconds of the processor by interactions."""
    spent = []
    for count in counts:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
            file, mapped = Path(folder) / "interactions.parquet", Path(folder) / "mapped"
            mapped.mkdir()
            write(file, rng, PEOPLE * count // EVENTS, PRODUCTS, count)
            began, worked = time.perf_counter(), time.process_time()
            events = map_interactions(lambda file=file: _columns(file), mapped, size=PRODUCTS + 1)
            report(f"map_s_{count}", time.perf_counter() - began, unit="s")
            learned(events, rng).score(events.where(events.person < 1), 1)
            spent.append(time.process_time() - worked)
            report(f"to_first_answer_s_{count}", time.perf_counter() - began, unit="s")
            report(f"cpu_s_{count}", spent[-1], unit="s")
            report(f"peak_{count}", peak_mb(), unit="MB", bar="<= 24576")
    report("slope", float(np.log(spent[-1] / spent[0]) / np.log(counts[-1] / counts[0])))


def peak_mb() -> float:
    """Most memory that this process had at any moment, mapped files that stood in it included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write(file: Path, rng: np.random.Generator, people: int, products: int, events: int) -> None:
    """Draw interactions and write them, in the order of time, to a Parquet file, some millions at once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    taste = rng.integers(0, TASTES, products)
    popular = 1.0 / np.arange(1, products + 1) ** 0.8
    by_taste = [np.flatnonzero(taste == one) for one in range(TASTES)]
    leans = rng.integers(0, TASTES, (people, TASTES_EACH))
    schema = pa.schema([(name, pa.int64()) for name in ("person", "product", "at_ms")])
    with pq.ParquetWriter(file, schema) as out:
        for first in range(0, events, GROUP):
            count = min(GROUP, events - first)
            person, product = _draw(rng, count, leans, popular, by_taste)
            at_ms = np.arange(first, first + count, dtype=np.int64) * SECOND_MS
            out.write_table(pa.table({"person": person, "product": product + 1, "at_ms": at_ms}, schema=schema))


def _draw(
    rng: np.random.Generator, count: int, leans: np.ndarray, popular: np.ndarray, by_taste: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    person = rng.integers(0, len(leans), count)
    own = leans[person, rng.integers(0, TASTES_EACH, count)]
    product = rng.choice(len(popular), size=count, p=popular / popular.sum())
    leaning = np.flatnonzero(rng.random(count) < LEANING)
    leaning = leaning[np.argsort(own[leaning], kind="stable")]
    ends = np.searchsorted(own[leaning], np.arange(TASTES + 1))
    for one, goods in enumerate(by_taste):
        rows = leaning[ends[one] : ends[one + 1]]
        if len(rows) and len(goods):
            product[rows] = rng.choice(goods, size=len(rows), p=popular[goods] / popular[goods].sum())
    return person, product


def read(file: Path, size: int) -> Interactions:
    """A file of three columns as behaviour."""
    import pyarrow.parquet as pq

    return Interactions.of(**_said(pq.read_table(file)), size=size)


def _columns(file: Path) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(file).iter_batches(GROUP):
        yield _said(pa.table(batch))


def _said(table: Any) -> dict[str, Any]:
    return {
        **{name: table[name].to_numpy() for name in ("person", "product", "at_ms")},
        "strength": np.ones(len(table), dtype=np.float32),
        "is_purchase": np.zeros(len(table), dtype=bool),
    }


def learned(events: Interactions, rng: np.random.Generator) -> FittedBlend:
    """Both models from everything; their weights from a part of the people, who are asked for drawn events."""
    parts = [learner.fit(events, rng=rng, on_step=quiet) for learner in (COVISIT, LOW_RANK)]
    some = events.where(events.person % max(1, int(events.person[-1]) // CASES) == 0)
    held = rng.random(len(some)) < HELD
    task = given_test(some.where(~held), some.where(held))
    scales = np.array([scale_of(part, task) for part in parts])
    weights = learn_weights(gather(parts, task), scales, k=K)
    return FittedBlend(parts=tuple(parts), weights=tuple(weights / scales))


def warm_up(rng: np.random.Generator) -> None:
    """Let numba load what it compiled; a served process has done so long before."""
    learned(_drawn(rng, (300, 100, 5_000)), rng).score(_drawn(rng, (1, 100, 5)), 1)


def _drawn(rng: np.random.Generator, shape: tuple[int, int, int]) -> Interactions:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "drawn.parquet", rng, *shape)
        return read(Path(folder) / "drawn.parquet", shape[1] + 1)


def _tell_loss(report: Report, rng: np.random.Generator) -> None:
    events = _drawn(rng, CUT)
    held = rng.random(len(events)) < HELD
    task = given_test(events.where(~held), events.where(held)).cut(CASES, rng)
    blend = _recall(task, learned(task.train, rng))
    exact = _recall(task, Ease().fit(task.train, rng=rng, on_step=quiet))
    report(f"recall@{K}_blend_on_cut", blend)
    report(f"recall@{K}_exact_ease_on_cut", exact)
    report("loss_on_cut", 1 - blend / exact)


def _recall(task: Task, fitted: Fitted) -> float:
    marks = judge(task, fitted.score, ks=(K,), rng=np.random.default_rng(0), on_step=quiet)
    return float(marks.of("recall", K).mean())


def _time_peers(report: Report, events: Interactions) -> None:
    try:
        from implicit.cpu.als import AlternatingLeastSquares
        from implicit.nearest_neighbours import CosineRecommender
    except ImportError:
        report.note("implicit is not installed: its ALS and item-kNN were not timed")
        return
    rows = cells(events).astype(np.float32)
    began, worked = time.perf_counter(), time.process_time()
    CosineRecommender(K=100, num_threads=2).fit(rows, show_progress=False)
    report("implicit_item_knn_s", time.perf_counter() - began, unit="s")
    report("implicit_item_knn_cpu_s", time.process_time() - worked, unit="s")
    als = AlternatingLeastSquares(factors=64, iterations=ITERATIONS, random_state=0, num_threads=2)
    began, worked, passes = time.perf_counter(), time.process_time(), [0]

    def count(iteration: int, _seconds: float, _loss: float) -> None:
        passes[0] = iteration + 1
        if time.perf_counter() - began > PEER_SECONDS:
            raise _LongEnough

    with contextlib.suppress(_LongEnough):
        als.fit(rows, show_progress=False, callback=count)
    report("implicit_als_64_s", time.perf_counter() - began, unit="s")
    report("implicit_als_64_cpu_s", time.process_time() - worked, unit="s")
    report(f"implicit_als_passes_of_{ITERATIONS}", passes[0])


class _LongEnough(Exception):
    """A peer has had its time."""
