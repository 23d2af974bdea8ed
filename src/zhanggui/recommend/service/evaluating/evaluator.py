"""The evaluation itself: read, audit, plan, then one model after the other, each told as it is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.recommend.engines.evaluation.audit import audit_log, audit_task
from zhanggui.recommend.engines.evaluation.intervals import Sample
from zhanggui.recommend.engines.evaluation.metrics import MEASURES, Score
from zhanggui.recommend.engines.learners.base import Learner
from zhanggui.recommend.errors import RecommendError

from .asking import Asked, Asking, ask
from .attributes import read_attributes
from .cards import with_card
from .foreign import load_model
from .judging import Judging
from .meter import Meter, Timed, free_bytes
from .planning import CHOOSER, Planned, plan
from .predictions import Predictions, read_predictions
from .results import AgainstLine, AuditLine, DataLine, FailedLine, Line, RowLine
from .split import write_split

_COMPARED = {"recall", "ndcg"}
OnStep = Callable[[str, int, int], None]
"""Told (what runs, done, of)."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What shall run.

    Attributes:
        asking: on what.
        models: names of our learners.
        ks: lengths of list.
        predictions: files of somebody else's lists.
        others: classes of somebody else's models.
        attributes: file of (product, attribute), by which products are alike, else by who wanted them; with it
            `content` runs, and `auto` may use it.
        budget_s: seconds for all models together.
        seed: of everything that is drawn.
        split: folder for the cut as files, so that others can learn from the same rows.
    """

    asking: Asking
    models: list[str]
    ks: tuple[int, ...] = (10, 20)
    predictions: list[Path] = []
    others: list[str] = []
    attributes: Path | None = None
    budget_s: float | None = None
    seed: int = 0
    split: Path | None = None


@dataclass(slots=True)
class Evaluation:
    """One run; iterate over `lines` once.

    Attributes:
        wish: what shall run.
        clock: the present moment, for rows of the future.
        on_step: progress.
    """

    wish: Wish
    clock: Clock
    on_step: OnStep = lambda _what, _done, _of: None
    _samples: dict[str, Sample] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """Data, audit, plan, then a row as each model is finished, then every model against the first and the best.

        Raises:
            RecommendError: files or names are wrong; nothing has run then.
        """
        others = [load_model(place) for place in self.wish.others]
        asked = ask(self.wish.asking)
        files = [(path, read_predictions(path, asked)) for path in self.wish.predictions]
        attributes = read_attributes(self.wish.attributes, asked) if self.wish.attributes else None
        if self.wish.split:
            write_split(self.wish.split, asked)
        yield self._data(asked)
        now_ms = to_ms(self.clock())
        for found in [
            *audit_log(asked.events, order=asked.order, now_ms=now_ms),
            *audit_task(asked.task, order=asked.order, test=asked.test),
            *asked.told,
        ]:
            yield AuditLine(code=found.code, level=found.level, count=found.count, of=found.of, words=found.words)
        planned = plan(
            asked.task,
            self.wish.models,
            others,
            seconds=self.wish.budget_s,
            free=free_bytes(),
            documents=attributes.documents() if attributes else (),
        )
        yield from (one.line for one in planned)
        judging = Judging.of(asked, self.wish.ks, seed=self.wish.seed, attributes=attributes)
        yield from self._rows(judging, planned, files)
        if judging.has_several:
            yield from self._against([path.stem for path, _ in files] + [other.name for other in others])

    def _data(self, asked: Asked) -> DataLine:
        task = asked.task
        return DataLine(
            file=self.wish.asking.data.name,
            columns={role: name for role, name in msgspec.structs.asdict(asked.columns).items() if name},
            protocol=task.kind,
            order=asked.order,
            rows=len(asked.events),
            left_out=asked.left_out,
            people=len(asked.events.person_starts()) - 1,
            products=task.size - 1,
            trained=len(task.train),
            cases=task.people,
            targets=len(task.target_products),
            keep_seen=task.keep_seen,
            seed=self.wish.seed,
        )

    def _rows(
        self, judging: Judging, planned: Sequence[Planned], files: Sequence[tuple[Path, Predictions]]
    ) -> Iterator[Line]:
        chooser = [one for one in planned if one.learner.name == CHOOSER]
        for one in planned:
            if one.line.fits and one not in chooser:
                yield self._fitted(judging, one.learner)
        for path, lists in files:
            yield self._row(judging, path.stem, lists.score, Meter(), lists.notes)
        for one in chooser:
            if one.line.fits:
                yield self._fitted(judging, one.learner)

    def _fitted(self, judging: Judging, learner: Learner) -> Line:
        name = learner.name
        rng = np.random.default_rng(self.wish.seed)
        try:
            with Meter() as fit:
                fitted = learner.fit(
                    judging.task.train, rng=rng, on_step=lambda done, of: self.on_step(f"{name}: fit", done, of)
                )
            return with_card(self._row(judging, name, fitted.score, fit, []), fitted)
        except RecommendError as error:
            return FailedLine(model=name, reason=str(error))
        except Exception as error:  # noqa: BLE001  (one model that fails must not take the others' figures with it)
            return FailedLine(model=name, reason=f"{type(error).__name__}: {error}")

    def _row(self, judging: Judging, name: str, score: Score, fit: Meter, notes: list[str]) -> RowLine:
        timed = Timed(score)
        with Meter() as predict:
            marks = judging.judge(timed.score, lambda done, of: self.on_step(f"{name}: rank", done, of))
        self._samples[name] = sample = judging.sample(marks)
        return RowLine(
            model=name,
            figures=judging.figures(sample),
            lists=judging.lists(marks),
            by_history=judging.by_history(marks),
            by_warmth=judging.by_warmth(marks),
            fit_s=round(fit.seconds, 3),
            predict_s=round(timed.seconds, 3),
            peak_bytes=max(fit.peak_bytes, predict.peak_bytes),
            notes=notes,
        )

    def _against(self, peers: Sequence[str]) -> Iterator[AgainstLine]:
        """Somebody else's rows against each of ours; without any, the best by NDCG against the others."""
        names = list(self._samples)
        columns = {f"{measure}@{k}": place for place, (k, measure) in enumerate(self._shown()) if measure in _COMPARED}
        best = max(
            names, key=lambda name: self._samples[name].means[columns[f"ndcg@{self._shown()[0][0]}"]], default=""
        )
        pairs = [(peer, name) for peer in peers for name in names if peer in names and name not in peers]
        for model, other in pairs or [(best, name) for name in names if name != best]:
            for figure, column in columns.items():
                found = self._samples[model].less(self._samples[other], column)
                yield AgainstLine(
                    model=model,
                    other=other,
                    figure=figure,
                    difference=found.value,
                    low=found.low,
                    high=found.high,
                    p_better=found.p_better,
                    detectable=found.detectable,
                )

    def _shown(self) -> list[tuple[int, str]]:
        return [(k, measure) for k in sorted(set(self.wish.ks)) for measure in MEASURES]
