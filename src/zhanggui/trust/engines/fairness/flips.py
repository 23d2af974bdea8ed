"""Who a shopper might be instead: one of each other group, and all of it at once. Pure.

The test is the counterfactual fairness of Kusner, Loftus, Russell and Silva (NeurIPS 2017) in its strictest form:
nothing else changes, so the answer may not change at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from zhanggui.kernel.clock import DAY_MS
from zhanggui.trust.types.fairness import FlipKind, FlipPerson

GENDERS = ("female", "male", "other", None)
AGES = ("under-18", "18-24", "25-34", "35-44", "45-54", "55+", None)
PLACES = (("上海", 1), ("西藏", 5), ("", None))
TENURE_DAYS = (0, 100, 3_650)
"""As a customer; beside these, nobody knows since when."""


def flips_of(person: FlipPerson, now_ms: int) -> list[tuple[FlipKind, FlipPerson]]:
    """Every other group that a person might be of, by kind; last as different as they can be in all at once."""
    one_by_one = [(kind, turned) for kind, turned in _each(person, now_ms) if turned != person]
    last: dict[FlipKind, FlipPerson] = dict(one_by_one)
    other = FlipPerson(
        gender=last["gender"].gender,
        age_band=last["age"].age_band,
        province=last["region"].province,
        city_tier=last["region"].city_tier,
        joined_ms=last["tenure"].joined_ms,
    )
    return [*one_by_one, ("all", other)]


def _each(person: FlipPerson, now_ms: int) -> Iterator[tuple[FlipKind, FlipPerson]]:
    yield from (("gender", replace(person, gender=gender)) for gender in GENDERS)
    yield from (("age", replace(person, age_band=age)) for age in AGES)
    yield from (("region", replace(person, province=name, city_tier=tier)) for name, tier in PLACES)
    yield "tenure", replace(person, joined_ms=None)
    yield from (("tenure", replace(person, joined_ms=now_ms - days * DAY_MS)) for days in TENURE_DAYS)
