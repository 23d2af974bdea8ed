"""Two who fold at once, on both stores: the slower one never puts back what the faster one has moved on from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.shop.events.builders import an_event

from zhanggui.audience import Keeping, hours_of
from zhanggui.audience.engines.profile.state import unpack
from zhanggui.audience.tables import profiles as tables
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Following
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.history import History

WHY = Purpose.PERSONALIZATION


class Everybody:
    """A consent gate that lets everybody through."""

    def allows(self, person: int, purpose: Purpose) -> bool:
        del person, purpose
        return True

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        del purpose
        return set(persons)


@pytest.fixture
def keeping(any_database: Database, clock: FixedClock, tmp_path: Path) -> Keeping:
    past = History(db=any_database, files=DayFiles(tmp_path), gate=Everybody())
    log = Following(db=any_database, past=past)
    return Keeping(db=any_database, clock=clock, log=log, gate=Everybody(), local_hour=hours_of(lambda _: 0))


def look(keeping: Keeping) -> None:
    """The shopper looks at a product once more."""
    Events(keeping.db, keeping.clock).accept([an_event(at=keeping.clock())])


def slow(keeping: Keeping, meanwhile: Callable[[], object]) -> Keeping:
    """One that has read the rows, and is about to fold them, when something happens."""
    waiting = [meanwhile]

    def local_hour(at_ms: int) -> int:
        if waiting:
            waiting.pop()()
        return keeping.local_hour(at_ms)

    return replace(keeping, local_hour=local_hour)


def stored(keeping: Keeping) -> tuple[int, int] | None:
    """(last event that was seen, acts that were counted) of the one shopper; None where they have no row."""
    with keeping.db.read() as db:
        rows = db.execute(sa.text("SELECT person, seen_seq FROM audience_profiles")).fetchall()
        if not rows:
            return None
        [(person, seen)] = rows
        return seen, sum(unpack(tables.states_of(db, [person], purpose=WHY)[person]).counts)


def shopper(keeping: Keeping) -> int:
    with keeping.db.read() as db:
        return int(db.execute(sa.text("SELECT max(person) FROM events")).scalar_one())


def test_of_two_who_fold_at_once_the_slower_stores_nothing_older(keeping: Keeping) -> None:
    look(keeping)
    keeping.catch_up()
    look(keeping)

    def meanwhile() -> None:
        look(keeping)
        keeping.catch_up()

    slow(keeping, meanwhile).catch_up()

    newest = keeping.log.watermark()
    assert stored(keeping) == (newest, 3)
    with keeping.db.read() as db:
        noted = tables.folding(db)
    assert noted is not None
    assert noted.until_seq == newest
    look(keeping)
    keeping.catch_up()
    assert stored(keeping) == (keeping.log.watermark(), 4)


def test_what_was_forgotten_while_it_was_folded_does_not_come_back(keeping: Keeping) -> None:
    look(keeping)
    keeping.catch_up()
    look(keeping)
    person, until = shopper(keeping), keeping.log.watermark()

    slow(keeping, lambda: keeping.db.write(lambda db: keeping.forget(db, [person], until))).catch_up()

    assert stored(keeping) is None
    look(keeping)
    keeping.catch_up()
    assert stored(keeping) == (keeping.log.watermark(), 1)


def test_a_forgetting_that_is_taken_back_while_it_is_folded_gives_everything_back(keeping: Keeping) -> None:
    look(keeping)
    keeping.catch_up()
    person, until = shopper(keeping), keeping.log.watermark()
    keeping.db.write(lambda db: keeping.forget(db, [person], until))
    look(keeping)

    def meanwhile() -> None:
        keeping.db.write(lambda db: keeping.remember(db, [person]))
        keeping.catch_up()

    slow(keeping, meanwhile).catch_up()

    assert stored(keeping) == (keeping.log.watermark(), 2)
