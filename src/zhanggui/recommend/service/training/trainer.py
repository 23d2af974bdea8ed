"""Training: history in, a checked model out. The one that serves goes on serving until a better one has passed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

import msgspec
import numpy as np

from zhanggui.kernel.changes import changes_since
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.datasheets import DataGate
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.steps import OnStep, between, forward, quiet
from zhanggui.recommend.engines.aims.merits import comeback_rates
from zhanggui.recommend.engines.blend import FEATURES
from zhanggui.recommend.engines.complements import fit_complements
from zhanggui.recommend.engines.graphs.methods import can_learn_again
from zhanggui.recommend.engines.guardrails import Goods
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.engines.popularity import Popularity, repeat_rates
from zhanggui.recommend.engines.ranking.columns import COLUMNS
from zhanggui.recommend.engines.repeat_timing import usual_intervals
from zhanggui.recommend.errors import ModelTooLarge
from zhanggui.recommend.ports import ItemVectors, LiveView, NoProfiles, PastBehaviour, PersonWeights, Profiles
from zhanggui.recommend.service import strengths
from zhanggui.recommend.service.model_store import KIND, ModelStore
from zhanggui.recommend.service.readable_models import ReadableModels
from zhanggui.recommend.service.second_stage import offset_of
from zhanggui.recommend.service.steering.objectives import objectives_in
from zhanggui.recommend.service.vectors.held import spaces_of
from zhanggui.recommend.service.vectors.stored import KeptVectors
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.models import ModelCard, TrainReport

from .basis import Basis, reused_of
from .behaviour import behaviour_of
from .cards import card_of
from .checkpoints import Checkpoint, Checkpoints, key_of
from .data_gate import passed, refused_card
from .ending import report_of
from .learning import categories_of, content_graph, documents_of, learn_graphs, model_bytes
from .method_choice import Choice, MethodChoice
from .model_check import Judge, Learned, Taught
from .second_stage_judge import beside_of, facts_before
from .served_places import ServedPlaces
from .stock_book import StockBook
from .weighing import TAUGHT, weighed
from .workbench import SortingFolder, Workbench

OCCASIONS = 1500
BUDGET_BYTES = 1024 * 2**20
BUDGET_SECONDS = 120.0
_READ, _CHOSEN, _JUDGED, _FITTED = 20, 50, 70, 85
"""Of 100 steps, how many are done after each stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A trained model on disk that does not serve yet; `card.state` is `refused` when its checks failed."""

    card: ModelCard
    report: TrainReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """Trains the model of one shop.

    A full training learns everything anew. An incremental one takes over the blend, and the content lists where no
    product was changed; it reads all behaviour all the same, since nothing of people is kept between trainings, and
    passes the same gate. A training that was killed goes on after the blend where it finds the same events.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        live: the catalogue in memory.
        history: behaviour that may be learned from.
        models: takes the files.
        data_gate: looks at each training set first; with None everything passes.
        budget_bytes: memory that a training may take; a model that does not fit is refused by name.
        budget_seconds: of the processor that choosing among methods may take; 0 for no choice.
        zone: of the shop's clock, by which it is learned when products are wanted.
        profiles: what was foreseen of people.
        weights: how much each person teaches; None: all alike.
        places: what was served, in place of what was seen where a shop does not tell that; None: nothing.
        vectors: of products' words and pictures; their neighbours are learned with the words.
    """

    db: Database
    clock: Clock
    live: LiveView
    history: PastBehaviour
    models: ModelStore
    data_gate: DataGate | None
    budget_bytes: int = BUDGET_BYTES
    budget_seconds: float = BUDGET_SECONDS
    zone: tzinfo = UTC
    profiles: Profiles = field(default_factory=NoProfiles)
    weights: PersonWeights | None = None
    places: ServedPlaces | None = None
    vectors: ItemVectors = field(default_factory=KeptVectors)

    @property
    def stock(self) -> StockBook:
        """What was available on each day."""
        return StockBook(folder=self.models.folder / "stock")

    @property
    def workbench(self) -> Workbench:
        """Where behaviour goes that memory would not hold."""
        return Workbench(folder=self.models.folder, budget_bytes=self.budget_bytes)

    def keep_stock(self) -> None:
        """Write down what is available, once a day."""
        with self.db.read() as db:
            self.stock.keep(self.live.view(db).available, to_ms(self.clock()))

    def train(self, seed: int = 0, on_step: OnStep = quiet, *, is_full: bool = True) -> TrainReport:
        """Train anew; the model goes into service when its checks pass.

        Raises:
            NotEnoughEvents: there is nothing to learn from yet.
            ModelTooLarge: it does not fit the budget.
        """
        prepared = self.prepare(seed, on_step, is_full=is_full)
        self.db.write(lambda db: self.models.settle(db, prepared.card, by_hand=True))
        self.models.prune()
        return prepared.report

    def prepare(self, seed: int, on_step: OnStep, *, is_full: bool = True) -> Prepared:
        """Learn, judge and write to disk; `train` or a job lets it serve. `on_step` hears (done, 100)."""
        with self.workbench.sorting() as sorting:
            return self._prepared(sorting, seed, forward(on_step), is_full=is_full)

    def _prepared(self, sorting: SortingFolder, seed: int, on_step: OnStep, *, is_full: bool) -> Prepared:
        began = time.perf_counter()
        self.keep_stock()
        checkpoints = Checkpoints(folder=self.models.folder)
        held = checkpoints.held(to_ms(self.clock()))
        reading = between(on_step, 0, _READ)
        basis = self._basis(sorting, reading, is_full=is_full, until_seq=held.until_seq if held else None)
        if held is not None and (held.key != self._key(basis, seed) or not can_learn_again(held.learned.tried)):
            basis, held = self._basis(sorting, reading, is_full=is_full, until_seq=None), None
        if basis.sheet is not None and basis.sheet.reason:
            stopped = refused_card(basis.sheet, basis.view, basis.until_seq, seed)
            return Prepared(card=stopped, report=report_of(stopped, time.perf_counter() - began))
        on_step(_READ, 100)
        if held is None:
            learned = self._learned(basis, sorting, seed, on_step)
            reached = Checkpoint(
                key=self._key(basis, seed), until_seq=basis.until_seq, at_ms=to_ms(self.clock()), learned=learned
            )
            checkpoints.keep(reached)
        else:
            learned = held.learned
        on_step(_JUDGED, 100)
        model, method = self._fitted(basis, learned, seed, on_step)
        budget = {"choose_seconds": f"{self.budget_seconds:g}", "memory_mb": f"{self.budget_bytes >> 20}"}
        now_ms = to_ms(self.clock())
        card = card_of(model, basis, learned, method=method, seed=seed, at_ms=now_ms, budget=budget)
        self.models.write(model, card)
        checkpoints.forget()
        on_step(100, 100)
        return Prepared(card=card, report=report_of(card, time.perf_counter() - began))

    def _basis(self, sorting: SortingFolder, on_step: OnStep, *, is_full: bool, until_seq: int | None) -> Basis:
        """Everything that is learned from, and what an incremental training takes over."""
        with self.db.read() as db:
            view, card = self.live.view(db), model_tables.current_model(db, KIND)
            changes = None if card is None or not card.view_seq else changes_since(db, card.view_seq)
            aims, spaces = objectives_in(db), spaces_of(db, self.vectors)
        needed = model_bytes(view.size)
        if needed > self.budget_bytes:  # before all behaviour is read for nothing
            raise ModelTooLarge.than(self.budget_bytes >> 20, needed >> 20, view.products)
        reading = between(on_step, 0, 40)
        events, until, seen = behaviour_of(self.history, view.size, aims, until_seq, sorting, reading)
        events, sheet = (events, None) if self.data_gate is None else passed(self.data_gate, events, view)
        if self.weights is not None:
            events = weighed(events, self.weights)
        if self.places is not None and not len(seen.person):
            seen = self.places.until(to_ms(self.clock()))
        present = None
        if card is not None and (held := ReadableModels(self.models).load(card)) is not None:
            present = (held, card)
        taught_by = ", ".join(filter(None, (strengths.taught_by(aims), TAUGHT if self.weights else "")))
        reused = () if is_full else reused_of(present, changes, taught_by, events.size)
        if present is not None and "content" in reused:
            content, is_known = present[0].graphs.content, present[0].is_known.copy()
        else:
            content, is_known = content_graph(view, events.size, spaces, between(on_step, 40, 100))
        is_known[events.product] = True
        return Basis(
            view=view,
            events=events,
            seen=seen,
            until_seq=until,
            content=content,
            is_known=is_known,
            present=present,
            reused=reused,
            taught_by=taught_by,
            sheet=sheet,
        )

    def _key(self, basis: Basis, seed: int) -> str:
        present = "" if basis.present is None else basis.present[1].id
        read = (basis.until_seq, basis.taught_by, FEATURES, COLUMNS)
        return key_of(basis.events, basis.content, seed, present, basis.reused, *read)

    def _learned(self, basis: Basis, sorting: SortingFolder, seed: int, on_step: OnStep) -> Learned:
        """What the last sessions say, with graphs that have not seen them."""
        split = sorting.without_last(basis.events, OCCASIONS)
        present, taught, choosing = basis.present, None, between(on_step, _READ, _CHOSEN)
        if present is not None and "blend" in basis.reused:
            old, tried = present[0], present[1].tried
            taught = Taught(blend=old.blend, cold_gain=old.cold_gain, stage=old.stage)
            graphs, _ = learn_graphs(split.past, basis.content, self.budget_bytes, tried, seed, basis.view, choosing)
            choice = Choice(graphs=graphs, tried=tried, metrics={})
        else:
            chooser = MethodChoice(seconds=self.budget_seconds, bytes=self.budget_bytes, seed=seed)
            choice = chooser.choose(split, basis.content, documents_of(basis.view, basis.events.size), choosing)
        on_step(_CHOSEN, 100)
        category = categories_of(basis.view, basis.events.size)
        judge = Judge(
            graphs=choice.graphs,
            split=split,
            goods=Goods.of(split.past, category, int(basis.is_known.sum())),
            present=None if present is None else (present[0], present[1].until_ms),
            facts=facts_before(split.past, basis.view, category, self._offset_ms),
            offset_ms=self._offset_ms,
            beside=beside_of(self.stock, self.profiles.past()),
            seen=basis.seen,
        )
        learned = judge.learn(np.random.default_rng(seed), between(on_step, _CHOSEN, _JUDGED), taught)
        return msgspec.structs.replace(learned, tried=choice.tried, metrics=learned.metrics | choice.metrics)

    def _fitted(self, basis: Basis, learned: Learned, seed: int, on_step: OnStep) -> tuple[RankModel, str]:
        """The model from all events, and the name of the method behind `alike`."""
        events = basis.events
        fitting = between(on_step, _JUDGED, _FITTED)
        tried = learned.tried
        graphs, method = learn_graphs(events, basis.content, self.budget_bytes, tried, seed, basis.view, fitting)
        on_step(_FITTED, 100)
        complements = fit_complements(events, basis.content)
        on_step(90, 100)
        popularity = Popularity.of(events)
        model = RankModel(
            id=new_id(),
            graphs=graphs,
            counts=popularity.counts,
            start_ms=popularity.start_ms,
            repeat_rate=repeat_rates(events),
            interval_days=usual_intervals(events),
            complements=complements,
            comeback=comeback_rates(events),
            blend=np.array(learned.blend, dtype=np.float32),
            cold_gain=learned.cold_gain,
            is_known=basis.is_known,
            until_seq=basis.until_seq,
            view_seq=basis.view.seq,
            stage=learned.stage.stage(events, self._offset_ms),
        )
        return model, method

    @property
    def _offset_ms(self) -> int:
        return offset_of(self.zone, to_ms(self.clock()))
