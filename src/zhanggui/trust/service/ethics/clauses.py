"""Runs the checks that look after the clauses, and keeps what they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.trust.engines.ethics import in_order, read_clauses, read_matrix
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import ethics as tables
from zhanggui.trust.types.ethics import Check, Clause, ClauseResult, ClauseState, EthicsState, LawMatrix, Outcome

BY_SCHEDULE = "schedule"


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps where a clause's result changed."""

    clause: str
    version: int
    is_passed: bool
    seen: int
    wrong: int


class Ethics:
    """The clauses of one shop."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        ledger: Ledger,
        checks: Mapping[str, Check],
        clauses: Sequence[Clause] | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._ledger = ledger
        self._checks = checks
        self._clauses = tuple(clauses) if clauses is not None else read_clauses()

    def state(self) -> EthicsState:
        """All clauses with the last result of each."""
        with self._db.read() as db:
            held = tables.results(db)
        return EthicsState(clauses=in_order(self._state_of(clause, held.get(clause.id)) for clause in self._clauses))

    def check(self, actor: str = BY_SCHEDULE) -> EthicsState:
        """Run every check now. A result that turned stands in the ledger; what could not be run is told, not kept."""
        with self._db.read() as db:
            held = tables.results(db)
        states = [self._checked(clause, held.get(clause.id), actor) for clause in self._clauses]
        return EthicsState(clauses=in_order(states))

    def matrix(self) -> LawMatrix:
        """What answers each article of the laws."""
        return read_matrix()

    def _state_of(self, clause: Clause, result: ClauseResult | None) -> ClauseState:
        current = result if result is not None and result.version == clause.version else None
        return ClauseState(clause=clause, has_check=clause.check in self._checks, result=current)

    def _checked(self, clause: Clause, before: ClauseResult | None, actor: str) -> ClauseState:
        check = self._checks.get(clause.check)
        if check is None:
            return self._state_of(clause, before)
        try:
            outcome = check()
        except ZhangguiError as error:
            return msgspec.structs.replace(self._state_of(clause, before), broke=str(error))
        result = ClauseResult(clause=clause.id, version=clause.version, at=self._clock(), outcome=outcome)
        self._keep(result, before, actor)
        return ClauseState(clause=clause, has_check=True, result=result)

    def _keep(self, result: ClauseResult, before: ClauseResult | None, actor: str) -> None:
        is_news = before is None or _verdict(before) != _verdict(result)

        def work(db: sa.Connection) -> None:
            tables.store_result(db, result)
            if is_news:
                self._ledger.append(db, "ethics.checked", _entry(result), actor)

        self._db.write(work)


def _verdict(result: ClauseResult) -> tuple[int, bool]:
    return result.version, result.outcome.is_passed


def _entry(result: ClauseResult) -> Checked:
    outcome: Outcome = result.outcome
    return Checked(
        clause=result.clause,
        version=result.version,
        is_passed=outcome.is_passed,
        seen=outcome.seen,
        wrong=outcome.wrong,
    )
