"""The shop's API keys: what each may do, where it may be used, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.forms import Form
from zhanggui.app.web.problems import said
from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import Column, TableAsk, TableRows
from zhanggui.kernel.errors import InvalidInput, ZhangguiError
from zhanggui.kernel.words import N_
from zhanggui.trust import ApiKey, CreateKey, IssuedKey
from zhanggui.trust.types.scopes import SCOPES

from .shell import Console

SCOPE_WORDS: Mapping[str, str] = {
    "shop:read": N_("read products, labels and imports"),
    "shop:write": N_("put facts: products, customers, orders, reviews, questions, whole files"),
    "shop:people": N_("read customers, orders, returns, reviews and questions"),
    "shop:measure": N_("see the shop's figures: sales, orders and visitors by day"),
    "shop:manage": N_("read offers with their costs, and rivals' prices"),
    "shop:export": N_("take everything out, and the rows that an import refused"),
    "events:write": N_("post behaviour events"),
    "recommend:read": N_("ask for recommendations"),
    "recommend:write": N_("show less, and take it back"),
    "recommend:measure": N_("see the models and their figures"),
    "recommend:admin": N_("see what a chosen shopper is shown, train anew, and set rules and promotions"),
    "audience:read": N_("see what the shop may know of a shopper, whole"),
    "audience:serve": N_("see what of it serving somebody needs"),
    "audience:own": N_("see, correct, mute, pause and delete a shopper's profile, for them"),
    "trust:read": N_("see proposals and levels"),
    "trust:propose": N_("make proposals"),
    "trust:decide": N_("edit, approve, reject and undo proposals"),
    "trust:pause": N_("pause everything the software decides alone, and go on"),
    "trust:figures": N_("see figures over many people, with noise and a budget"),
    "trust:budget": N_("grant analysts a new privacy budget"),
    "trust:guard": N_("have personal data taken out of a text"),
    "trust:measure": N_("see whether groups of people are served alike, and how narrow their lists are"),
    "trust:autonomy": N_("say how far the software may go alone"),
    "consents:read": N_("see what people agreed to"),
    "consents:write": N_("write down consents, their withdrawal and notices"),
    "contests:write": N_("contest an automatic decision, for oneself or for a shopper"),
    "contests:read": N_("see what shoppers contest"),
    "contests:answer": N_("answer what shoppers contest"),
    "ledger:read": N_("read the ledger"),
    "ledger:verify": N_("verify and anchor the ledger"),
    "outbox:read": N_("see what is on its way out"),
    "outbox:write": N_("take an entry back before it is sent"),
    "outbox:confirm": N_("say that an entry was applied outside"),
    "keys:read": N_("list keys"),
    "keys:write": N_("make, rotate and revoke keys"),
    "audience:measure": N_("see how well the predictions fit"),
    "audience:train": N_("train the predictions anew"),
    "persons:read": N_("see receipts of erasures"),
    "persons:export": N_("give people their data"),
    "persons:erase": N_("erase people"),
    "ethics:read": N_("read the clauses, the matrix of laws and the yearly review"),
    "ethics:check": N_("run the checks that look after the clauses"),
    "protection:read": N_("see the egress register, alerts and the impact assessment"),
    "protection:write": N_("register outside hosts, acknowledge alerts, hold a breach drill"),
    "tokens:mint": N_("mint customers' tokens"),
}
"""What a service key may be given, and what it lets its holder do."""
KIND_WORDS: Mapping[str, str] = {"service": N_("for a server"), "publishable": N_("for pages")}
DONE: Mapping[str, str] = {"revoked": N_("Revoked; it is refused from the next request on.")}
SORTS = ("name", "created", "used", "expires")
OVERLAPS_H = (0, 24, 168)


class BadKeyForm(InvalidInput):
    """What a form asked for is no key that there can be."""

    code = "console.bad_key_form"


@get("/console/{shop:str}/keys", include_in_schema=False, sync_to_thread=True, opt={"scope": "keys:read"})
def keys(console: NamedDependency[Console]) -> Response[str]:
    """The keys, and a form for a new one."""
    return _page(console)


@get("/console/{shop:str}/keys.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "keys:read"})
def keys_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file."""
    _, held = _listed(console)
    names = ("id", "name", "kind", "created_at", "expires_at", "last_used_at", "revoked_at")
    rows = ([getattr(key, name) for name in names] + [" ".join(key.scopes), " ".join(key.origins)] for key in held)
    return csv_answer("keys", (*names, "scopes", "origins"), rows)


@post(
    "/console/{shop:str}/keys",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "keys:write", "has_form": True},
    status_code=200,
)
def create_key(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str]:
    """Make a key; its secret is shown this once."""
    try:
        issued = console.key_acts.create(_key_in(console, form))
    except ZhangguiError as error:
        return _refused(console, error, tried=form)
    return _page(console, issued=issued)


