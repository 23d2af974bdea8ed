"""Who may be known by more than their orders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from zhanggui.audience import NoProfile, Shoppers, UnknownShopper
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Subject

NO_DB = cast("Any", None)


@dataclass
class FakePeople:
    known: dict[str, Subject]

    def subject(self, db: Any, customer_id: str | None = None, visitor_id: str | None = None) -> Subject | None:
        return self.known.get(customer_id or visitor_id or "")


@dataclass
class FakeGate:
    refused: set[int] = field(default_factory=set)

    def allows(self, person: int, purpose: Purpose) -> bool:
        return person not in self.refused

    def allows_in(self, db: Any, person: int, purpose: Purpose) -> bool:
        return self.allows(person, purpose)

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        return set(persons) - self.refused


def test_a_stranger_is_refused_by_the_id_that_was_asked_for() -> None:
    shoppers = Shoppers(people=FakePeople({}), gate=FakeGate())

    with pytest.raises(UnknownShopper, match="customer 'u1'"):
        shoppers.profiled(NO_DB, "u1")
    with pytest.raises(UnknownShopper, match="visitor 'v1'"):
        shoppers.known(NO_DB, None, "v1")


def test_a_refusal_acts_in_the_very_next_question() -> None:
    gate = FakeGate()
    shoppers = Shoppers(people=FakePeople({"u1": Subject(7, (7,))}), gate=gate)
    assert shoppers.profiled(NO_DB, "u1") == Subject(7, (7,))

    gate.refused.add(7)

    with pytest.raises(NoProfile):
        shoppers.profiled(NO_DB, "u1")
    assert shoppers.known(NO_DB, "u1") == Subject(7, (7,))
    assert shoppers.allowed_among([7, 8], Purpose.PERSONALIZATION) == {8}
