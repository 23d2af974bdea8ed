"""Import of files into the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.guarding import TextGuard
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.privacy import Cipher
from zhanggui.shop.importers.asking import basis_of, currency_of, kind_of, licence_of
from zhanggui.shop.importers.conversion import Defaults
from zhanggui.shop.importers.errors import BasisMissing, UnknownImport
from zhanggui.shop.importers.images import Fetch, ImageImport
from zhanggui.shop.importers.inputs import Opening
from zhanggui.shop.importers.looking import profile_of
from zhanggui.shop.importers.mapping import ImportMap, decode_map
from zhanggui.shop.importers.rejects import RejectsFile
from zhanggui.shop.importers.running import ImportRun
from zhanggui.shop.importers.storing import NO_PEOPLE, Storing
from zhanggui.shop.tables import imports as tables
from zhanggui.shop.tables.import_changes import next_turn
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning
from zhanggui.shop.types import LegalBasis, PutReport, TextLicence
from zhanggui.shop.types.imports import (
    KINDS_WITH_PEOPLE,
    ImportKind,
    ImportProfile,
    ImportReport,
    OnStep,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one import, understood."""

    id: str
    kind: ImportKind
    basis: LegalBasis | None
    map: ImportMap | None
    defaults: Defaults
    dry_run: bool = field(kw_only=True)
    accept: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Takes files as merchants have them. Good rows are stored, bad ones explained; doing it again changes nothing."""

    db: Database
    cipher: Cipher
    clock: Clock
    folder: Path  # the shop's; rejects go to its `imports/`
    defaults: Defaults = field(default_factory=Defaults)
    media: MediaStore | None = None
    fetch: Fetch | None = None
    returning: Returning = ALL_MAY_RETURN
    guard: TextGuard | None = None

    def run(
        self,
        kind: str,
        files: Sequence[Path],
        basis: LegalBasis | str | None = None,
        map: ImportMap | str | None = None,  # noqa: A002  (the merchant's word for it)
        on_step: OnStep = lambda _done, _of: None,
        *,
        dry_run: bool = False,
        accept: bool = False,
        fetch: bool = False,
        currency: str = "",
        licence: str = "",
        job_id: str | None = None,
        by: str = "",
    ) -> ImportReport:
        """Import files of one kind.

        Args:
            kind: an `ImportKind`.
            files: in the order in which they count; for images a folder, or lists of URLs.
            basis: `contract`, `consent:NOTICE` or `public-data`; needed where rows are about people.
            map: TOML text or a map; without one a ready map that fits is taken.
            on_step: told rows done and rows in all.
            dry_run: read, convert and reject, but store nothing.
            accept: where no ready map fits, take the proposed one unseen.
            fetch: for images given as URLs: really load them.
            currency: of amounts where neither a column nor the map says it; the shop's own without one.
            licence: of texts where neither a column nor the map says it; the shop's own without one.
            job_id: of the job that runs it. The report gets this id, and is kept of a dry run too: nobody waits for it.
            by: who asks, as the ledger names them.

        Raises:
            BadFile, TooLarge: a file cannot be read at all; what other files brought stays.
            BadMap: no map fits, or the one given cannot be used.
            BasisMissing: rows about people without a legal basis.
            Unavailable: pictures are to be loaded, and this shop loads none.
        """
        chosen, held, found = self.check(kind, basis, map, fetch=fetch)
        defaults = self._defaults(currency, licence_of(licence, chosen))
        id_ = job_id or new_id()
        home = self.folder / "imports"
        home.mkdir(parents=True, exist_ok=True)
        with RejectsFile(home / f"{id_}.rejects.csv") as rejects:
            first: dict[str, list[str]] = {}
            if chosen is ImportKind.IMAGES:
                images = ImageImport(self.db, self.media, self.fetch if fetch else None, rejects, self._now_ms())
                report = images.run(id_, files, on_step, turn=self._turn(id_), dry_run=dry_run)
            else:
                asked = _Asked(id_, chosen, held, found, defaults, dry_run=dry_run, accept=accept)
                run = self._rows(asked, files, on_step, rejects)
                report = _report(id_, chosen, run, dry_run=dry_run)
                first = {"products": list(run.first_products), "orders": list(run.first_orders)}
        names = [file.name for file in files]
        if job_id or not dry_run:
            text = map if isinstance(map, str) else ""
            at_ms = self._now_ms()
            self.db.write(lambda db: tables.note_import(db, report, names, held, at_ms, by=by, map_text=text, **first))
        return report

    def _defaults(self, currency: str, licence: TextLicence | None) -> Defaults:
        """The shop's own, with what this import says in their place."""
        return replace(
            self.defaults,
            currency=currency_of(currency) or self.defaults.currency,
            licence=licence or self.defaults.licence,
        )

    def check(
        self,
        kind: str,
        basis: LegalBasis | str | None,
        map: ImportMap | str | None,  # noqa: A002  (the merchant's word for it)
        *,
        fetch: bool,
    ) -> tuple[ImportKind, LegalBasis | None, ImportMap | None]:
        """What is asked of an import, understood; the errors that need no look into a file are raised here."""
        chosen, held = kind_of(kind), basis_of(basis)
        if chosen in KINDS_WITH_PEOPLE and held is None:
            raise BasisMissing(
                f"Rows of {chosen} are about people: an import of them names its legal basis.",
                hint="Add --basis contract, --basis consent:NOTICE (the notice agreed to) or --basis public-data.",
                api_hint="Send `basis`: contract, consent:NOTICE (the notice agreed to) or public-data.",
            )
        if fetch and self.fetch is None:
            hint = "Switch it on: fetch_pictures under [features]. Without fetching, the addresses are noted."
            raise Unavailable("This shop loads nothing from the network.", hint=hint)
        return chosen, held, decode_map(map) if isinstance(map, str) else map

    def _rows(self, asked: _Asked, files: Sequence[Path], on_step: OnStep, rejects: RejectsFile) -> ImportRun:
        run = ImportRun(
            db=self.db,
            storing=Storing(
                import_id=asked.id,
                basis=asked.basis or NO_PEOPLE,
                cipher=self.cipher,
                now_ms=self._now_ms(),
                returning=self.returning,
                guard=self.guard,
            ),
            defaults=asked.defaults,
            folder=self.folder / "imports",
            rejects=rejects,
            on_step=on_step,
            pseudonym=lambda field, word: f"{field}-{self.cipher.lookup_hash(field, word).hex()[:32]}",
            is_dry=asked.dry_run,
            turn=self._turn(asked.id),
        )
        opening = Opening(
            kind=asked.kind,
            map=asked.map,
            defaults=asked.defaults,
            accept=asked.accept,
            on_reject=run.reject,
            on_skip=run.skip,
        )
        opened = [opening.open(file) for file in files]  # all are looked into before the first row is stored
        run.take(opened)
        return run

    def profile(self, file: Path, kind: str | None = None) -> ImportProfile:
        """What a file looks like, and the map that would import it.

        Raises:
            BadFile, TooLarge: it cannot be read.
        """
        return profile_of(file, None if kind is None else kind_of(kind), self.defaults)

    def report(self, id_: str) -> ImportReport:
        """What an import did.

        Raises:
            UnknownImport: there is none of that id.
        """
        with self.db.read() as db:
            found = tables.import_report(db, id_)
        if found is None:
            raise UnknownImport(f"No import has the id {id_!r}.", hint="List them with GET /v1/SHOP/imports.")
        return found

    def reports(self, limit: int = 50) -> list[ImportReport]:
        """What imports did, newest first."""
        with self.db.read() as db:
            return tables.import_reports(db, limit)

    def rejects(self, id_: str) -> Path:
        """The CSV of the rows that an import did not take.

        Raises:
            UnknownImport: there is no such import, or it took every row.
        """
        path = self.rejects_of(self.report(id_))
        if path is None or not path.is_file():
            raise UnknownImport(f"Import {id_!r} has no rejects.", hint="It took every row.")
        return path

    def rejects_of(self, report: ImportReport) -> Path | None:
        """Where the rejects of a report stand; None when it has none."""
        return self.folder / "imports" / report.rejects_file if report.rejects_file else None

    def _turn(self, id_: str) -> int:
        with self.db.read() as db:
            return next_turn(db, id_)

    def _now_ms(self) -> int:
        return to_ms(self.clock())


def _report(id_: str, kind: ImportKind, run: ImportRun, *, dry_run: bool) -> ImportReport:
    total = sum(run.totals.values(), PutReport())
    by_kind = {
        f"{name}_{what}": getattr(report, what)
        for name, report in run.totals.items()
        for what in PutReport.__struct_fields__
    }
    return ImportReport(
        id=id_,
        kind=kind,
        rows_read=run.rows_read,
        created=total.created,
        updated=total.updated,
        unchanged=total.unchanged,
        rejected=run.rejects.count,
        rejects_file=run.rejects.name,
        figures=run.figures | by_kind,
        dry_run=dry_run,
    )
