"""What the slider costs and brings: the last sessions, foreseen at five of its places by lists that never saw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, to_ms
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.recommend.engines.aims.exposure import bits, spread_of
from zhanggui.recommend.engines.choosing import Occasion
from zhanggui.recommend.errors import NotEnoughEvents
from zhanggui.recommend.ports import Costs
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.service.ordering import NEW_SELLER_MS, sellers_since
from zhanggui.recommend.service.rule_book import rule_book
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.steering.slider import with_slider
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.types.watching import Estimate, TradeOff, TradeOffRow

from .rehearsing import rehearsal_of

POSITIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
PLACES = 20
MOST, LEAST = 600, 20
GROUPS = 20
"""Of occasions, each left out once: their spread gives the intervals."""
TWO_SIDED = 1.96
NAME, TRIED = "trade_off", "trade_off_given_up"
AGAIN_MS = DAY_MS
_decode = msgspec.json.Decoder(TradeOff)


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """Which model could not be measured, and when."""

    model: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeOffs:
    """Measures the slider, and keeps what was found last.

    Args:
        serving: of the shop.
        trainer: reads behaviour and says what memory there is.
        costs: what a unit of each product costs in minor units; products whose cost is not known are left out.
    """

    serving: Serving
    trainer: Trainer
    costs: Costs

    def latest(self) -> TradeOff | None:
        """What was measured last; None where nothing was yet."""
        with self.serving.db.read() as db:
            held = setting_tables.setting(db, NAME)
        return None if held is None else _decode.decode(held)

    def is_due(self) -> bool:
        """Whether another model serves than the one that was measured, or than could not be within the last day."""
        held = self.latest()
        with self.serving.db.read() as db:
            card, tried = model_tables.current_model(db, KIND), setting_tables.setting(db, TRIED)
        if card is None or self._is_given_up(tried, card.id):
            return False
        return held is None or held.model != card.id

    def give_up(self) -> None:
        """Keep that the model which serves could not be measured: it is tried again by itself after a day.

        Who came too few times until now may come again, and the model that serves a young shop may stay for long.
        """
        now_ms = to_ms(self.serving.clock())

        def work(db: sa.Connection) -> None:
            card = model_tables.current_model(db, KIND)
            tried = Tried(model="" if card is None else card.id, at_ms=now_ms)
            setting_tables.put_setting(db, TRIED, msgspec.json.encode(tried))

        self.serving.db.write(work)

    def _is_given_up(self, held: bytes | None, model_id: str) -> bool:
        if held is None:
            return False
        tried = msgspec.json.decode(held, type=Tried)
        return tried.model == model_id and to_ms(self.serving.clock()) - tried.at_ms < AGAIN_MS

    def measure(self, on_step: OnStep = quiet) -> TradeOff:
        """Replay the last sessions at each place of the slider, and keep what came of it.

        Raises:
            NotEnoughEvents: there are fewer than 20 sessions of shoppers who came before.
            TrainingStopped: what is learned from did not pass the gate; what was measured before stays.
        """
        rehearsal = rehearsal_of(self.serving, self.trainer, MOST)
        if len(rehearsal.occasions) < LEAST:
            raise NotEnoughEvents(
                f"{len(rehearsal.occasions)} sessions of shoppers who came before; measuring the slider needs {LEAST}.",
                hint="Until then its cost is not known.",
            )
        snapshot = rehearsal.snapshot
        with self.serving.db.read() as db:
            own, margins = rule_book(db), self._margins(db, snapshot)
        shown = rehearsal.lists([with_slider(own, position) for position in POSITIONS], PLACES, on_step)
        looked = Looked(snapshot=snapshot, occasions=rehearsal.occasions, margins=margins)
        rows = (looked.row(position, tops) for position, tops in zip(POSITIONS, shown, strict=True))
        found = TradeOff(
            at_ms=to_ms(self.serving.clock()),
            model=snapshot.model.id,
            occasions=len(rehearsal.occasions),
            rows=tuple(rows),
        )
        self.serving.db.write(lambda db: setting_tables.put_setting(db, NAME, msgspec.json.encode(found)))
        return found

    def _margins(self, db: sa.Connection, snapshot: Snapshot) -> NDArray[np.float64] | None:
        """(size,) price less cost, 0 where either is not known; None where no cost is."""
        costs, price = self.costs(db, None), snapshot.view.price_minor
        margins = np.zeros(len(snapshot.blocked))
        known = [number for number in costs if number < len(price) and price[number] >= 0]
        margins[known] = [int(price[number]) - costs[number] for number in known]
        return margins if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Looks at the lists of one place of the slider."""

    snapshot: Snapshot
    occasions: Sequence[Occasion]
    margins: NDArray[np.float64] | None

    def row(self, position: float, tops: NDArray[np.int32]) -> TradeOffRow:
        """The figures of lists (occasions, places)."""
        category, since = self.snapshot.category, sellers_since(self.snapshot)
        hits = [np.isin(one.taken, top) for one, top in zip(self.occasions, tops, strict=True)]
        entropy = [bits(np.bincount(category[top[top > 0]])) for top in tops]
        new = [
            (one.at_ms - since[top[top > 0]] < NEW_SELLER_MS).mean() if top.any() else 0.0
            for one, top in zip(self.occasions, tops, strict=True)
        ]
        return TradeOffRow(
            position=position,
            recall=_mean([hit.mean() for hit in hits]),
            margin=self._margin(hits),
            entropy=_mean(entropy),
            new_sellers=_mean(new),
            coverage=self._coverage(tops),
        )

    def _margin(self, hits: Sequence[NDArray[np.bool_]]) -> Estimate | None:
        margins = self.margins
        if margins is None:
            return None
        pairs = zip(self.occasions, hits, strict=True)
        return _mean([float(margins[one.taken[hit]].sum()) for one, hit in pairs], digits=0)

    def _coverage(self, tops: NDArray[np.int32]) -> Estimate:
        products = max(self.snapshot.view.products, 1)
        counts = np.zeros((GROUPS, len(self.snapshot.blocked)), dtype=np.int64)
        np.add.at(counts, (np.arange(len(tops))[:, None] % GROUPS, tops), 1)
        counts[:, 0] = 0
        whole = counts.sum(axis=0)
        parts = np.array([((whole - of) > 0).sum() / products for of in counts])
        return _estimate(float((whole > 0).sum() / products), parts)


def _mean(values: Sequence[float], digits: int = 4) -> Estimate:
    held = np.asarray(values, dtype=np.float64)
    group = np.arange(len(held)) % GROUPS
    sums, sizes = np.bincount(group, held, GROUPS), np.bincount(group, minlength=GROUPS)
    return _estimate(float(held.mean()), (held.sum() - sums) / (len(held) - sizes), digits)


def _estimate(value: float, parts: NDArray[np.float64], digits: int = 4) -> Estimate:
    half = TWO_SIDED * spread_of(parts)
    low, high = max(value - half, 0.0), value + half
    return Estimate(value=round(value, digits), low=round(low, digits), high=round(high, digits))
