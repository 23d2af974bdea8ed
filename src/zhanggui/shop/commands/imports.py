"""`zhanggui import` and `zhanggui import-profile`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cyclopts import App, Parameter

from zhanggui.kernel.terminal import Bars, print_json, say
from zhanggui.shop.importers.errors import BadMap
from zhanggui.shop.importers.rejects import read_rejects
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.types.imports import ImportProfile, ImportReport

OpenImporter = Callable[[str], AbstractContextManager[Importer]]


INCOMPLETE = 3
"""Done, and what came of it does not do yet: a map without a field it needs, an import that took no row."""


FIRST_REJECTS = 5
"""Rows that a summary shows; the file has them all."""


def add_import_commands(app: App, open_importer: OpenImporter) -> None:
    """Put `import` and `import-profile` into the application."""
    _add_import(app, open_importer)
    _add_profile(app, open_importer)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What holds where neither a column nor the map says it.

    Attributes:
        currency: of amounts where neither a column nor the map says it; the shop's own without one.
        licence: of texts where neither a column nor the map says it: own (the shop's own, which is taken unless you say
            otherwise), training (somebody else's, models may learn from them), display (may only be shown) or unknown.
            Models learn from own and training alone.
    """

    currency: str = ""
    licence: str = ""


NOTHING_ASSUMED = Assumed()


def _add_import(app: App, open_importer: OpenImporter) -> None:
    @app.command(name="import")
    def import_(
        shop: str,
        kind: str,
        files: list[Path],
        /,
        *,
        basis: str | None = None,
        map: Path | None = None,  # noqa: A002  (the merchant's word for it)
        accept: bool = False,
        fetch: bool = False,
        assumed: Assumed = NOTHING_ASSUMED,
        dry_run: bool = False,
        json: bool = False,
        quiet: bool = False,
    ) -> int:
        """Import files as they are: CSV, TSV, XLSX, Parquet, JSON lines, GA4 exports, Google Merchant feeds.

        Good rows are stored, bad ones explained in a rejects file; importing again changes nothing.

        Args:
            shop: the shop's name.
            kind: products, offers, customers, orders, returns, reviews, questions, events, rival-prices, labels,
                entries, images or shop.
            files: one or more; for images a folder whose files are named by product, or lists of URLs.
            basis: why the shop may hold rows about people: contract, consent:NOTICE or public-data.
            map: a TOML map of columns to fields; see import-profile.
            accept: where no ready map fits, take the proposed one unseen.
            fetch: load pictures that are given as URLs.
            dry_run: read and check everything, store nothing.
            json: print the report as JSON.
            quiet: no progress bar.
        """
        with open_importer(shop) as importer, Bars(quiet=quiet) as bars:
            run = partial(importer.run, dry_run=dry_run, accept=accept, fetch=fetch)
            run = partial(run, currency=assumed.currency, licence=assumed.licence)
            report = run(kind, files, basis, _map_text(map), partial(bars.step, f"importing {kind}"))
        print_json(report) if json else print(summary(report, importer.rejects_of(report)))
        return INCOMPLETE if report.rejected and report.rejected >= report.rows_read else 0


def _add_profile(app: App, open_importer: OpenImporter) -> None:
    @app.command(name="import-profile")
    def import_profile(shop: str, file: Path, /, *, kind: str | None = None, json: bool = False) -> int:
        """Look into an unknown file and propose a map; its TOML goes to stdout, to be edited and used with --map.

        Args:
            shop: the shop's name.
            file: the file.
            kind: what its rows are, when the guess is wrong.
            json: print the whole profile as JSON.
        """
        with open_importer(shop) as importer:
            profile = importer.profile(file, kind)
        if json:
            print_json(profile)
            return 0
        say(findings(profile))
        print(profile.map, end="")
        return INCOMPLETE if profile.missing else 0


def _map_text(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
        raise BadMap(f"The map {str(path)!r} cannot be read: {why}.", hint="Correct the path after --map.") from error


def summary(report: ImportReport, rejects: Path | None = None) -> str:
    """A report in a few lines, with the path of its rejects."""
    heading = "Dry run: nothing was stored." if report.dry_run else f"Import {report.id} of {report.kind}."
    lines = [
        heading,
        f"  rows read   {report.rows_read:>12,}",
        f"  kept        {report.kept:>12,}",
        f"  rejected    {report.rejected:>12,}" + (f"   {rejects}" if rejects else ""),
        "What these rows say, one by one:",
        f"  created     {report.created:>12,}",
        f"  updated     {report.updated:>12,}",
        f"  unchanged   {report.unchanged:>12,}",
    ]
    lines += [f"  {name:28} {value}" for name, value in report.figures.items()]
    return "\n".join([*lines, *(_refused(rejects) if rejects else ())])


def _refused(rejects: Path) -> list[str]:
    """The first rows that were not taken, each with its place, what is wrong, and what to do."""
    _, first = read_rejects(rejects)
    lines = [f"The first rows rejected, of those in {rejects}:"] if first else []
    for reject in first[:FIRST_REJECTS]:
        place = f"{reject.file} line {reject.line}" + (f", column {reject.column}" if reject.column else "")
        lines += [f"  {place}: {reject.reason}" + (f". {reject.cure}" if reject.cure else "")]
    return lines


def findings(profile: ImportProfile) -> str:
    """What was found out about a file, for a reader."""
    lines = [f"{profile.file}: {profile.format}, {profile.rows_seen:,} rows looked at."]
    if profile.ready_map:
        lines.append(f"The ready map {profile.ready_map!r} fits; no --map is needed.")
    elif profile.kind:
        lines.append(f'It looks like {profile.kind}. Read the map over; columns with "" are left out.')
    else:
        lines.append("Nothing says what its rows are: name the kind with --kind products, --kind orders …")
    lines += [
        f'No column seems to hold {field}: write "{field}" beside the right one under [columns].'
        for field in profile.missing
        if field != "kind"
    ]
    if profile.assumed_currency:
        lines.append(
            f"No column says the currency: amounts are taken as {profile.assumed_currency}. "
            'Another one: write currency = "USD" at the top of the map, or import with --currency USD.'
        )
    lines += [f"  {c.name} → {c.field or '(left out)'}  {c.type}, {c.filled:.0%} filled" for c in profile.columns]
    return "\n".join(lines)
