"""What every door of the shop checks: that facts fit their types, and that personal data may be read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

import msgspec

from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop.errors import InvalidFact, PurposeRefused

T = TypeVar("T", bound=msgspec.Struct)


def checked(facts: Sequence[T], kind: type[T]) -> list[T]:
    """The facts, once each constraint of their type was held against them: a constructor in Python checks none.

    Raises:
        InvalidFact: one does not fit; the message names it by its place in the sequence.
    """
    try:
        decoded: list[T] = msgspec.json.decode(msgspec.json.encode(facts), type=list[kind])  # type: ignore[valid-type]
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeError, OverflowError, TypeError) as error:
        raise InvalidFact(
            f"This is no {kind.__name__} that a shop can keep: {error}.",
            hint="The path in the message counts from 0: $[0] is the first one given.",
        ) from error
    return decoded


def allowed(persons: Collection[int], purpose: Purpose, gate: ConsentGate | None) -> set[int]:
    """Those persons whose data may be read for the purpose; without any record that is `service` alone."""
    if purpose is Purpose.SERVICE:
        return set(persons)
    return set() if gate is None else gate.allowed_among(persons, purpose)


def require_allowed(person: int, purpose: Purpose, gate: ConsentGate | None) -> None:
    """Refuse to read one person's data for a purpose that they have not allowed.

    Raises:
        PurposeRefused: they have not.
    """
    if not allowed((person,), purpose, gate):
        raise PurposeRefused(
            f"This person's data may not be used for {purpose.value}.",
            hint="Ask for consent first; without it their data serves their own orders only.",
            params={"purpose": purpose.value},
        )
