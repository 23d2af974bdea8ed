"""Small simulated shops."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhanggui.shop.simulate import SimulationPlan

UNTIL = date(2026, 3, 14)


def a_plan(**parts: Any) -> SimulationPlan:
    """Two weeks of a small shop."""
    given: dict[str, Any] = {
        "until": UNTIL,
        "seed": 7,
        "products": 60,
        "customers": 80,
        "days": 14,
        "visits_per_day": 0.6,
    }
    return SimulationPlan(**(given | parts))
