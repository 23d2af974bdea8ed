"""The use cases of this room: what a shopper may like, what is like a product, and "show me less"."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend import tables, words
from zhanggui.recommend.engines.choosing import HISTORY_LIMIT
from zhanggui.recommend.engines.ranker import Scratch
from zhanggui.recommend.errors import UnknownModel
from zhanggui.recommend.ports import Behaviour, LiveView, PastBehaviour, ServedLog, Subjects
from zhanggui.recommend.tables import StoredPreference
from zhanggui.recommend.types import (
    ModelCard,
    Preference,
    RankedProduct,
    Recommendations,
    ServedEntry,
    ShowLess,
    TrainReport,
)
from zhanggui.shop import EVENT_NUMBERS, EventName, Subject, UnknownProduct

from .answering import Answer, Past, Wish, answer, without_preferences
from .live_state import LiveState, Snapshot
from .model_store import KIND, ModelStore
from .preferences import Preferences
from .reasons import reasons
from .served_buffer import ServedBuffer
from .training import OnStep, Trainer

MOST = 200
HOUR_MS = 3_600_000
CACHED_SUBJECTS = 50_000
_NOTHING = np.zeros(0, dtype=np.int64)
NO_PAST = Past(seq=_NOTHING, product=_NOTHING, kind=_NOTHING, at_ms=_NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shopper:
    """Who asks, and what is known of them for this answer."""

    number: int
    past: Past
    preferences: list[StoredPreference]
    notice: str


_STRANGER = _Shopper(number=0, past=NO_PAST, preferences=[], notice="no_history")


class Recommender:
    """Recommends from what a shopper did last, as of the last committed event. See `for_shopper`.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        live: the catalogue in memory.
        events: reads a shopper's last events.
        people: says who is who.
        served: logs what was shown.
        gate: says whose history may be used; without one everybody's may.
        history: behaviour that may be learned from.
        models: the shop's model files.
        log_after_s: how long a served list may wait for others before it is logged.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        live: LiveView,
        events: Behaviour,
        people: Subjects,
        served: ServedLog,
        gate: ConsentGate | None,
        history: PastBehaviour,
        models: ModelStore,
        log_after_s: float = 0.25,
    ) -> None:
        self.db, self.clock, self.models = db, clock, models
        self._events, self._people, self._gate = events, people, gate
        self._served = ServedBuffer(served, log_after_s)
        self.trainer = Trainer(db=db, clock=clock, live=live, history=history, models=models)
        self._preferences = Preferences(db=db, clock=clock, live=live, events=events, people=people)
        self._state = LiveState(live, models)
        self._local = threading.local()
        self._subjects: dict[tuple[str | None, str | None], Subject] = {}
        self._allowed: set[int] = set()
        self._subjects_seq = -1

    def warm(self) -> None:
        """Load the model and compile every loop, so that the first shopper does not wait."""
        with self.db.read() as db:
            snapshot = self._state.snapshot(db, to_ms(self.clock()))
        self._state.warm_content()
        if snapshot.view.size > 1:
            kind = EVENT_NUMBERS[EventName.VIEW_ITEM]
            one = np.array([1], dtype=np.int64)
            past = Past(seq=one, product=one, kind=one * 0 + kind, at_ms=one)
            self._ranked(snapshot, past, [], Wish(k=5, surface="home", now_ms=1, chance=""), "zh")

    def for_shopper(
        self,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        k: int = 10,
        surface: str = "home",
        language: str = "zh",
    ) -> Recommendations:
        """What this shopper may like now, best first, each with its reason.

        A stranger, or somebody who has turned personalization off, gets what everybody likes, and `notice` says so.

        Args:
            customer_id: the shop's id of a customer.
            visitor_id: the id of a browser.
            k: at most so many, in [1, 200].
            surface: where the list stands; on `cart` and `buy_again` what was bought lately may come again.
            language: of titles and explanations.
        """
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            snapshot = self._state.snapshot(db, now_ms)
            shopper = self._shopper(db, snapshot, customer_id, visitor_id)
        chance = f"{customer_id}|{visitor_id}|{now_ms // HOUR_MS}"
        wish = Wish(k=min(max(k, 1), MOST), surface=surface, now_ms=now_ms, chance=chance)
        return self._serve(snapshot, shopper, wish, language)

    def for_customer(self, customer_id: str, k: int = 10, language: str = "zh") -> Recommendations:
        """What a customer may like now; see `for_shopper`."""
        return self.for_shopper(customer_id=customer_id, k=k, language=language)

    def similar(self, product_id: str, k: int = 10, language: str = "zh") -> Recommendations:
        """What is like a product, for anybody.

        Raises:
            UnknownProduct: there is none of that id.
        """
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            snapshot = self._state.snapshot(db, now_ms)
        number = snapshot.view.numbers.get(product_id)
        if number is None:
            raise UnknownProduct.among(product_id, snapshot.view.numbers)
        at = np.array([number], dtype=np.int64)
        viewed = np.array([EVENT_NUMBERS[EventName.VIEW_ITEM]], dtype=np.int64)
        past = Past(seq=at * 0, product=at, kind=viewed, at_ms=at * 0 + now_ms)
        wish = Wish(k=min(max(k, 1), MOST), surface="similar", now_ms=now_ms, chance=product_id, hidden=(number,))
        shopper = _Shopper(number=0, past=past, preferences=[], notice="")
        return self._serve(snapshot, shopper, wish, language, is_personal=False)

    def popular(self, k: int = 10, language: str = "zh") -> Recommendations:
        """What everybody likes now."""
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            snapshot = self._state.snapshot(db, now_ms)
        wish = Wish(k=min(max(k, 1), MOST), surface="popular", now_ms=now_ms, chance="")
        return self._serve(snapshot, _Shopper(number=0, past=NO_PAST, preferences=[], notice=""), wish, language)

    def show_less(self, ask: ShowLess) -> Preference:
        """Show a shopper less like a product; see `Preferences.show_less`."""
        return self._preferences.show_less(ask)

    def choose_chips(self, preference_id: str, chips: Sequence[str]) -> Preference:
        """Lower other chips; see `Preferences.choose_chips`."""
        return self._preferences.choose_chips(preference_id, chips)

    def undo_show_less(self, preference_id: str) -> Preference:
        """Take a preference back; see `Preferences.undo`."""
        return self._preferences.undo(preference_id)

    def train(self, seed: int = 0, on_step: OnStep = lambda _done, _of: None) -> TrainReport:
        """Train anew; the model goes into service when its checks pass. See `Trainer.train`."""
        return self.trainer.train(seed, on_step)

    def model_card(self, model_id: str) -> ModelCard:
        """The card of a model.

        Raises:
            UnknownModel: there is none of that id.
        """
        cards = {card.id: card for card in self.model_cards()}
        if model_id not in cards:
            hint = did_you_mean(model_id, cards, otherwise="List the models with: zhanggui recommend models SHOP")
            raise UnknownModel(f"No model has the id {model_id!r}.", hint=hint)
        return cards[model_id]

    def model_cards(self) -> list[ModelCard]:
        """The models, newest first."""
        with self.db.read() as db:
            return tables.model_cards(db, KIND)

    def _shopper(
        self, db: sa.Connection, snapshot: Snapshot, customer_id: str | None, visitor_id: str | None
    ) -> _Shopper:
        subject = self._subject(db, snapshot, customer_id, visitor_id)
        if subject is None:
            return _STRANGER
        if not self._may_personalise(subject.number):
            return _Shopper(number=subject.number, past=NO_PAST, preferences=[], notice="personalization_off")
        tail = self._events.tail(db, subject.numbers, limit=HISTORY_LIMIT)
        past = Past(seq=tail.seq, product=tail.product, kind=tail.kind, at_ms=tail.at_ms)
        held = tables.preferences_of(db, subject.numbers)
        return _Shopper(
            number=subject.number,
            past=without_preferences(past, held) if held else past,
            preferences=held,
            notice="" if len(past.seq) else "no_history",
        )

    def flush(self) -> None:
        """Log the served lists that wait."""
        self._served.flush()

    def _may_personalise(self, number: int) -> bool:
        """What the gate says; a yes is remembered until consents or persons change, a no is asked again."""
        if self._gate is None or number in self._allowed:
            return True
        is_allowed = self._gate.allows(number, Purpose.PERSONALIZATION)
        if is_allowed:
            self._allowed.add(number)
        return is_allowed

    def _subject(
        self, db: sa.Connection, snapshot: Snapshot, customer_id: str | None, visitor_id: str | None
    ) -> Subject | None:
        """Who it is; remembered until people are linked or unlinked, which the change feed tells."""
        if customer_id is None and visitor_id is None:
            return None
        if self._subjects_seq != snapshot.links_seq or len(self._subjects) >= CACHED_SUBJECTS:
            self._subjects, self._allowed, self._subjects_seq = {}, set(), snapshot.links_seq
        found = self._subjects.get((customer_id, visitor_id))
        if found is None:
            found = self._people.subject(db, customer_id, visitor_id)
            # Somebody with no number yet, or only one of two named, may get one without a change of the feed.
            if found is not None and (customer_id is None or visitor_id is None):
                self._subjects[customer_id, visitor_id] = found
        return found

    def _ranked(
        self, snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, language: str
    ) -> tuple[Answer, tuple[RankedProduct, ...]]:
        found = answer(snapshot, past, preferences, wish, self._scratch(len(snapshot.blocked)))
        view = snapshot.view
        numbers, scores = found.numbers.tolist(), found.scores.tolist()
        why = reasons(snapshot, past, found, language)
        ranked = tuple(
            RankedProduct(
                product_id=view.ids[number],
                score=round(scores[n], 5),
                reason=why[n],
                position=n + 1,
                title=view.titles(number, language),
                explanation=words.explain(why[n].code, why[n].params, language),
                propensity=float(found.propensities[n]),
            )
            for n, number in enumerate(numbers)
        )
        return found, ranked

    def _serve(
        self, snapshot: Snapshot, shopper: _Shopper, wish: Wish, language: str, *, is_personal: bool | None = None
    ) -> Recommendations:
        found, ranked = self._ranked(snapshot, shopper.past, shopper.preferences, wish, language)
        list_id = new_id()
        self._served.put(
            ServedEntry(
                id=list_id,
                person=shopper.number,
                surface=wish.surface,
                at_ms=wish.now_ms,
                products=tuple(found.numbers.tolist()),
                propensities=tuple(found.propensities.tolist()),
                model=snapshot.model.id,
            )
        )
        return Recommendations(
            list_id=list_id,
            items=ranked,
            model=snapshot.model.id or "untrained",
            surface=wish.surface,
            is_personal=len(shopper.past.seq) > 0 if is_personal is None else is_personal,
            notice=shopper.notice,
            notice_text=words.notice(shopper.notice, language),
        )

    def _scratch(self, size: int) -> Scratch:
        held: Scratch | None = getattr(self._local, "scratch", None)
        if held is None or held.size < size:
            held = Scratch(size)
            self._local.scratch = held
        return held
