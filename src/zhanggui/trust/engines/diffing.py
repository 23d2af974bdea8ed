"""Rows of a diff: turned round once a change is applied, and cut where two texts begin to differ."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from zhanggui.trust.types.showing import DiffRow


def since_applied(change: Sequence[DiffRow], inverse: Sequence[DiffRow]) -> list[DiffRow]:
    """What an applied change did: to `change`'s new values from those that its inverse leads back to."""
    before = {_key(row): row for row in inverse}
    rows = []
    for row in change:
        held = before.pop(_key(row), None)
        rows.append(msgspec.structs.replace(row, was=None if held is None else held.now))
    return rows + [msgspec.structs.replace(row, was=row.now, now=None) for row in before.values()]


def _key(row: DiffRow) -> tuple[str, ...]:
    return (row.label.code, *(f"{name}={value}" for name, value in sorted(row.label.params.items())))


def cut(was: str, now: str) -> tuple[str, str, str]:
    """What `now` shares with the head of `was`, what is new, and what it shares with its tail."""
    shorter = min(len(was), len(now))
    head = next((at for at in range(shorter) if was[at] != now[at]), shorter)
    tail = next((at for at in range(shorter - head) if was[-1 - at] != now[-1 - at]), shorter - head)
    return now[:head], now[head : len(now) - tail], now[len(now) - tail :]
