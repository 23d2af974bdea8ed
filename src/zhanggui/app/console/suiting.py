"""Whom a product suits: how many, in which segments, and for who may see people, who."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.app.web.listed import Field, Listed, figure, unseen, word
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.recipes import AudienceMember, AudienceSegment, AudienceWhole

from .shell import Console

SCOPE = {"scope": "recommend:measure"}
PEOPLE = 50


@get(
    "/console/{shop:str}/products/{product_id:str}/audience",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def suited(console: NamedDependency[Console], product_id: FromPath[str]) -> Response[str]:
    """The shoppers whom a product suits; while they are yet to be looked for, a page that asks for the rest itself."""
    named, language = PEOPLE if console.may("shop:people") else 0, console.view.language
    audiences = console.rooms.recommend.audiences
    shared: dict[str, Any] = {
        "product_id": product_id,
        "title": console.rooms.product_browsing.row(product_id, language).title,
        "sees_product": console.may("shop:read"),
        "whole_address": f"?{urlencode({**console.view.query, 'now': '1'})}",
    }
    if "now" not in console.view.query and not audiences.is_at_hand(product_id, language):
        return console.page("recommend/suited.html", current="products", is_looked=False, **shared)
    whole = audiences.whole(product_id, named=named, language=language)
    return console.page(
        "recommend/suited.html",
        current="products",
        is_looked=True,
        **shared,
        counts=whole.counts,
        found=whole.segments,
        table=_table(console, product_id, whole),
        people=whole.people,
        who=lambda one: _address(console, one),
        sees_people=bool(named),
    )


@get(
    "/console/{shop:str}/products/{product_id:str}/audience.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def suited_csv(console: NamedDependency[Console], product_id: FromPath[str]) -> Response[bytes]:
    """The same segments as a file."""
    whole = console.rooms.recommend.audiences.whole(product_id, named=0, language=console.view.language)
    return _table(console, product_id, whole).file("audience")


def _table(console: Console, product_id: str, whole: AudienceWhole) -> Listed[AudienceSegment]:
    say, f, path = console.view._, console.view.formats, f"/products/{quote(product_id, safe='')}/audience"
    fields: tuple[Field[AudienceSegment], ...] = (
        word("name", say(N_("Segment")), lambda one: one.name),
        figure("people", say(N_("Of those it suits")), lambda one: one.people, lambda one: f.number(one.people)),
        figure("share", say(N_("Share of them")), lambda one: one.share, lambda one: f.percent(one.share)),
        figure(
            "share_of_all",
            say(N_("Share of all")),
            lambda one: one.share_of_all,
            lambda one: f.percent(one.share_of_all),
            is_wide=True,
        ),
        figure("lift", say(N_("Times as many")), lambda one: one.lift, lambda one: f.number(one.lift, 2)),
        unseen("lift_low", lambda one: one.lift_low),
        unseen("lift_high", lambda one: one.lift_high),
    )
    return console.table(path).listed(
        whole.segments.segments,
        fields,
        title=say(N_("Segments")),
        search=say(N_("Name")),
        nothing=say(N_("No kept segment holds more of them than of everybody, beyond chance.")),
        file=f"{console.base}{path}.csv",
        words=lambda one: (one.name,),
    )


def _address(console: Console, one: AudienceMember) -> str:
    """The page of a customer; visitors have none."""
    return f"{console.base}/customers/{one.customer_id}" if one.customer_id else ""


SUITED_ROUTES = (suited, suited_csv)
