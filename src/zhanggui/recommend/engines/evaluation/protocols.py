"""How behaviour is cut into what is learned from, what is known when asked, and what came next.

Only wanted events (strength > 0) are asked for; whatever else happened before stays in the history.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Interactions, Ints, starts_of

from .keys import among
from .tasks import Inside, Products, Task, is_ordered, task_of

_HELD_SESSIONS = 0.1  # of the training sessions, for validation
_LEAST_FOR_VALIDATION = 3


def leave_one_out(events: Interactions, *, keep_seen: bool = True) -> Task:
    """The last event of each person is asked for, the one before is kept for validation; the rest is learned from.

    Strict: neither is counted in training, and the validation event is the newest of the history at test time.
    Somebody with two events has no validation event; with one they only teach.
    """
    rows, counts, last = _wanted(events)
    tested, validated = counts >= 2, counts >= _LEAST_FOR_VALIDATION
    ends = np.where(tested, rows[last], len(events)) if len(rows) else np.full(len(counts), len(events))
    held = np.where(validated, rows[last - 1], ends) if len(rows) else ends
    train = events.where(np.arange(len(events)) < held[_person_index(events)])
    ask = partial(_one_each, events, train, keep_seen=keep_seen)
    validation = ask(validated, held, inside=lambda task, _: leave_one_out(task.train, keep_seen=task.keep_seen))
    return ask(tested, ends, inside=lambda _task, _rng: validation)


def _one_each(
    events: Interactions, train: Interactions, tested: NDArray[np.bool_], row: Ints, *, keep_seen: bool, inside: Inside
) -> Task:
    """Ask each tested person for the product of one row, (people,), from all rows before it."""
    person = _person_index(events)
    return task_of(
        "leave-one-out",
        train,
        _cases(events, person, tested, np.arange(len(events)) < row[person]),
        case=np.arange(int(tested.sum())),
        target=events.product[row[tested]],
        owners=_people(events)[tested],
        keep_seen=keep_seen,
        inside=inside,
    )


def last_basket(events: Interactions, *, keep_seen: bool = True) -> Task:
    """All products of each person's last session are asked for; people with one session only teach."""
    rows, counts, last = _wanted(events)
    person = _person_index(events)
    starts = events.person_starts()[:-1]
    basket = np.where(counts > 0, events.session[rows[np.maximum(last, 0)]] if len(rows) else 0, -1)
    tested = (counts > 0) & (events.session[starts] < basket)
    is_before = events.session < basket[person]
    is_target = tested[person] & (events.session == basket[person]) & (events.strength > 0)
    return task_of(
        "last-basket",
        events.where(~tested[person] | is_before),
        _cases(events, person, tested, is_before),
        case=_numbered(tested)[person[is_target]],
        target=events.product[is_target],
        owners=_people(events)[tested],
        keep_seen=keep_seen,
        inside=lambda task, _: last_basket(task.train, keep_seen=task.keep_seen),
    )


def temporal(events: Interactions, *, cut_ms: int, keep_seen: bool = True) -> Task:
    """Everything before a moment is learned from, everything after is asked for; newcomers after it are not asked."""
    is_before = events.at_ms < cut_ms
    person = _person_index(events)
    known = np.bincount(person[is_before], minlength=len(_people(events))) > 0
    is_target = ~is_before & (events.strength > 0) & known[person]
    tested = np.bincount(person[is_target], minlength=len(known)) > 0
    share = 1.0 - float(is_before.mean()) if len(events) else 0.0
    return task_of(
        "temporal",
        events.where(is_before),
        _cases(events, person, tested, is_before),
        case=_numbered(tested)[person[is_target]],
        target=events.product[is_target],
        owners=_people(events)[tested],
        keep_seen=keep_seen,
        inside=partial(_temporal_inside, share=share),
    )


def moment_of(events: Interactions, share: float) -> int:
    """The moment after which about `share` of all events lie."""
    return int(np.quantile(events.at_ms, 1.0 - share, method="higher")) if len(events) else 0


def _temporal_inside(task: Task, rng: np.random.Generator, *, share: float) -> Task:  # noqa: ARG001
    return temporal(task.train, cut_ms=moment_of(task.train, share), keep_seen=task.keep_seen)


def given_test(train: Interactions, test: Interactions, *, keep_seen: bool = False) -> Task:
    """The pairs of a second file are asked for; people numbered alike in both, those without history are not asked."""
    wanted = test.where(test.strength > 0)
    person = _person_index(train)
    tested = among(_people(train), wanted.person)
    known, number = _found(wanted.person, _people(train)[tested])
    share = len(wanted) / max(1, len(wanted) + int(tested[person].sum()))
    return task_of(
        "given-test",
        train,
        _cases(train, person, tested, np.ones(len(train), dtype=bool)),
        case=number[known],
        target=wanted.product[known],
        owners=_people(train)[tested],
        keep_seen=keep_seen,
        inside=partial(_given_inside, share=share),
    )


