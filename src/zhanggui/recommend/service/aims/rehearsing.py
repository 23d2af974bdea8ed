"""The last sessions as if they were to come: each shopper's list as of that moment, by lists that have not seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.steps import OnStep
from zhanggui.recommend.engines.choosing import EXTRA, HISTORY_LIMIT, Occasion, cut_last, leaders
from zhanggui.recommend.engines.graphs.methods import can_learn_again
from zhanggui.recommend.engines.interactions import Interactions, Ints
from zhanggui.recommend.engines.popularity import Popularity, repeat_rates
from zhanggui.recommend.engines.scratch import Scratch
from zhanggui.recommend.service.answering import rank
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.service.rule_book import RuleBook
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.strengths import PURCHASE
from zhanggui.recommend.service.surfaces import HOME
from zhanggui.recommend.service.training.behaviour import columns_of
from zhanggui.recommend.service.training.learning import learn_graphs
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.service.training_data import as_data, stopped
from zhanggui.recommend.service.wishing import Past, Wish
from zhanggui.recommend.tables import models as model_tables

GATED = "slider"
"""Of the rehearsal, on its datasheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Behaviour cut before the last sessions, and what answers would share then.

    Attributes:
        snapshot: of this moment, with neighbour lists of before the sessions; everything in the catalogue may be shown.
        past: behaviour of before the sessions.
        kind: (n,) the kind of each of its events.
        occasions: the sessions, oldest first.
    """

    snapshot: Snapshot
    past: Interactions
    kind: Ints
    occasions: Sequence[Occasion]

    def lists(self, books: Sequence[RuleBook], places: int, on_step: OnStep) -> NDArray[np.int32]:
        """(books, occasions, places) what each shopper would have been shown by each book of rules; 0 for none."""
        shown = np.zeros((len(books), len(self.occasions), places), dtype=np.int32)
        past, scratch = self.past, Scratch(len(self.snapshot.blocked))
        by_time = np.argsort(past.at_ms, kind="stable")
        times, counted = past.at_ms[by_time], 0
        popularity = Popularity(len(self.snapshot.blocked), int(times[0]) if len(times) else 0)
        for number, occasion in enumerate(self.occasions):
            until = int(np.searchsorted(times, occasion.at_ms))
            rows = by_time[counted:until]
            popularity.add(past.product[rows], past.strength[rows], past.at_ms[rows])
            counted = until
            then, history = self._then(popularity), self._history(occasion)
            for book, wanted in enumerate(books):
                wish = Wish(k=places, surface=HOME, now_ms=occasion.at_ms, chance="")
                found = rank(replace(then, book=wanted), history, [], wish, scratch).numbers
                shown[book, number, : len(found)] = found
            on_step(number + 1, len(self.occasions))
        return shown

    def _then(self, popularity: Popularity) -> Snapshot:
        signals = self.snapshot.signals.copy()
        signals[:, :3] = popularity.trends()
        return replace(self.snapshot, signals=signals, trend=signals[:, 1].copy(), always=leaders(signals, EXTRA))

    def _history(self, occasion: Occasion) -> Past:
        """The shopper's last events before the session, newest first."""
        past = self.past
        start, end = np.searchsorted(past.person, [occasion.person, occasion.person + 1])
        end = start + int(np.searchsorted(past.at_ms[start:end], occasion.at_ms))
        rows = np.arange(max(start, end - HISTORY_LIMIT), end)[::-1]
        product = past.product[rows].astype(np.int64)
        return Past(seq=rows, product=product, kind=self.kind[rows], at_ms=past.at_ms[rows])


def rehearsal_of(serving: Serving, trainer: Trainer, most: int) -> Rehearsal:
    """Cut off the last sessions, at most so many, and learn neighbour lists from what is left.

    Raises:
        TrainingStopped: what is to be learned from did not pass the gate.
    """
    with serving.db.read() as db:
        snapshot = serving.state.snapshot(db, to_ms(serving.clock()))
        card = next((one for one in model_tables.models.all(db, KIND) if one.id == snapshot.model.id), None)
    events, kind = _behaviour(trainer, snapshot)
    is_past, found = cut_last(events, most=most)
    past, occasions = events.where(is_past), sorted(found, key=lambda one: one.at_ms)
    tried, seed = ((), 0) if card is None else (card.tried, card.seed)
    again = tried if can_learn_again(tried) else ()
    graphs, _ = learn_graphs(past, snapshot.graphs.content, trainer.budget_bytes, again, seed, snapshot.view)
    signals = snapshot.signals.copy()
    signals[:, 3] = repeat_rates(past)
    view = snapshot.view
    blocked = np.ones(events.size, dtype=np.bool_)
    blocked[: view.size] = [entry is None for entry in view.entries]
    nobody_new = np.zeros(events.size, dtype=np.bool_)
    then = replace(
        snapshot,
        graphs=graphs,
        signals=signals,
        blocked=blocked,
        newcomers=snapshot.newcomers[:0],
        is_newcomer=nobody_new,
    )
    return Rehearsal(snapshot=then, past=past, kind=kind[is_past], occasions=occasions)


def _behaviour(trainer: Trainer, snapshot: Snapshot) -> tuple[Interactions, Ints]:
    """Everything that may be learned from and passes the gate, and the kind of each event.

    Raises:
        TrainingStopped: it did not pass.
    """
    size, strengths = len(snapshot.blocked), snapshot.strength
    person, product, kind, at_ms, _ = columns_of(trainer.history)
    strength = strengths[np.clip(kind, 0, len(strengths) - 1)]
    used = np.flatnonzero((product > 0) & (product < size) & (strength != 0))
    used = used[np.lexsort((product[used], at_ms[used], person[used]))]
    events = Interactions.of(
        person=person[used],
        product=product[used],
        at_ms=at_ms[used],
        strength=strength[used],
        is_purchase=kind[used] == PURCHASE,
        size=size,
    )
    if trainer.data_gate is None:
        return events, kind[used]
    sheet, kept = trainer.data_gate.check(as_data(GATED, events, snapshot.view))
    if sheet.reason:
        raise stopped(GATED, sheet)
    return events.where(kept), kind[used][kept]
