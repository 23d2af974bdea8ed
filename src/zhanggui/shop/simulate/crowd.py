"""The shoppers of a simulated shop: what the shop sees of them, and what only the truth knows.

Nobody can be meant by what stands here. Phone numbers begin with 100, which China's numbering plan gives to no
subscriber (mobile numbers begin with 13 to 19), and addresses of e-mail end in example.com (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from zhanggui.shop.types import AgeBand, Customer, Identifiers

from .plan import SimulationPlan
from .shelves import goods, sentences
from .stock import Floats, Longs, day_start

AGES = tuple(AgeBand)[1:]

# A persona likes whole departments; tastes within them are a person's own.
PERSONAS = ("茶客", "零食控", "衣橱控", "居家派", "数码迷", "送礼人", "随便逛")
DEPARTMENTS = ("茶", "零食", "服饰", "家居", "数码")
_LIKES = np.array(
    [
        [6.0, 1.0, 0.4, 1.2, 0.4],
        [1.0, 6.0, 0.8, 0.6, 0.6],
        [0.5, 0.8, 6.0, 1.2, 0.4],
        [1.0, 0.8, 1.0, 6.0, 0.8],
        [0.5, 1.0, 0.6, 0.8, 6.0],
        [3.0, 2.0, 0.6, 1.5, 0.6],
        [1.0, 1.0, 1.0, 1.0, 1.0],
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Columns over persons: first the customers, then the visitors who never log in."""

    customers: tuple[Customer, ...]
    size: int  # customers and visitors
    persona: Longs
    taste: Floats  # (persons, shelves), rows sum to 1
    style: Floats  # (persons, styles)
    brand: Floats  # (persons, brands): liking, normal around 0
    price_sensitivity: Floats  # around 1, always positive
    activity: Floats  # visits, relative to the average
    hour: Floats  # the hour of day around which this person likes to shop
    province: Longs
    city_tier: Longs
    device_logged_out: Floats  # share of a customer's visits that begin before the login


def gather_a_crowd(plan: SimulationPlan, rng: np.random.Generator) -> Crowd:
    """Draw the persons."""
    size = plan.customers + plan.anonymous
    words = goods()
    falling = np.linspace(2.2, 0.5, len(words.provinces))
    persona = rng.choice(len(PERSONAS), size, p=np.array([0.18, 0.2, 0.16, 0.14, 0.14, 0.08, 0.1]))
    department = np.array([DEPARTMENTS.index(shelf.category[0]) for shelf in words.shelf])
    taste = rng.gamma(0.25 * _LIKES[persona][:, department]) + 1e-6
    taste /= taste.sum(axis=1, keepdims=True)
    style = rng.normal(0, 0.8, (size, len(words.styles)))
    style[persona == PERSONAS.index("送礼人"), 0] += 1.5
    city_tier = rng.choice(np.arange(1, 6), size, p=[0.22, 0.26, 0.22, 0.18, 0.12])
    price_sensitivity = np.exp(rng.normal(0.06 * (city_tier - 3), 0.45, size))
    crowd = {
        "persona": persona,
        "taste": taste,
        "style": style,
        "brand": rng.normal(0, 0.7, (size, len(words.brands))),
        "price_sensitivity": price_sensitivity,
        "activity": _activity(rng, size),
        "hour": rng.choice([8.0, 12.5, 16.0, 21.0], size, p=[0.1, 0.25, 0.15, 0.5]) + rng.normal(0, 0.8, size),
        "province": rng.choice(len(words.provinces), size, p=falling / falling.sum()),
        "city_tier": city_tier,
        "device_logged_out": np.where(rng.random(size) < 0.3, 0.35, 0.0),
    }
    customers = _customers(plan, crowd["province"], city_tier, rng)
    return Crowd(customers=customers, size=size, **crowd)


def _activity(rng: np.random.Generator, size: int) -> Floats:
    """Few come often, many seldom."""
    drawn = rng.gamma(1.1, size=size)
    relative: Floats = drawn / drawn.mean()
    return relative


def _customers(
    plan: SimulationPlan, province: Longs, city_tier: Longs, rng: np.random.Generator
) -> tuple[Customer, ...]:
    words, provinces = sentences(), goods().provinces
    n = plan.customers
    first, second, third = (rng.integers(0, 10**9, n) for _ in range(3))
    ages = rng.choice(len(AGES), n, p=[0.2, 0.34, 0.24, 0.13, 0.09])
    is_female = rng.random(n) < 0.58
    tells = rng.random(n) < 0.8
    joined_days = rng.integers(plan.days, plan.days + 900, n)
    start = day_start(plan, plan.days)
    found: list[Customer] = []
    for k in range(n):
        name = words.surnames[first[k] % len(words.surnames)] + words.given[second[k] % len(words.given)]
        name += words.given[third[k] % len(words.given)] if third[k] % 3 else ""
        where = provinces[province[k]]
        found.append(
            Customer(
                id=customer_id(k),
                identifiers=Identifiers(
                    name=name,
                    phone=f"100{k:08d}",
                    email=f"shopper{k + 1}@example.com",
                    address=f"{where}示例市演示路{first[k] % 900 + 1}号",
                ),
                province=where,
                city_tier=int(city_tier[k]),
                age_band=AGES[ages[k]] if tells[k] else None,
                gender=("female" if is_female[k] else "male") if tells[k] else None,
                joined_at=start - timedelta(days=int(joined_days[k]), minutes=int(second[k] % 1440)),
            )
        )
    return tuple(found)


def customer_id(person: int) -> str:
    """The merchant's id of a customer."""
    return f"c{person + 1:06d}"


def visitor_id(person: int) -> str:
    """The cookie of a person's browser, customer or not."""
    return f"v{person + 1:06d}"