def _given_inside(task: Task, rng: np.random.Generator, *, share: float) -> Task:
    """Hold back as large a share of each person: the last events where an order is known, else drawn ones."""
    train = task.train
    draw = rng.random(len(train)) if not is_ordered(train) else np.arange(len(train), dtype=np.float64)
    person = _person_index(train)
    order = np.lexsort((draw, person))
    starts = train.person_starts()
    lengths = np.diff(starts)
    held_count = np.where(lengths >= 2, np.clip(np.rint(lengths * share), 1, lengths - 1), 0)
    from_end = starts[1:][person] - np.arange(len(train))
    is_held = np.zeros(len(train), dtype=bool)
    is_held[order] = from_end <= held_count[person]
    return given_test(train.where(~is_held), train.where(is_held), keep_seen=task.keep_seen)


def next_in_sessions(
    train: Interactions, histories: Interactions, targets: Products, owners: Ints, *, keep_seen: bool = True
) -> Task:
    """Each history is asked for its one next product.

    Args:
        train: sessions to learn from, one person a session, ascending in time where that is known.
        histories: `person` is the case, in [0, len(targets)).
        targets: (cases,) the next product.
        owners: (cases,) the session that a case was cut from, ascending.
        keep_seen: whether products of the history are ranked.
    """
    return task_of(
        "sessions",
        train,
        histories,
        case=np.arange(len(targets)),
        target=targets,
        owners=owners,
        keys=np.arange(len(targets)),
        keep_seen=keep_seen,
        inside=_sessions_inside,
    )


def sessions(events: Interactions, *, held: float = _HELD_SESSIONS, keep_seen: bool = True) -> Task:
    """The last `held` share of sessions is asked after every event; one person a session, ascending in time."""
    starts = events.person_starts()
    first_held = starts[len(starts) - 1 - int(np.ceil((len(starts) - 1) * held))]
    tested = np.arange(len(events)) >= first_held
    histories, targets, owners = every_prefix(events.where(tested))
    return next_in_sessions(events.where(~tested), histories, targets, owners, keep_seen=keep_seen)


def every_prefix(events: Interactions) -> tuple[Interactions, Products, Ints]:
    """(histories, next products, owners): a session of n events asks n - 1 times."""
    starts = events.person_starts()
    person = _person_index(events)
    place = np.arange(len(events)) - starts[person]
    asked = np.flatnonzero((place > 0) & (events.strength > 0))
    lengths = place[asked]
    case = np.repeat(np.arange(len(asked)), lengths)
    row = np.arange(len(case)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(asked - lengths, lengths)
    histories = Interactions(
        person=case,
        product=events.product[row],
        at_ms=events.at_ms[row],
        strength=events.strength[row],
        is_purchase=events.is_purchase[row],
        session=(np.cumsum(_opens(case, events.session[row])) - 1).astype(np.int32),
        size=events.size,
    )
    return histories, events.product[asked], events.person[asked]


def _sessions_inside(task: Task, rng: np.random.Generator) -> Task:  # noqa: ARG001
    return sessions(task.train, keep_seen=task.keep_seen)


def _wanted(events: Interactions) -> tuple[Ints, Ints, Ints]:
    """Rows of wanted events; how many each person has; where in those rows a person's last one stands."""
    rows = np.flatnonzero(events.strength > 0)
    counts = np.bincount(_person_index(events)[rows], minlength=len(_people(events))).astype(np.int64)
    return rows, counts, np.cumsum(counts) - 1


def _people(events: Interactions) -> Ints:
    """People in the order of their rows."""
    people: Ints = events.person[starts_of(events.person)[:-1]]
    return people


def _person_index(events: Interactions) -> Ints:
    """(n,) which of `_people` a row belongs to."""
    starts = events.person_starts()
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def _numbered(chosen: NDArray[np.bool_]) -> Ints:
    """Numbers of the chosen, from 0; what the others get means nothing."""
    numbers: Ints = np.cumsum(chosen) - 1
    return numbers


def _cases(events: Interactions, person: Ints, tested: NDArray[np.bool_], known: NDArray[np.bool_]) -> Interactions:
    """The known rows of tested people, who are numbered as cases."""
    kept = known & tested[person]
    return replace(events.where(kept), person=_numbered(tested)[person[kept]])


def _found(wanted: Ints, among: Ints) -> tuple[NDArray[np.bool_], Ints]:
    """Which of `wanted` are in ascending `among`, and where."""
    place = np.minimum(np.searchsorted(among, wanted), max(len(among) - 1, 0))
    return (among[place] == wanted if len(among) else np.zeros(len(wanted), dtype=bool)), place


def _opens(case: Ints, session: NDArray[np.int32]) -> NDArray[np.bool_]:
    opens = np.ones(len(case), dtype=bool)
    opens[1:] = (case[1:] != case[:-1]) | (session[1:] != session[:-1])
    return opens
