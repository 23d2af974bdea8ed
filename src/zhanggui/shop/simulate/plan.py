"""What to simulate: how large, how long, from which seed, and how its shoppers behave."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from zhanggui.kernel.errors import InvalidInput, did_you_mean

Count = Annotated[int, msgspec.Meta(ge=1)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class ShopperModel(msgspec.Struct, frozen=True, kw_only=True):
    """How shoppers decide: the weights of one utility, and how far down a list they look.

    Closed loops are judged over several of these, and the worst counts: what wins only with one is a guess about
    people, not a method. Weights are in units of utility (log-odds).
    """

    name: str
    taste: float = 4.0  # per unit of √taste − ¼
    style: float = 0.9
    brand: float = 0.7
    quality: float = 0.5
    price: float = 1.4  # times the person's own sensitivity, per log of price over the shelf's usual price
    season: float = 0.5
    need: float = 1.2  # of things used up, when the last one runs out
    boredom: float = 0.0  # against what was seen much of late
    attention: float = 0.82  # chance to look at the next position after this one
    click_bar: float = 3.8
    cart_bar: float = 3.5
    buy_bar: float = 2.7


SHOPPER_MODELS = (
    ShopperModel(name="steady"),
    ShopperModel(
        name="bargain", price=3.2, brand=0.2, taste=3.0, attention=0.9, click_bar=5.2, cart_bar=5.2, buy_bar=4.4
    ),
    ShopperModel(name="loyal", brand=1.9, need=1.8, price=0.8, attention=0.75, cart_bar=4.2, buy_bar=3.4),
    ShopperModel(name="restless", boredom=1.6, taste=3.2, style=1.3, attention=0.7),
)


def shopper_model(name: str) -> ShopperModel:
    """The shopper model of that name.

    Raises:
        InvalidInput: there is none.
    """
    known = {model.name: model for model in SHOPPER_MODELS}
    if name not in known:
        hint = did_you_mean(name, known, otherwise="Choose among: " + ", ".join(known))
        raise InvalidInput(f"No shopper model is called {name!r}.", hint=hint)
    return known[name]


class SimulationPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated shop, completely: equal plans give equal shops, byte for byte.

    `until` is the first day (in the shop's time zone) that is not simulated any more, so with today's date the last
    event is of yesterday.
    """

    until: date
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0
    products: Annotated[int, msgspec.Meta(ge=1, le=200_000)] = 500
    customers: Annotated[int, msgspec.Meta(ge=1, le=2_000_000)] = 2_000
    days: Annotated[int, msgspec.Meta(ge=1, le=1_500)] = 90
    visitors: Annotated[int, msgspec.Meta(ge=0)] | None = None  # who never log in; default a quarter of the customers
    visits_per_day: Annotated[float, msgspec.Meta(gt=0, le=50)] = 0.2  # of an average person
    list_length: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    reviewing: Share = 0.3  # of delivered lines
    fake_products: Share = 0.05  # products for which somebody buys reviews
    shoppers: ShopperModel = SHOPPER_MODELS[0]

    @property
    def anonymous(self) -> int:
        """How many visitors never log in."""
        return self.customers // 4 if self.visitors is None else self.visitors
