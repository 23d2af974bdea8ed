"""A simulated shop and its truth: two things, kept apart."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.shop.types import (
    Customer,
    Identified,
    Offer,
    Order,
    Product,
    ProductLabel,
    Question,
    Return,
    Review,
    RivalPrice,
)

from .crowd import customer_id, visitor_id
from .days import Acts, DayLog, DayOutcome, Lists, Purchases, joined
from .plan import SimulationPlan
from .shelves import generator_hash
from .stock import Longs, labels_of, offers_at, rival_prices_of
from .trade import trade
from .world import World
from .writing import Conversation, WrittenTruth, write_all


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedShop:
    """All that the shop itself would see. Persons and products of the columns are row numbers.

    Person k < len(customers) is `customers[k]`; the others are visitors (`visitor_id(k)`). What a customer did before
    the login (`is_logged_out`) was done by the visitor of the same number.
    """

    plan: SimulationPlan
    products: tuple[Product, ...]
    offers: tuple[Offer, ...]
    labels: tuple[ProductLabel, ...]
    rival_prices: tuple[RivalPrice, ...]
    customers: tuple[Customer, ...]
    logins: tuple[Identified, ...]
    lists: Lists
    acts: Acts  # all but purchases and refunds: those come with the orders and returns
    searched: tuple[str, ...]  # by shelf: what a search for it says
    orders: tuple[Order, ...]
    returns: tuple[Return, ...]
    reviews: tuple[Review, ...]
    questions: tuple[Question, ...]
    conversations: tuple[Conversation, ...]
    outcomes: tuple[DayOutcome, ...]

    def digest(self) -> str:
        """SHA-256 over everything above: equal plans and generators give equal digests."""
        running = hashlib.sha256(generator_hash().encode())
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, Lists | Acts):
                for column in fields(value):
                    running.update(np.ascontiguousarray(getattr(value, column.name)).tobytes())
            else:
                running.update(msgspec.json.encode(value))
        return running.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What no shop can know, and every judgement needs. Never loaded by what is judged."""

    columns: dict[str, npt.NDArray[np.generic]]
    written: WrittenTruth
    plan: SimulationPlan
    generator: str

    def save(self, folder: Path) -> None:
        """Write `truth.npz` and `truth.json` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "truth.npz", **self.columns)  # type: ignore[arg-type]
        rest = {"written": self.written, "plan": self.plan, "generator": self.generator}
        (folder / "truth.json").write_bytes(msgspec.json.encode(rest))

    @classmethod
    def load(cls, folder: Path) -> Truth:
        """What `save` wrote."""
        with np.load(folder / "truth.npz", allow_pickle=False) as columns:
            kept = dict(columns)
        rest = msgspec.json.decode((folder / "truth.json").read_bytes(), type=_Rest)
        return cls(columns=kept, written=rest.written, plan=rest.plan, generator=rest.generator)


class _Rest(msgspec.Struct, frozen=True):
    written: WrittenTruth
    plan: SimulationPlan
    generator: str


def simulate(plan: SimulationPlan, on_step: OnStep = quiet) -> tuple[SimulatedShop, Truth]:
    """Live the days of the plan under the house policy and collect what happened.

    Args:
        plan: what to simulate.
        on_step: told (days done, days in all).

    Returns:
        What the shop sees, and the truth about it.
    """
    world = World(plan)
    days: list[DayLog] = []
    for day in range(plan.days):
        days.append(world.step_day())
        on_step(day + 1, plan.days)
    return collect(world, days)


def collect(world: World, days: list[DayLog]) -> tuple[SimulatedShop, Truth]:
    """The facts of days lived under any policy, and their truth."""
    plan, stock = world.plan, world.stock
    trade_rng, words_rng, rival_rng = (
        np.random.default_rng(seed) for seed in np.random.SeedSequence([plan.seed, 1]).spawn(3)
    )
    sold = trade(plan, stock, world.crowd, [day.purchases for day in days], trade_rng)
    texts = write_all(plan, stock, sold, words_rng)
    lists = joined([day.lists for day in days], Lists)
    shop = SimulatedShop(
        plan=plan,
        products=stock.products,
        offers=offers_at(stock, world.house.prices_minor(max(0, world.day - 1)), world.on_hand),
        labels=labels_of(stock),
        rival_prices=rival_prices_of(plan, stock, rival_rng),
        customers=world.crowd.customers,
        logins=_logins(plan, lists),
        lists=lists,
        acts=_acts_of(days),
        searched=world.searched,
        orders=sold.orders,
        returns=sold.returns,
        reviews=texts.reviews,
        questions=texts.questions,
        conversations=texts.conversations,
        outcomes=tuple(day.outcome for day in days),
    )
    return shop, _truth(world, days, texts.truth)


def _acts_of(days: list[DayLog]) -> Acts:
    """All acts, their list numbers counted through."""
    acts = joined([day.acts for day in days], Acts)
    offset = np.cumsum([0, *(len(day.lists.person) for day in days[:-1])])
    acts.list[:] += np.repeat(offset, [len(day.acts.list) for day in days])
    return acts


def _logins(plan: SimulationPlan, lists: Lists) -> tuple[Identified, ...]:
    """Each customer who came without logging in logs in at the end of the first such visit."""
    rows = np.flatnonzero(lists.is_logged_out & (lists.person < plan.customers))
    _, first = np.unique(lists.person[rows], return_index=True)
    chosen: Longs = np.sort(rows[first])
    return tuple(
        Identified(
            visitor_id=visitor_id(int(lists.person[row])),
            customer_id=customer_id(int(lists.person[row])),
            at=from_ms(int(lists.at_ms[row]) + 240_000),
        )
        for row in chosen
    )


def _truth(world: World, days: list[DayLog], written: WrittenTruth) -> Truth:
    crowd, stock = world.crowd, world.stock
    bought = joined([day.purchases for day in days], Purchases)
    return Truth(
        columns={
            "persona": crowd.persona,
            "taste": crowd.taste,
            "style": crowd.style,
            "brand": crowd.brand,
            "price_sensitivity": crowd.price_sensitivity,
            "activity": crowd.activity,
            "product_shelf": stock.shelf,
            "product_brand": stock.brand,
            "product_style": stock.style,
            "product_quality": stock.quality,
            "demand_per_day": world.wanted_units / max(1, world.day),
            "purchase_person": bought.person,
            "purchase_product": bought.product,
            "purchase_match": bought.match,
        },
        written=written,
        plan=world.plan,
        generator=generator_hash(),
    )
