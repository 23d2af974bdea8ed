from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.shop.outbox.builders import Bench

from zhanggui.shop.outbox import PLAIN_COLUMNS, ByHandOutlet, Column, FileOutlet, OutboxState, Refused, Sent


def rows_of(path: Path, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def test_a_file_holds_the_platforms_own_columns(tmp_path: Path) -> None:
    columns = {"shop.reprice_offer": (Column("商品ID", "subject.0"), Column("价格", "change.price_minor", "major"))}
    b = Bench(tmp_path, FileOutlet(folder=tmp_path / "out", columns=columns, encoding="gb18030"))
    entry = b.put()
    b.run_jobs()
    found = b.outbox.entry(entry.id)
    b.db.close()

    assert (found.state, found.note) == (OutboxState.SENT, f"shop.reprice_offer-{entry.id}.csv")
    assert rows_of(tmp_path / "out" / found.note, "gb18030") == [["商品ID", "价格"], ["longjing", "90.05"]]
    assert [path.name for path in (tmp_path / "out").iterdir()] == [found.note]


def test_a_subject_of_several_parts_fills_its_columns_and_no_cell_begins_a_formula(tmp_path: Path) -> None:
    outlet = FileOutlet(folder=tmp_path / "out", columns=PLAIN_COLUMNS)
    b = Bench(tmp_path, outlet)
    entry = b.put(subject='["=cmd()","red","default","default",null]')
    b.db.close()

    assert outlet.send(entry) == Sent(f"shop.reprice_offer-{entry.id}.csv")
    [_, row] = rows_of(tmp_path / "out" / f"shop.reprice_offer-{entry.id}.csv", "utf-8-sig")
    assert row == ["'=cmd()", "red", "default", "default", "90.05", ""]


def test_a_kind_without_columns_is_refused(tmp_path: Path) -> None:
    outlet = FileOutlet(folder=tmp_path / "out", columns={})
    b = Bench(tmp_path, outlet)
    entry = b.put()
    b.db.close()

    assert outlet.send(entry) == Refused("this outlet has no columns for shop.reprice_offer")


def test_a_card_waits_for_its_person(tmp_path: Path) -> None:
    b = Bench(tmp_path, ByHandOutlet())
    entry = b.put()
    b.run_jobs()
    waiting = b.outbox.entry(entry.id)
    b.outbox.confirm(entry.id, "user:li")
    b.db.close()

    assert (waiting.state, waiting.card.code) == (OutboxState.SENT, "set_price")
    assert b.settled == [(entry.id, "confirmed")]
