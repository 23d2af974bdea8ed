"""Customers: the list, and the page of one. Who they are is masked; showing it takes a reason that the ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from zhanggui.app.web.customer_names import customer_name, is_erased, sought
from zhanggui.app.web.order_words import ORDER_STATES
from zhanggui.app.web.provinces import province
from zhanggui.app.web.spreadsheet import csv_stream
from zhanggui.app.web.tables import PER_PAGE, Column, TableAsk, TableRows
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.money import to_decimal
from zhanggui.shop import Identifiers
from zhanggui.shop.types.browsing import CustomerAsk, Moment, OrderRow

from .customer_words import AGES, BASES, CHANNELS, GENDERS, PURPOSES, REASONS
from .listing import ACTS, ORDER_TONES, province_choice
from .shell import Console

SORTS = ("id", "joined", "orders", "spent", "last")
FILTERS = ("province",)
TOLD = frozenset(ACTS) - {"select_item"}  # what was chosen from a list is looked at next, which says the same
DAYS_AT_ONCE = 3
"""Days of a timeline that are shown at once; the earlier ones open."""
NAMED = 3
"""Products that one line of a timeline names."""


@get("/console/{shop:str}/customers", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:people"})
def customers(console: NamedDependency[Console]) -> Response[str]:
    """The list of customers."""
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=FILTERS)
    found = console.rooms.browsing.customers(_customer_ask(console, ask))
    _ = console.view._
    columns = [
        Column("id", _("Customer")),
        Column("phone", _("Phone"), is_sortable=False, is_wide=True),
        Column("province", _("Province"), is_sortable=False, is_wide=True),
        Column("city_tier", _("City tier"), is_number=True, is_sortable=False, is_wide=True),
        Column("joined", _("Since"), is_wide=True),
        Column("orders", _("Orders"), is_number=True),
        Column("spent", _("Spent"), is_number=True),
        Column("last", _("Last order")),
    ]
    page = console.page(
        "shop/customers.html",
        current="customers",
        columns=columns,
        rows=TableRows(found.rows, found.total, ask),
        choices=[province_choice(console, ask.filters.get("province", ""))],
        export=f"{console.base}/customers.csv{ask.address()}",
    )
    return _unkept(page)


@get("/console/{shop:str}/customers.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:people"})
def customers_csv(console: NamedDependency[Console]) -> Stream:
    """The same customers as a file, all pages, with the columns of the page: names and numbers masked as there."""
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=FILTERS)
    currency = console.rooms.settings.shop.currency
    head = ("id", "name", "phone", "province", "city_tier", "since", "orders", "spent", "currency", "last_order")
    rows = (
        (
            customer_name(row.id, console.view.language),
            row.masked.name or row.masked.nickname,
            row.masked.phone,
            row.province,
            row.city_tier,
            _iso(console, row.joined_ms),
            row.orders,
            to_decimal(row.spent_minor, currency),
            currency,
            _iso(console, row.last_ms),
        )
        for row in console.rooms.browsing.all_customers(_customer_ask(console, ask))
    )
    return csv_stream("customers", head, rows)


@get(
    "/console/{shop:str}/customers/{customer_id:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:people"},
)
def customer(console: NamedDependency[Console], customer_id: FromPath[str]) -> Response[str]:
    """One customer, masked."""
    return _page(console, customer_id, None)


@post(
    "/console/{shop:str}/customers/{customer_id:str}/show",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:people", "has_form": True},
    status_code=200,
)
def show(console: NamedDependency[Console], form: NamedDependency[Any], customer_id: FromPath[str]) -> Response[str]:
    """The same page with the direct identifiers, this once; who saw whom and why is in the ledger before."""
    reason = REASONS.get(form.text("reason"))
    detail = form.text("detail")
    why = " · ".join(part for part in (console.view._(reason) if reason else "", detail) if part)
    clear = console.rooms.disclosures.show(customer_id, why if reason else "", console.actor)
    return _page(console, customer_id, clear.identifiers)


@post(
    "/console/{shop:str}/customers/{customer_id:str}/logins/{link_id:str}/undo",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:write", "has_form": True},
)
def undo_login(
    console: NamedDependency[Console], form: NamedDependency[Any], customer_id: FromPath[str], link_id: FromPath[str]
) -> Redirect:
    """Take a login back: the browser is a visitor of its own again."""
    del form  # its token has been verified
    console.rooms.people.undo_identify(link_id)
    return console.view.go(f"{console.base}/customers/{quote(customer_id, safe='')}", done="login")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known: what, and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    title: str
    detail: str = ""
    href: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, newest first."""

    at: datetime
    entries: list[Entry] = field(default_factory=list)


