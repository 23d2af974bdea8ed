"""What people took next: the occasions on which a blend is learned and judged, replayed in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import OnStep, quiet

from .blend import FEATURES, Choices
from .first_stage import Candidates, Digest, Graphs, History, candidates, digest
from .interactions import Floats, Interactions, Ints
from .popularity import Popularity
from .scratch import Scratch

EXTRA = 200
"""Best sellers of the short and of the middle trend that are always candidates."""
HISTORY_LIMIT = 256
"""Events of a history that an answer looks at, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A session to foresee: its person, its moment, what was taken (distinct, ascending) and what each counts for.

    `worth` None: all alike. `context` is where its first event came about, see `ranking.context`.
    """

    person: int
    at_ms: int
    taken: NDArray[np.int32]
    worth: Floats | None = None
    context: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Behaviour cut in two: what may be learned from, and the sessions to foresee, oldest first."""

    past: Interactions
    occasions: list[Occasion]


FEW, MANY = 60, 300
"""Where fewer people than the first came back, the ends of at least so many single visits are asked too."""


def hold_out_last(events: Interactions, *, most: int | None = None) -> Split:
    """Take the last session of everyone who has at least two; with `most`, of the latest so many.

    Where hardly anybody came back, and many looked around once (`FEW`, `MANY`), what a single visit ended with is
    taken too: all at its last moment, to be foreseen from what was done before it.
    """
    is_past, occasions = cut_last(events, most=most)
    return Split(past=events.where(is_past), occasions=occasions)


def cut_last(events: Interactions, *, most: int | None = None) -> tuple[NDArray[np.bool_], list[Occasion]]:
    """See `hold_out_last`: (n,) which events are the past, and what is to be foreseen, oldest first."""
    begin, end = _last_visits(events)
    if len(begin) < FEW and len((ends := _ends_of_visits(events))[0]) >= MANY:
        begin, end = (np.concatenate(pair) for pair in zip((begin, end), ends, strict=True))
    order = np.argsort(events.at_ms[begin], kind="stable")[-(most or len(begin)) :]
    occasions = [_occasion(events, begin[n], end[n]) for n in order]
    kept = np.ones(len(events), dtype=bool)
    for n in order:
        kept[begin[n] : end[n]] = False
    return kept, occasions


def _last_visits(events: Interactions) -> tuple[Ints, Ints]:
    """Rows from and until: the last session of everyone who has at least two."""
    used = events.strength > 0
    last = np.full(int(events.session.max(initial=-1)) + 1, -1, dtype=np.int64)
    for start, end in pairwise(events.person_starts()):
        sessions = events.session[start:end][used[start:end]]
        if len(sessions) and sessions[0] != sessions[-1]:
            last[sessions[-1]] = start
    held = np.flatnonzero(last >= 0)
    return np.searchsorted(events.session, held), np.searchsorted(events.session, held, side="right")


def _ends_of_visits(events: Interactions) -> tuple[Ints, Ints]:
    """Rows from and until: the last moment of everyone who came once, stayed for more than one and bought nothing.

    What lies in one basket goes together; it does not say what is wanted next.
    """
    starts = events.person_starts()
    start, end = starts[:-1], starts[1:]
    start, end = start[end > start], end[end > start]
    opens = np.flatnonzero(np.diff(events.at_ms, prepend=-1) | np.diff(events.person, prepend=-1))
    begin = opens[np.searchsorted(opens, end - 1, side="right") - 1]
    wanted, bought = (np.concatenate([[0], np.cumsum(rows)]) for rows in (events.strength > 0, events.is_purchase))
    once = (events.session[start] == events.session[end - 1]) & (begin > start)
    once &= (wanted[end] > wanted[begin]) & (bought[end] == bought[start])
    return begin[once], end[once]


