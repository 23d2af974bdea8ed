"""A believable Chinese shop from a seed, whose truth is known. Start at `simulate`, or `World.step_day` for a loop.

Engines may not import this: what learns from a simulated shop must see no more of it than of a real one.
"""

from .commands import commands
from .days import Acts, DayLog, DayOutcome, Lists, Purchases
from .luck import Luck
from .pictures import draw_picture
from .plan import SHOPPER_MODELS, ShopperModel, SimulationPlan, shopper_model
from .policy import HOME, Ask, HousePolicy, Policy, Shown
from .populate import ShopNotEmpty, populate
from .service import SimulationReport, Simulator
from .shelves import generator_hash
from .shop import SimulatedShop, Truth, collect, simulate
from .world import World
from .writing import Conversation, Message

__all__ = [
    "HOME",
    "SHOPPER_MODELS",
    "Acts",
    "Ask",
    "Conversation",
    "DayLog",
    "DayOutcome",
    "HousePolicy",
    "Lists",
    "Luck",
    "Message",
    "Policy",
    "Purchases",
    "ShopNotEmpty",
    "ShopperModel",
    "Shown",
    "SimulatedShop",
    "SimulationPlan",
    "SimulationReport",
    "Simulator",
    "Truth",
    "World",
    "collect",
    "commands",
    "draw_picture",
    "generator_hash",
    "populate",
    "shopper_model",
    "simulate",
]
