"""What a shop aims at: how much each act counts, what a list is for, and how varied it is."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

MOST_STRENGTH, MOST_AIM = 5, 10
Strength = Annotated[float, msgspec.Meta(ge=0, le=MOST_STRENGTH)]
Aim = Annotated[float, msgspec.Meta(ge=0, le=MOST_AIM)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class EventWeights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much an event says in favour of its product; `dismiss` says as much against it."""

    view: Strength = 0.3
    select: Strength = 0.2
    search: Strength = 0.1
    cart: Strength = 0.7
    wishlist: Strength = 0.6
    checkout: Strength = 0.7
    purchase: Strength = 1.0
    share: Strength = 0.5
    follow: Strength = 0.4
    dismiss: Strength = 1.0


class Objectives(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the lists of a shop are for.

    Attributes:
        events: how much each act counts, from the next training on in what is learned, at once in what is shown.
        click, cart, purchase: what a product that was taken next counts for when the blend is learned, by the strongest
            act; equal weights: whatever was taken.
        margin: how much a product's margin counts beside what shoppers want; 1 ranks by expected margin.
        long_term: how much it counts that buyers of a product came back and bought more.
        variety: from 0, by fit alone, to 1: as varied as the rules allow. See `steering.slider`.
    """

    events: EventWeights = EventWeights()
    click: Aim = 1.0
    cart: Aim = 1.0
    purchase: Aim = 1.0
    margin: Share = 0.0
    long_term: Share = 0.0
    variety: Share = 0.0


class ObjectivesChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps: the objectives as they were and as they are."""

    subject: str
    act: Literal["changed", "undone"]
    before: Objectives
    after: Objectives
