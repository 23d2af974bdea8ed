"""The privacy budget of each audience: spent before a figure is computed, granted anew by an owner alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, moment_or_none, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.trust.errors import BudgetSpent
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import privacy as tables
from zhanggui.trust.types.figures import MICRO, AskAcross, AskFigures, BudgetState

GRANTED = "figures.grant_budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyBudget:
    """Keeps account. Releases compose by adding up (sequential composition, Dwork and Roth 2014, thm. 3.16).

    Args:
        at_first: epsilon of an audience that nobody has granted anything yet.
    """

    db: Database
    clock: Clock
    ledger: Ledger
    at_first: float

    def state(self, audience: str) -> BudgetState:
        """What is left."""
        with self.db.read() as db:
            return self._state(db, audience)

    def audiences(self) -> list[BudgetState]:
        """All that ever asked."""
        with self.db.read() as db:
            return [self._state(db, name) for name in tables.audiences(db)]

    def require(self, audience: str, epsilon: float) -> None:
        """Raise unless so much is left, without taking it.

        Raises:
            BudgetSpent: less is left.
        """
        with self.db.read() as db:
            self._require(db, audience, epsilon)

    def spend(self, audience: str, ask: AskFigures | AskAcross) -> BudgetState:
        """Take the cost of a question off, or refuse it; two who ask at once cannot both have the last of it.

        Raises:
            BudgetSpent: less is left than the question costs.
        """

        def work(db: sa.Connection) -> BudgetState:
            cost = self._require(db, audience, ask.epsilon)
            self._note(db, audience, cost, msgspec.json.encode(ask), is_grant=False)
            return self._state(db, audience)

        return self.db.write(work)

    def grant(self, audience: str, epsilon: float, actor: str) -> BudgetState:
        """Start an audience's account anew; what was spent before no longer counts, and the ledger says who did it."""
        micro = math.floor(epsilon * MICRO + 1e-6)

        def work(db: sa.Connection) -> BudgetState:
            before = self._state(db, audience)
            self._note(db, audience, micro, b"", is_grant=True)
            payload = {"audience": audience, "epsilon": micro / MICRO, "spent_before": before.spent}
            self.ledger.append(db, GRANTED, payload, actor)
            return self._state(db, audience)

        return self.db.write(work)

    def _require(self, db: sa.Connection, audience: str, epsilon: float) -> int:
        """What it costs in millionths, where that is left."""
        cost = math.ceil(epsilon * MICRO - 1e-6)
        granted, spent = self._sums(db, audience)
        if spent + cost > granted:
            left, whole = (granted - spent) / MICRO, granted / MICRO
            raise BudgetSpent(
                f"The question costs epsilon {epsilon:g}; {left:g} of {whole:g} is left to {audience}.",
                hint="Ask with a smaller epsilon (more noise), or have an owner grant a new budget.",
            )
        return cost

    def _sums(self, db: sa.Connection, audience: str) -> tuple[int, int]:
        held = tables.standing(db, audience)
        return round(self.at_first * MICRO) if held.granted is None else held.granted, held.spent

    def _state(self, db: sa.Connection, audience: str) -> BudgetState:
        held = tables.standing(db, audience)
        granted, spent = self._sums(db, audience)
        return BudgetState(
            audience=audience,
            granted=granted / MICRO,
            spent=spent / MICRO,
            left=(granted - spent) / MICRO,
            releases=held.releases,
            since=moment_or_none(held.since_ms),
        )

    def _note(self, db: sa.Connection, audience: str, micro: int, asked: bytes, *, is_grant: bool) -> None:
        row = {"id": new_id(), "audience": audience, "at_ms": to_ms(self.clock()), "is_grant": is_grant}
        tables.note(db, {**row, "micro_epsilon": micro, "asked": asked})
