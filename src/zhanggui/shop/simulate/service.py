"""From a plan to a filled shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.privacy import Cipher

from .plan import SimulationPlan
from .populate import OnStage, populate
from .shelves import generator_hash
from .shop import simulate
from .stock import SHOP_HOURS_EAST

TALKS_FILE = "conversations.jsonl"


class SimulationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was made. All of it is invented, and any figure drawn from it is a simulator's."""

    seed: int
    generator: str  # hash of the generator's code and words
    digest: str  # hash of what it made
    products: int
    customers: int
    days: int
    events: int  # purchases and refunds come on top, with the orders and returns
    served_lists: int
    orders: int
    returns: int
    reviews: int
    conversations: int
    truth: str  # the folder

    @property
    def summary(self) -> str:
        """One paragraph for a reader."""
        return (
            f"A simulated shop of {self.products:,} products and {self.customers:,} customers over {self.days} days: "
            f"{self.events:,} events, {self.orders:,} orders, {self.returns:,} returns, {self.reviews:,} reviews. "
            f"Seed {self.seed}, generator {self.generator}, content {self.digest[:16]}. Its truth lies in {self.truth}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """Fills one shop.

    Args of construction:
        folder: the shop's own, for what has no table (talks with customer service).
        truth_folder: outside of the shop's folder, so that nothing of the shop comes across it.
    """

    db: Database
    cipher: Cipher
    media: MediaStore
    clock: Clock
    folder: Path
    truth_folder: Path

    def today(self) -> date:
        """The day it is in the shop."""
        return (self.clock() + timedelta(hours=SHOP_HOURS_EAST)).date()

    def fill(
        self, plan: SimulationPlan, on_stage: OnStage = lambda _what, _done, _of: None, *, pictures: bool = True
    ) -> SimulationReport:
        """Simulate and write. The truth goes to `truth_folder`, and nowhere else.

        Args:
            plan: what to simulate.
            on_stage: told (what is being done, how much is done, of how much).
            pictures: whether to draw the products.

        Raises:
            ShopNotEmpty: the shop holds products already.
        """
        simulated, truth = simulate(plan, _staged(on_stage, "shoppers"))
        populate(self.db, self.cipher, self.media if pictures else None, simulated, on_stage)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / TALKS_FILE).write_bytes(msgspec.json.Encoder().encode_lines(simulated.conversations))
        truth.save(self.truth_folder)
        return SimulationReport(
            seed=plan.seed,
            generator=generator_hash(),
            digest=simulated.digest(),
            products=len(simulated.products),
            customers=len(simulated.customers),
            days=plan.days,
            events=len(simulated.acts.kind),
            served_lists=len(simulated.lists.person),
            orders=len(simulated.orders),
            returns=len(simulated.returns),
            reviews=len(simulated.reviews),
            conversations=len(simulated.conversations),
            truth=str(self.truth_folder),
        )


def _staged(on_stage: OnStage, what: str) -> Callable[[int, int], None]:
    return lambda done, of: on_stage(what, done, of)
