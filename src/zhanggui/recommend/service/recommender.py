"""The use cases of this room: what a shopper may like, what is like a product, and "show me less"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ReadingGate
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.kernel.words import LANGUAGES
from zhanggui.recommend import words
from zhanggui.recommend.ports import (
    UNKNOWN,
    Behaviour,
    Costs,
    Known,
    LiveView,
    Names,
    NoSegments,
    Record,
    Reviews,
    Segments,
    ServedLog,
    Subjects,
)
from zhanggui.recommend.tables.preferences import StoredPreference
from zhanggui.recommend.types.lists import Preview, RankedProduct, Recommendations
from zhanggui.recommend.types.models import ModelCard, TrainReport
from zhanggui.recommend.types.preferences import Preference, ShowLess
from zhanggui.shop import EVENT_NUMBERS, EventName

from .explaining.stages import Explaining
from .head_starts import HeadStarts
from .live_state import LiveState, Snapshot
from .models.cards import model_card, model_cards
from .preferences import Preferences
from .previewing import preview_of
from .ranked import Ranking
from .readable_models import ReadableModels
from .recipes.audiences import Audiences
from .recipes.batches import Batches
from .recipes.beside import Beside
from .recipes.kept import known_numbers
from .recipes.labelled import LabelShelves
from .recipes.list_exports import ListExports
from .recipes.next_actions import NextActions
from .recipes.personal import Personal
from .recipes.shelves import Shelves
from .recipes.windows import Windows
from .served_buffer import ServedBuffer
from .serving import Placing, Serving
from .shoppers import Shopper, Shoppers
from .surfaces import GOES_WITH, HOME, POPULAR
from .training.trainer import Trainer
from .vectors.desk import VectorDesk
from .wishing import Past, Wish


class Recommender:
    """Recommends from what a shopper did last, as of the last committed event. See `for_shopper`.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        live: the catalogue in memory.
        events: reads a shopper's last events.
        people: says who is who.
        served: logs what was shown.
        gate: says whose history may be used.
        trainer: makes the models that serve; its behaviour, model files and time zone are those of the answers.
        exports: folder of exported lists.
        names: the shop's ids of people.
        reviews: who said what of which product.
        costs: what goods cost, for who aims at margins.
        known: what else is known of people; without, nothing is.
        head_starts: what rises in everybody's list; None where the shop does not want it.
        segments: the groups of shoppers that the shop keeps.
        log_after_s: how long a served list may wait for others before it is logged; after each commit the readers of
            all processes start with an empty cache, so a commit a second is felt less than four.
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
        gate: ReadingGate,
        trainer: Trainer,
        exports: Path,
        names: Names,
        reviews: Reviews,
        record: Record,
        costs: Costs | None = None,
        known: Known = UNKNOWN,
        head_starts: HeadStarts | None = None,
        segments: Segments | None = None,
        log_after_s: float = 1.0,
    ) -> None:
        self.db, self.clock, self.models, self.trainer = db, clock, trainer.models, trainer
        history = trainer.history
        state = LiveState(live, events, ReadableModels(trainer.models), costs, head_starts, trainer.vectors)
        shoppers, waiting = Shoppers(events, people, gate, served, known), ServedBuffer(served, log_after_s)
        self.serving = Serving(db=db, clock=clock, state=state, shoppers=shoppers, served=waiting, zone=trainer.zone)
        self.explaining, self.labelled = Explaining(self.serving), LabelShelves(self.serving)
        self.beside, self.personal = Beside(self.serving), Personal(self.serving)
        self.shelves = Shelves(self.serving, Windows(events, history))
        self.next_actions = NextActions(self.serving, people, reviews)
        self.audiences = Audiences(self.serving, history, gate, names, segments or NoSegments())
        self.batches = Batches(serving=self.serving, history=history, gate=gate, names=names)
        self.vectors = VectorDesk(db=db, clock=clock, live=live)
        self.list_exports = ListExports(db=db, clock=clock, batches=self.batches, folder=exports)
        self._preferences = Preferences(
            db=db, clock=clock, live=live, events=events, people=people, names=names, record=record
        )

    def warm(self) -> None:
        """Load the model and the words, and compile every loop, so that the first shopper does not wait."""
        for language in LANGUAGES:
            words.notice(("no_history",), language)
        snapshot, _, _ = self.serving.anybody(1, HOME)
        self.serving.state.warm_content()
        kind = EVENT_NUMBERS[EventName.VIEW_ITEM]
        one = np.array([1], dtype=np.int64)
        past = Past(seq=one, product=one, kind=one * 0 + kind, at_ms=one)
        self.ranked(snapshot, past, [], Wish(k=5, surface=HOME, now_ms=1, chance=""), "zh")

    def for_shopper(
        self,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        k: int = 10,
        surface: str = HOME,
        language: str = "zh",
        only: str = "",
        channel: str = "",
        device: str = "",
        without: Sequence[str] = (),
    ) -> Recommendations:
        """What this shopper may like now, best first, each with its reason.

        A stranger, or somebody who has turned personalization off, gets what everybody likes, and `notice` says so.

        Args:
            customer_id: the shop's id of a customer.
            visitor_id: the id of a browser.
            k: at most so many, in [1, 200].
            surface: where the list stands; on `cart` and `buy_again` what was bought lately may come again.
            language: of titles and explanations.
            only: a filter; nothing else comes.
            channel: where the shopper is: web, app, mini_program, store, live; for filters that ask, and for trees.
            device: what they hold: desktop, phone, tablet.
            without: products that the page shows elsewhere; unknown ids say nothing.

        Raises:
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self.asked(customer_id, visitor_id, k, surface, only, channel, device)
        if without:
            wish = replace(wish, hidden=tuple(known_numbers(snapshot.view, without)[0]))
        return self.serving.serve(snapshot, shopper, wish, language)

    def preview(
        self,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        k: int = 10,
        surface: str = HOME,
        language: str = "zh",
    ) -> Preview:
        """Exactly what `for_shopper` would answer, for people of the shop: nothing is logged as shown."""
        snapshot, shopper, wish = self.asked(customer_id, visitor_id, k, surface)
        _, ranked = self.ranked(snapshot, shopper.past, shopper.preferences, wish, language)
        return preview_of(snapshot, shopper, wish, ranked, language)

    def for_customer(self, customer_id: str, k: int = 10, language: str = "zh") -> Recommendations:
        """What a customer may like now; see `for_shopper`."""
        return self.for_shopper(customer_id=customer_id, k=k, language=language)

    def similar(
        self,
        product_id: str,
        k: int = 10,
        language: str = "zh",
        only: str = "",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        place: Placing | None = None,
    ) -> Recommendations:
        """What is like a product; see `Beside.similar`."""
        return self.beside.similar(
            product_id, k, language, only, customer_id=customer_id, visitor_id=visitor_id, place=place
        )

    def preview_similar(self, product_id: str, k: int = 10, language: str = "zh") -> tuple[RankedProduct, ...]:
        """Exactly what `similar` would answer to a stranger, for people of the shop: nothing is logged as shown."""
        snapshot, shopper, wish = self.beside.like(product_id, k)
        return self.ranked(snapshot, shopper.past, [], wish, language)[1]

    def goes_with(
        self,
        product_id: str,
        k: int = 10,
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        place: Placing | None = None,
    ) -> Recommendations:
        """What is bought beside a product; see `Beside.bought_together`."""
        return self.beside.bought_together(
            product_id,
            k,
            language,
            customer_id=customer_id,
            visitor_id=visitor_id,
            surface=GOES_WITH,
            place=place,
        )

    def popular(self, k: int = 10, language: str = "zh", only: str = "") -> Recommendations:
        """What everybody likes now; with a filter, of what fits it.

        Raises:
            BadFilter: the filter cannot be understood.
        """
        return self.serving.serve(*self.serving.anybody(k, POPULAR, only=only), language)

    def show_less(self, ask: ShowLess) -> Preference:
        """Show a shopper less like a product; see `Preferences.show_less`."""
        return self._preferences.show_less(ask)

    def choose_chips(
        self,
        preference_id: str,
        chips: Sequence[str],
        customer_id: str | None = None,
        visitor_id: str | None = None,
    ) -> Preference:
        """Lower other chips; see `Preferences.choose_chips`."""
        return self._preferences.choose_chips(preference_id, chips, customer_id, visitor_id)

    def undo_show_less(
        self, preference_id: str, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Preference:
        """Take a preference back; see `Preferences.undo`."""
        return self._preferences.undo(preference_id, customer_id, visitor_id)

    def preferences(self, customer_id: str | None = None, visitor_id: str | None = None) -> list[Preference]:
        """What a shopper wants less of; see `Preferences.of`."""
        return self._preferences.of(customer_id, visitor_id)

    def train(self, seed: int = 0, on_step: OnStep = quiet, *, is_full: bool = True) -> TrainReport:
        """Train anew; the model goes into service when its checks pass. See `Trainer.train`."""
        return self.trainer.train(seed, on_step, is_full=is_full)

    def model_card(self, model_id: str) -> ModelCard:
        """The card of a model.

        Raises:
            UnknownModel: there is none of that id.
        """
        return model_card(self.db, model_id)

    def model_cards(self) -> list[ModelCard]:
        """The models, newest first."""
        return model_cards(self.db)

    def flush(self) -> None:
        """Log the served lists that wait."""
        self.serving.served.flush()

    def asked(
        self,
        customer_id: str | None,
        visitor_id: str | None,
        k: int,
        surface: str,
        only: str = "",
        channel: str = "",
        device: str = "",
    ) -> tuple[Snapshot, Shopper, Wish]:
        """The shared state, who asks, and what for, at this moment."""
        return self.serving.asked(customer_id, visitor_id, k, surface, only, channel, device)

    def ranked(
        self, snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, language: str
    ) -> tuple[Ranking, tuple[RankedProduct, ...]]:
        """The ranking, and the same as it crosses the door. Nothing is logged."""
        return self.serving.ranked(snapshot, past, preferences, wish, language)
