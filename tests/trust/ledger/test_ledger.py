from __future__ import annotations

import random
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.trust.builders import Time, a_ledger, a_shop_store, a_signer

from zhanggui.kernel.db import Database
from zhanggui.trust import Break, Ledger, LedgerAsk
from zhanggui.trust.errors import BadAnchor, NoSigningKey
from zhanggui.trust.service.signing import load_signer
from zhanggui.trust.tables.ledger import ledger as entries
from zhanggui.trust.tables.ledger import ledger_head, ledger_payloads

ENTRIES = 47


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    store = a_shop_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def ledger(db: Database, tmp_path: Path) -> Ledger:
    return a_ledger(db, signer=a_signer(tmp_path))


def fill(ledger: Ledger, count: int = ENTRIES) -> None:
    def work(db: sa.Connection) -> None:
        for n in range(count):
            ledger.append(db, "price.changed", {"product": f"p{n}", "price_minor": n}, "user:li", person=n)

    ledger.db.write(work)


def test_an_untouched_ledger_is_intact_and_says_what_it_cannot_see(ledger: Ledger) -> None:
    fill(ledger)

    report = ledger.verify()

    assert (report.is_intact, report.entries, report.checkpoints, report.last_checkpoint) == (True, 47, 4, 40)
    assert report.cannot_see == ("no_anchor", "tail_after_last_checkpoint", "stolen_key", "truth_of_entries")


def test_an_empty_ledger_is_intact(ledger: Ledger) -> None:
    assert ledger.verify().is_intact


def test_an_entry_reads_as_it_was_written(ledger: Ledger) -> None:
    fill(ledger, 3)

    page = ledger.entries(after=1, limit=1)

    assert (page.items[0].payload, page.items[0].actor, page.next) == (
        {"product": "p1", "price_minor": 1},
        "user:li",
        "2",
    )


def test_entries_of_any_of_several_actors_are_found(ledger: Ledger) -> None:
    def work(db: sa.Connection) -> None:
        for actor in ("user:li", "key:1", "key:12", "key:2", "user:li"):
            ledger.append(db, "price.changed", {"by": "key:1"}, actor)

    ledger.db.write(work)

    def by(*actors: str) -> list[int]:
        return [entry.seq for entry in ledger.find(LedgerAsk(actors=actors)).items]

    assert (by("key:1"), by("key:1", "key:2"), by("nobody"), len(by())) == ([2], [4, 2], [], 5)


def test_an_entry_is_undone_with_the_work_it_belongs_to(ledger: Ledger) -> None:
    def work(db: sa.Connection) -> None:
        ledger.append(db, "price.changed", {})
        raise ValueError("afterwards")

    with pytest.raises(ValueError, match="afterwards"):
        ledger.db.write(work)

    assert ledger.verify().entries == 0


def test_the_signing_key_is_for_its_owner_alone_and_is_kept(tmp_path: Path) -> None:
    first = a_signer(tmp_path)

    assert stat.S_IMODE((tmp_path / "ledger.key").stat().st_mode) == 0o600
    assert a_signer(tmp_path).public_key == first.public_key == load_signer(tmp_path).public_key


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSigningKey, match=r"ledger\.key"):
        load_signer(tmp_path)


def test_an_erased_payload_is_told_with_its_receipt(ledger: Ledger) -> None:
    fill(ledger)
    receipt = ledger.db.write(lambda db: ledger.erase(db, persons=[6], reason="pipl-47", actor="user:li"))

    report = ledger.verify()

    assert report.is_intact
    assert [(gone.seq, gone.receipt) for gone in report.erased] == [(7, receipt)]
    assert ledger.entries(after=6, limit=1).items[0].payload is None


