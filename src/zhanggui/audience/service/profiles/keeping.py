"""Fold events into stored rows: the background work, and the whole log at once.

Each row is a commit of its own chunk, and carries the last event that it has seen; folding events a second time changes
nothing. So the work may stop anywhere, and whoever reads meanwhile applies what is missing. Two may fold at once, the
job and whoever archives: a row that knows less than the one that stands, or what was to be forgotten, is not stored.

Whoever took their consent back loses the row (PIPL art. 47: consent withdrawn; not read here), and what they did
until then counts no more, should they agree again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.profile.folding import Act, LocalHour, fold
from zhanggui.audience.engines.profile.standing import fifths
from zhanggui.audience.engines.profile.state import State, pack, unpack
from zhanggui.audience.ports import Followed
from zhanggui.audience.tables import predictions as prediction_tables
from zhanggui.audience.tables import profiles as tables
from zhanggui.audience.tables.profiles import StoredFolding, StoredProfile
from zhanggui.kernel.changes import changes_since, last_seq
from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.privacy import ConsentGate, Duty, Purpose
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.shop import subjects_of

PAGE = 100_000
"""Events read at once."""
ROWS = 2_000
"""Rows written at once."""
PART = 2_000_000
"""Events of the whole log that are sorted at once."""
FOLD = "audience.profiles"
REMEMBERED = "remembered"
"""The key of the job that brings profiles back; one is enough for all of them."""
_ALL = 2**62
_WHY = Purpose.PERSONALIZATION


class FoldProfiles(msgspec.Struct, frozen=True):
    """Fold in what came since the last time."""


class Folded(msgspec.Struct, frozen=True):
    """What a folding did."""

    events: int
    persons: int
    dropped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Keeps the stored rows up to date."""

    db: Database
    clock: Clock
    log: Followed
    gate: ConsentGate
    local_hour: LocalHour

    def catch_up(self, on_step: OnStep = quiet) -> Folded:
        """Fold in what came since the last time; the first time, everything that the shop has."""
        with self.db.read() as db:
            held, seq = tables.folding(db), last_seq(db)
        if held is None:
            return self.rebuild(on_step)
        doubtful = self._doubtful(held.change_seq)
        until, after, events, persons = self.log.watermark(), held.until_seq, 0, 0
        self._fold_remembered(after)
        first = after
        while after < until:
            with self.db.read() as db:
                rows = self.log.page(db, after, until, PAGE, purpose=_WHY)
            end = rows[-1][0] if len(rows) == PAGE else until
            persons += self._fold_page(rows, end, doubtful)
            events, after = events + len(rows), end
            on_step(after - first, until - first)
        dropped = self._drop(self._refusing(doubtful), until)
        self._note(until, seq)
        return Folded(events, persons, dropped)

    def rebuild(self, on_step: OnStep = quiet) -> Folded:
        """Fold the whole log anew, the archive too: what `catch_up` would have made of it event by event."""
        with self.db.read() as db:
            seq = last_seq(db)
        until = self.log.watermark()
        parts = 1 + until // PART  # there are no more events than the number of the last one
        events = persons = 0
        for part in range(parts):
            for chunk in _chunks(_by_person(self.log.history(_WHY), part, parts, until)):
                events += sum(len(acts) for _, acts in chunk)
                said = self._said(chunk)
                persons += self._store(self._from_start(chunk, said), until, said)
                on_step(events, until)
        dropped = self._drop(self._refusing(None), until)
        self._note(until, seq)
        return Folded(events, persons, dropped)

    def forget(self, db: sa.Connection, persons: Collection[int], after_seq: int) -> int:
        """Delete the rows of these numbers in the caller's transaction; what was done until then counts no more."""
        tables.set_starts(db, dict.fromkeys(persons, after_seq))
        prediction_tables.foretold.delete_people(db, persons)
        return tables.drop_profiles(db, persons)

    def remember(self, db: sa.Connection, persons: Collection[int]) -> None:
        """Take a forgetting back in the caller's transaction: everything that the shop still has counts again.

        What is at hand does at once. What lies in the archive is folded in by the job that this enqueues.
        """
        tables.set_all_again(db, persons)
        tables.drop_profiles(db, persons)
        enqueue(db, FOLD, FoldProfiles(), dedupe_key=REMEMBERED)

    def _fold_remembered(self, until: int) -> None:
        """Fold the whole log, up to an event, of those whose forgetting was taken back, and read of nobody else."""
        with self.db.read() as db:
            wanted = tables.still_to_fold(db, purpose=_WHY)
        if not wanted:
            return
        found = _by_person(self.log.history(_WHY, among=wanted), 0, 1, until)
        states = [(person, fold(State(), acts, self.local_hour)) for person, acts in found]

        def work(db: sa.Connection) -> None:
            still = tables.take_to_fold(db, wanted)  # whoever was forgotten once more meanwhile is not
            tables.drop_profiles(db, still)  # a row that somebody made meanwhile knows nothing of the archive
            tables.store_profiles(db, _rows_of((one for one in states if one[0] in still), until))

        self.db.write(work)

    def _fold_page(self, rows: Sequence[Sequence[Any]], end: int, doubtful: set[int] | None) -> int:
        by_person: dict[int, list[Act]] = {}
        for row in rows:
            by_person.setdefault(row[1], []).append((row[0], *row[2:]))
        in_order = sorted(by_person.items())  # neighbours share pages of the store
        found = 0
        for chunk in _chunks(in_order):
            said = self._said(chunk)
            found += self._store(self._grown(chunk, said, end, doubtful), end, said)
        return found

    def _said(self, chunk: Sequence[tuple[int, list[Act]]]) -> Mapping[int, int]:
        """From where on events of these people count, as it stands before their rows are read."""
        with self.db.read() as db:
            return tables.said_starts(db, [person for person, _ in chunk], purpose=_WHY)

    def _grown(
        self, chunk: Sequence[tuple[int, list[Act]]], said: Mapping[int, int], end: int, doubtful: set[int] | None
    ) -> Iterator[tuple[int, State]]:
        """States with their new events; whoever has no row yet is read from the beginning."""
        persons = [person for person, _ in chunk]
        with self.db.read() as db:
            stored = tables.states_of(db, persons, purpose=_WHY)
            allowed = self._allowed(persons, stored, doubtful)
            new = [person for person in persons if person not in stored and person in allowed]
            older = {person: self.log.after(db, person, _start(said, person), _ALL, purpose=_WHY) for person in new}
        for person, acts in chunk:
            if person in older:
                known = (act for act in older[person] if act[0] <= end)
                yield person, fold(State(seq=_start(said, person)), known, self.local_hour)
            elif person in allowed:
                yield person, fold(unpack(stored[person]), acts, self.local_hour)

    def _allowed(self, persons: Collection[int], stored: Collection[int], doubtful: set[int] | None) -> set[int]:
        """Who allows a profile. Whoever has a row did at the last folding, and nothing about them has changed since."""
        known = set() if doubtful is None else {person for person in stored if person not in doubtful}
        return known | self.gate.allowed_among(set(persons) - known, _WHY)

    def _from_start(
        self, chunk: Sequence[tuple[int, list[Act]]], said: Mapping[int, int]
    ) -> Iterator[tuple[int, State]]:
        for person, acts in chunk:
            yield person, fold(State(seq=_start(said, person)), acts, self.local_hour)

    def _store(self, states: Iterable[tuple[int, State]], end: int, said: Mapping[int, int]) -> int:
        """Write rows, but of nobody of whom something else was `said` while they were folded."""
        rows = _rows_of(states, end)

        def work(db: sa.Connection) -> int:
            now = tables.said_starts(db, [row.person for row in rows], purpose=_WHY)
            kept = [row for row in rows if now.get(row.person) == said.get(row.person)]
            tables.store_profiles(db, kept)
            return len(kept)

        return self.db.write(work)

    def _doubtful(self, change_seq: int) -> set[int] | None:
        """About whom, or about whose consent, anything changed since, with all who are one with them; None: anybody."""
        with self.db.read() as db:
            changes = changes_since(db, change_seq)
            if changes is None or any(one.kind == "consent" and one.subject == "notice" for one in changes):
                return None
            named = {one.subject for one in changes if one.kind in {"consent", "person"} and one.subject.isdigit()}
            _, members = subjects_of(db, {int(subject) for subject in named})
        return {person for subject in members.values() for person in subject}

    def _refusing(self, among: Collection[int] | None) -> set[int]:
        with self.db.read() as db:
            held = (
                set(tables.persons_with_profiles(db, purpose=Duty.RIGHTS))
                if among is None
                else set(tables.states_of(db, among, purpose=Duty.RIGHTS))
            )
        return held - self.gate.allowed_among(held, _WHY)

    def _drop(self, persons: Collection[int], until: int) -> int:
        return self.db.write(lambda db: self.forget(db, persons, until)) if persons else 0

    def _note(self, until: int, change_seq: int) -> None:
        now_ms = to_ms(self.clock())

        def work(db: sa.Connection) -> None:
            money = tables.money_of_all(db, purpose=_WHY)
            edges = fifths(
                [(now_ms - last_ms) / DAY_MS for last_ms, _, _ in money],
                [orders for _, orders, _ in money],
                [spent for _, _, spent in money],
            )
            tables.set_folding(db, StoredFolding(until, change_seq, now_ms, msgspec.json.encode(edges)))

        self.db.write(work)


