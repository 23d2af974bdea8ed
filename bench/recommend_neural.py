"""`recommend/neural` and `recommend/neural-dense`: networks beside what counts and solves, within the same time.

Two data sets: amazon-beauty, where histories are short and in order (leave-one-out, seen products ranked), and the part
of gowalla whose people and places all have at least twenty events (no order; a fifth of each one's places is asked, the
places of the history are not ranked). Settings of networks are the usual ones, which were chosen on validation parts of
the training data; each learns for at most BENCH_SECONDS (300) of CPU and stops by its own validation. `auto` has four
times that, and tries networks among the others. Set OMP_NUM_THREADS=1 to give nobody more than one core.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from zhanggui.recommend.engines.evaluation.metrics import judge
from zhanggui.recommend.engines.evaluation.protocols import given_test, leave_one_out
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.learners.auto import Auto, FittedAuto
from zhanggui.recommend.engines.learners.base import Fitted, Learner, Limits
from zhanggui.recommend.engines.learners.blending import FittedBlend, gather, learn_weights, scale_of
from zhanggui.recommend.engines.learners.candidates import Candidate, candidates_for, changed
from zhanggui.recommend.engines.learners.named import LEARNERS, NEURAL

from .harness import Report, case, real_data
from .recommend_amazon import interactions, quiet, tell
from .recommend_gowalla import unordered

SECONDS = float(os.environ.get("BENCH_SECONDS", "300"))
LEAST_EVENTS = 20
HELD = 0.2
BLENDING_CASES, SCALING_CASES = 4000, 500


@case("recommend/neural")
def beauty(report: Report) -> None:
    """Short histories in order."""
    task = leave_one_out(interactions("amazon-beauty"))
    _compare(report, task, ("popularity", "item-knn", "covisit", "sequences", *NEURAL), k=10, measure="hit")


@case("recommend/neural-dense")
def dense(report: Report) -> None:
    """Long histories without order."""
    names = ("popularity", "item-knn", "ease", "factors", "mult-vae", "rec-vae", "apr")
    task = dense_task()
    alone(report, task)
    _compare(report, task, names, k=20, measure="recall")


def alone(report: Report, task: Task) -> None:
    """What the adversary of `apr` is worth: the same network without it."""
    unharmed = changed(LEARNERS["apr"](task, Limits(seconds=SECONDS)), "share", 0.0)
    fitted = unharmed.fit(task.train, rng=np.random.default_rng(0), on_step=quiet)
    _judge(report, task, "apr_without_adversary", fitted, k=20, measure="recall")


def dense_task() -> Task:
    """The dense part of gowalla."""
    import pyarrow.parquet as pq

    table = pq.read_table(real_data("gowalla") / "train.parquet")
    person, place = table["user"].to_numpy(), table["item"].to_numpy()
    while True:
        kept = (np.bincount(person)[person] >= LEAST_EVENTS) & (np.bincount(place)[place] >= LEAST_EVENTS)
        if kept.all():
            break
        person, place = person[kept], place[kept]
    person, place = (np.unique(column, return_inverse=True)[1] for column in (person, place))
    held = np.random.default_rng(0).random(len(person)) < HELD
    size = int(place.max()) + 2
    return given_test(*(unordered(person[rows], place[rows] + 1, size) for rows in (~held, held)))


def _compare(report: Report, task: Task, names: Sequence[str], *, k: int, measure: str) -> None:
    """A row a method; where validation was never trained on, blends of them all; then `auto`."""
    report.note(
        f"{len(task.train)} events of {task.size - 1} products, {task.people} people asked, {SECONDS:.0f} s each"
    )
    fitted = {
        name: _row(report, task, LEARNERS[name](task, Limits(seconds=SECONDS)), k=k, measure=measure) for name in names
    }
    if task.kind == "leave-one-out":
        plain = {name: part for name, part in fitted.items() if name not in NEURAL}
        for label, parts in {"blend_without_networks": plain, "blend_with_networks": fitted}.items():
            _judge(report, task, label, blend(report, task, parts, k=k), k=k, measure=measure)
    candidates = tuple(
        replace(candidate, learner=_within(candidate.learner)) for candidate in candidates_for(task.train)
    )
    _row(report, task, _auto(task, candidates, k), k=k, measure=measure)


def _auto(task: Task, candidates: tuple[Candidate, ...], k: int) -> Auto:
    return Auto(task=task, k=k, candidates=candidates, limits=Limits(seconds=4 * SECONDS))


def _within(learner: Learner) -> Learner:
    if learner.name not in NEURAL:
        return learner
    return changed(learner, "pace.seconds" if learner.name == "sasrec" else "basis.pace.seconds", SECONDS)


def _row(report: Report, task: Task, learner: Learner, *, k: int, measure: str) -> Fitted:
    began, steps = time.process_time(), []
    fitted = learner.fit(task.train, rng=np.random.default_rng(0), on_step=lambda done, _of: steps.append(done))
    report(f"{learner.name}_fit_cpu_s", time.process_time() - began, unit="s")
    if learner.name in NEURAL:
        report.note(f"{learner.name}: {len(steps)} epochs")
    _judge(report, task, learner.name, fitted, k=k, measure=measure)
    if isinstance(fitted, FittedAuto):
        tell(report, fitted)
    return fitted


def _judge(report: Report, task: Task, label: str, fitted: Fitted, *, k: int, measure: str) -> None:
    marks = judge(task, fitted.score, ks=(k,), rng=np.random.default_rng(0), on_step=quiet)
    for one in (measure, "ndcg"):
        report(f"{label}_{one}@{k}", float(marks.of(one, k).mean()))


def blend(report: Report, task: Task, parts: Mapping[str, Fitted], *, k: int) -> FittedBlend:
    """A weighted sum, its weights learned on 4,000 cases of validation."""
    rng = np.random.default_rng(0)
    inside = task.validation(rng).cut(BLENDING_CASES, rng)
    used = tuple(parts.values())
    scales = np.array([scale_of(part, inside.cut(SCALING_CASES, rng)) for part in used])
    weights = learn_weights(gather(used, inside), scales, k=k)
    report.note(", ".join(f"{name} {weight:.2f}" for name, weight in zip(parts, weights, strict=True)))
    return FittedBlend(parts=used, weights=tuple(weights / scales))
