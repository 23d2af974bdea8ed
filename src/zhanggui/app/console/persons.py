"""Access and erasure: what a person is given, what takes it away, and the receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import Column, TableAsk, TableRows
from zhanggui.kernel.words import N_
from zhanggui.trust.service.persons.page import page_of
from zhanggui.trust.service.persons.receipts import is_genuine
from zhanggui.trust.types.persons import Ground, Receipt

from .shell import Console

GROUNDS: Mapping[Ground, str] = {
    Ground.ASKED: N_("The person asked for it"),
    Ground.WITHDRAWN: N_("They withdrew their consent"),
    Ground.PURPOSE_OVER: N_("It is needed no longer"),
    Ground.PERIOD_OVER: N_("The time to keep it is over"),
    Ground.UNLAWFUL: N_("It is held against law or contract"),
    Ground.RESTORED: N_("They came back with an old backup"),
}
TABLES: Mapping[str, str] = {
    "customers": N_("Customer records"),
    "customer_lookups": N_("Hashes to find them by"),
    "import_changes": N_("What stood before imports"),
    "persons": N_("Ids"),
    "subject_keys": N_("Keys of their sealed data"),
    "person_links": N_("Logins"),
    "orders": N_("Orders made nobody's"),
    "order_lines": N_("Order lines made nobody's"),
    "order_allocations": N_("Stock held for orders"),
    "returns": N_("Returns made nobody's"),
    "return_lines": N_("Return lines made nobody's"),
    "book_entries": N_("Entries of imported books made nobody's"),
    "reviews": N_("Reviews"),
    "questions": N_("Questions"),
    "answerers": N_("Answers"),
    "events": N_("Events"),
    "folded_histories": N_("Older events, folded"),
    "served_lists": N_("Lists that were shown"),
    "visits": N_("Days of visits"),
    "preferences": N_("Wishes for less"),
    "audience_profiles": N_("Profiles"),
    "audience_starts": N_("Where profiles begin"),
    "audience_corrections": N_("Corrections of the profile"),
    "audience_foretold": N_("Predictions"),
    "audience_plan_people": N_("Places in plans"),
    "consents": N_("Consents"),
    "channel_consents": N_("Consents by channel"),
    "separate_consents": N_("Separate consents"),
    "contests": N_("Contested decisions"),
    "ledger_payloads": N_("Contents of ledger entries"),
}
TRAILS: Mapping[str, str] = {
    "archive": N_("Files of the archive"),
    "others_orders": N_("Orders of others on their browser"),
    "pictures": N_("Pictures"),
    "imports": N_("Files of imports"),
    "texts": N_("Texts of others"),
    "ledger": N_("Contents of ledger entries"),
    "files": N_("Other files"),
}
MOST_LISTED = 2_000
"""Receipts of one list, the newest."""


@get(
    "/console/{shop:str}/customers/{customer_id:str}/rights",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "persons:erase"},
)
def rights(console: NamedDependency[Console], customer_id: FromPath[str]) -> Response[str]:
    """Give a person what the shop holds, or take it away."""
    return _rights(console, customer_id)


@get(
    "/console/{shop:str}/customers/{customer_id:str}/data.json",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "persons:export"},
)
def data(console: NamedDependency[Console], customer_id: FromPath[str]) -> Response[bytes]:
    """All of it as a file for programs."""
    document = console.rooms.persons.export(customer_id=customer_id, actor=console.actor)
    body = msgspec.json.format(msgspec.json.encode(document), indent=2)
    return _file(body, "application/json", "person.json")


@get(
    "/console/{shop:str}/customers/{customer_id:str}/data.html",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "persons:export"},
)
def data_page(console: NamedDependency[Console], customer_id: FromPath[str]) -> Response[bytes]:
    """All of it as a page to send to the person."""
    document = console.rooms.persons.export(customer_id=customer_id, actor=console.actor)
    return _file(page_of(document, console.view.language).encode(), "text/html", "person.html")


@post(
    "/console/{shop:str}/customers/{customer_id:str}/erase",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "persons:erase", "has_form": True},
)
def erase(
    console: NamedDependency[Console], form: NamedDependency[Any], customer_id: FromPath[str]
) -> Response[str] | Redirect:
    """Erase them, when the id was typed once more."""
    asked = form.text("ground")
    if form.text("typed") != customer_id or asked not in set(Ground):
        return _rights(console, customer_id, problem=console.view._(N_("Type the id of the customer once more.")))
    receipt = console.rooms.persons.erase(customer_id=customer_id, actor=console.actor, ground=Ground(asked))
    return console.go(f"/erasures/{receipt.id}")


@get("/console/{shop:str}/erasures", include_in_schema=False, sync_to_thread=True, opt={"scope": "persons:read"})
def erasures(console: NamedDependency[Console]) -> Response[str]:
    """Receipts, newest first."""
    ask, found = _receipts(console)
    say = console.view._
    columns = (
        Column("id", say(N_("Receipt")), is_sortable=False),
        Column("at", say(N_("Time"))),
        Column("ground", say(N_("Reason")), is_wide=True),
        Column("rows", say(N_("Rows")), is_number=True),
        Column("state", say(N_("State"))),
    )
    return console.page(
        "trust/erasures.html",
        current="customers",
        columns=columns,
        page=TableRows.of(found, ask),
        export=f"{console.base}/erasures.csv{ask.query}",
        grounds=GROUNDS,
    )


@get("/console/{shop:str}/erasures.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "persons:read"})
def erasures_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file."""
    iso = console.view.formats.iso
    rows = (
        (
            one.id,
            iso(one.at),
            one.ground.value,
            sum(one.rows.values()),
            one.state,
            iso(one.done_at) if one.done_at else None,
        )
        for one in _receipts(console)[1]
    )
    return csv_answer("erasures", ("receipt", "at", "ground", "rows", "state", "done_at"), rows)


