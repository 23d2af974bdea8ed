"""Lists for all shoppers who agree, as one Parquet file: begun once, and gone on with after a crash.

What is begun is written down first: the moment, the last event that counts, the trends, and whose lists are wanted.
Each part is a file that is there whole or not at all. So a run that was killed, run again, gives the file that it would
have given, as long as the shop's goods, rules and model stand as they stood. Consent taken back meanwhile acts at once:
on the parts still to be written, and on those that lie there when the file is put together.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.durable import whole_file
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.recommend.errors import CannotWrite, UnknownSurface
from zhanggui.recommend.ports import Names, PastBehaviour
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.shoppers import Shopper
from zhanggui.recommend.service.surfaces import CHANNELS, OF_THEIR_OWN
from zhanggui.recommend.service.wishing import Past, Wish
from zhanggui.recommend.types.lists import Recommendations
from zhanggui.recommend.types.recipes import ExportLists, ListExportReport
from zhanggui.shop import Subject, subjects_of

PART = 500
"""Shoppers of one part."""
SIGNALS, ALWAYS = "signals.npy", "always.npy"
Trends = tuple[NDArray[np.float32], NDArray[np.int32]]
"""What a snapshot calls `signals`, and `always`."""


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What an export rests on."""

    id: str
    ask: ExportLists
    at_ms: int
    until_seq: int


class Stopped(Exception):
    """Somebody stopped the export; it can be gone on with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """Writes lists for everybody.

    Args:
        serving: makes the lists.
        history: names everybody who did anything.
        gate: says who agrees.
        names: the shop's ids of people.
    """

    serving: Serving
    history: PastBehaviour
    gate: ConsentGate
    names: Names

    def export(
        self,
        target: Path,
        ask: ExportLists,
        *,
        on_step: OnStep = quiet,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> ListExportReport:
        """Write `target`, or go on with what was begun for it; `TARGET.parts` beside it holds what is done.

        One row a place: list_id, customer_id, visitor_id, position, product_id, title, score, propensity, reason,
        explanation, intent, model, at. Served lists are logged as they are written. `on_step` hears shoppers.

        Raises:
            Stopped: `should_stop` said so.
            CannotWrite: there is no place for the file.
            UnknownSurface: the lists are for a place that nobody knows.
        """
        check_surface(ask)
        if target.is_dir():
            raise CannotWrite(f"{target} is a folder.", hint="Name a file: lists.parquet.")
        work = target.with_name(f"{target.name}.parts")
        begun, persons = self._begun(work, ask)
        trends = np.load(work / SIGNALS), np.load(work / ALWAYS)
        for first in range(0, len(persons), PART):
            part = _part(work, first)
            if not part.exists():
                if should_stop():
                    raise Stopped
                with whole_file(part) as file:
                    self._write_part(file, begun, trends, persons[first : first + PART])
            on_step(min(first + PART, len(persons)), len(persons))
        report = self._joined(target, work, begun, persons)
        shutil.rmtree(work)
        return report

    def _begun(self, work: Path, ask: ExportLists) -> tuple[Begun, NDArray[np.int64]]:
        """What was begun with the same wish, else a new beginning."""
        plan, people = work / "begun.json", work / "people.npy"
        if plan.exists():
            begun = msgspec.json.decode(plan.read_bytes(), type=Begun)
            if begun.ask == ask:
                return begun, np.load(people)
        shutil.rmtree(work, ignore_errors=True)
        _make(work)
        persons, until_seq = self._people(ask)
        at_ms = to_ms(self.serving.clock())
        begun = Begun(id=new_id(), ask=ask, at_ms=at_ms, until_seq=until_seq)
        snapshot, _, _ = self.serving.anybody(1, ask.surface)
        for path, array in ((people, persons), (work / SIGNALS, snapshot.signals), (work / ALWAYS, snapshot.always)):
            with whole_file(path) as file:
                np.save(file, array)
        with whole_file(plan) as file:
            file.write(msgspec.json.encode(begun))
        return begun, persons

    def _people(self, ask: ExportLists) -> tuple[NDArray[np.int64], int]:
        """(the numbers of all subjects who did anything and agree, the last event)."""
        found: set[int] = set()
        until_seq = 0
        for batch in self.history.history(Purpose.PERSONALIZATION, None):
            found.update(np.unique(batch.column("person").to_numpy(zero_copy_only=False)).tolist())
            until_seq = max(until_seq, int(batch.column("seq").to_numpy(zero_copy_only=False).max()))
        with self.serving.db.read() as db:
            roots = set(subjects_of(db, found)[0].values())
        return np.array(sorted(self._reachable(roots, ask)), dtype=np.int64), until_seq

    def _reachable(self, persons: set[int], ask: ExportLists) -> set[int]:
        """Those of `persons` who may be written to by the way that the lists go."""
        channel = CHANNELS.get(ask.surface)
        return persons if channel is None else self.gate.allowed_through(persons, Purpose.MARKETING, channel)

    def _agreeing(self, persons: NDArray[np.int64], ask: ExportLists) -> set[int]:
        """Those of `persons` who may stand in the file at this moment; who was erased is nobody any more."""
        agreed = self.gate.allowed_among(self._reachable(set(persons.tolist()), ask), Purpose.PERSONALIZATION)
        with self.serving.db.read() as db:
            return set(self.names.people(db, agreed))

    def _write_part(self, file: BinaryIO, begun: Begun, trends: Trends, persons: NDArray[np.int64]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows: list[tuple[Any, ...]] = []
        agreeing = self._agreeing(persons, begun.ask)  # some may have refused since it began
        numbers = [one for one in persons.tolist() if one in agreeing]
        with self.serving.db.read() as db:
            snapshot = _as_of(self.serving.state.snapshot(db, begun.at_ms), trends)
            named, members = self.names.people(db, numbers), subjects_of(db, numbers)[1]
            cases = [
                (named[one], self._case(db, snapshot, begun, Subject(one, tuple(members[one]))))
                for one in numbers
                if one in named and one in members
            ]
        for who, (shopper, wish) in cases:
            if shopper.notice != "personalization_off":
                rows.extend(_rows(who, self._list(snapshot, begun, shopper, wish), begun))
        columns = list(zip(*rows, strict=True)) or [()] * len(_fields())
        pq.write_table(pa.table([list(column) for column in columns], schema=pa.schema(_fields())), file)

    def _case(self, db: Any, snapshot: Snapshot, begun: Begun, subject: Subject) -> tuple[Shopper, Wish]:
        """A shopper as of the beginning."""
        shopper = self.serving.shoppers.of(db, snapshot, subject, begun.at_ms)
        past = shopper.past
        kept = past.seq <= begun.until_seq
        then = Past(seq=past.seq[kept], product=past.product[kept], kind=past.kind[kept], at_ms=past.at_ms[kept])
        chance = f"{begun.id}|{subject.number}"
        return self.serving.asked_of(snapshot, replace(shopper, past=then), begun.ask, begun.at_ms, chance)

    def _joined(self, target: Path, work: Path, begun: Begun, persons: NDArray[np.int64]) -> ListExportReport:
        """All parts in one file, which is there whole or not at all, without who refused since then."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        shoppers, rows = 0, 0
        with whole_file(target) as file, pq.ParquetWriter(file, pa.schema(_fields())) as writer:
            for first in range(0, len(persons), PART):
                agreeing = self._agreeing(persons[first : first + PART], begun.ask)
                ids = pa.array([_list_id(begun, one) for one in agreeing], pa.string())
                table = pq.read_table(_part(work, first))
                table = table.filter(pc.is_in(table["list_id"], ids))
                shoppers += len(table["list_id"].unique())
                rows += table.num_rows
                writer.write_table(table)
        return ListExportReport(shoppers=shoppers, rows=rows)

    def _list(self, snapshot: Snapshot, begun: Begun, shopper: Shopper, wish: Wish) -> Recommendations:
        list_id = _list_id(begun, shopper.number)
        return self.serving.serve(snapshot, shopper, wish, begun.ask.language, list_id=list_id)


