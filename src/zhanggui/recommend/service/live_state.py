"""What all answers of a process share: the model, the catalogue's arrays, trends as of the last event.

Brought up to date at the start of every answer: the change feed says what moved, and events that arrived since are
counted. Nothing waits for a clock.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.kernel.changes import Change, changes_since
from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.engines.exploring import Explorer
from zhanggui.recommend.engines.filters import MaskCache
from zhanggui.recommend.engines.first_stage import Graphs, no_neighbours
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.live_content import LiveContent
from zhanggui.recommend.engines.model import RankModel, untrained
from zhanggui.recommend.engines.popularity import Popularity
from zhanggui.recommend.engines.ranking.facts import Facts
from zhanggui.recommend.engines.vector_spaces import VectorSpaces
from zhanggui.recommend.ports import Behaviour, Costs, ItemVectors, LiveView
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.aims import Objectives
from zhanggui.shop import CatalogueView

from .goods import ViewGoods, document_of
from .head_starts import HeadStart, HeadStarts
from .labels.book import CHANGE, label_book
from .model_store import KIND, ModelSource
from .rule_book import RuleBook
from .standing_candidates import always, newcomers_of
from .steering.merits import Merits
from .steering.reading import steered
from .strengths import CHOSEN, SEEN_IN_LIST, STRENGTH
from .vectors.held import WORDED, caught_up, spaces_of
from .vectors.stored import KeptVectors

ARRIVALS_AT_ONCE = 20_000
SMALL_CATALOGUE = 20_000
REFRESH_EVENTS = 256
NEW_DAYS = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One moment of what answers share; arrays are by product number.

    Attributes:
        view: the catalogue.
        model: in service.
        graphs: neighbour lists, by content those of this very moment.
        newcomers: (m,) sellable products that a trained model does not know, newest first.
        is_newcomer: (size,) whether a product is one of them.
        signals: (size, 5) as `first_stage.candidates` wants them.
        always: products that are always candidates: those that lead a trend, and the newcomers.
        blocked: (size,) products that cannot be bought now.
        category: (size,) number of the category, 0 for none.
        links_seq: moves when people were linked or consents changed: what is remembered of them is void.
        said_seq: moves when shoppers said something of their profiles or consents, or products got other words.
        trend: (size,) the middle trend of `signals`; the same object while trends are.
        goods: the catalogue as filters read it.
        masks: what filters leave out of it.
        book: the merchant's rules, and those that the slider stands for.
        objectives: what the merchant aims at.
        strength: (events,) how much each event says in favour of its product, by event number.
        merit: (size, 2) what margin and buyers coming back add to scores; None where the merchant aims at neither.
        explorer: what newcomers have shown so far, as of the last event that was counted.
        facts: what the trees of the model know of products; None where it has none.
        head_start: what rises in everybody's list; None where the shop does not want it.
        spaces: the vectors of products; None where there are none.
    """

    view: CatalogueView
    model: RankModel
    graphs: Graphs
    newcomers: NDArray[np.int32]
    is_newcomer: NDArray[np.bool_]
    signals: Floats
    always: NDArray[np.int32]
    blocked: NDArray[np.bool_]
    category: NDArray[np.int32]
    links_seq: int
    said_seq: int
    trend: Floats
    goods: ViewGoods
    masks: MaskCache
    book: RuleBook
    objectives: Objectives
    strength: Floats
    merit: Floats | None = None
    explorer: Explorer
    facts: Facts | None = None
    head_start: HeadStart | None = None
    spaces: VectorSpaces | None = None