def _page(console: Console, customer_id: str, clear: Identifiers | None) -> Response[str]:
    rooms, language = console.rooms, console.view.language
    known = rooms.browsing.known(customer_id)
    orders, moments = rooms.browsing.orders_of(known.number), rooms.browsing.moments(known.number, language)
    preferences = rooms.recommend.preferences(customer_id=customer_id)
    titles = rooms.product_browsing.titles([one.product_id for one in preferences], language)
    page = console.page(
        "shop/customer.html",
        current="customers",
        known=known,
        clear=clear,
        personal=_personal(console, known.masked if clear is None else clear),
        facts=_facts(console, known),
        source=_source(console, known.basis, known.notice),
        spending=rooms.browsing.spending(known.number),
        orders=orders,
        days=_by_day(console, [*_acts(console, moments or [], orders), *_orders(console, orders)]),
        days_shown=DAYS_AT_ONCE,
        is_refused=moments is None,
        consents=rooms.consents.of(known.number) if console.may("consents:read") else [],
        purposes=PURPOSES,
        channels=CHANNELS,
        preferences=[(one, titles[one.product_id]) for one in preferences],
        visitors=rooms.browsing.visitors(known.number),
        may_write=console.may("shop:write"),
        may_erase=console.may("persons:erase"),
        is_erased=is_erased(known.id),
        sees_ledger=console.may("ledger:read"),
        reasons=REASONS,
        states=ORDER_STATES,
        tones=ORDER_TONES,
        now_ms=int(console.view.formats.now.timestamp() * 1000),
    )
    return _unkept(page)


def _unkept(page: Response[str]) -> Response[str]:
    """Nothing of a page about people stays in the browser."""
    page.headers["cache-control"] = "no-store"
    return page


def _personal(console: Console, held: Any) -> list[Fact]:
    """Direct identifiers, masked or in clear; what there is not is left out."""
    _ = console.view._
    named = (
        (_("Name"), held.name),
        (_("Nickname"), held.nickname),
        (_("Phone"), held.phone),
        (_("E-mail"), held.email),
        (_("Address"), held.address),
    )
    return [Fact(label, value) for label, value in named if value]


def _facts(console: Console, known: Any) -> list[Fact]:
    _, formats = console.view._, console.view.formats
    named = (
        (_("Province"), province(known.province, console.view.language)),
        (_("City tier"), "" if known.city_tier is None else str(known.city_tier)),
        (_("Age"), _worded(console, AGES, known.age_band)),
        (_("Gender"), _worded(console, GENDERS, known.gender)),
        (_("Language"), known.language and formats.tongue(known.language)),
        (_("Since"), "" if known.joined_ms is None else formats.day(from_ms(known.joined_ms))),
    )
    return [Fact(label, value) for label, value in named if value]


def _worded(console: Console, words: Mapping[str, str], key: str | None) -> str:
    return "" if key is None else console.view._(words[key])


def _source(console: Console, basis: str, notice: str) -> str:
    """On what basis the row is held, in words."""
    words = console.view._(BASES[basis]) if basis in BASES else ""
    return f"{words} ({notice})" if words and notice else words


def _acts(console: Console, moments: Sequence[Moment], orders: Sequence[OrderRow]) -> list[Entry]:
    """What the shopper did, alike things in a row as one line; purchases that an order tells are left to it."""
    told = {row.at_ms for row in orders}
    shown = [one for one in moments if one.kind in TOLD and not (one.kind == "purchase" and one.at_ms in told)]
    day = console.view.formats.day
    entries = []
    for (kind, _), alike in groupby(shown, key=lambda one: (one.kind, day(from_ms(one.at_ms)))):
        group = list(alike)
        titles = list(dict.fromkeys(one.title for one in group))
        more = len(titles) - NAMED
        named = console.view._("%(titles)s and %(more)s more") if more > 0 else "%(titles)s"
        detail = named % {"titles": console.view._(", ").join(titles[:NAMED]), "more": more}
        is_strong = kind in ("purchase", "dismiss")
        entries.append(Entry(from_ms(group[0].at_ms), console.view._(ACTS[kind]), detail, is_strong=is_strong))
    return entries


def _orders(console: Console, orders: Sequence[OrderRow]) -> list[Entry]:
    formats = console.view.formats
    return [
        Entry(
            from_ms(row.at_ms),
            console.view._("Order of %(amount)s") % {"amount": formats.money(row.total_minor, row.currency)},
            console.view._(ORDER_STATES[row.state]),
            href=f"{console.base}/orders/{quote(row.id, safe='')}",
            is_strong=True,
        )
        for row in orders
    ]


def _by_day(console: Console, entries: Sequence[Entry]) -> list[Day]:
    days: list[Day] = []
    for entry in sorted(entries, key=lambda one: one.at, reverse=True):
        if not days or console.view.formats.day(days[-1].at) != console.view.formats.day(entry.at):
            days.append(Day(entry.at))
        days[-1].entries.append(entry)
    return days


def _customer_ask(console: Console, ask: TableAsk) -> CustomerAsk:
    return CustomerAsk(
        id_prefix=sought(ask.search, console.view.language),
        province=ask.filters.get("province", ""),
        sort=ask.sort,
        is_descending=ask.is_descending,
        offset=ask.offset,
        limit=PER_PAGE,
    )


def _iso(console: Console, at_ms: int | None) -> str:
    return "" if at_ms is None else console.view.formats.iso(from_ms(at_ms))


CUSTOMER_ROUTES = (customers, customers_csv, customer, show, undo_login)