def _receipts(console: Console) -> tuple[TableAsk, list[Receipt]]:
    """What is asked for, and the receipts that fit."""
    say = console.view._
    sorts: Mapping[str, Callable[[Receipt], Any]] = {
        "at": lambda one: one.at,
        "ground": lambda one: say(GROUNDS[one.ground]),
        "rows": lambda one: sum(one.rows.values()),
        "state": lambda one: one.state,
    }
    ask = TableAsk.of(console.view.query, sorts=sorts)
    held = console.rooms.persons.receipts(limit=MOST_LISTED).items
    return ask, ask.arranged(held, sorts, lambda one: (one.id, say(GROUNDS[one.ground])))


@get(
    "/console/{shop:str}/erasures/{receipt_id:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "persons:read"},
)
def erasure(console: NamedDependency[Console], receipt_id: FromPath[str]) -> Response[str]:
    """One receipt as it stands now."""
    receipt = console.rooms.persons.receipt(receipt_id)
    return console.page(
        "trust/erasure.html",
        current="customers",
        receipt=receipt,
        grounds=GROUNDS,
        tables=TABLES,
        trails=TRAILS,
        is_genuine=is_genuine(receipt),
        sees_ledger=console.may("ledger:read"),
        raw=msgspec.json.format(msgspec.json.encode(receipt), indent=2).decode(),
    )


def _rights(console: Console, customer_id: str, problem: str = "") -> Response[str]:
    known = console.rooms.browsing.known(customer_id)
    page = console.page(
        "trust/person.html",
        current="customers",
        status=422 if problem else 200,
        known=known,
        grounds=GROUNDS,
        problem=problem,
        here=f"{console.base}/customers/{quote(customer_id, safe='')}",
        may_export=console.may("persons:export"),
        sees_receipts=console.may("persons:read"),
    )
    page.headers["cache-control"] = "no-store"
    return page


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


PERSON_ROUTES = (rights, data, data_page, erase, erasures, erasures_csv, erasure)
