"""The import: drop a file, see what came in before and by whom."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import PER_PAGE, Column, TableAsk, TableRows
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.ids import new_id
from zhanggui.shop.importers.uploads import MAX_UPLOAD
from zhanggui.shop.types.imports import ImportRecord

from .import_sentences import failure_told, told
from .import_words import KINDS, MAPPED_KINDS
from .shell import Console

SORTS = ("at", "rows", "kept", "rejected")
STATUS = {Kind.TOO_LARGE: 413, Kind.NOT_FOUND: 404}


@get("/console/{shop:str}/import", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:write"})
def start(console: NamedDependency[Console]) -> Response[str]:
    """The form for a file, uploads that wait, and what came in before."""
    return start_page(console)


@post(
    "/console/{shop:str}/import",
    include_in_schema=False,
    sync_to_thread=True,
    request_max_body_size=MAX_UPLOAD,
    opt={"scope": "shop:write", "has_form": True},
)
def upload(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[Any]:
    """Keep a file and look into it; then its columns are shown."""
    file, say = form.files.get("file"), console.view._
    if file is None or not file.filename:
        return start_page(console, problem=say("Choose a file first."), status=422)
    try:
        draft = console.rooms.drafts.keep(
            file.filename,
            file.file,
            id_=form.text("once"),
            kind=form.text("kind"),
            by=console.actor,
            map_of=form.text("map_of"),
        )
    except ZhangguiError as error:
        problem = failure_told(error, console.view.language, say)
        return start_page(console, problem=problem, cure=told(error.hint, say), status=STATUS.get(error.kind, 422))
    return console.go(f"/import/{draft.id}")


@get(
    "/console/{shop:str}/import/history.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:write"},
)
def history_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """What came in before, as a file."""
    say, shown = console.view._, _History(console)
    head = [column.label for column in shown.columns]
    rows = (
        (
            console.view.formats.iso(from_ms(record.at_ms)),
            ", ".join(record.files),
            say(KINDS[record.kind]),
            *(getattr(record, name) for name in ("rows_read", *SORTS[2:])),
            shown.who(record),
        )
        for record in shown.records
    )
    return csv_answer("imports", head, rows)


def start_page(console: Console, *, problem: str = "", cure: str = "", status: int = 200) -> Response[str]:
    """The first page, with what was wrong with a file."""
    shown = _History(console)
    query = console.view.query
    reused = console.rooms.drafts.record(query.get("map_of", "")) if query.get("map_of") else None
    return console.page(
        "shop/imports.html",
        current="imports",
        status=status,
        problem=problem,
        cure=cure,
        once=new_id(),
        kinds=[(kind.value, KINDS[kind]) for kind in MAPPED_KINDS],
        kind_words=KINDS,
        reused=reused if reused and reused.map else None,
        waiting=console.rooms.drafts.waiting(),
        columns=shown.columns,
        history=shown.page,
        who=shown.who,
        taken_back=console.rooms.undoing.undone([record.id for record in shown.page.rows]),
        at=from_ms,
        done=query.get("done", ""),
    )


class _History:
    """The table of what came in before, as the address asks for it."""

    def __init__(self, console: Console) -> None:
        say = console.view._
        self.ask = TableAsk.of(console.view.query, sorts=SORTS, filters=("kind",))
        self.columns = (
            Column("at", say("When")),
            Column("file", say("File"), is_sortable=False),
            Column("kind", say("What"), is_sortable=False, is_wide=True),
            Column("rows", say("Rows"), is_number=True),
            Column("kept", say("Rows kept"), is_number=True),
            Column("rejected", say("Refused"), is_number=True),
            Column("by", say("Who"), is_sortable=False, is_wide=True),
        )
        self._accounts = {f"user:{user.id}": user.account for user in console.control.users.list()}
        self._unknown = say("By program")
        self.records = self._fitting(console.rooms.drafts.history())
        self.page = TableRows(self.records[self.ask.offset : self.ask.offset + PER_PAGE], len(self.records), self.ask)

    def who(self, record: ImportRecord) -> str:
        """Who imported it: an account, or a program with a key or on the command line."""
        return self._accounts.get(record.by, self._unknown)

    def _fitting(self, records: list[ImportRecord]) -> list[ImportRecord]:
        ask, search = self.ask, self.ask.search.lower()
        kind = ask.filters.get("kind")
        found = [
            record
            for record in records
            if (not kind or record.kind == kind) and any(search in name.lower() for name in record.files)
        ]
        name = {"at": "at_ms", "rows": "rows_read"}.get(ask.sort, ask.sort) or "at_ms"
        return sorted(found, key=lambda each: getattr(each, name), reverse=ask.is_descending or not ask.sort)


IMPORT_ROUTES = (start, upload, history_csv)