def check_surface(ask: ExportLists) -> None:
    """Refuse a place that is not known: a slip of the pen would pass the consent that `email` and its like take.

    Raises:
        UnknownSurface: it is none of `surfaces.OF_THEIR_OWN`.
    """
    if ask.surface not in OF_THEIR_OWN:
        known = sorted(OF_THEIR_OWN)
        hint = did_you_mean(ask.surface, known, otherwise=f"There are: {', '.join(known)}.")
        raise UnknownSurface(f"Lists cannot be written for the place {ask.surface!r}.", hint=hint)


def _as_of(snapshot: Snapshot, trends: Trends) -> Snapshot:
    """A snapshot with the trends of a moment before; products that came since have their own."""
    then, always = trends
    signals = snapshot.signals.copy()
    signals[: len(then)] = then
    return replace(snapshot, signals=signals, always=always)


def _rows(who: tuple[str | None, str | None], answer: Recommendations, begun: Begun) -> Iterator[tuple[Any, ...]]:
    for item in answer.items:
        yield (
            answer.list_id,
            *who,
            item.position,
            item.product_id,
            item.title,
            item.score,
            item.propensity,
            item.reason.code,
            item.explanation,
            answer.intent,
            answer.model,
            begun.at_ms,
        )


def _fields() -> list[tuple[str, Any]]:
    import pyarrow as pa

    texts = {"list_id", "customer_id", "visitor_id", "product_id", "title", "reason", "explanation", "model"}
    floats = {"score", "propensity", "intent"}
    names = (
        *("list_id", "customer_id", "visitor_id", "position", "product_id", "title", "score", "propensity"),
        *("reason", "explanation", "intent", "model", "at"),
    )
    kinds = {"position": pa.int32(), "at": pa.timestamp("ms", tz="UTC")}
    return [(name, pa.string() if name in texts else pa.float64() if name in floats else kinds[name]) for name in names]


def _part(work: Path, first: int) -> Path:
    """Where the lists of the shoppers from number `first` on of those who are wanted lie."""
    return work / f"{first // PART:06d}.parquet"


def _list_id(begun: Begun, person: int) -> str:
    """The id of a shopper's list: the same whenever the export is gone on with."""
    from ulid import ULID

    told = hashlib.blake2b(f"{begun.id}|{person}".encode(), digest_size=10).digest()
    return str(ULID.from_bytes(begun.at_ms.to_bytes(6, "big") + told))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CannotWrite(
            f"{folder} cannot be made: {error.strerror}.", hint="Name a file in a folder that you may write to."
        ) from error
