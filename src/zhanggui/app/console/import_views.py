"""What the pages of an import show, in the reader's words and with people masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhanggui.app.web.order_words import ORDER_STATES
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.jobs import Job, JobState
from zhanggui.kernel.words import N_
from zhanggui.shop.importers.drafts import Draft
from zhanggui.shop.importers.errors import UnknownImport
from zhanggui.shop.importers.fields import FIELDS as KNOWN_FIELDS
from zhanggui.shop.importers.fields import OPEN_PREFIXES
from zhanggui.shop.importers.looking import assumed_in
from zhanggui.shop.importers.running import FIRST_PRODUCTS
from zhanggui.shop.types import TextLicence
from zhanggui.shop.types.browsing import OrderRow, ProductRow
from zhanggui.shop.types.drafts import Preview, PreviewRow
from zhanggui.shop.types.imports import ColumnProfile, ImportKind, ImportRecord, Reject

from .import_sentences import told, told_error
from .import_undo import undo_view
from .import_words import BASES, CELLS, KINDS, LICENCES, MADE, MAPPED_KINDS, TYPES, field_words, shown_cell
from .listing import stored_picture
from .shell import Console

_PRODUCTS = ("/products", N_("All products"), "shop:read")
FACTS = {
    ImportKind.PRODUCTS: _PRODUCTS,
    ImportKind.OFFERS: _PRODUCTS,
    ImportKind.LABELS: _PRODUCTS,
    ImportKind.RIVAL_PRICES: _PRODUCTS,
    ImportKind.ORDERS: ("/orders", N_("All orders"), "shop:people"),
    ImportKind.RETURNS: ("/orders", N_("All orders"), "shop:people"),
    ImportKind.CUSTOMERS: ("/customers", N_("All customers"), "shop:people"),
}
"""The list that what came in is part of, and who may see it."""
_LICENCE_NAMES = {value.value: name for value, name, _ in LICENCES}
HIDDEN = "••••"


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that a column can be given to."""

    value: str
    label: str
    is_required: bool = False


def map_view(console: Console, draft: Draft, problem: str, *, is_basis_wrong: bool) -> dict[str, Any]:
    """The table of columns, and the first rows as they would be taken."""
    say = console.view._
    preview = console.rooms.drafts.preview(draft)
    basis, _, notice = draft.basis.partition(":")
    return {
        "draft": draft,
        "problem": problem,
        "is_basis_wrong": is_basis_wrong,
        "kinds": [(kind.value, say(KINDS[kind])) for kind in MAPPED_KINDS],
        "kind_name": say(KINDS[draft.kind]) if draft.kind else "",
        "bases": [(value, say(name), say(why)) for value, name, why in BASES],
        "basis": basis,
        "notice": notice,
        "columns": [_column(console, draft, column) for column in draft.columns],
        "currency": assumed_in(draft.map, console.rooms.importer.defaults),
        "licences": [(value, say(name), say(why)) for value, name, why in LICENCES] if _asks_licence(draft) else [],
        "licence": (draft.map and draft.map.licence) or TextLicence.OWN,
        "missing": [field_words(draft.kind, name, say) for name in preview.missing],
        "heads": [field_words(draft.kind, name, say) for name in preview.fields],
        "numbers": [kind in {"price", "decimal", "count"} for kind in preview.types],
        "rows": [(row.line, _cells(console, draft, preview, row), _refusal(console, row)) for row in preview.rows],
    }


def _asks_licence(draft: Draft) -> bool:
    """Whether its rows bring texts, and no column says with what licence."""
    return (
        draft.map is not None
        and "licence" in KNOWN_FIELDS.get(draft.map.kind, {})
        and "licence" not in draft.map.columns.values()
    )


def check_view(console: Console, draft: Draft) -> dict[str, Any]:
    """What a check found, or how far it is."""
    say, checked = console.view._, draft.checked
    progress = console.rooms.drafts.checking(draft)
    is_seen = console.may("shop:export")
    return {
        "draft": draft,
        "kind_name": say(KINDS[draft.kind]) if draft.kind else "",
        "checked": checked,
        "progress": progress,
        "is_over": progress is None or progress.state in {JobState.DEAD, JobState.CANCELLED},
        "problem": told_error(progress.error, say) if progress else "",
        "is_seen": is_seen,
        "reasons": [(told(reason, say), count) for reason, count in checked.reasons] if checked else [],
        "first": [_shown_reject(console, draft, reject, is_seen=is_seen) for reject in checked.first]
        if checked
        else [],
    }


