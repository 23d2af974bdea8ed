"""Learn segments from how people shop; a version that is worse, or refused by the gate, leaves the present one serving.

Learned from are customers who allow personalization, analytics and training, at most `MOST` drawn by chance. Law: PIPL
art. 6, 13, 24 and 55 (least data, consent, no unreasonable differences, assessment); not read here.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from importlib.metadata import version

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.audience.engines.learned.grouping import LEAST_SILHOUETTE, Grouped, best, candidates, silhouette
from zhanggui.audience.engines.learned.matching import matched, means
from zhanggui.audience.engines.learned.naming import names
from zhanggui.audience.engines.learned.portraits import portrait
from zhanggui.audience.engines.learned.sketching import Sketch, sketch_of
from zhanggui.audience.engines.learned.space import Floats, Space, learned_space
from zhanggui.audience.engines.learned.traits import lifted
from zhanggui.audience.ports import LiveView
from zhanggui.audience.service.segments.looking import Looking
from zhanggui.audience.tables import learned as tables
from zhanggui.audience.types.learned import LearnedCard, Tried
from zhanggui.audience.words.learned import spoken
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.datasheets import DataGate
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.steps import OnStep, quiet

from .data_gate import passed
from .model import Group, Model, pack, unpack

PURPOSES = (Purpose.ANALYTICS, Purpose.TRAINING)
MOST = 10_000
LEAST = 60
LEAST_SHARE = 0.02
"""A group of a smaller share is merged, however many people it has."""
WORSE = 0.02
"""The groups that serve stay where their silhouette over today's people is better by more than this."""
KEPT = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that does not serve yet; without a model it was refused."""

    card: LearnedCard
    model: Model | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Learns the segments of one shop.

    Attributes:
        floor: no group, and nothing that is told of one, is of fewer people.
    """

    db: Database
    clock: Clock
    live: LiveView
    looking: Looking
    data_gate: DataGate
    floor: int

    def learn(self, seed: int = 0, on_step: OnStep = quiet) -> LearnedCard:
        """Learn anew; what passes serves at once."""
        draft = self.prepare(seed, on_step)
        self.db.write(lambda db: self.settle(db, draft))
        return draft.card

    def prepare(self, seed: int = 0, on_step: OnStep = quiet) -> Draft:
        """Look at everybody, group them, judge; `on_step` hears (done, of) people."""
        began, rng = time.perf_counter(), np.random.default_rng(seed)
        people = self._sketches(rng, on_step)
        with self.db.read() as db:
            people, sheet = passed(self.data_gate, people, self.live.view(db))
            before = self._current(db)
        card = LearnedCard(
            id=new_id(),
            state="refused",
            at=self.clock(),
            people=len(people),
            seed=seed,
            libraries={name: version(name) for name in ("numpy", "scipy", "faiss-cpu")},
            datasheet=sheet,
        )
        sketches = list(people.values())
        if sheet.reason:
            draft = _refused(card, f"data:{sheet.reason}")
        elif len(sketches) < max(LEAST, 3 * self.floor):
            draft = _refused(card, "few")
        else:
            draft = self._grouped(card, sketches, before, rng)
        seconds = round(time.perf_counter() - began, 3)
        return Draft(msgspec.structs.replace(draft.card, seconds=seconds), draft.model)

    def settle(self, db: sa.Connection, draft: Draft) -> None:
        """Let a draft stand in the caller's transaction: what passed serves, and the one before it is kept."""
        held = tables.cards(db)
        if draft.model is not None:
            for one in held:
                if one.state == "current":
                    tables.set_card(db, msgspec.structs.replace(one, state="kept"))
        tables.put_version(db, draft.card, None if draft.model is None else pack(draft.model))
        tables.drop_versions(db, [one.id for one in tables.cards(db) if one.state != "current"][KEPT:])

    def _sketches(self, rng: np.random.Generator, on_step: OnStep) -> dict[int, Sketch]:
        """By number everybody of whom enough is known, at most `MOST` looked at."""
        persons = np.asarray(self.looking.customers_allowing(PURPOSES), dtype=np.int64)
        if len(persons) > MOST:
            persons = np.sort(rng.choice(persons, MOST, replace=False))
        found = {}
        for done, look in enumerate(self.looking.looks(PURPOSES, among=persons.tolist())):
            on_step(done, len(persons))
            sketch = sketch_of(look.profile)
            if sketch is not None:
                found[look.person] = sketch
        on_step(len(persons), len(persons))
        return found

    def _current(self, db: sa.Connection) -> Model | None:
        held = tables.current_id(db)
        packed = None if held is None else tables.model_of(db, held)
        return None if packed is None else unpack(packed)

    def _grouped(
        self, card: LearnedCard, sketches: list[Sketch], before: Model | None, rng: np.random.Generator
    ) -> Draft:
        least = max(self.floor, math.ceil(LEAST_SHARE * len(sketches)))
        space, points = learned_space(sketches, least)
        found = candidates(points, least, rng)
        chosen = best(found)
        card = msgspec.structs.replace(card, tried=tuple(_tried(one) for one in found))
        if chosen is None:
            return _refused(card, "loose")
        card = msgspec.structs.replace(
            card,
            groups=len(chosen.centroids),
            silhouette=round(chosen.silhouette, 4),
            stability=round(chosen.stability, 4),
        )
        if not chosen.is_sound:
            return _refused(card, "loose" if chosen.silhouette < LEAST_SILHOUETTE else "unstable")
        if before is not None and _is_worse(chosen, before, points, sketches):
            return _refused(card, "worse")
        return self._made(card, space, points, sketches, chosen, before)

    def _made(
        self,
        card: LearnedCard,
        space: Space,
        points: Floats,
        sketches: list[Sketch],
        chosen: Grouped,
        before: Model | None,
    ) -> Draft:
        count = len(chosen.centroids)
        telling = lifted(sketches, chosen.labels, count, self.floor)
        same = {}
        if before is not None:
            old = means(points, before.labels(sketches), len(before.groups))
            same = {row: before.groups[other] for row, other in matched(old, chosen.centroids).items()}
        named = names(telling, spoken)
        groups = []
        for row in range(count):
            own = [one for one, group in zip(sketches, chosen.labels.tolist(), strict=True) if group == row]
            kept = same.get(row)
            groups.append(
                Group(
                    id=new_id() if kept is None else kept.id,
                    middle=chosen.centroids[row].tolist(),
                    name=named[row],
                    portrait=portrait(own, sketches, telling[row], self.floor),
                    since_ms=to_ms(card.at) if kept is None else kept.since_ms,
                )
            )
        return Draft(msgspec.structs.replace(card, state="current", matched=len(same)), Model(space, groups))


def _is_worse(chosen: Grouped, before: Model, points: Floats, sketches: list[Sketch]) -> bool:
    """Whether the groups that serve fit today's people better, by more than chance."""
    labels = before.labels(sketches)
    judged = np.arange(0, len(points), max(1, len(points) // 1_000))
    now = silhouette(points[judged], chosen.labels[judged])
    return silhouette(points[judged], labels[judged]) > now + WORSE


def _tried(one: Grouped) -> Tried:
    return Tried(groups=len(one.centroids), silhouette=round(one.silhouette, 4), stability=round(one.stability, 4))


def _refused(card: LearnedCard, reason: str) -> Draft:
    return Draft(msgspec.structs.replace(card, reason=reason), None)
