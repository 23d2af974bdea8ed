"""What becomes of each fact that an import changed: it gets back what stood before, goes, or stays and says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from zhanggui.shop.tables.import_changes import Change, Marks
from zhanggui.shop.tables.import_uses import own_among, used_customers, used_orders, used_products
from zhanggui.shop.tables.noted import Part, Span
from zhanggui.shop.tables.snapshots import Place, State, columns_of, fingerprint, states_of, unpacked, value_of
from zhanggui.shop.types import ProductState
from zhanggui.shop.types.undoing import KeptBecause

_OF_A_PRODUCT = frozenset({Part.OFFERS, Part.LABELS, Part.RIVAL_PRICES})


@dataclass(slots=True)
class Verdict:
    """What becomes of the facts of one part: `stood` as they are now, `back` as they shall be (None: not at all)."""

    part: Part
    stood: dict[Place, State]
    back: dict[Place, State | None] = field(default_factory=dict)
    kept: dict[Place, KeptBecause] = field(default_factory=dict)
    removed: set[Place] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)  # of the history, told by what does not stay

    @property
    def restored(self) -> int:
        """How many facts get back what stood before."""
        return len(self.back) - len(self.removed)

    def reasons(self) -> Counter[KeptBecause]:
        """How many facts stay, by reason."""
        return Counter(self.kept.values())


def verdict_of(db: sa.Connection, import_id: str, marks: Marks, part: Part, changes: Sequence[Change]) -> Verdict:
    """Judge the changes of one part, the last one first.

    A fact is taken back only while it stands as the import left it; one that the import brought stays where something
    that came later rests on it.
    """
    numbers = {change.number for change in changes}
    stands = states_of(db, part, numbers)
    verdict = Verdict(part, dict(stands))
    brought = {change.number for change in changes if _is_brought(part, change)}
    used = _used(db, import_id, marks, part, brought) if brought else set[int]()
    for change in changes:
        place = change.number, change.slot
        state = stands.get(place)
        if state is None or place in verdict.kept:  # gone meanwhile, as whoever was erased
            continue
        if fingerprint(part, state) != change.after:
            verdict.kept[place] = KeptBecause.CHANGED
        elif change.number in used and _is_brought(part, change):
            verdict.kept[place] = KeptBecause.USED
        else:
            _take_back(verdict, stands, place, change)
    return verdict


def _take_back(verdict: Verdict, stands: dict[Place, State], place: Place, change: Change) -> None:
    was = _reserved(stands[place]) if verdict.part is Part.PRODUCTS else None
    if change.before is not None:
        was = unpacked(change.before)
    verdict.back[place] = was
    verdict.spans += change.spans
    if _is_brought(verdict.part, change):
        verdict.removed.add(place)
    if was is None:
        del stands[place]
    else:
        stands[place] = was


def _is_brought(part: Part, change: Change) -> bool:
    """Whether the import brought the fact, and did not only change it."""
    if change.before is None or part is not Part.PRODUCTS:
        return change.before is None
    return value_of(part, unpacked(change.before), "fact") is None


def _used(db: sa.Connection, import_id: str, marks: Marks, part: Part, brought: Collection[int]) -> set[int]:
    if part is Part.PRODUCTS:
        return used_products(db, import_id, marks, brought)
    if part in _OF_A_PRODUCT:  # the price of a product that stays, stays
        return used_products(db, import_id, marks, own_among(db, import_id, Part.PRODUCTS, brought))
    if part is Part.CUSTOMERS:
        return used_customers(db, import_id, marks, brought)
    return used_orders(db, import_id, marks, brought) if part is Part.ORDERS else set()


def _reserved(state: State) -> State:
    """A product as a number that waits for its product: what names it keeps its meaning."""
    row = dict(zip(columns_of(Part.PRODUCTS), state[0][0], strict=True))
    row |= {"state": ProductState.GONE.value, "source": "", "hash": 0, "fact": None}
    return (tuple(row.values()),), ()