def test_a_payload_taken_without_a_receipt_is_found(ledger: Ledger) -> None:
    fill(ledger)
    ledger.db.write(lambda db: ledger.erase(db, seqs=[3], reason="pipl-47", actor="user:li"))
    p = ledger_payloads.c
    ledger.db.write(lambda db: db.execute(sa.update(ledger_payloads).where(p.seq == 9).values(salt=None, receipt=48)))

    assert ledger.verify().breaks == (Break(kind="payload_missing", seq=9),)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (sa.update(entries).where(entries.c.seq == 5).values(kind="price.kept"), Break(kind="edited", seq=5)),
        (sa.update(entries).where(entries.c.seq == 5).values(at_ms=1), Break(kind="edited", seq=5)),
        (sa.delete(entries).where(entries.c.seq.between(5, 7)), Break(kind="removed", seq=5, until=7)),
        (
            sa.update(ledger_payloads).where(ledger_payloads.c.seq == 5).values(payload=b"{}"),
            Break(kind="payload_edited", seq=5),
        ),
        (sa.delete(ledger_payloads).where(ledger_payloads.c.seq == 5), Break(kind="payload_missing", seq=5)),
        (sa.delete(entries).where(entries.c.seq > 45), Break(kind="cut", seq=46, until=47)),
    ],
)
def test_the_place_of_a_tampering_is_named(ledger: Ledger, tamper: sa.Executable, found: Break) -> None:
    fill(ledger)
    ledger.db.write(lambda db: db.execute(tamper))

    report = ledger.verify()

    assert report.first_break == found
    assert [broken for broken in report.breaks if broken.kind != "checkpoint_differs"] == [found]


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        ("ledger_payloads SET payload = 'x'", "payload_edited"),
        ("ledger_payloads SET salt = 5", "payload_edited"),
        ("ledger SET kind = x'00ff'", "edited"),
        ("ledger SET at_ms = 'soon'", "edited"),
        ("ledger SET at_ms = 1.5", "edited"),
        ("ledger SET hash = 'h'", "edited"),
    ],
)
def test_a_value_of_another_type_is_named_and_ends_no_verification(ledger: Ledger, tamper: str, found: str) -> None:
    fill(ledger)
    ledger.db.write(lambda db: db.exec_driver_sql(f"UPDATE {tamper} WHERE seq = 5"))

    assert [(broken.kind, broken.seq) for broken in ledger.verify().breaks] == [(found, 5)]


def swap(db: sa.Connection, one: int, other: int) -> None:
    for table in (entries, ledger_payloads):
        for now, then in ((one, -1), (other, one), (-1, other)):
            db.execute(sa.update(table).where(table.c.seq == now).values(seq=then))


def test_two_swapped_entries_are_called_reordered(ledger: Ledger) -> None:
    fill(ledger)
    ledger.db.write(lambda db: swap(db, 12, 17))

    assert ledger.verify().breaks == (
        Break(kind="reordered", seq=12, belongs_at=17),
        Break(kind="reordered", seq=17, belongs_at=12),
    )


def test_what_stands_between_two_swapped_entries_is_not_accused(ledger: Ledger) -> None:
    fill(ledger)
    ledger.db.write(lambda db: swap(db, 12, 14))

    assert [(found.kind, found.seq) for found in ledger.verify().breaks] == [("reordered", 12), ("reordered", 14)]


def test_two_swapped_neighbours_are_called_reordered(ledger: Ledger) -> None:
    fill(ledger)
    ledger.db.write(lambda db: swap(db, 12, 13))

    assert [(found.kind, found.seq) for found in ledger.verify().breaks] == [("reordered", 12), ("reordered", 13)]


def rewrite_from(ledger: Ledger, seq: int, *, drop: bool) -> None:
    """What somebody with the store but without the key can do: change history and chain everything anew."""
    with ledger.db.read() as db:
        rows = db.execute(sa.select(ledger_payloads, entries).join(entries, entries.c.seq == ledger_payloads.c.seq))
        kept = [row for row in rows if not (drop and row.seq == seq)]

    def work(db: sa.Connection) -> None:
        for table in (entries, ledger_payloads, ledger_head):
            db.execute(sa.delete(table))
        forger = a_ledger(ledger.db)
        for row in kept:
            forger.append(db, row.kind if row.seq != seq else "price.kept", {"forged": True}, "user:li")

    ledger.db.write(work)


@pytest.mark.parametrize("drop", [False, True])
def test_history_chained_anew_without_the_key_is_found_by_a_checkpoint(ledger: Ledger, drop: bool) -> None:
    fill(ledger)
    rewrite_from(ledger, 5, drop=drop)

    assert ledger.verify().first_break == Break(kind="checkpoint_differs", seq=10)


