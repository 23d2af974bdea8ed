"""Neighbouring sessions: what people did whose session went like this one.

The sessions that share products with a history are weighed by how new the shared events are in it, how old and
how long they are themselves; the most alike then speak for what stood near, and rather after, what is shared.
It keeps the sessions of training, without who they were: what somebody withdraws is gone with the next training.

Source: Ludewig and Jannach, "Evaluation of session-based recommendation algorithms", UMUAI 2018,
doi:10.1007/s11257-018-9209-6; Garg et al., "Sequence and time aware neighborhood for session-based
recommendations (STAN)", SIGIR 2019, doi:10.1145/3331184.3331322.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats, Interactions, Ints

from .base import Cost, OnStep
from .cells import Lens
from .lists import in_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionNeighbours:
    """The settings.

    Attributes:
        neighbours: sessions that speak.
        most: newest sessions looked at for each product of the history.
        whole_people: whether a session is all that a person did, which suits short sequences without times.
        half_life: a session older than the newest by this share of all the time there is counts half; 0 for no
            decay. It is ignored where everybody begins at the same time: then times are places, and no clock.
        length_power: a session of n events counts 1 / n^length_power.
        before: weight of what stands before the shared product, after it is 1.
        distance: places from the shared product after which a product weighs 1/e; infinite where places say nothing.
        lens: how a history is weighed.
        name: what tables call it.
    """

    neighbours: int = 1000
    most: int = 5000
    whole_people: bool = True
    half_life: float = 0.33
    length_power: float = 0.4
    before: float = 1.0
    distance: float = 4.0
    lens: Lens = field(default_factory=lambda: Lens(half_life=1.0))
    name: str = "sessions"

    def cost(self, train: Interactions) -> Cost:
        """Sorting is all; what it keeps is what it learned from."""
        return Cost(seconds=1.0 + len(train) / 4e6, bytes=40 * len(train) + 16 * train.size)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedSessions:
        """Group sessions by product, newest first; exact: no chance is needed."""
        del rng
        used = train if bool(np.all(train.strength > 0)) else train.where(train.strength > 0)
        keys = used.person if self.whole_people else used.session.astype(np.int64)
        opens = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
        starts = np.append(opens, len(keys)).astype(np.int64)
        lengths = np.diff(starts)
        session = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        ended = used.at_ms[starts[1:] - 1] if len(used) else np.zeros(0, dtype=np.int64)
        holder_starts, holders = _holders(used, session, ended)
        on_step(1, 1)
        return FittedSessions(
            settings=self,
            holder_starts=holder_starts,
            holders=holders,
            starts=starts,
            products=used.product,
            age=_age(used, starts, ended),
            size=train.size,
        )


def _holders(events: Interactions, session: NDArray[np.int32], ended: Ints) -> tuple[Ints, NDArray[np.int32]]:
    """(size + 1,) starts, and the sessions of each product once, newest first."""
    keys = np.unique(events.product.astype(np.int64) * (len(ended) + 1) + session)
    product, holder = keys // (len(ended) + 1), keys % (len(ended) + 1)
    order = np.lexsort((-holder, -ended[holder], product))
    starts = np.searchsorted(product, np.arange(events.size + 1)).astype(np.int64)
    return starts, holder[order].astype(np.int32)


def _age(events: Interactions, starts: Ints, ended: Ints) -> Floats:
    """(sessions,) age in shares of all the time there is; zeros without a clock that people share."""
    if len(ended) == 0 or np.ptp(events.at_ms[starts[:-1]]) == 0:
        return np.zeros(len(ended), dtype=np.float32)
    age: Floats = ((ended.max() - ended) / max(1, np.ptp(events.at_ms))).astype(np.float32)
    return age


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedSessions:
    """Sessions by product.

    Attributes:
        settings: how they speak.
        holder_starts: (size + 1,) where the sessions of each product begin in `holders`, newest first.
        holders: sessions.
        starts: (sessions + 1,) where each session begins.
        products: what was done, in order.
        age: (sessions,) time from its end to that of the newest, over all the time there is.
        size: columns of the answer.
    """

    settings: SessionNeighbours
    holder_starts: Ints
    holders: NDArray[np.int32]
    starts: Ints
    products: NDArray[np.int32]
    age: Floats
    size: int

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        from .session_kernels import vote  # imports numba

        mass = np.diff(self.holder_starts).astype(np.float32)
        rows: Any = self.settings.lens.look(histories, people, mass)
        scores = np.zeros((people, self.size), dtype=np.float32)
        fresh = self._fresh()
        asked = rows.indptr, rows.indices, rows.data
        held = self.holder_starts, self.holders, self.starts, self.products
        how = self.settings.neighbours, self.settings.most, self.settings.before, self.settings.distance
        in_parts(people, lambda begin, end: vote(begin, end, asked, held, fresh, how, scores))
        return self.settings.lens.hold_back(scores, mass)

    def _fresh(self) -> Floats:
        """(sessions,) weight of a session by its age and length."""
        fresh = np.maximum(np.diff(self.starts), 1).astype(np.float32) ** np.float32(-self.settings.length_power)
        if self.settings.half_life > 0:
            fresh *= np.exp2(-self.age / np.float32(self.settings.half_life))
        return fresh
