from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zhanggui.kernel.db import Database, control_metadata, shop_metadata
from zhanggui.kernel.db.sqlite import SqliteDatabase
from zhanggui.trust import Ledger, Signer
from zhanggui.trust.service.signing import make_signing_key

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Time:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


def a_source_of_bytes() -> Callable[[int], bytes]:
    numbers: Iterator[int] = itertools.count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


def a_shop_store(folder: Path) -> SqliteDatabase:
    db = SqliteDatabase(folder / "shop.db")
    db.write(shop_metadata.create_all)
    return db


def a_control_store(folder: Path) -> SqliteDatabase:
    db = SqliteDatabase(folder / "control.db")
    db.write(control_metadata.create_all)
    return db


def a_signer(folder: Path) -> Signer:
    return make_signing_key(folder)


def a_ledger(
    db: Database, *, clock: Time | None = None, signer: Signer | None = None, checkpoint_every: int = 10
) -> Ledger:
    return Ledger(
        db=db,
        clock=clock or Time(),
        entropy=a_source_of_bytes(),
        shop="teahouse",
        signer=signer,
        checkpoint_every=checkpoint_every,
    )
