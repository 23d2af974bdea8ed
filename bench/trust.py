"""What trust costs: the ledger's writes and its verification, and recognising a caller."""

from __future__ import annotations

import random
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench.harness import Report, case
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.db import Database, control_metadata, open_database, shop_metadata
from zhanggui.trust import Access, CreateKey, Keys, Ledger, LedgerDraft, make_signing_key

CALLERS = 16
SINGLES_EACH = 100
BATCH = 1_000
ENTRIES = 300_000
WARM = 20_000
PAYLOAD = {"kind": "shop.reprice_offer", "subject": "longjing-250g", "price_minor": 12_800, "reason": "stock.ageing"}


@contextmanager
def _a_store(metadata: sa.MetaData) -> Iterator[tuple[Database, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(f"sqlite:///{folder}/bench.db")
        db.write(metadata.create_all)
        try:
            yield db, Path(folder)
        finally:
            db.close()


@case("trust/ledger")
def ledger(report: Report) -> None:
    """Appends by many callers at once, appends in batches, a verification, and what it finds after tampering."""
    with _a_store(shop_metadata) as (db, folder):
        signer = make_signing_key(folder)
        chain = Ledger(db=db, clock=system_clock, entropy=secrets.token_bytes, shop="bench", signer=signer)

        def append_some(_: int) -> None:
            for _each in range(SINGLES_EACH):
                db.write(lambda c: chain.append(c, "proposal.applied", PAYLOAD, "user:bench"))

        started = time.perf_counter()
        with ThreadPoolExecutor(CALLERS) as callers:
            list(callers.map(append_some, range(CALLERS)))
        singly = CALLERS * SINGLES_EACH / (time.perf_counter() - started)
        report(f"appends_from_{CALLERS}", singly, unit="entries/s", bar=">= 5000")

        drafts = [LedgerDraft(kind="proposal.applied", payload=PAYLOAD, actor="user:bench")] * BATCH
        left = ENTRIES - CALLERS * SINGLES_EACH
        started = time.perf_counter()
        for begin in range(0, left, BATCH):
            some = drafts[: min(BATCH, left - begin)]
            db.write(lambda c, some=some: chain.append_many(c, some))
        report("appends_batched", left / (time.perf_counter() - started), unit="entries/s", bar=">= 30000")

        report("breaks_of_a_sound_chain", len(chain.verify().breaks), bar="== 0")
        fastest_us = min(_timed_us(chain.verify) for _each in range(3))  # the others waited for the machine
        report("verify", ENTRIES / fastest_us * 1e6, unit="entries/s", bar=">= 300000")
        tampered = _tamper(folder / "bench.db")
        found = {broken.seq for broken in chain.verify().breaks}
        report("tamperings_found", len(tampered & found), unit=f"of {len(tampered)}", bar=f"== {len(tampered)}")
        report("places_named_in_vain", len(found - tampered), bar="== 0")
        _random_tamperings(report, chain, folder / "bench.db")


TAMPERINGS = (
    ("ledger", "kind = kind || 'x'"),
    ("ledger", "at_ms = at_ms + 1"),
    ("ledger", "payload_hash = randomblob(32)"),
    ("ledger", "hash = randomblob(32)"),
    ("ledger_payloads", "payload = CAST('{}' AS BLOB)"),
    ("ledger_payloads", "salt = randomblob(16)"),
    ("ledger_payloads", "payload = NULL, salt = NULL"),
)
ROUNDS, A_ROUND = 4, 250


def _random_tamperings(report: Report, chain: Ledger, path: Path) -> None:
    """A thousand entries drawn at random, each changed in one way, put back after each round."""
    draw, found_all, sound = random.Random(20261121), 0, len(chain.verify().breaks)
    before = {broken.seq for broken in chain.verify().breaks}
    for _round in range(ROUNDS):
        places = draw.sample([seq for seq in range(10_000, ENTRIES) if seq not in before], A_ROUND)
        with _changed(path, {seq: draw.choice(TAMPERINGS) for seq in places}):
            named = {broken.seq for broken in chain.verify().breaks}
        found_all += len(named & set(places))
    report("random_tamperings_found", found_all, unit=f"of {ROUNDS * A_ROUND}", bar=f"== {ROUNDS * A_ROUND}")
    report("left_after_putting_back", len(chain.verify().breaks) - sound, bar="== 0")


@contextmanager
def _changed(path: Path, changes: Mapping[int, tuple[str, str]]) -> Iterator[None]:
    kept = []
    with _behind_its_back(path) as connection:
        for seq, (table, change) in changes.items():
            kept.append((table, connection.execute(f"SELECT * FROM {table} WHERE seq = ?", (seq,)).fetchone()))
            connection.execute(f"UPDATE {table} SET {change} WHERE seq = ?", (seq,))
    yield
    with _behind_its_back(path) as connection:
        for table, row in kept:
            connection.execute(f"REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)


@contextmanager
def _behind_its_back(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    with connection:
        yield connection
    connection.close()  # only then does the other library see it


def _tamper(path: Path) -> set[int]:
    """Do to a chain, behind its back, each thing that a verification must name; returns the places."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE ledger SET kind = 'x' WHERE seq = 1001")
        connection.execute("UPDATE ledger SET at_ms = at_ms + 1 WHERE seq = 2001")
        connection.execute("UPDATE ledger SET payload_hash = randomblob(32) WHERE seq = 3001")
        connection.execute("UPDATE ledger_payloads SET payload = CAST('{}' AS BLOB) WHERE seq = 4001")
        connection.execute("UPDATE ledger_payloads SET payload = NULL, salt = NULL WHERE seq = 5001")
        connection.execute("DELETE FROM ledger WHERE seq = 6001")
        for seq, parking in ((7001, -1), (7003, 7001), (-1, 7003)):
            connection.execute("UPDATE ledger SET seq = ? WHERE seq = ?", (parking, seq))
            connection.execute("UPDATE ledger_payloads SET seq = ? WHERE seq = ?", (parking, seq))
    connection.close()
    return {1001, 2001, 3001, 4001, 5001, 6001, 7001, 7003}


@case("trust/authenticate")
def authenticate(report: Report) -> None:
    """Recognise a caller that was here before: median and slowest hundredth."""
    with _a_store(control_metadata) as (db, _):
        pepper = secrets.token_bytes(32)
        keys = Keys(db=db, clock=system_clock, entropy=secrets.token_bytes, pepper=pepper)
        access = Access(db=db, clock=system_clock, pepper=pepper)
        secret = keys.create("bench", CreateKey(name="bench", scopes=("shop:read",))).secret
        headers = {"authorization": f"Bearer {secret}"}
        spent_us = sorted(_timed_us(lambda: access.authenticate(headers, {})) for _each in range(WARM))
    report("authenticate_p50", spent_us[WARM // 2], unit="us", bar="<= 100")
    report("authenticate_p99", spent_us[WARM * 99 // 100], unit="us")


def _timed_us(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1e6