def _occasion(events: Interactions, start: int, end: int) -> Occasion:
    rows = slice(start, end)
    positive = events.strength[rows] > 0
    taken, place = np.unique(events.product[rows][positive], return_inverse=True)
    worth = None
    if events.worth is not None:
        worth = np.zeros(len(taken), dtype=np.float32)
        np.maximum.at(worth, place, events.worth[rows][positive])
    return Occasion(
        person=int(events.person[start]),
        at_ms=int(events.at_ms[start]),
        taken=taken,
        worth=worth,
        context=0 if events.context is None else int(events.context[start]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One occasion.

    Attributes:
        candidates: what could be shown.
        taken: of all products; repeats are left out when only new ones count.
        history: of the person, as of the moment.
        past: the same, digested.
        worth: what each taking counts for when a blend is learned; None: all alike.
        person: whose it is.
        context: where it began, see `Occasion`.
    """

    candidates: Candidates
    taken: NDArray[np.int32]
    history: History
    past: Digest
    worth: Floats | None = None
    person: int = 0
    context: int = 0


def replay(
    graphs: Graphs, repeat_rate: Floats, split: Split, *, only_new: bool = False, on_step: OnStep = quiet
) -> Iterator[Replay]:
    """Answer each occasion as of its moment: trends hold only what was done before it.

    Args:
        graphs: of a model learned from `split.past`.
        repeat_rate: (size,) of every product.
        split: behaviour and occasions.
        only_new: products of the person's past are neither candidates nor counted as taken.
        on_step: told (done, of).
    """
    past = split.past
    size = past.size
    by_time = np.argsort(past.at_ms, kind="stable")
    times = past.at_ms[by_time]
    popularity = Popularity(size, int(times[0]) if len(times) else 0)
    signals = np.zeros((size, 5), dtype=np.float32)
    signals[:, 3] = repeat_rate
    scratch, counted = Scratch(size), 0
    for done, occasion in enumerate(sorted(split.occasions, key=lambda one: one.at_ms)):
        until = int(np.searchsorted(times, occasion.at_ms))
        rows = by_time[counted:until]
        popularity.add(past.product[rows], past.strength[rows], past.at_ms[rows])
        counted = until
        signals[:, :3] = popularity.trends()
        yield from _answer(graphs, past, occasion, signals=signals, only_new=only_new, scratch=scratch)
        on_step(done + 1, len(split.occasions))


def _answer(
    graphs: Graphs,
    past: Interactions,
    occasion: Occasion,
    *,
    signals: Floats,
    only_new: bool,
    scratch: Scratch,
) -> Iterator[Replay]:
    start, end = np.searchsorted(past.person, [occasion.person, occasion.person + 1])
    end = start + int(np.searchsorted(past.at_ms[start:end], occasion.at_ms))
    blocked = np.zeros(past.size, dtype=bool)
    blocked[0] = True
    taken, worth = occasion.taken, occasion.worth
    if only_new:
        blocked[past.product[start:end]] = True
        worth = None if worth is None else worth[~blocked[taken]]
        taken = taken[~blocked[taken]]
    if len(taken) == 0:
        return
    history = _history(past, slice(max(start, end - HISTORY_LIMIT), end), occasion.at_ms)
    folded = digest(history, scratch).copy()
    found = candidates(
        graphs,
        folded,
        signals=signals,
        extra=leaders(signals, EXTRA),
        blocked=blocked,
        scratch=scratch,
    )
    yield Replay(
        candidates=found,
        taken=taken,
        worth=worth,
        history=history,
        past=folded,
        person=occasion.person,
        context=occasion.context,
    )


def _history(past: Interactions, rows: slice, now_ms: int) -> History:
    return History(
        product=past.product[rows][::-1].copy(),
        strength=past.strength[rows][::-1].copy(),
        is_purchase=past.is_purchase[rows][::-1].copy(),
        at_ms=past.at_ms[rows][::-1].copy(),
        now_ms=now_ms,
    )


def leaders(signals: Floats, most: int) -> NDArray[np.int32]:
    """The products that lead the short or the middle trend, `most` of each."""
    k = min(most, len(signals) - 1)
    if k <= 0:
        return np.zeros(0, dtype=np.int32)
    return np.unique(np.argpartition(-signals[:, :2], k - 1, axis=0)[:k].ravel()).astype(np.int32)


def choices_of(
    replays: Iterable[Replay],
    *,
    most: int | None = None,
    rng: np.random.Generator | None = None,
    weights: Sequence[Floats] | None = None,
) -> Choices:
    """All candidates of all occasions, end to end; with `most`, only so many of those not taken, drawn by `rng`.

    `weights` (candidates,) of each occasion say as how many each counts; None: all as one.
    """
    features, occasion, taken, weight = [], [], [], []
    for number, one in enumerate(replays):
        was_taken = np.isin(one.candidates.ids, one.taken)
        kept = np.ones(len(was_taken), dtype=np.bool_)
        left = np.flatnonzero(~was_taken)
        if most is not None and rng is not None and len(left) > most:
            kept[rng.choice(left, len(left) - most, replace=False)] = False
        features.append(one.candidates.features[kept])
        occasion.append(np.full(int(kept.sum()), number, dtype=np.int64))
        taken.append(worths_of(one, was_taken)[kept])
        weight.append((np.ones(len(kept), dtype=np.float32) if weights is None else weights[number])[kept])
    if not features:
        empty = np.zeros(0, dtype=np.float32)
        rows = np.zeros((0, len(FEATURES)), dtype=np.float32)
        return Choices(features=rows, occasion=empty.astype(np.int64), taken=empty)
    return Choices(
        features=np.concatenate(features),
        occasion=np.concatenate(occasion),
        taken=np.concatenate(taken),
        weight=None if weights is None else np.concatenate(weight),
    )


def worths_of(one: Replay, was_taken: NDArray[np.bool_]) -> Floats:
    """(candidates,) what each counts for: 0 where it was not taken."""
    worth = was_taken.astype(np.float32)
    if one.worth is not None:
        worth[was_taken] = one.worth[np.searchsorted(one.taken, one.candidates.ids[was_taken])]
    return worth


def recall_at(weights: Floats, replays: Iterable[Replay], k: int) -> Floats:
    """(occasions,) share of what was taken that stands among the first k; ties go to the earlier candidate."""
    shares = []
    for one in replays:
        order = np.argsort(-(one.candidates.features @ weights), kind="stable")[:k]
        shares.append(np.isin(one.taken, one.candidates.ids[order]).mean())
    return np.array(shares, dtype=np.float32)
