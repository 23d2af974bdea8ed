"""`recommend/cold`: a fifth of the products hidden from training; only their attributes are known.

Protocol: leave-one-out on amazon-sports. The hidden fifth is drawn by seed 0; no event with one of them is in training,
in a history or in validation. All products are ranked, hidden ones and others alike. `auto` is told the attributes and
rehearses with products that it hides itself (`learners/unseen.py`); the test part chooses nothing. Peers: TF-IDF cosine
over attributes; `auto` that is told no attributes and so never shows a hidden product; the very same model with the
hidden products left out of its lists. Attributes serve two ends, the order of what is known and a place for what is
not; how much of the one goes to the other is `FAVOUR`, chosen where another fifth of the known products was hidden
inside the training part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.content import ContentIndex
from zhanggui.recommend.engines.evaluation.metrics import judge
from zhanggui.recommend.engines.evaluation.protocols import leave_one_out
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.learners.auto import Auto
from zhanggui.recommend.engines.learners.base import Fitted, Limits
from zhanggui.recommend.engines.learners.candidates import Candidate, candidates_for
from zhanggui.recommend.engines.learners.cells import Lens
from zhanggui.recommend.engines.learners.content import Content

from .harness import Report, case
from .recommend_amazon import documents_of, interactions, quiet, tell

K, NAME, HIDDEN = 20, "amazon-sports", 0.2
SECONDS, BYTES = 300.0, 8_000_000_000
FAVOUR = 0.5
"""Of 0.25, 0.5, 0.75 and 1 the most at which known products gain more than a standard error on validation (7.6 %)."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cosine:
    """TF-IDF cosine of the attributes of a history with those of each product."""

    rows: Any
    lens: Lens

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        scores: Floats = np.asarray((self.lens.look(histories, people) @ self.rows @ self.rows.T).todense())
        return scores


@dataclass(frozen=True, slots=True)
class Without:
    """A model that never shows some products."""

    part: Fitted
    hidden: Flags

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        scores = self.part.score(histories, people)
        scores[:, self.hidden] = -np.inf
        return scores


@case("recommend/cold")
def cold(report: Report) -> None:
    """What is found of products that nobody took yet, and what that costs the others."""
    events = interactions(NAME)
    documents = documents_of(NAME, events.size)
    hidden = np.zeros(events.size, dtype=np.bool_)
    products = np.arange(1, events.size)
    hidden[np.random.default_rng(0).choice(products, int(HIDDEN * len(products)), replace=False)] = True
    whole = leave_one_out(events)
    task = without(whole, hidden)
    learned = replace(task, inside=lambda _, rng: only_known(without(whole.validation(rng), hidden), hidden))
    told_nothing = Auto(
        task=learned,
        limits=Limits(seconds=SECONDS, bytes=BYTES),
        k=K,
        candidates=candidates_for(task.train),
    )
    candidates = (Candidate(learner=Content(documents=documents)), *told_nothing.candidates)
    auto = replace(told_nothing, candidates=candidates, favour_unseen=FAVOUR)
    fitted = auto.fit(task.train, rng=np.random.default_rng(0), on_step=quiet)
    tell(report, fitted)
    is_cold = hidden[task.target_products]
    rows = ContentIndex.of(documents).columns.tocsr()
    told = {
        "auto": recall(task, fitted),
        "tfidf": recall(task, Cosine(rows, Lens(half_life=1.5))),
        "same": recall(task, Without(fitted, hidden)),
        "untold": recall(task, told_nothing.fit(task.train, rng=np.random.default_rng(0), on_step=quiet)),
    }
    _report(report, told, is_cold)


def _report(report: Report, told: dict[str, NDArray[np.float64]], is_cold: Flags) -> None:
    unseen = {name: float(found[is_cold].mean()) for name, found in told.items()}
    known = {name: float(found[~is_cold].mean()) for name, found in told.items()}
    report("cases_cold", int(is_cold.sum()))
    report(f"recall@{K}_cold", unseen["auto"])
    report(f"recall@{K}_cold_tfidf", unseen["tfidf"])
    report("cold_over_tfidf", unseen["auto"] / unseen["tfidf"], bar=">= 1.2")
    report(f"recall@{K}_warm", known["auto"])
    report(f"recall@{K}_warm_tfidf", known["tfidf"])
    report(f"recall@{K}_warm_same_without_cold", known["same"])
    report(f"recall@{K}_warm_without_attributes", known["untold"])
    report("warm_loss", 1 - known["auto"] / known["untold"], bar="<= 0.02")
    report("warm_loss_against_same_without_cold", 1 - known["auto"] / known["same"])


def recall(task: Task, fitted: Fitted) -> NDArray[np.float64]:
    """(cases,) whether the target is among the first 20."""
    return judge(task, fitted.score, ks=(K,), rng=np.random.default_rng(0), on_step=quiet).of("hit", K)


def without(task: Task, hidden: Flags) -> Task:
    """A task whose training and histories hold none of some products."""
    train, histories = task.train, task.histories
    return replace(
        task,
        train=train.where(~hidden[train.product]),
        histories=histories.where(~hidden[histories.product]),
    )


def only_known(task: Task, hidden: Flags) -> Task:
    """The cases that ask for none of some products."""
    return task.only(np.flatnonzero(~hidden[task.target_products]))
