"""Joins served places to what they led to, and judges other ways of choosing by it: the hooks for experiments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import HOUR_MS, Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.engines.off_policy import Logged, Value, estimate
from zhanggui.recommend.engines.quality import Shown, places_taken
from zhanggui.recommend.engines.withholding import FEWEST_PEOPLE, of_too_few, pseudonym
from zhanggui.recommend.errors import NothingToAsk
from zhanggui.recommend.ports import LiveView, PastBehaviour, ServedPlaces
from zhanggui.recommend.types.off_policy import (
    AskEstimate,
    AskOutcomes,
    MeanValue,
    Outcomes,
    PolicyEstimate,
    Reward,
    SurfaceOutcomes,
)
from zhanggui.shop import EVENT_NUMBERS, EventName

from .past_acts import Acts, acts_between, subjects
from .strengths import PURCHASE, SEEN_IN_LIST

REWARDS: dict[Reward, tuple[int, ...]] = {
    "click": (EVENT_NUMBERS[EventName.VIEW_ITEM], EVENT_NUMBERS[EventName.SELECT_ITEM]),
    "purchase": (PURCHASE,),
}
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places that were shown, end to end: columns of one length, and the lists that they belong to.

    Attributes:
        list_id: of each place.
        position: from 1.
        surface: where it stood.
        at_ms: when.
        model: which chose.
        person: the subject; it stays in the process.
        product: number.
        propensity: in (0, 1].
        seen: whether the shopper is known to have seen it.
        reward: 1 or 0.
        lists: how many there are.
        uncounted: how many were left out.
    """

    list_id: NDArray[Any]
    position: Ints
    surface: NDArray[Any]
    at_ms: Ints
    model: NDArray[Any]
    person: Ints
    product: Ints
    propensity: Reals
    seen: NDArray[np.bool_]
    reward: Reals
    lists: int
    uncounted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OffPolicy:
    """Looks back at served places.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        zone: by whose clock hours are told.
        live: the catalogue in memory.
        history: behaviour that may be counted.
        served: the log of served lists.
        gate: says whose lists may be counted.
    """

    db: Database
    clock: Clock
    zone: tzinfo
    live: LiveView
    history: PastBehaviour
    served: ServedPlaces
    gate: ConsentGate

    def outcomes(self, ask: AskOutcomes) -> Outcomes:
        """What places led to, by surface; lists younger than the window are not looked at."""
        places = self._places(ask)
        names = np.unique(places.surface).tolist()
        surfaces = tuple(_of_surface(places, name) for name in names)
        return Outcomes(surfaces=surfaces, places=len(places.reward), lists=places.lists, uncounted=places.uncounted)

    def rows(self, ask: AskOutcomes) -> Any:
        """The places as an Arrow table: context, action, propensity, reward. No row names a person.

        `seen` with a `reward` of 0 is a negative: the shopper saw the product there and passed it over. So that nobody
        who knows a purchase finds its row, moments are told as months and hours of the day, lists have names that hold
        no moment, and a product is not named beside the reward where fewer than 10 people took to it in that month.
        """
        import pyarrow as pa

        places = self._places(ask)
        with self.db.read() as db:
            ids = self.live.view(db).ids
        local = [from_ms(int(at)).astimezone(self.zone) for at in places.at_ms]
        month = np.array([at.year * 12 + at.month for at in local], dtype=np.int64)
        few = of_too_few(places.person, places.product, month, places.reward > 0, FEWEST_PEOPLE)
        product = np.where(few, len(ids), places.product)
        columns = {
            "list_id": pa.array([pseudonym(one) for one in places.list_id.tolist()], pa.string()),
            "position": pa.array(places.position.astype(np.int32)),
            "surface": pa.array(places.surface.tolist(), pa.string()),
            "month": pa.array([f"{at:%Y-%m}" for at in local], pa.string()),
            "hour": pa.array([at.hour for at in local], pa.int8()),
            "model": pa.array(places.model.tolist(), pa.string()),
            "product_id": pa.array([ids[n] if n < len(ids) else "" for n in product.tolist()], pa.string()),
            "propensity": pa.array(places.propensity),
            "seen": pa.array(places.seen),
            "reward": pa.array(places.reward),
        }
        return pa.table(columns)

    def write(self, file: Path | BinaryIO, ask: AskOutcomes) -> int:
        """Write `rows` as Parquet; returns how many."""
        import pyarrow.parquet as pq

        table = self.rows(ask)
        pq.write_table(table, file)
        return int(table.num_rows)

    def judge(self, ask: AskEstimate) -> PolicyEstimate:
        """What the places that are named would have earned under another way of choosing.

        Raises:
            NothingToAsk: none of them is among the places looked at.
        """
        places = self._places(ask.outcomes)
        lists, positions = places.list_id.tolist(), places.position.tolist()
        number = {
            (name, at): row
            for row, (id_, at) in enumerate(zip(lists, positions, strict=True))
            for name in (id_, pseudonym(id_))
        }
        found = [(number[key], one) for one in ask.targets if (key := (one.list_id, one.position)) in number]
        if not found:
            raise NothingToAsk("None of the places named was served in that time.", hint="Take them from the rows.")
        rows = np.array([row for row, _ in found])
        has_guess = all(one.guess is not None and one.guess_target is not None for _, one in found)
        told = estimate(
            Logged(
                reward=places.reward[rows],
                propensity=places.propensity[rows],
                target=np.array([one.chance for _, one in found]),
                cluster=places.person[rows],
                guess=np.array([one.guess for _, one in found], dtype=np.float64) if has_guess else None,
                guess_target=np.array([one.guess_target for _, one in found], dtype=np.float64) if has_guess else None,
            ),
            ask.most_weight,
        )
        return PolicyEstimate(
            on_policy=_said(told.on_policy),
            ips=_said(told.ips),
            snips=_said(told.snips),
            dr=_said(told.dr),
            rows=told.rows,
            effective=round(told.effective, 2),
            clipped=round(told.clipped, 4),
            unmatched=len(ask.targets) - len(found),
        )

    def _places(self, ask: AskOutcomes) -> Places:
        now_ms = to_ms(self.clock())
        within_ms = ask.hours * HOUR_MS
        since = self.clock() - timedelta(days=ask.days)
        entries, uncounted = self._lists(to_ms(since), now_ms - within_ms)
        length = np.array([len(one.products) for one in entries], dtype=np.int64)
        of = np.repeat(np.arange(len(entries)), length)
        person = subjects(self.db, np.array([one.person for one in entries], dtype=np.int64))
        product = np.array([number for one in entries for number in one.products], dtype=np.int64)
        at_ms = np.array([one.at_ms for one in entries], dtype=np.int64)[of]
        shown = Shown(list=of, person=person[of], product=product, at_ms=at_ms)
        acts = acts_between(self.db, self.history, to_ms(since), now_ms + 1)
        return Places(
            list_id=np.array([one.id for one in entries], dtype=object)[of],
            position=np.arange(len(of)) - np.repeat(np.cumsum(length) - length, length) + 1,
            surface=np.array([one.surface for one in entries], dtype=object)[of],
            at_ms=at_ms,
            model=np.array([one.model for one in entries], dtype=object)[of],
            person=person[of],
            product=product,
            propensity=np.array([chance for one in entries for chance in one.propensities], dtype=np.float64),
            seen=_taken(shown, acts, (SEEN_IN_LIST,), within_ms),
            reward=_taken(shown, acts, REWARDS[ask.reward], within_ms).astype(np.float64),
            lists=len(entries),
            uncounted=uncounted,
        )

    def _lists(self, since_ms: int, until_ms: int) -> tuple[list[Any], int]:
        """Lists of people who may be counted whose chances are known, and how many were left out."""
        with self.db.read() as db:
            served = [
                one for page in self.served.entries(db, since_ms, until_ms, purpose=Purpose.ANALYTICS) for one in page
            ]
        known = {one.person for one in served} - {0}
        allowed = self.gate.allowed_among(known, Purpose.ANALYTICS)
        kept = [one for one in served if one.person in allowed and len(one.propensities) == len(one.products)]
        return kept, len(served) - len(kept)


