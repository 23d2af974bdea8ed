"""Whom a product suits: how many, in which segments, and for who may see people, who."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import Column, TableAsk, TableRows
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.recipes import AudienceMember, AudienceSegment

from .shell import Console

SCOPE = {"scope": "recommend:measure"}
PEOPLE = 50
HEAD = ("name", "people", "share", "share_of_all", "lift", "lift_low", "lift_high")
SORTS: Mapping[str, Callable[[AudienceSegment], Any]] = {
    "name": lambda one: one.name.casefold(),
    "people": lambda one: one.people,
    "share": lambda one: one.share,
    "share_of_all": lambda one: one.share_of_all,
    "lift": lambda one: one.lift,
}


@get(
    "/console/{shop:str}/products/{product_id:str}/audience",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def suited(console: NamedDependency[Console], product_id: FromPath[str]) -> Response[str]:
    """The shoppers whom a product suits."""
    named, language = PEOPLE if console.may("shop:people") else 0, console.view.language
    whole = console.rooms.recommend.audiences.whole(product_id, named=named, language=language)
    ask = _asked(console)
    return console.page(
        "recommend/suited.html",
        current="products",
        product_id=product_id,
        title=console.rooms.product_browsing.row(product_id, language).title,
        counts=whole.counts,
        found=whole.segments,
        columns=_columns(console),
        page=TableRows.of(_arranged(ask, whole.segments.segments), ask),
        people=whole.people,
        who=lambda one: _address(console, one),
        sees_people=bool(named),
        sees_product=console.may("shop:read"),
        export=f"{console.base}/products/{product_id}/audience.csv{ask.query}",
    )


@get(
    "/console/{shop:str}/products/{product_id:str}/audience.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def suited_csv(console: NamedDependency[Console], product_id: FromPath[str]) -> Response[bytes]:
    """The same segments as a file."""
    found = console.rooms.recommend.audiences.segments(product_id)
    rows = ([getattr(one, name) for name in HEAD] for one in _arranged(_asked(console), found.segments))
    return csv_answer("audience", HEAD, rows)


def _asked(console: Console) -> TableAsk:
    return TableAsk.of(console.view.query, sorts=tuple(SORTS))


def _arranged(ask: TableAsk, segments: tuple[AudienceSegment, ...]) -> list[AudienceSegment]:
    return ask.arranged(segments, SORTS, lambda one: (one.name,))


def _address(console: Console, one: AudienceMember) -> str:
    """The page of a customer; visitors have none."""
    return f"{console.base}/customers/{one.customer_id}" if one.customer_id else ""


def _columns(console: Console) -> tuple[Column, ...]:
    say = console.view._
    return (
        Column("name", say(N_("Segment"))),
        Column("people", say(N_("Of those it suits")), is_number=True),
        Column("share", say(N_("Share of them")), is_number=True),
        Column("share_of_all", say(N_("Share of all")), is_number=True, is_wide=True),
        Column("lift", say(N_("Times as many")), is_number=True),
    )


SUITED_ROUTES = (suited, suited_csv)