@post(
    "/console/{shop:str}/keys/{key_id:str}/rotate",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "keys:write", "has_form": True},
    status_code=200,
)
def rotate_key(console: NamedDependency[Console], form: NamedDependency[Any], key_id: FromPath[str]) -> Response[str]:
    """Make a key that may do the same; the old one goes on for a while."""
    hours = form.text("overlap", "24")
    overlap = timedelta(hours=int(hours) if hours in map(str, OVERLAPS_H) else 24)
    try:
        issued = console.key_acts.rotate(key_id, overlap=overlap)
    except ZhangguiError as error:
        return _refused(console, error)
    return _page(console, issued=issued)


@post(
    "/console/{shop:str}/keys/{key_id:str}/revoke",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "keys:write", "has_form": True},
    status_code=200,
)
def revoke_key(
    console: NamedDependency[Console], form: NamedDependency[Any], key_id: FromPath[str]
) -> Response[str] | Redirect:
    """End a key."""
    del form  # its token has been verified
    try:
        console.key_acts.revoke(key_id)
    except ZhangguiError as error:
        return _refused(console, error)
    return console.go("/keys", done="revoked")


def _refused(console: Console, error: ZhangguiError, tried: Form | None = None) -> Response[str]:
    return _page(console, status=422, problem=said(error, console.view.language), tried=tried)


def _page(
    console: Console,
    *,
    status: int = 200,
    problem: str = "",
    issued: IssuedKey | None = None,
    tried: Form | None = None,
) -> Response[str]:
    ask, held = _listed(console)
    say, now = console.view._, console.view.formats.now
    columns = (
        Column("name", say(N_("Key"))),
        Column("scopes", say(N_("May")), is_sortable=False, is_wide=True),
        Column("used", say(N_("Last used"))),
        Column("expires", say(N_("Ends"))),
    )
    return console.page(
        "trust/keys.html",
        status=status,
        current="settings",
        tab="keys",
        columns=columns,
        page=TableRows.of(held, ask),
        state=lambda key: _state(key, now),
        kinds=KIND_WORDS,
        words=SCOPE_WORDS,
        grantable=[scope for scope in SCOPE_WORDS if console.may(scope)],
        may_write=console.may("keys:write"),
        overlaps=OVERLAPS_H,
        problem=problem,
        issued=issued,
        tried=tried,
        done=DONE.get(console.view.query.get("done", ""), ""),
    )


def _listed(console: Console) -> tuple[TableAsk, list[ApiKey]]:
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=("state",), path=f"{console.base}/keys")
    now, wanted = console.view.formats.now, ask.filters.get("state")
    held = [
        key
        for key in console.control.keys.list(console.rooms.name)
        if wanted in (None, _state(key, now)) and ask.search.casefold() in key.name.casefold()
    ]
    never = datetime.max.replace(tzinfo=now.tzinfo)
    order = {
        "name": lambda key: key.name.casefold(),
        "created": lambda key: key.created_at,
        "used": lambda key: key.last_used_at or key.created_at,
        "expires": lambda key: key.expires_at or never,
    }
    # Keys in force stand first, the newest before the older ones.
    held.sort(key=order[ask.sort or "created"], reverse=ask.is_descending or not ask.sort)
    if not ask.sort:
        held.sort(key=lambda key: _state(key, now) != "active")
    return ask, held


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= now:
        return "expired"
    return "replaced" if key.replaced_by else "active"


def _key_in(console: Console, form: Form) -> CreateKey:
    """What the form asks for.

    Raises:
        BadKeyForm: a field does not fit.
        MissingField: it has no name.
    """
    kind = "publishable" if form.text("kind") == "publishable" else "service"
    scopes = [scope for scope in form.lists.get("scopes", ()) if scope in SCOPES]
    ends = form.text("expires")
    asked = {
        "name": form.required("name"),
        "kind": kind,
        "scopes": scopes if kind == "service" else [],
        "origins": form.text("origins").split() if kind == "publishable" else [],
        "expires_at": _end_of_day(console, ends) if ends else None,
    }
    try:
        wanted = msgspec.convert(asked, CreateKey)
    except msgspec.ValidationError as error:
        raise BadKeyForm(f"This is no key that there can be: {error}.", hint="Mend the field.") from error
    if kind == "publishable" and not wanted.origins:
        raise BadKeyForm("A key for pages needs the address of its pages.", hint="For example https://tea.example")
    return wanted


def _end_of_day(console: Console, text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
        ends = datetime(day.year, day.month, day.day, tzinfo=console.view.formats.zone) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise BadKeyForm("The last day is no date.", hint="Write it as 2027-01-31.") from None
    if ends <= console.view.formats.now or day.year > 9000:
        raise BadKeyForm("The last day is over already.", hint="Choose a later one.")
    return ends


KEY_ROUTES = (keys, keys_csv, create_key, rotate_key, revoke_key)
