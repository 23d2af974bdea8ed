"""An export back into a shop."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.privacy import Cipher, Duty
from zhanggui.shop.errors import BadFile
from zhanggui.shop.service.past_rows import PastRows
from zhanggui.shop.tables import links, orders, past, people, products, words
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning
from zhanggui.shop.types import LegalBasis, PutReport
from zhanggui.shop.types.exports import ExportFormat, ExportKind, PastEvent

from .files import read_facts
from .parts import ExportPart
from .past import missing, past_events
from .pictures import FOLDER, copy_media, media_in
from .sources import TYPES

CONTRACT = LegalBasis(kind="contract")
"""Never used by a whole export: each of its rows names its own basis."""

EVENTS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorer:
    """Takes an export in again. What is there already stays as it is, so it may be repeated.

    Args:
        past: the history, without which events are left alone.
        media: where pictures go.
        parts: what other rooms add. Other files of an export are records: they are left alone.
    """

    db: Database
    clock: Clock
    cipher: Cipher
    past: PastRows | None = None
    media: MediaStore | None = None
    parts: Sequence[ExportPart] = ()
    returning: Returning = ALL_MAY_RETURN

    def restore(self, folder: Path) -> dict[str, PutReport]:
        """Take in all files of a folder that `Exporter.export` wrote, in whichever format.

        Where the file of events is there, it alone tells the history: orders and returns come in without a word, for
        the file has their lines too, and also what was changed and cancelled. Without it, orders tell what they can.

        Raises:
            BadFile: a file holds a row that is no such fact; the kinds before it, and its pages before, are in.
        """
        reports: dict[str, PutReport] = {}
        for name, take_in in self._steps(folder):
            for path in _files(folder, name):
                _add(reports, name, take_in(path))
        if self.media is not None and (folder / FOLDER).is_dir():
            _add(reports, FOLDER, copy_media(media_in(folder), self.media))
        if not reports:
            raise BadFile(f"{folder.name!r} holds no export.", hint="Name the folder that was exported to.")
        return reports

    def _steps(self, folder: Path) -> Iterator[tuple[str, Callable[[Path], PutReport]]]:
        is_told = self.past is not None and any(_files(folder, ExportKind.EVENTS))
        for kind, store in (_STORES | _SILENT if is_told else _STORES).items():
            yield kind.value, partial(self._facts, kind, store)
        if self.past is not None:
            yield ExportKind.EVENTS.value, partial(self._events, self.past)
        for part in self.parts:
            yield part.name, partial(self._part, part)

    def _facts(self, kind: ExportKind, store: _Store, path: Path) -> PutReport:
        report, now_ms = PutReport(), to_ms(self.clock())
        with _named(path, kind):
            for page in read_facts(path, TYPES[kind]):
                report += self.db.write(partial(self._store, store, page, now_ms))
        return report

    def _part(self, part: ExportPart, path: Path) -> PutReport:
        report, now_ms = PutReport(), to_ms(self.clock())
        with _named(path, part.name):
            for page in read_facts(path, part.holds):
                report += self.db.write(partial(self._restore, part, page, now_ms))
        return report

    def _events(self, history: PastRows, path: Path) -> PutReport:
        """Append the events that the history lacks. What an interrupted run brought is there, so it is not repeated."""
        now_ms, count, created = to_ms(self.clock()), itertools.count(), 0
        with _named(path, ExportKind.EVENTS), history.changing():  # of two that restore at once, one sees the other's
            facts = itertools.chain.from_iterable(read_facts(path, PastEvent))
            lacking = missing(_counted(facts, count), self._held(history))
            while page := list(itertools.islice(lacking, EVENTS_AT_ONCE)):
                self.db.write(partial(self._append, page, now_ms))
                created += len(page)
        return PutReport(created, 0, next(count) - created)

    def _store(self, store: _Store, facts: Sequence[Any], now_ms: int, db: sa.Connection) -> PutReport:
        return store(db, self.returning.without_erased(db, facts), self.cipher, now_ms)

    def _restore(self, part: ExportPart, rows: Sequence[Any], now_ms: int, db: sa.Connection) -> PutReport:
        return part.restore(db, self.returning.without_erased(db, rows), now_ms)

    def _append(self, events: Sequence[PastEvent], now_ms: int, db: sa.Connection) -> None:
        past.append_past(db, self.returning.without_erased(db, events), now_ms)

    def _held(self, history: PastRows) -> Iterator[PastEvent]:
        # The snapshot is let go of at its last event: at once in an empty shop, whose log is then free to shrink.
        with self.db.read() as db:
            yield from itertools.chain.from_iterable(past_events(db, history.in_order(db, purpose=Duty.UPKEEP)))


def _files(folder: Path, name: str) -> Iterator[Path]:
    paths = (folder / f"{name}.{form.value}" for form in ExportFormat)
    return (path for path in paths if path.exists())


def _add(reports: dict[str, PutReport], name: str, report: PutReport) -> None:
    reports[name] = reports.get(name, PutReport()) + report


def _counted(facts: Iterable[PastEvent], count: Iterator[int]) -> Iterator[PastEvent]:
    for fact in facts:
        next(count)
        yield fact


@contextmanager
def _named(path: Path, kind: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise BadFile(
            f"{path.name} holds a row that is none of {kind}: {error}.",
            hint="Restore a file as it was exported; import a changed one with: zhanggui import",
        ) from error


_Store = Callable[[sa.Connection, Sequence[Any], Cipher, int], PutReport]


def _links(db: sa.Connection, facts: Sequence[Any], _: Cipher, __: int) -> PutReport:
    created = links.restore_links(db, facts)
    return PutReport(created, 0, len(facts) - created)


_STORES: dict[ExportKind, _Store] = {
    ExportKind.PRODUCTS: lambda db, facts, _, now: products.store_products(db, facts, now, "restore"),
    ExportKind.OFFERS: lambda db, facts, _, now: products.store_offers(db, facts, now),
    ExportKind.LABELS: lambda db, facts, _, now: products.store_labels(db, facts, now),
    ExportKind.RIVAL_PRICES: lambda db, facts, _, now: products.store_rival_prices(db, facts, now),
    ExportKind.CUSTOMERS: lambda db, facts, cipher, now: people.store_customers(db, facts, CONTRACT, cipher, now),
    ExportKind.LINKS: _links,
    ExportKind.ORDERS: lambda db, facts, _, now: orders.store_orders(db, facts, CONTRACT, now),
    ExportKind.RETURNS: lambda db, facts, _, now: orders.store_returns(db, facts, CONTRACT, now),
    ExportKind.REVIEWS: lambda db, facts, _, now: words.store_reviews(db, facts, now),
    ExportKind.QUESTIONS: lambda db, facts, _, now: words.store_questions(db, facts, now),
}
_SILENT: dict[ExportKind, _Store] = {
    ExportKind.ORDERS: lambda db, facts, _, now: orders.store_orders(db, facts, CONTRACT, now, tells_history=False),
    ExportKind.RETURNS: lambda db, facts, _, now: orders.store_returns(db, facts, CONTRACT, now, tells_history=False),
}
