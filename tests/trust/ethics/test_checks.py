"""Each check finds what it is there to find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust import Consents
from zhanggui.trust.service.ethics import checks
from zhanggui.trust.tables.ledger import ledger_payloads
from zhanggui.trust.tables.persons import CLEANING, HeldErasure, add_erasure


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    store = a_shop_store(tmp_path)
    yield store
    store.close()


class Deaf:
    """A gate that lets everybody be read."""

    def allows(self, person: int, purpose: Purpose) -> bool:
        return True

    def allowed_among(self, persons: object, purpose: Purpose) -> set[int]:
        return set(persons)  # type: ignore[call-overload]


def test_a_gate_that_does_not_hear_a_refusal_is_found(db: Database) -> None:
    clock = Time()
    consents = Consents(db=db, clock=clock, ledger=a_ledger(db))
    consents.record(7, Purpose.MARKETING, granted=True, actor="li")
    clock.pass_(minutes=1)
    consents.record(7, Purpose.MARKETING, granted=False, actor="li")
    consents.record(8, Purpose.ANALYTICS, granted=True, actor="li")

    assert checks.refusals_hold(db, consents).wrong == 0
    assert checks.refusals_hold(db, Deaf()).wrong == 1


def test_silence_and_roles_are_as_the_clauses_say() -> None:
    assert checks.silence_grants_no_marketing().is_passed
    assert checks.roles_see_what_they_need().is_passed


def test_an_edited_entry_of_the_ledger_is_found(db: Database) -> None:
    ledger = a_ledger(db)
    db.write(lambda connection: ledger.append(connection, "price.changed", {"minor": 1}, "li"))
    assert checks.ledger_verifies(ledger).is_passed

    edit = sa.update(ledger_payloads).where(ledger_payloads.c.seq == 1).values(payload=b"{}")
    db.write(lambda connection: connection.execute(edit))

    assert checks.ledger_verifies(ledger).wrong == 1


def test_an_erasure_that_waits_too_long_is_found(db: Database) -> None:
    clock = Time()
    held = HeldErasure(id="0" * 26, state=CLEANING, at_ms=to_ms(clock()), receipt=b"{}", rest=None)
    db.write(lambda connection: add_erasure(connection, held))

    in_time = checks.erasures_are_in_time(db, clock)
    clock.pass_(days=16)

    assert (in_time.seen, in_time.wrong) == (1, 0)
    assert checks.erasures_are_in_time(db, clock).wrong == 1