def _taken(shown: Shown, acts: Acts, kinds: tuple[int, ...], within_ms: int) -> NDArray[np.bool_]:
    of = np.isin(acts.kind, kinds)
    return places_taken(shown, acts.person[of], acts.product[of], acts.at_ms[of], within_ms)


def _of_surface(places: Places, name: str) -> SurfaceOutcomes:
    here = places.surface == name
    sure, chance = here & (places.propensity >= 1), here & (places.propensity < 1)
    return SurfaceOutcomes(
        surface=name,
        sure=int(sure.sum()),
        sure_reward=_mean(places, sure),
        chosen_by_chance=int(chance.sum()),
        chance_reward=_mean(places, chance),
        seen_unheeded=int((here & places.seen & (places.reward == 0)).sum()),
    )


def _mean(places: Places, rows: NDArray[np.bool_]) -> MeanValue | None:
    if not rows.any():
        return None
    ones = np.ones(int(rows.sum()))
    logged = Logged(reward=places.reward[rows], propensity=ones, target=ones, cluster=places.person[rows])
    return _said(estimate(logged).on_policy)


def _said(value: Value) -> MeanValue:
    is_sure = value.low == value.low
    return MeanValue(
        round(value.value, 6),
        round(value.low, 6) if is_sure else None,
        round(value.high, 6) if is_sure else None,
    )