class LiveState:
    """Keeps the snapshot of one shop in one process."""

    def __init__(
        self,
        live: LiveView,
        events: Behaviour,
        store: ModelSource,
        costs: Costs | None = None,
        head_starts: HeadStarts | None = None,
        vectors: ItemVectors | None = None,
    ) -> None:
        self._live, self._events, self._store, self._vectors = live, events, store, vectors or KeptVectors()
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._popularity = Popularity(1, 0)
        self._seen_seq = 0
        self._uncounted = 0
        self._content, self._explorer = LiveContent(no_neighbours(1)), Explorer(SEEN_IN_LIST, CHOSEN)
        self._categories: dict[str, int] = {}
        self._merits, self._head_starts = Merits(costs), head_starts

    def snapshot(self, db: sa.Connection, now_ms: int) -> Snapshot:
        """The state as the connection sees it, or later."""
        view = self._live.view(db)
        with self._lock:
            held = self._snapshot
            if held is None or held.view is not view:
                held = self._first(db, view, now_ms) if held is None else self._moved(db, held, view, now_ms)
                held = replace(held, merit=self._merits.of(db, view, held.model, held.objectives))
                if self._head_starts is not None:
                    held = replace(held, head_start=self._head_starts.of(db, len(held.blocked), now_ms))
            self._snapshot = self._counted(db, held)
            return self._snapshot

    def warm_content(self) -> None:
        """Read all words now, so that the first newcomer need not wait for it."""
        with self._lock:
            if self._snapshot is not None:
                view = self._snapshot.view
                self._content.warm(view.size, lambda number: document_of(view, number))

    def _first(self, db: sa.Connection, view: CatalogueView, now_ms: int) -> Snapshot:
        none = np.zeros(0, dtype=np.int32)
        model = self._model(db, view, now_ms)
        bare = Snapshot(
            view=view,
            model=model,
            graphs=model.graphs,
            newcomers=none,
            is_newcomer=np.zeros(0, dtype=np.bool_),
            signals=np.zeros((0, 5), dtype=np.float32),
            always=none,
            blocked=np.zeros(0, dtype=np.bool_),
            category=none,
            links_seq=0,
            said_seq=0,
            trend=np.zeros(0, dtype=np.float32),
            goods=(goods := ViewGoods(view, label_book(db))),
            masks=MaskCache(goods),
            book=RuleBook(),
            objectives=Objectives(),
            strength=STRENGTH,
            explorer=self._explorer,
        )
        return self._remodelled(db, replace(bare, **steered(db)), model, now_ms)

    def _model(self, db: sa.Connection, view: CatalogueView, now_ms: int) -> RankModel:
        card = model_tables.current_model(db, KIND)
        model = None if card is None else self._store.load(card)
        return untrained(view.size, now_ms) if model is None else model

    def _remodelled(self, db: sa.Connection, held: Snapshot, model: RankModel, now_ms: int) -> Snapshot:
        """Start over from a model: its counts, then all events that it has not counted."""
        self._popularity = Popularity(model.size, model.start_ms)
        self._popularity.counts[:] = model.counts
        self._seen_seq, self._uncounted = model.until_seq, REFRESH_EVENTS
        self._content = LiveContent(model.graphs.content)
        self._explorer.clear()
        everything = range(1, held.view.size)
        is_known = np.zeros(held.view.size, dtype=np.bool_)
        is_known[: model.size] = model.is_known[: held.view.size]
        worded = {number for number in everything if not is_known[number]}
        since = changes_since(db, model.view_seq) if model.view_seq else None
        edited = {change.subject for change in since or () if change.kind in WORDED}
        worded.update(held.view.numbers[id_] for id_ in edited if id_ in held.view.numbers)
        fresh = replace(held, model=model, spaces=spaces_of(db, self._vectors))
        return self._recatalogued(fresh, everything, worded, now_ms)

    def _moved(self, db: sa.Connection, held: Snapshot, view: CatalogueView, now_ms: int) -> Snapshot:
        changes = changes_since(db, held.view.seq)
        kinds = {change.kind for change in changes or ()}
        labels = label_book(db) if changes is None or CHANGE in kinds else held.goods.labels
        moved = self._refiltered(db, replace(held, view=view, goods=ViewGoods(view, labels)), held.goods, changes)
        if changes is None or kinds & {"person", "consent"}:
            moved = replace(moved, links_seq=view.seq)
        if changes is None or kinds & {"audience", "consent", "product"}:
            moved = replace(moved, said_seq=view.seq)
        if changes is None or "model" in kinds:
            return self._remodelled(db, moved, self._model(db, view, now_ms), now_ms)
        named = {change.subject for change in changes if change.kind in {"product", "offer"}}
        edited = {change.subject for change in changes if change.kind in WORDED}
        grown = range(held.view.size, view.size)
        touched = {*grown, *(view.numbers[id_] for id_ in named if id_ in view.numbers)}
        worded = {*grown, *(view.numbers[id_] for id_ in edited if id_ in view.numbers)}
        moved = replace(moved, spaces=caught_up(db, self._vectors, held.spaces, changes, view))
        # An offer or a live session begins and ends by itself: nothing is announced then.
        is_other = touched or worded or named or not np.array_equal(view.is_sellable, held.view.is_sellable)
        return self._recatalogued(moved, touched, worded, now_ms) if is_other else moved

    def _refiltered(
        self, db: sa.Connection, moved: Snapshot, before: ViewGoods, changes: list[Change] | None
    ) -> Snapshot:
        """Let masks know what changed, offers that began by themselves too; read the rules where one was changed."""
        if changes is None:
            moved.masks.moved(moved.goods, None)
            return replace(moved, **steered(db))
        named = {change.subject for change in changes if change.kind in {"product", "offer", "label"}}
        numbers = [moved.view.numbers[id_] for id_ in named if id_ in moved.view.numbers]
        turned = moved.goods.changed_since(before)
        moved.masks.moved(moved.goods, np.concatenate([turned, np.array(numbers, dtype=np.int64)]))
        return replace(moved, **steered(db)) if any(change.kind == "rule" for change in changes) else moved

    def _recatalogued(self, held: Snapshot, touched: Iterable[int], worded: Collection[int], now_ms: int) -> Snapshot:
        """Arrays for the view as it is; `touched` products may have other chips, `worded` ones other words."""
        view, size = held.view, max(held.view.size, held.model.size)
        category = np.zeros(size, dtype=np.int32)
        category[: len(held.category)] = held.category
        for number in touched:
            category[number] = self._category(view, number)
        blocked = np.ones(size, dtype=np.bool_)
        blocked[: view.size] = ~view.is_sellable
        created = np.zeros(size, dtype=np.int64)
        created[: view.size] = view.created_ms
        signals = np.zeros((size, 5), dtype=np.float32)
        signals[: held.model.size, 3] = held.model.repeat_rate
        signals[:, 4] = np.exp(-np.maximum(now_ms - created, 0) / DAY_MS / NEW_DAYS)
        self._popularity.grow(size)
        signals[:, :3] = self._popularity.trends()
        stage = held.model.stage
        facts = None if stage is None else stage.facts(view.price_minor, view.created_ms, category, view.available)
        trend = signals[:, 1].copy()
        fresh = replace(held, signals=signals, trend=trend, blocked=blocked, category=category, facts=facts)
        self._content.put(worded, view.size, lambda number: document_of(view, number), held.spaces)
        newcomers = newcomers_of(held.model, blocked, held.goods.is_content)
        is_newcomer = np.zeros(size, dtype=np.bool_)
        is_newcomer[newcomers] = True
        return replace(
            fresh,
            graphs=replace(held.model.graphs, content=self._content.graph),
            newcomers=newcomers,
            is_newcomer=is_newcomer,
            always=always(signals, blocked, newcomers),
        )

    def _category(self, view: CatalogueView, number: int) -> int:
        key = next((chip.key for chip in view.chips(number) if chip.kind == "category"), None)
        return 0 if key is None else self._categories.setdefault(key, len(self._categories) + 1)

    def _counted(self, db: sa.Connection, held: Snapshot) -> Snapshot:
        """Count the events that arrived since the last look."""
        is_more = True
        while is_more:
            came = self._events.arrivals(db, self._seen_seq, ARRIVALS_AT_ONCE, purpose=Purpose.SERVICE)
            is_more = came.shape[1] == ARRIVALS_AT_ONCE
            if came.shape[1] == 0:
                break
            self._seen_seq = int(came[0, -1])
            self._explorer.add(came[1], came[2])
            counted = (came[1] > 0) & (came[1] < len(self._popularity.counts))
            strength = held.strength[np.clip(came[2], 0, len(held.strength) - 1)]
            self._popularity.add(came[1][counted].astype(np.int32), strength[counted], came[3][counted])
            self._uncounted += came.shape[1]
        if self._uncounted == 0 or (len(held.signals) > SMALL_CATALOGUE and self._uncounted < REFRESH_EVENTS):
            return held
        self._uncounted = 0
        signals = held.signals.copy()
        signals[:, :3] = self._popularity.trends()
        fresh = replace(held, signals=signals, trend=signals[:, 1].copy())
        return replace(fresh, always=always(signals, held.blocked, held.newcomers))
