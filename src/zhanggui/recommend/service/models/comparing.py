"""Two kept models side by side: their cards, and how differently they would serve the same shoppers now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose, ReadingGate
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.errors import NotKept
from zhanggui.recommend.ports import Behaviour, Costs, LiveView, Names, ServedHistory, ServedLog, Subjects
from zhanggui.recommend.service.live_state import LiveState
from zhanggui.recommend.service.model_store import ModelStore
from zhanggui.recommend.service.served_buffer import ServedBuffer
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.shoppers import Shoppers
from zhanggui.recommend.service.surfaces import HOME
from zhanggui.recommend.types.models import ModelCard
from zhanggui.recommend.types.quality import Compared

from .cards import model_card

PLACES = 10
MOST_SHOPPERS, LATELY_DAYS = 30, 7
Who = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Only:
    """Gives one model, whichever serves."""

    store: ModelStore
    card: ModelCard

    def load(self, card: ModelCard) -> RankModel:  # noqa: ARG002
        return self.store.load(self.card)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """Compares kept models.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        zone: of the shop's clock.
        live: the catalogue in memory.
        events: reads what shoppers did last.
        people: says who is who.
        names: the shop's ids of people.
        log: the log of served lists, for single shoppers.
        served: the same, for looking back.
        gate: says whose history may be used.
        models: the shop's model files.
        costs: what goods cost, for who aims at margins.
    """

    db: Database
    clock: Clock
    zone: tzinfo
    live: LiveView
    events: Behaviour
    people: Subjects
    names: Names
    log: ServedLog
    served: ServedHistory
    gate: ReadingGate
    models: ModelStore
    costs: Costs | None = None

    def compare(self, first: str, second: str) -> Compared:
        """Rank for the last 30 shoppers who were shown a list, with either model; nothing is logged as shown.

        Raises:
            UnknownModel: one of the ids is of none.
            NotKept: one of them was refused: its files are gone.
            BrokenModel: files are not what was written.
        """
        cards = tuple(self._kept(one) for one in (first, second))
        who = self._shoppers()
        lists = list(zip(*(self._ranked(card, who) for card in cards), strict=True))
        differ = [sum(a != b for a, b in zip(_filled(one), _filled(other), strict=True)) for one, other in lists]
        shared = [len(set(one) & set(other)) for one, other in lists]
        return Compared(
            first=cards[0],
            second=cards[1],
            shoppers=len(lists),
            places=PLACES,
            differ=_mean(differ),
            shared=_mean(shared),
            alike=sum(count == 0 for count in differ),
            is_repeated=self._is_repeated(cards[0], cards[1]),
        )

    def _is_repeated(self, first: ModelCard, second: ModelCard) -> bool:
        """Whether two trainings from the same events came to the very same arrays."""
        is_like = first.id != second.id and _learned_from(first) == _learned_from(second)
        return is_like and self.models.are_same(first, second)

    def _kept(self, model_id: str) -> ModelCard:
        card = model_card(self.db, model_id)
        if card.state == "refused":
            raise NotKept(f"Model {model_id} was refused; only its card is left.", hint="Compare models that are kept.")
        return card

    def _shoppers(self) -> list[Who]:
        """Those who were shown a list last, the latest first."""
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            numbers: list[int] = []
            for batch in self.served.lists(db, now_ms - LATELY_DAYS * DAY_MS, now_ms + 1, purpose=Purpose.SERVICE):
                came = batch.person[batch.person > 0][::-1].tolist()
                numbers = list(dict.fromkeys([*came, *numbers]))[:MOST_SHOPPERS]
            named = self.names.people(db, numbers)
        return [named[number] for number in numbers if number in named]

    def _ranked(self, card: ModelCard, who: Sequence[Who]) -> list[list[str]]:
        serving = Serving(
            db=self.db,
            clock=self.clock,
            state=LiveState(self.live, self.events, _Only(self.models, card), self.costs),
            shoppers=Shoppers(events=self.events, people=self.people, gate=self.gate, served=self.log),
            served=ServedBuffer(self.log, 0),
            zone=self.zone,
        )
        found = []
        for customer, visitor in who:
            snapshot, shopper, wish = serving.asked(customer, visitor, PLACES, HOME)
            _, items = serving.ranked(snapshot, shopper.past, shopper.preferences, wish, "en")
            found.append([item.product_id for item in items])
        return found


def _learned_from(card: ModelCard) -> tuple[object, ...]:
    """What two trainings that were the same have in common beside their arrays, which tell of goods and vectors.

    `view_seq` says nothing here: it moves with every change of the shop, also when a model begins to serve.
    """
    return card.rows, card.until_seq, card.seed, card.libraries


def _filled(products: Sequence[str]) -> list[str]:
    return [*products, *[""] * (PLACES - len(products))]


def _mean(counts: Sequence[int]) -> float | None:
    return round(sum(counts) / len(counts), 2) if counts else None
