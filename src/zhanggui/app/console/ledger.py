"""The ledger: what happened, one entry in its place, and whether all of it still is as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from zhanggui.app.web.rendering import POLICY
from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.trust import Checkpoint, LedgerAsk, VerifyReport, decode_anchor

from .ledger_words import BLIND, BREAKS, Teller
from .shell import Console

PER_PAGE = 50
MOST_EXPORTED = 20_000
LARGEST_ANCHOR = 10_000
FIRST, LAST = 0, 253_402_214_400_000  # the years that a calendar has


@get("/console/{shop:str}/ledger", include_in_schema=False, sync_to_thread=True, opt={"scope": "ledger:read"})
def ledger(console: NamedDependency[Console]) -> Response[str]:
    """Entries by day, the newest first."""
    teller = Teller(console)
    found = console.rooms.ledger.find(_asked(console, teller), limit=PER_PAGE)
    query = {name: value for name, value in console.view.query.items() if name in FILTERS and value}
    return console.page(
        "trust/ledger.html",
        current="ledger",
        days=_by_day(console, [teller.tell(entry) for entry in found.items]),
        kinds=sorted((teller.kind(kind), kind) for kind in console.rooms.ledger.kinds()),
        actors=_choices(teller, _asked_actor(console, teller)),
        asked={name: query.get(name, "") for name in FILTERS} | {"actor": _asked_actor(console, teller)},
        is_narrowed=bool(query.keys() - {"order", "beyond"}),
        total=console.rooms.ledger.count(),
        more=f"?{urlencode({**query, 'beyond': found.next})}" if found.next is not None else "",
        first_page=f"?{urlencode({name: value for name, value in query.items() if name != 'beyond'})}",
        turned=f"?{urlencode(_turned(query))}",
        export=f"{console.base}/ledger.csv?{urlencode(query)}",
    )


FILTERS = ("kind", "actor", "subject", "day", "order", "beyond")


@get("/console/{shop:str}/ledger.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "ledger:read"})
def ledger_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same entries as a file, as far as a spreadsheet carries them."""
    teller = Teller(console)

    def rows() -> Iterator[tuple[object, ...]]:
        ask: LedgerAsk | None = _asked(console, teller)
        left = MOST_EXPORTED
        while ask is not None and left > 0:
            found = console.rooms.ledger.find(ask, limit=min(left, 1_000))
            left -= len(found.items)
            for entry in found.items:
                told = teller.tell(entry)
                said = told.entry.payload
                payload = "" if said is None else msgspec.json.encode(said).decode()
                at = console.view.formats.iso(from_ms(entry.at_ms))
                yield (entry.seq, at, entry.kind, told.title, told.who, told.about, told.detail, payload, entry.hash)
            ask = None if found.next is None else msgspec.structs.replace(ask, beyond=found.next)

    head = ("entry", "time", "kind", "what", "who", "about", "detail", "payload", "hash")
    return csv_answer("ledger", head, rows())


@get("/console/{shop:str}/ledger/{seq:int}", include_in_schema=False, sync_to_thread=True, opt={"scope": "ledger:read"})
def ledger_entry(console: NamedDependency[Console], seq: FromPath[int]) -> Response[str]:
    """One entry, with its content and its place in the chain."""
    place = console.rooms.ledger.entry(seq)
    told = Teller(console).tell(place.entry)
    payload = told.entry.payload
    return console.page(
        "trust/ledger_entry.html",
        current="ledger",
        place=place,
        told=told,
        fields=[(str(name), _shown(value)) for name, value in payload.items()] if isinstance(payload, dict) else [],
        raw="" if payload is None else msgspec.json.format(msgspec.json.encode(payload), indent=2).decode(),
    )


@get("/console/{shop:str}/ledger/verify", include_in_schema=False, sync_to_thread=True, opt={"scope": "ledger:verify"})
def verify_page(console: NamedDependency[Console]) -> Response[str]:
    """What verifying does, and its button."""
    return console.page("trust/ledger_verify.html", current="ledger", total=console.rooms.ledger.count())


@post(
    "/console/{shop:str}/ledger/verify",
    include_in_schema=False,
    opt={"scope": "ledger:verify", "has_form": True},
    status_code=200,
)
async def verify(console: NamedDependency[Console], form: NamedDependency[Any]) -> Stream:
    """Walk the whole chain: the page comes at once, its progress as it goes, what was found at its end."""
    upload = form.files.get("anchor")
    content = b"" if upload is None else await upload.read(LARGEST_ANCHOR)
    anchor = decode_anchor(content) if content else None
    # An anchor of another shop is refused here, where a page of its own can still say so.
    walk = console.rooms.ledger.verify_slowly(anchor)
    headers = {"content-security-policy": POLICY, "x-frame-options": "SAMEORIGIN", "x-accel-buffering": "no"}
    return Stream(_walked(console, walk, anchor), media_type=MediaType.HTML, headers=headers)


