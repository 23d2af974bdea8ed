"""The compiled loops of session neighbours. Importing this module imports numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)


@_jit
def vote(begin, end, asked, held, fresh, settings, scores):  # type: ignore[no-untyped-def]
    """Fill the rows [begin, end) of `scores` (people, size) from the sessions most like each history.

    Args:
        begin: first person.
        end: last person + 1.
        asked: (people + 1,) starts, products and weights of the histories, the newest event last.
        held: (size + 1,) starts and sessions of each product, newest first; (sessions + 1,) starts and products of
            each session in order.
        fresh: (sessions,) weight of a session by its age and length.
        settings: neighbours, newest sessions looked at per product, weight of what stands before the event that
            two sessions share, places after which a product weighs 1/e.
        scores: zeros.
    """
    starts, products, weights = asked
    holder_starts, holders, session_starts, session_products = held
    k, most, before, distance = settings
    likeness = np.zeros(len(fresh), dtype=np.float32)
    touched = np.empty(len(fresh), dtype=np.int64)
    heard = np.zeros(scores.shape[1], dtype=np.float32)  # weight of each product of the history
    for person in range(begin, end):
        low, high = starts[person], starts[person + 1]
        found = 0
        for at in range(low, high):
            if weights[at] > 0.0:  # a dismissed product is not what sessions are alike by
                heard[products[at]] = weights[at]
                first = holder_starts[products[at]]
                which = holders[first : min(holder_starts[products[at] + 1], first + most)]
                found = liken(which, weights[at], fresh, likeness, touched, found)
        least = _least_kept(likeness, touched, found, k)
        for n in range(found):
            session = touched[n]
            if likeness[session] >= least:
                run = session_products[session_starts[session] : session_starts[session + 1]]
                _speak(run, heard, likeness[session], before, distance, scores[person])
            likeness[session] = 0.0
        heard[products[low:high]] = 0.0


@_jit
def liken(sessions, weight, fresh, likeness, touched, found):  # type: ignore[no-untyped-def]
    """Sessions that hold a product of the history are the more like it; returns how many are so far.

    What is too small for float32, as the oldest events of a long history are, would leave a session at 0: it would be
    written to `touched` again and again, beyond its end.
    """
    for session in sessions:
        more = np.float32(weight * fresh[session])
        if more == 0.0:
            continue
        if likeness[session] == 0.0:
            touched[found] = session
            found += 1
        likeness[session] += more
    return found


@_jit
def _least_kept(likeness, touched, found, k):  # type: ignore[no-untyped-def]
    if found <= k:
        return 0.0
    return np.partition(likeness[touched[:found]], found - k)[found - k]


@_jit
def _speak(run, heard, likeness, before, distance, scores):  # type: ignore[no-untyped-def]
    """Add what one session says: its products by their distance from the shared one that is heard loudest."""
    shared = -1
    loudest = np.float32(-np.inf)
    for place in range(len(run)):
        if heard[run[place]] != 0.0 and heard[run[place]] >= loudest:
            shared, loudest = place, heard[run[place]]
    for place in range(len(run)):
        apart = place - shared
        if apart != 0:
            scores[run[place]] += likeness * np.exp(-(abs(apart) - 1) / distance) * (1.0 if apart > 0 else before)
