"""What is concluded of a shopper, on their own page: in parts, each with its stop and its contest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from zhanggui.audience import AudienceError, Conclusion
from zhanggui.kernel.words import N_

from .shell import Storefront


class Part(msgspec.Struct, frozen=True):
    """Conclusions that stand together: of which kinds, what their day says, what stops them, what may be contested."""

    id: str
    title: str
    kinds: tuple[str, ...]
    since: str
    stop: str
    decision: str
    is_stopped_whole: bool = False


PARTS = (
    Part(
        "foretold",
        N_("What is foretold of you"),
        ("purchase", "churn", "alive", "orders", "value"),
        N_("by a model of %(day)s"),
        N_("Foretell nothing of me"),
        "other",
        is_stopped_whole=True,
    ),
    Part(
        "next",
        N_("What you may want next"),
        ("next_category", "latent"),
        N_("by a model of %(day)s"),
        N_("Not for me"),
        "recommendation",
    ),
    Part(
        "groups",
        N_("Groups that you are in"),
        ("segment", "learned_segment"),
        N_("there since %(day)s"),
        N_("Take me out"),
        "other",
    ),
    Part(
        "plans",
        N_("Plans that run for you"),
        ("plan",),
        N_("since %(day)s"),
        N_("No plans for me"),
        "offer",
        is_stopped_whole=True,
    ),
)


def concluded_of(store: Storefront) -> list[tuple[Part, list[dict[str, Any]]]]:
    """What is concluded of a customer, by part of the page; of a guest nothing is."""
    if store.shopper.customer_id is None:
        return []
    try:
        told = store.rooms.audience.concluding.of(store.shopper.customer_id, language=store.language)
    except AudienceError:
        return []
    parts = [(part, [_conclusion(store, one, part) for one in told.items if one.kind in part.kinds]) for part in PARTS]
    return [(part, ones) for part, ones in parts if ones]


def _conclusion(store: Storefront, one: Conclusion, part: Part) -> dict[str, Any]:
    since = "" if one.since is None else store.view._(part.since) % {"day": store.view.formats.day(one.since)}
    return {"one": one, "since": since, "products": titled(store, one.products)}


def titled(store: Storefront, ids: Sequence[str]) -> list[tuple[str, str]]:
    """(address, title) of products."""
    view = store.catalogue
    numbers = [view.numbers[id_] for id_ in ids if id_ in view.numbers]
    return [(store.goods.address(view.ids[n]), view.titles(n, store.language)) for n in numbers]
