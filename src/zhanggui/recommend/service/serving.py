"""What every answer goes through: the state as of now, the shopper, the ranking, its words, and the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import tzinfo

import msgspec

from zhanggui.kernel.clock import HOUR_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.recommend import words
from zhanggui.recommend.engines.scratch import Scratch
from zhanggui.recommend.tables.preferences import StoredPreference
from zhanggui.recommend.types.lists import RankedProduct, Reason, Recommendations, ServedEntry
from zhanggui.recommend.types.recipes import ExportLists

from .answering import rank
from .filter_hints import FilterHints
from .live_state import LiveState, Snapshot
from .presenting import presented
from .ranked import Ranking, nothing
from .restraint import budgeted, notices, restrained, wanting
from .served_buffer import ServedBuffer
from .shoppers import NO_PAST, OFF, Shopper, Shoppers
from .surfaces import named
from .wishing import Past, Wish, bounded, narrowed

ANYBODY = Shopper(number=0, past=NO_PAST, preferences=[], notice="")
Tell = Callable[[int, Reason], Reason]
"""From a product's number and the reason that its ranking gave to the one that a recipe has."""
Placing = Callable[[Sequence[RankedProduct]], Sequence[RankedProduct]]
"""From what was ranked to what a page has places for, in the page's order: that is served, the rest never was."""