def _start(said: Mapping[int, int], person: int) -> int:
    return max(0, said.get(person, 0))


def _rows_of(states: Iterable[tuple[int, State]], end: int) -> list[StoredProfile]:
    rows = []
    for person, state in states:
        state.seq = max(state.seq, end)
        money = (state.orders, state.last_order_ms, state.spent_minor)
        rows.append(StoredProfile(person, state.seq, state.last_ms, *money, pack(state)))
    return rows


def _chunks(
    persons: Iterable[tuple[int, list[Act]]],
) -> Iterator[list[tuple[int, list[Act]]]]:
    chunk: list[tuple[int, list[Act]]] = []
    for one in persons:
        chunk.append(one)
        if len(chunk) >= ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


_COLUMNS = ("seq", "product", "kind", "at_ms", "quantity", "value_minor", "extra")


def _by_person(batches: Iterator[Any], part: int, parts: int, until: int) -> Iterator[tuple[int, list[Act]]]:
    """One part of the people with their events by arrival, from batches in any order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    held = []
    for batch in batches:
        persons, seqs = batch["person"].to_numpy(), batch["seq"].to_numpy()
        chosen = (seqs <= until) & (persons % parts == part)
        if chosen.any():
            held.append(batch.filter(pa.array(chosen)))
    if not held:
        return
    table = pa.Table.from_batches(held)
    table = table.take(pc.sort_indices(table, sort_keys=[("person", "ascending"), ("seq", "ascending")]))
    rows = (row for batch in table.to_batches(max_chunksize=ROWS) for row in _rows(batch))
    for person, acts in groupby(rows, key=lambda row: row[0]):
        yield person, [act for _, act in acts]


def _rows(batch: Any) -> Iterator[tuple[int, Act]]:
    columns: Mapping[str, list[Any]] = {name: batch[name].to_pylist() for name in (*_COLUMNS, "person")}
    acts = zip(*(columns[name] for name in _COLUMNS), strict=True)
    yield from zip(columns["person"], acts, strict=True)