def run_view(console: Console, import_id: str, record: ImportRecord | None, job: Job | None) -> dict[str, Any]:
    """An import while it runs, or what came of it."""
    say = console.view._
    rows, orders = (_came(console, record), _orders(console, record)) if record else ([], [])
    is_live = record is None and job is not None and job.state in {JobState.WAITING, JobState.RUNNING}
    return {
        "import_id": import_id,
        "file": _file_of(console, import_id) if record is None else "",
        "record": record,
        "job": job,
        "is_live": is_live,
        "kind_name": say(KINDS[record.kind]) if record else "",
        "at": console.view.formats.time(from_ms(record.at_ms)) if record else "",
        "problem": told_error(job.error, say) if job else "",
        "facts": _whole_list(console, record) if record else None,
        "made": _made(console, record) if record else [],
        "rows": rows,
        "orders": orders,
        "order_states": ORDER_STATES,
        "is_cut": len(rows) >= FIRST_PRODUCTS,
        "picture_of": stored_picture,
        "licence": _LICENCE_NAMES.get(str(record.figures.get("licence_assumed", "")), "") if record else "",
        "has_rejects": bool(record and record.rejects_file) and console.may("shop:export"),
        **(undo_view(console, record) if record else {"undo": None}),
    }


def _came(console: Console, record: ImportRecord) -> list[ProductRow]:
    """The first products of the file, as they stand in the shop now."""
    if not console.may("shop:read"):
        return []
    known = console.rooms.product_browsing.known(record.products, console.view.language)
    return [known[id_] for id_ in record.products if id_ in known]


def _orders(console: Console, record: ImportRecord) -> list[OrderRow]:
    """The first orders of the file, as they stand in the shop now, for who may see what people bought."""
    if not console.may("shop:people"):
        return []
    found = (console.rooms.browsing.find_orders(id_, 1) for id_ in record.orders)
    return [rows[0] for id_, rows in zip(record.orders, found, strict=True) if rows and rows[0].id == id_]


def _whole_list(console: Console, record: ImportRecord) -> tuple[str, str] | None:
    """Where the list is that what came in is part of, and what it is called."""
    path, name, scope = FACTS.get(record.kind, ("", "", ""))
    return (path, console.view._(name)) if path and console.may(scope) else None


def _made(console: Console, record: ImportRecord) -> list[tuple[str, str]]:
    """What the rows said, kind by kind: how much of it is new, changed, as before."""
    say, number = console.view._, console.view.formats.number
    found = []
    for name, words in MADE.items():
        counts = [int(record.figures.get(f"{name}_{what}", 0)) for what in ("created", "updated", "unchanged")]
        if any(counts):
            new, changed, same = (number(count) for count in counts)
            said = say(N_("%(new)s new, %(changed)s changed, %(same)s as before"))
            found.append((say(words), said % {"new": new, "changed": changed, "same": same}))
    return found


def _file_of(console: Console, import_id: str) -> str:
    """The file of an import that runs; nothing when it came by program, or ended this moment."""
    try:
        return console.rooms.drafts.find(import_id).file
    except UnknownImport:
        return ""


def _column(console: Console, draft: Draft, column: ColumnProfile) -> dict[str, Any]:
    say = console.view._
    field = draft.map.columns.get(column.name, "") if draft.map else ""
    samples = [shown_cell(each, draft.kind, field) for each in column.examples]
    choices = _choices(console, draft, column, field)
    is_required = any(choice.value == field and choice.is_required for choice in choices)
    return {
        "name": column.name,
        "type": say(TYPES.get(column.type, column.type)),
        "filled": column.filled,
        "samples": samples,
        "field": field,
        "choices": choices,
        "is_required": is_required,
    }


def _choices(console: Console, draft: Draft, column: ColumnProfile, chosen: str) -> list[Choice]:
    say, kind = console.view._, draft.kind
    known = KNOWN_FIELDS.get(kind, {}) if kind else {}
    found = [Choice(name, field_words(kind, name, say), field.is_required) for name, field in known.items()]
    found.sort(key=lambda choice: not choice.is_required)
    if kind in {ImportKind.PRODUCTS, ImportKind.ORDERS}:
        own = [f"{prefix}{column.name[:100]}" for prefix in OPEN_PREFIXES]
        names = [*own, *([chosen] if chosen.startswith(OPEN_PREFIXES) and chosen not in own else [])]
        found += [Choice(name, field_words(kind, name, say)) for name in names]
    return found


def _cells(console: Console, draft: Draft, preview: Preview, row: PreviewRow) -> list[str]:
    """The cells of a row as a reader writes them."""
    formats, say = console.view.formats, console.view._
    found = []
    for name, kind, value in zip(preview.fields, preview.types, row.values, strict=False):
        if value is None:
            found.append("")
        elif kind == "moment" and isinstance(value, int):
            found.append(formats.time_ms(value))
        elif kind == "choice":
            found.append(say(CELLS[str(value)]) if value in CELLS else str(value))
        else:
            found.append(shown_cell(str(value), draft.kind, name)[:60])
    return found


def _refusal(console: Console, row: PreviewRow) -> tuple[str, str] | None:
    if row.reject is None:
        return None
    return row.reject.column, told(row.reject.reason, console.view._)


def _shown_reject(console: Console, draft: Draft, reject: Reject, *, is_seen: bool) -> dict[str, Any]:
    say = console.view._
    field = draft.map.columns.get(reject.column, "") if draft.map else ""
    return {
        "line": reject.line,
        "column": reject.column,
        "value": shown_cell(reject.value, draft.kind, field)[:80] if is_seen else HIDDEN,
        "reason": told(reject.reason, say),
        "cure": told(reject.cure, say),
    }