class Serving:
    """Makes answers of one shop in one process. Nothing of a shopper is kept between them.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        state: what answers share.
        shoppers: reads who asks.
        served: takes lists for the log.
        zone: of the shop's clock, by which filters ask for the hour.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        state: LiveState,
        shoppers: Shoppers,
        served: ServedBuffer,
        zone: tzinfo,
    ) -> None:
        self.db, self.clock, self.state, self.shoppers, self.served = db, clock, state, shoppers, served
        self._zone, self._hints, self._local = zone, FilterHints(), threading.local()

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
        """Who asks, for what, and what all answers share at this moment; nobody named is a stranger.

        Raises:
            BadFilter: `only` cannot be understood.
        """
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            snapshot = self.state.snapshot(db, now_ms)
            shopper = self.shoppers.find(db, snapshot, customer_id, visitor_id, now_ms)
        chance = f"{customer_id}|{visitor_id}|{now_ms // HOUR_MS}"
        intent = wanting(shopper.past, now_ms, snapshot.strength)
        wish = Wish(
            k=bounded(k),
            surface=named(surface),
            now_ms=now_ms,
            chance=chance,
            seen=shopper.seen,
            intent=intent,
            zone=self._zone,
            channel=channel,
            device=device,
            foreseen=shopper.foreseen,
            tags=shopper.tags,
        )
        return snapshot, *restrained(shopper, budgeted(snapshot, shopper, narrowed(snapshot, wish, only), only))

    def ranked(
        self, snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, language: str
    ) -> tuple[Ranking, tuple[RankedProduct, ...]]:
        """The ranking, and the structs that tell it; both empty where no place is wanted."""
        if wish.k == 0:
            return nothing(), ()
        found = rank(snapshot, past, preferences, wish, self._scratch(len(snapshot.blocked)))
        return found, presented(snapshot, past, found, language)

    def serve(
        self,
        snapshot: Snapshot,
        shopper: Shopper,
        wish: Wish,
        language: str,
        *,
        is_personal: bool | None = None,
        past: Past | None = None,
        tell: Tell | None = None,
        place: Placing | None = None,
        list_id: str = "",
    ) -> Recommendations:
        """Rank, put into words, and log exactly what is handed back.

        Args:
            snapshot: what answers share.
            shopper: who asks.
            wish: what for.
            is_personal: whether it is the shopper's own list; without, whether they have a past.
            past: what to rank by, where it is not the shopper's own.
            tell: gives the reasons of a recipe.
            place: chooses among them for a page that shows fewer; without, all that were ranked are served.
            list_id: of the list; without, a new one.
        """
        ranked_by = shopper.past if past is None else past
        found, items = self.ranked(snapshot, ranked_by, shopper.preferences, wish, language)
        if tell is not None:
            items = _retold(items, found.numbers.tolist(), tell, language)
        numbers, chances = found.numbers, found.propensities
        if place is not None:
            rows, items = _placed(items, place)
            numbers, chances = numbers[rows], chances[rows]
        list_id = list_id or new_id()
        self._log(list_id, snapshot, shopper, wish, numbers.tolist(), chances.tolist())
        said = notices(shopper, wish)
        return Recommendations(
            list_id=list_id,
            items=items,
            model=snapshot.model.id or "untrained",
            surface=wish.surface,
            is_personal=len(shopper.past.seq) > 0 if is_personal is None else is_personal,
            notice=said[0] if said else "",
            notice_text=words.notice(said, language),
            hints=self._hints.of(wish.wanted, snapshot.goods, snapshot.view.seq) if wish.wanted else (),
            intent=round(wish.intent, 4),
        )

    def _log(
        self,
        list_id: str,
        snapshot: Snapshot,
        shopper: Shopper,
        wish: Wish,
        numbers: list[int],
        chances: list[float],
    ) -> None:
        self.served.put(
            ServedEntry(
                id=list_id,
                person=shopper.number,
                surface=wish.surface,
                at_ms=wish.now_ms,
                products=tuple(numbers),
                propensities=tuple(chances),
                model=snapshot.model.id,
            )
        )

    def anybody(self, k: int, surface: str, chance: str = "", only: str = "") -> tuple[Snapshot, Shopper, Wish]:
        """For an answer that is the same for all: nobody's past, nobody's consent.

        Raises:
            BadFilter: `only` cannot be understood.
        """
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            snapshot = self.state.snapshot(db, now_ms)
        wish = Wish(k=bounded(k), surface=surface, now_ms=now_ms, chance=chance, zone=self._zone)
        return snapshot, ANYBODY, narrowed(snapshot, wish, only)

    def asked_by(
        self, customer_id: str | None, visitor_id: str | None, k: int, surface: str, chance: str = "", only: str = ""
    ) -> tuple[Snapshot, Shopper, Wish]:
        """For an answer that needs no shopper and heeds one where one is named.

        Of whoever turned personalization off it is not even logged that the list was theirs.

        Raises:
            BadFilter: `only` cannot be understood.
        """
        if customer_id is None and visitor_id is None:
            return self.anybody(k, surface, chance, only)
        snapshot, shopper, wish = self.asked(customer_id, visitor_id, k, surface, only)
        number = 0 if shopper.notice == OFF else shopper.number
        return snapshot, replace(shopper, number=number, notice=""), replace(wish, chance=chance or wish.chance)

    def asked_of(
        self, snapshot: Snapshot, shopper: Shopper, ask: ExportLists, now_ms: int, chance: str
    ) -> tuple[Shopper, Wish]:
        """For a shopper who is known already, at a given moment."""
        intent, k = wanting(shopper.past, now_ms, snapshot.strength), bounded(ask.k)
        at = Wish(k=k, surface=ask.surface, now_ms=now_ms, chance=chance, intent=intent, zone=self._zone)
        own = replace(at, seen=shopper.seen, foreseen=shopper.foreseen, tags=shopper.tags)
        return restrained(shopper, budgeted(snapshot, shopper, own))

    def _scratch(self, size: int) -> Scratch:
        held: Scratch | None = getattr(self._local, "scratch", None)
        if held is None or held.size < size:
            held = Scratch(size)
            self._local.scratch = held
        return held


def _retold(
    items: Sequence[RankedProduct], numbers: Sequence[int], tell: Tell, language: str
) -> tuple[RankedProduct, ...]:
    told = [(item, tell(number, item.reason)) for item, number in zip(items, numbers, strict=True)]
    return tuple(
        msgspec.structs.replace(item, reason=reason, explanation=words.explain(reason.code, reason.params, language))
        for item, reason in told
    )


def _placed(items: Sequence[RankedProduct], place: Placing) -> tuple[list[int], tuple[RankedProduct, ...]]:
    """(rows of those that the page shows, the same with the places that they have there)."""
    rows = {item.product_id: row for row, item in enumerate(items)}
    kept = place(items)
    shown = tuple(msgspec.structs.replace(item, position=at) for at, item in enumerate(kept, start=1))
    return [rows[item.product_id] for item in kept], shown
