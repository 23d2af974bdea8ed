"""`zhanggui simulate SHOP`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.options import Json, Quiet
from zhanggui.kernel.terminal import Bars, print_json

from .plan import SimulationPlan, shopper_model
from .service import Simulator

Pictures = Annotated[bool, Parameter(negative="--no-pictures", help="draw the products")]
STAGES = {
    "shoppers": "living the days",
    "pictures": "drawing pictures",
    "facts": "writing facts",
    "days": "writing days",
}


def commands(open_room: Callable[[str], Simulator]) -> App:
    """The command line of the simulator; `open_room` opens a shop by its name."""
    app = App(name="simulate", help="Fill a fresh shop with invented goods, shoppers and days.")

    @app.default
    def simulate(
        shop: str,
        *,
        seed: int = 0,
        products: int = 500,
        customers: int = 2_000,
        days: int = 90,
        visits_per_day: float = 0.2,
        shoppers: str = "steady",
        until: datetime | None = None,
        pictures: Pictures = True,
        quiet: Quiet = False,
        json: Json = False,
    ) -> int:
        """Fill a fresh shop with an invented one: equal seeds and days give equal shops.

        Args:
            shop: its name; it must hold no products yet.
            seed: another seed, another shop.
            products: how many products.
            customers: how many customers; a quarter as many visitors never log in.
            days: how many days back from `until`.
            visits_per_day: of an average person; more of them make more events.
            shoppers: how they decide: steady, bargain, loyal or restless.
            until: the first day that is not simulated any more; today when left out.
        """
        room = open_room(shop)
        asked = {"seed": seed, "products": products, "customers": customers, "days": days}
        asked_until = until.date() if until else room.today()
        plan = plan_from({**asked, "until": asked_until, "visits_per_day": visits_per_day}, shoppers)
        with Bars(quiet=quiet) as bars:
            report = room.fill(plan, lambda what, done, of: bars.step(STAGES[what], done, of), pictures=pictures)
        print_json(report) if json else print(report.summary)
        return 0

    return app


def plan_from(asked: Mapping[str, object], shoppers: str) -> SimulationPlan:
    """The plan of a command line.

    Raises:
        InvalidInput: a number is out of its range, or there are no such shoppers.
    """
    try:
        plan = msgspec.convert(asked, SimulationPlan)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            f"This cannot be simulated: {error}.", hint="See the ranges with: zhanggui simulate --help"
        ) from error
    return msgspec.structs.replace(plan, shoppers=shopper_model(shoppers))