def test_a_cut_before_the_anchor_is_found(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    ledger.export_anchor(tmp_path / "anchor.json")

    def cut(db: sa.Connection) -> None:
        db.execute(sa.delete(entries).where(entries.c.seq > 44))
        db.execute(sa.delete(ledger_payloads).where(ledger_payloads.c.seq > 44))
        db.execute(sa.text("DELETE FROM ledger_checkpoints WHERE seq > 44"))
        row = db.execute(sa.select(entries.c.hash).where(entries.c.seq == 44)).one()
        db.execute(sa.update(ledger_head).values(seq=44, hash=row.hash))

    ledger.db.write(cut)

    assert ledger.verify().is_intact  # what the report's `cannot_see` says
    assert ledger.verify(tmp_path / "anchor.json").first_break == Break(kind="cut", seq=45, until=47)


def test_an_anchor_of_the_same_chain_holds_after_it_has_grown(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    ledger.export_anchor(tmp_path / "anchor.json")
    fill(ledger)

    report = ledger.verify(tmp_path / "anchor.json")

    assert (report.is_intact, report.anchor) == (True, 47)


def test_a_forged_anchor_and_a_foreign_file_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    path = tmp_path / "anchor.json"
    ledger.export_anchor(path)
    path.write_text(path.read_text().replace('"seq": 47', '"seq": 46'))

    kinds = {found.kind for found in ledger.verify(path).breaks}
    path.write_text("{}")

    assert kinds == {"anchor_forged", "anchor_differs"}
    with pytest.raises(BadAnchor):
        ledger.verify(path)


def _edit(db: sa.Connection, rng: random.Random) -> None:
    column, value = rng.choice([("kind", "x"), ("at_ms", 3), ("payload_hash", bytes(32)), ("hash", bytes(32))])
    db.execute(sa.update(entries).where(entries.c.seq == rng.randint(1, ENTRIES)).values({column: value}))


def _edit_payload(db: sa.Connection, rng: random.Random) -> None:
    column = rng.choice(["salt", "payload"])
    place = ledger_payloads.c.seq == rng.randint(1, ENTRIES)
    db.execute(sa.update(ledger_payloads).where(place).values({column: rng.randbytes(16)}))


def _delete(db: sa.Connection, rng: random.Random) -> None:
    db.execute(sa.delete(entries).where(entries.c.seq == rng.randint(1, ENTRIES)))


def _swap(db: sa.Connection, rng: random.Random) -> None:
    one, other = rng.sample(range(1, ENTRIES + 1), 2)
    swap(db, one, other)


def _insert(db: sa.Connection, rng: random.Random) -> None:
    at = rng.randint(1, ENTRIES + 1)
    for table in (entries, ledger_payloads):
        db.execute(sa.update(table).where(table.c.seq >= at).values(seq=-table.c.seq - 1))
        db.execute(sa.update(table).where(table.c.seq < 0).values(seq=-table.c.seq))
    values = {"seq": at, "kind": "x", "at_ms": 1, "payload_hash": rng.randbytes(32), "hash": rng.randbytes(32)}
    db.execute(sa.insert(entries).values(values))


def _truncate(db: sa.Connection, rng: random.Random) -> None:
    keep = rng.randint(0, ENTRIES - 1)
    for table in (entries, ledger_payloads):
        db.execute(sa.delete(table).where(table.c.seq > keep))
    db.execute(sa.text("DELETE FROM ledger_checkpoints WHERE seq > :keep"), {"keep": keep})
    row = db.execute(sa.select(entries.c.hash).where(entries.c.seq == keep)).first()
    db.execute(sa.update(ledger_head).values(seq=keep, hash=bytes(32) if row is None else row.hash))


TAMPERINGS: list[Callable[[sa.Connection, random.Random], None]] = [
    _edit,
    _edit_payload,
    _delete,
    _swap,
    _insert,
    _truncate,
]


def test_a_hundred_random_tamperings_are_all_found(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    anchor = ledger.export_anchor(tmp_path / "anchor.json")
    rng = random.Random(7)
    missed = []
    for n in range(100):
        tamper = TAMPERINGS[n % len(TAMPERINGS)]
        original = _rows(ledger)
        ledger.db.write(lambda db, tamper=tamper: tamper(db, rng))
        if ledger.verify(anchor).is_intact:
            missed.append((n, tamper.__name__))
        _restore(ledger, original)
    assert missed == []
    assert ledger.verify(anchor).is_intact


TABLES = ("ledger", "ledger_payloads", "ledger_checkpoints", "ledger_head")


def _rows(ledger: Ledger) -> dict[str, list[dict[str, object]]]:
    metadata = entries.metadata
    with ledger.db.read() as db:
        return {name: [dict(row._mapping) for row in db.execute(sa.select(metadata.tables[name]))] for name in TABLES}


def _restore(ledger: Ledger, original: dict[str, list[dict[str, object]]]) -> None:
    def work(db: sa.Connection) -> None:
        for name, rows in original.items():
            db.execute(sa.delete(entries.metadata.tables[name]))
            db.execute(sa.insert(entries.metadata.tables[name]), rows)

    ledger.db.write(work)


def test_time_stands_in_the_entry(db: Database) -> None:
    clock = Time()
    ledger = a_ledger(db, clock=clock)
    clock.pass_(hours=1)
    fill(ledger, 1)

    assert ledger.entries().items[0].at_ms == 1_777_640_400_000
