"""Training of all models of predictions: each is judged for itself, and one that fails leaves the present one serving.

Only acts of people who allow training are read (PIPL art. 13 and 15; the text was not read here), and no file and no
card holds anything of one person.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.audience.errors import BrokenPrediction
from zhanggui.audience.ports import Customers, ItemSpace, LiveView, PastActs
from zhanggui.audience.tables import predictions as tables
from zhanggui.audience.types.predictions import HORIZONS, DataCheck, PredictionCard, PredictionTraining
from zhanggui.audience.words.predictions import check_text
from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.datasheets import DataGate
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.steps import OnStep, quiet

from .basis import Basis, Made
from .categories import Categories, categories_of
from .data_gate import passed, refused_cards
from .files import PredictionFiles, remove
from .plain_models import train_categories, train_lifetime, train_offers
from .propensities import train_propensity
from .reading import AheadOf, past_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Trained models on disk that do not serve yet."""

    cards: tuple[PredictionCard, ...]
    checks: tuple[DataCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Trains the models of one shop.

    Args:
        history: behaviour that may be learned from.
        customers: tells customers from browsers.
        live: the catalogue in memory.
        ahead_of: the shop's clock against UTC.
        data_gate: looks at the training set; one that fails stops the training.
        items: makes products vectors.
    """

    db: Database
    clock: Clock
    history: PastActs
    customers: Customers
    live: LiveView
    files: PredictionFiles
    ahead_of: AheadOf
    data_gate: DataGate
    items: ItemSpace

    def train(self, seed: int = 0, on_step: OnStep = quiet) -> PredictionTraining:
        """Train everything anew; what passes its checks serves at once."""
        began = time.perf_counter()
        prepared = self.prepare(seed, on_step)
        self.db.write(lambda db: self.settle(db, prepared))
        self.prune()
        told = tuple(msgspec.structs.replace(one, text=check_text(one, "en")) for one in prepared.checks)
        return PredictionTraining(cards=prepared.cards, checks=told, seconds=round(time.perf_counter() - began, 3))

    def prepare(self, seed: int = 0, on_step: OnStep = quiet) -> Prepared:
        """Learn, judge and write to disk; `on_step` hears (done, of). Nothing is learned where the gate says stop."""
        basis, categories = self._basis(seed)
        if basis.sheet is not None and basis.sheet.reason:
            return Prepared(cards=refused_cards(basis), checks=())
        steps: list[Callable[[], Made]] = [
            lambda: train_lifetime(basis),
            *[lambda kind=kind: train_propensity(basis, kind) for kind in HORIZONS],
            lambda: train_categories(basis, categories, self.items),
            lambda: train_offers(basis),
        ]
        cards: list[PredictionCard] = []
        checks: list[DataCheck] = []
        for done, step in enumerate(steps):
            on_step(done, len(steps))
            made = step()
            checks += made.checks
            if made.draft is not None:
                self.files.write(made.draft.card, made.draft.arrays)
                cards.append(made.draft.card)
        on_step(len(steps), len(steps))
        return Prepared(cards=tuple(cards), checks=tuple(checks))

    def settle(self, db: sa.Connection, prepared: Prepared) -> None:
        """Let what passed serve, in the caller's transaction."""
        for card in prepared.cards:
            self.files.settle(db, card)
        tables.put_checks(db, prepared.checks)

    def prune(self) -> None:
        """Forget all but the newest few models."""
        remove(self.db.write(self.files.prune))

    def _basis(self, seed: int) -> tuple[Basis, Categories]:
        at = self.clock()
        ahead = self.ahead_of(to_ms(at))
        past = past_of(self.db, self.history, self.customers, Purpose.TRAINING, ahead)
        with self.db.read() as db:
            current, view = tables.current_cards(db), self.live.view(db)
        past, sheet = passed(self.data_gate, past, view)
        yesterday = (to_ms(at) + ahead) // DAY_MS - 1
        last = int(past.acts.day.max()) if len(past.acts) else yesterday
        present = {}
        for kind, card in current.items():
            try:
                present[kind] = (card, self.files.read(card))
            except BrokenPrediction:  # a training mends it; it must not stand in its way
                continue
        basis = Basis(past=past, until_day=min(yesterday, last), at=at, seed=seed, present=present, sheet=sheet)
        return basis, categories_of(view)
