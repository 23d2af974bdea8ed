"""Separate consents on the shopper's own page: one act, one question, one switch (PIPL art. 23, 25, 26, 29, 39)."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency

from zhanggui.kernel.words import N_
from zhanggui.trust.errors import OutdatedSeparateAsk, UnknownSeparateAsk
from zhanggui.trust.types.separate import RecordSeparate, SeparateAct

from .shell import Storefront

ACTS = {
    SeparateAct.HAND_OVER: N_("Your data are given to another company"),
    SeparateAct.PUBLISH: N_("Your data are made public"),
    SeparateAct.PUBLIC_PLACES: N_("Pictures from public places are used for more than safety"),
    SeparateAct.SENSITIVE: N_("Sensitive data about you are used"),
    SeparateAct.ABROAD: N_("Your data go abroad"),
}
FIELD_WORDS = {
    "receiver": N_("Who gets them"),
    "country": N_("Where that is"),
    "contact": N_("How to reach them"),
    "data": N_("Which data"),
    "purpose": N_("What for"),
    "method": N_("What is done with them"),
    "effect": N_("Why, and what it means for you"),
    "rights": N_("How to use your rights there"),
}
"""Of the fields of a separate consent, in the order in which they are read."""


def separately(store: Storefront, numbers: tuple[int, ...]) -> dict[str, Any]:
    """What the page needs to ask; a shop that asks for nothing has nothing to show."""
    held = store.rooms.separate_consents.of(numbers[0] if numbers else None)
    return {"separate": held, "acts": ACTS, "told": FIELD_WORDS}


@post("/shop/{shop:str}/separate", include_in_schema=False, sync_to_thread=True)
def separate(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Response[Any]:
    """Agree to what stood on the page, or take it back; a yes to a page that has changed since is asked anew."""
    version = form.text("version")
    said = RecordSeparate(
        name=form.required("name")[:64],
        is_granted=form.is_checked("on"),
        version=int(version[:9]) if version.isdecimal() else None,
    )
    try:
        store.rooms.separate_consents.record(store.shopper.own_number(store.rooms), said, store.shopper.actor)
    except (OutdatedSeparateAsk, UnknownSeparateAsk):
        return store.go("/me", place="separate", done="changed")
    return store.go("/me", place="separate", done="separate")


SEPARATE_ROUTES = (separate,)