@post(
    "/console/{shop:str}/ledger/anchor",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "ledger:verify", "has_form": True},
    status_code=200,
)
def anchor(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[bytes]:
    """Sign where the chain stands now, as a file to keep elsewhere."""
    del form  # its token has been verified
    signed = console.rooms.ledger.checkpoint()
    name = f"{console.rooms.name}-ledger-{signed.seq}.json"
    return Response(
        msgspec.json.format(msgspec.json.encode(signed), indent=2) + b"\n",
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _walked(console: Console, walk: Any, anchor: Checkpoint | None) -> Iterator[str]:
    total = console.rooms.ledger.count()
    whole = console.view.html("trust/ledger_walk.html", **console.shell("ledger"), total=total)
    before, _, after = whole.partition("<!-- progress -->")
    yield before
    shown = -1
    while True:
        try:
            checked = next(walk)
        except StopIteration as done:
            report = done.value
            break
        share = checked * 20 // max(total, 1)  # a step for each 5%, not for each batch
        if share != shown:
            shown = share
            yield console.view.html("trust/ledger_step.html", checked=checked, total=total)
    yield console.view.html("trust/ledger_report.html", **_report(console, report, anchor))
    yield after


def _report(console: Console, report: VerifyReport, anchor: Checkpoint | None) -> dict[str, Any]:
    say = console.view._
    return {
        "base": console.base,
        "report": report,
        "breaks": [(found, say(BREAKS[found.kind])) for found in report.breaks],
        "blind": [say(BLIND[code]) for code in report.cannot_see],
        "anchored": anchor,
    }


def _asked_actor(console: Console, teller: Teller) -> str:
    """Whose entries are asked for: a name, or what the ledger wrote down where there is none."""
    asked = console.view.query.get("actor", "").strip()[:300]
    return teller.names.get(asked, asked)


def _choices(teller: Teller, asked: str) -> list[tuple[str, str]]:
    """(value, name) of all who may be asked for, each name once: several keys may bear it, one after another."""
    names = set(teller.names.values())
    other = [(asked, teller.who(asked))] if asked and asked not in names else []
    return sorted([*((name, name) for name in names), *other], key=lambda choice: choice[1])


def _actors(teller: Teller, asked: str) -> tuple[str, ...]:
    """All who go by a name; without anybody, whoever is written down so."""
    named = tuple(actor for actor, name in teller.names.items() if name == asked)
    return named or ((asked,) if asked else ())


def _asked(console: Console, teller: Teller) -> LedgerAsk:
    query = console.view.query
    day = _day(query.get("day", ""))
    zone = console.view.formats.zone
    starts = None if day is None else datetime(day.year, day.month, day.day, tzinfo=zone)
    beyond = query.get("beyond", "")
    return LedgerAsk(
        kind=query.get("kind", "")[:64],
        actors=_actors(teller, _asked_actor(console, teller)),
        subject=query.get("subject", "").strip()[:600],
        from_ms=None if starts is None else _bounded(starts),
        until_ms=None if starts is None else _bounded(starts + timedelta(days=1)),
        is_oldest_first=query.get("order") == "oldest",
        beyond=int(beyond) if beyond.isascii() and beyond.isdigit() and len(beyond) < 16 else None,
    )


def _bounded(moment: datetime) -> int:
    return min(max(to_ms(moment.astimezone(UTC)), FIRST), LAST)


def _day(text: str) -> date | None:
    """A day as a date field writes it; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 9000 else None


def _turned(query: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in query.items() if name not in ("order", "beyond")}
    return kept if query.get("order") == "oldest" else {**kept, "order": "oldest"}


def _by_day(console: Console, told: list[Any]) -> list[tuple[datetime, list[Any]]]:
    days: list[tuple[datetime, list[Any]]] = []
    for one in told:
        at = console.view.formats.local(from_ms(one.entry.at_ms))
        if not days or days[-1][0].date() != at.date():
            days.append((at, []))
        days[-1][1].append((at, one))
    return days


def _shown(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


LEDGER_ROUTES = (ledger, ledger_csv, ledger_entry, verify_page, verify, anchor)
