"""People as a learning sees them, made up for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhanggui.audience.engines.learned.sketching import HOURS, Liked, Product, Sketch

KINDS = ("tea", "nuts", "cups")
WORDS = {"tea": "绿茶", "nuts": "坚果", "cups": "茶具"}


def a_sketch(**fields: Any) -> Sketch:
    """Somebody who bought twice, ten days ago, in the evening."""
    usual: dict[str, Any] = {
        "stage": "active",
        "orders": 2,
        "spent_minor": 20_000,
        "idle_days": 10.0,
        "hours": tuple(float(part == "evening") for part in HOURS),
        "weekend": 0.2,
        "tags": frozenset(),
        "categories": {},
        "prices": {},
        "products": {},
    }
    return Sketch(**(usual | fields))


def liking(kind: str, strength: float = 0.6) -> dict[str, Any]:
    """Somebody who likes one kind of thing, and a product of it."""
    return {
        "categories": {f"category:{kind}": Liked(strength, 1.0, WORDS[kind])},
        "products": {f"{kind}-1": Product(strength, WORDS[kind], 1)},
    }


def a_crowd(each: int = 30, seed: int = 7) -> list[Sketch]:
    """Three groups of so many: loyal tea drinkers of the dawn, new ones with nuts at night, cups at weekends."""
    rng = np.random.default_rng(seed)

    def spread(part: str) -> tuple[float, ...]:
        shares = np.array([0.9 if name == part else 0.02 for name in HOURS]) + rng.uniform(0, 0.02, len(HOURS))
        return tuple((shares / shares.sum()).tolist())

    dawn = [
        a_sketch(
            stage="loyal",
            orders=int(rng.integers(6, 9)),
            spent_minor=int(rng.integers(90_000, 110_000)),
            hours=spread("dawn"),
            tags=frozenset({"dawn_orders", "stocks_up"}),
            **liking("tea"),
        )
        for _ in range(each)
    ]
    night = [
        a_sketch(
            stage="new", orders=1, spent_minor=int(rng.integers(1_900, 2_100)), hours=spread("night"), **liking("nuts")
        )
        for _ in range(each)
    ]
    weekend = [a_sketch(weekend=0.9, hours=spread("noon"), **liking("cups")) for _ in range(each)]
    return [*dawn, *night, *weekend]
