"""Walking a chain from its first entry to its last, in batches, and naming each place that does not hold."""

from __future__ import annotations

import hashlib
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhanggui.trust.types.ledger import Break, BreakKind

from .chain import GENESIS, SEQ_AND_TIME, entry_hash

Row = tuple[int, str, int, bytes, bytes, bytes | None, bytes | None, int | None]
"""(seq, kind, at_ms, payload hash, entry hash, salt or None, payload or None, receipt or None)."""


MAX_BREAKS = 1_000
_MOST_MS = 2**63


@dataclass(frozen=True, slots=True)
class Suspect:
    """An entry whose hash does not follow; kept until the walk ends, to tell an edit from a swap."""

    seq: int
    kind: str
    at_ms: int
    digest: bytes
    entry: bytes
    previous: bytes


@dataclass(slots=True)
class ChainWalk:
    """State of a walk. Feed it with batches in order of `seq`, then read `breaks()`.

    Args:
        wanted: entries whose hash somebody signed, by seq; `differs` collects those that are not as signed.
        receipt_kind: the kind of entry whose payload says which payloads were erased.
    """

    wanted: Mapping[int, bytes]
    receipt_kind: str
    count: int = 0
    last: int = 0
    head: bytes = GENESIS
    differs: list[int] = field(default_factory=list)
    erased: list[tuple[int, int]] = field(default_factory=list)
    receipts: dict[int, bytes] = field(default_factory=dict)
    _found: list[Break] = field(default_factory=list)
    _suspects: list[Suspect] = field(default_factory=list)
    _places: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Signed entries in order: a long chain has many, and many batches."""
        self._places = sorted(self.wanted)

    def feed(self, rows: Sequence[Row]) -> None:
        """Check one batch: as a whole first, and entry by entry where it does not hold."""
        if not rows:
            return
        if not self._holds(rows):
            self._look_through(map(_typed, rows))
        self._compare_signed(rows)
        self.count += len(rows)
        self.last, self.head = rows[-1][0], _typed(rows[-1])[4]

    def _holds(self, rows: Sequence[Row]) -> bool:
        """Whether a batch goes on without a gap, every hash right, and says nothing of erasures: the hot path."""
        sha256, pack, join, receipts = hashlib.sha256, SEQ_AND_TIME.pack, b"".join, self.receipt_kind
        previous, expected = self.head, self.last + 1
        try:
            for seq, kind, at_ms, digest, entry, salt, payload, _ in rows:
                if seq != expected or kind == receipts or salt is None or payload is None:
                    return False
                if sha256(salt + payload).digest() != digest:
                    return False
                if sha256(join((previous, pack(seq, at_ms), digest, kind.encode()))).digest() != entry:
                    return False
                previous, expected = entry, seq + 1
        except (TypeError, AttributeError, struct.error):  # something is gone, or of another type than was written
            return False
        return True

    def _look_through(self, rows: Iterable[Row]) -> None:
        sha256, pack, join, previous, expected = hashlib.sha256, SEQ_AND_TIME.pack, b"".join, self.head, self.last + 1
        for seq, kind, at_ms, digest, entry, salt, payload, receipt in rows:
            if seq != expected:
                self._gap(expected, seq)
            if sha256(join((previous, pack(seq, at_ms), digest, kind.encode()))).digest() != entry:
                self._suspect(Suspect(seq, kind, at_ms, digest, entry, previous))
            if salt is None or payload is None or sha256(salt + payload).digest() != digest:
                self._payload_fails(seq, receipt, is_there=salt is not None and payload is not None)
            elif kind == self.receipt_kind:
                self.receipts[seq] = payload
            previous = entry
            expected = seq + 1

    def breaks(self) -> list[Break]:
        """All that was found, in order of place, at most `MAX_BREAKS`."""
        return sorted([*self._found, *self._classified()], key=lambda found: (found.seq, found.kind))[:MAX_BREAKS]

    def _gap(self, expected: int, seen: int) -> None:
        if seen > expected:
            self._find("removed", expected, until=seen - 1)
        else:
            self._find("inserted", seen)

    def _payload_fails(self, seq: int, receipt: int | None, *, is_there: bool) -> None:
        if is_there:
            self._find("payload_edited", seq)
        elif receipt is None:
            self._find("payload_missing", seq)
        else:
            self.erased.append((seq, receipt))

    def _find(self, kind: BreakKind, seq: int, *, until: int | None = None) -> None:
        if len(self._found) < MAX_BREAKS:
            self._found.append(Break(kind=kind, seq=seq, until=until))

    def _suspect(self, suspect: Suspect) -> None:
        if len(self._suspects) < MAX_BREAKS:
            self._suspects.append(suspect)

    def _compare_signed(self, rows: Sequence[Row]) -> None:
        signed = self._places[bisect_left(self._places, rows[0][0]) : bisect_right(self._places, rows[-1][0])]
        if signed:
            here = {row[0]: row[4] for row in rows}
            self.differs.extend(seq for seq in signed if here.get(seq) != self.wanted[seq])

    def _classified(self) -> Iterable[Break]:
        """Tell an entry that stands in another's place from one that was edited.

        An entry directly behind a moved or removed one fails as well although it is itself untouched: its own hash
        is sound on the hash that once stood before it. It is named only when nothing before it explains the failure.
        """
        places = {suspect.seq: suspect for suspect in self._suspects}
        homes = {suspect.seq: _home(suspect, places) for suspect in self._suspects}
        rightful = {home: places[seq].entry for seq, home in homes.items() if home is not None}
        gaps = {found.until + 1 for found in self._found if found.kind == "removed" and found.until is not None}
        explained: set[int] = set(gaps)
        for suspect in self._suspects:
            home = homes[suspect.seq]
            if home is not None:
                explained.add(suspect.seq + 1)
                yield Break(kind="reordered", seq=suspect.seq, belongs_at=home)
            elif _follows(suspect, rightful.get(suspect.seq - 1)):
                continue
            elif suspect.seq not in explained or not _stands_alone(suspect, places):
                explained.add(suspect.seq + 1)
                yield Break(kind="edited", seq=suspect.seq)


def _typed(row: Sequence[Any]) -> Row:
    """A row with nothing in the place of what has another type than was written: SQLite keeps whatever it is given."""
    seq, kind, at_ms, digest, entry, salt, payload, receipt = row
    return (
        seq,
        kind if isinstance(kind, str) else "",
        at_ms if isinstance(at_ms, int) and abs(at_ms) < _MOST_MS else 0,
        digest if isinstance(digest, bytes) else b"",
        entry if isinstance(entry, bytes) else b"",
        salt if isinstance(salt, bytes | None) else b"",
        payload if isinstance(payload, bytes | None) else b"",
        receipt,
    )


def _stands_alone(suspect: Suspect, places: Mapping[int, Suspect]) -> bool:
    """Whether what follows `suspect` is sound on its stored hash: then only what stood before it is gone."""
    return suspect.seq + 1 not in places


def _follows(suspect: Suspect, previous: bytes | None) -> bool:
    """Whether `suspect` is sound on `previous`, the hash of the entry that was moved away from before it."""
    if previous is None:
        return False
    return entry_hash(previous, suspect.seq, suspect.kind, suspect.at_ms, suspect.digest) == suspect.entry


def _home(suspect: Suspect, places: Mapping[int, Suspect]) -> int | None:
    """The place at which this entry's stored hash would be right, among the places that are not right now."""
    for seq, other in places.items():
        if seq == suspect.seq:
            continue
        for previous in (other.previous, other.entry, suspect.previous):
            if entry_hash(previous, seq, suspect.kind, suspect.at_ms, suspect.digest) == suspect.entry:
                return seq
    return None
