"""A visitor's file in a shop of its own: taken in, looked through, and one finding decided."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from zhanggui.app.rooms import Rooms
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import LegalBasis
from zhanggui.shop.importers.looking import look_at
from zhanggui.shop.importers.rejects import read_rejects
from zhanggui.shop.importers.uploads import Readable, keep_upload
from zhanggui.shop.types.discoveries import Discoveries, SoonOut
from zhanggui.shop.types.imports import ImportKind, Reject
from zhanggui.trust import (
    Author,
    FactRef,
    LedgerEntry,
    Notice,
    Proposal,
    ProposalDraft,
    ProposalState,
    Rationale,
)

from .trials import Trials

WHAT = "file"
LARGEST = 15 * 2**20
"""What is answered within the 20 s that the tour promises; larger exports go the way of the import."""
NOTICE = "tour"
"""Who brings a file lets it be counted, and nothing else; no model learns from it."""
LABEL = "少量库存"
VISITOR = "visitor"
_FACTS = "facts.json"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a file. `kind` is None where nobody can say what its rows are."""

    name: str
    size: int
    format: str
    kind: ImportKind | None
    columns: tuple[tuple[str, str], ...]  # heading, field
    has_stock: bool
    rows: int
    taken: int
    refused: int
    reasons: tuple[tuple[str, int], ...]
    first: tuple[Reject, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A file with its findings, and the proposal that was made from one of them."""

    facts: Facts
    found: Discoveries
    proposal: Proposal | None
    entries: tuple[LedgerEntry, ...]


class FoundFile:
    """The one file of each visitor."""

    def __init__(self, trials: Trials) -> None:
        self._trials = trials

    def take(self, token: str, name: str, stream: Readable) -> None:
        """Take a file in, in place of the one before.

        Raises:
            TooLarge: over 15 MiB.
            BadFile: it cannot be read.
            TourFull: there is no room for another visitor.
        """
        began = time.perf_counter()

        def fill(home: Path) -> None:
            path = keep_upload(home / "upload", name, stream, LARGEST)
            self._trials.new_shop(home)
            with self._trials.opened(home) as rooms:
                facts = _taken(rooms, path)
                rooms.discoveries()
            facts = msgspec.structs.replace(facts, seconds=round(time.perf_counter() - began, 2))
            (home / _FACTS).write_bytes(msgspec.json.encode(facts))

        self._trials.make(token, WHAT, fill)

    def look(self, token: str, language: str) -> Look:
        """What was found.

        Raises:
            NothingThere: the visitor has brought nothing, or an hour is over.
        """
        home = self._trials.find(token, WHAT)
        facts = msgspec.json.decode((home / _FACTS).read_bytes(), type=Facts)
        with self._trials.opened(home) as rooms:
            found = rooms.discoveries(language, 5)
            proposals = rooms.proposals.list(limit=1).items
            entries = rooms.ledger.entries(limit=20).items
        told = tuple(entry for entry in entries if entry.kind.startswith("proposal."))
        return Look(facts=facts, found=found, proposal=proposals[0] if proposals else None, entries=told)

    def propose(self, token: str, product_id: str) -> None:
        """Propose the label for a product that runs out; twice is once.

        Raises:
            NothingThere: there is no such finding.
        """
        with self._trials.opened(self._trials.find(token, WHAT)) as rooms:
            soon = {one.product.id: one for one in rooms.discoveries(most=5).soon_out}
            is_open = any(
                one.state in {ProposalState.PROPOSED, ProposalState.APPLIED} for one in rooms.proposals.list().items
            )
            if product_id in soon and not is_open:
                rooms.proposals.propose([_draft(rooms, soon[product_id])])

    def approve(self, token: str, proposal_id: str) -> None:
        """Approve it: the label is on the product in the same moment."""
        with self._trials.opened(self._trials.find(token, WHAT)) as rooms:
            rooms.proposals.approve(proposal_id, VISITOR)

    def undo(self, token: str, proposal_id: str) -> None:
        """Take it back."""
        with self._trials.opened(self._trials.find(token, WHAT)) as rooms:
            rooms.proposals.undo(proposal_id, VISITOR)


def _taken(rooms: Rooms, path: Path) -> Facts:
    looked = look_at(path, None, rooms.importer.defaults)
    names = {each.name: each.field for each in looked.columns}
    bare = Facts(
        name=path.name, size=path.stat().st_size, format=looked.format, kind=looked.kind,
        columns=tuple(names.items()), has_stock=False, rows=looked.rows_seen, taken=0, refused=0, reasons=(), first=(),
        seconds=0.0,
    )  # fmt: skip
    if looked.kind is not ImportKind.ORDERS:
        return bare
    agreed = Notice(notice=NOTICE, purposes=(Purpose.SERVICE, Purpose.ANALYTICS))
    rooms.consents.set_notice(agreed, VISITOR)
    basis = LegalBasis(kind="consent", notice=NOTICE)
    report = rooms.importer.run(ImportKind.ORDERS, [path], basis, looked.map, by=VISITOR)
    # What a line cost and how many are left stand beside it in many exports: the same rows, read as prices and stock.
    priced = look_at(path, ImportKind.OFFERS, rooms.importer.defaults)
    beside = {each.name: each.field for each in priced.columns if each.field in {"cost", "on_hand"}}
    if beside and priced.map is not None and {"product_id", "price"} <= set(priced.map.columns.values()):
        rooms.importer.run(ImportKind.OFFERS, [path], None, priced.map, by=VISITOR)
    rejects = rooms.importer.rejects_of(report)
    reasons, first = ((), ()) if rejects is None else read_rejects(rejects)
    return msgspec.structs.replace(
        bare,
        columns=tuple((names | beside).items()),
        has_stock="on_hand" in beside.values(),
        rows=report.rows_read,
        taken=report.kept,
        refused=report.rejected,
        reasons=reasons,
        first=first,
    )


def _draft(rooms: Rooms, soon: SoonOut) -> ProposalDraft:
    held = [
        {"label": label.label, "source": label.source, "evidence": label.evidence}
        for label in rooms.catalogue.labels([soon.product.id])
    ]
    said = f"{soon.available} / {soon.per_day:g}"
    labels = [*held, {"label": LABEL, "source": "behaviour", "evidence": said}]
    params = {"available": str(soon.available), "per_day": f"{soon.per_day:g}", "days_left": f"{soon.days_left:g}"}
    return ProposalDraft(
        kind="shop.label_product",
        subject=soon.product.id,
        change={"labels": labels},
        reason=Rationale(code="runs_out", params=params),
        author=Author(kind="rules", name="first findings", version="1"),
        evidence=(FactRef(kind="product", ref=soon.product.id),),
    )
