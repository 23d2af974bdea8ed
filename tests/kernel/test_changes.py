"""The change feed: numbers rise with each change, in the order in which they become visible."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import a_store

from zhanggui.kernel import changes
from zhanggui.kernel.changes import announce, changes_since, last_seq, latest_seq
from zhanggui.kernel.db import Database


def test_a_new_store_has_no_change(any_database: Database) -> None:
    with any_database.read() as db:
        assert last_seq(db) == 0
        assert changes_since(db, 0) == []


def test_each_subject_is_one_change_and_repeats_count_once(any_database: Database) -> None:
    first = any_database.write(lambda db: announce(db, "product", ["a", "b", "a"]))
    second = any_database.write(lambda db: announce(db, "offer", iter(["c"])))
    nothing = any_database.write(lambda db: announce(db, "rule", []))

    assert (first, second, nothing) == (2, 3, 3)
    with any_database.read() as db:
        assert last_seq(db) == 3
        assert [(c.seq, c.kind, c.subject) for c in changes_since(db, 1) or []] == [
            (2, "product", "b"),
            (3, "offer", "c"),
        ]
        assert changes_since(db, 3) == []


def test_a_work_that_fails_announces_nothing(any_database: Database) -> None:
    def failing(db: object) -> None:
        announce(db, "product", ["a"])  # type: ignore[arg-type]
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        any_database.write(failing)

    with any_database.read() as db:
        assert last_seq(db) == 0


def test_announcers_at_once_share_no_number(any_database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda n: any_database.write(lambda db: announce(db, "product", [str(n)])), range(100)))

    assert sorted(ends) == list(range(1, 101))
    with any_database.read() as db:
        assert [change.seq for change in changes_since(db, 0) or []] == list(range(1, 101))


def test_a_reader_that_fell_behind_what_is_kept_must_reload(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT", 10)
    for number in range(35):
        any_database.write(lambda db, number=number: announce(db, "product", [str(number)]))

    with any_database.read() as db:
        assert changes_since(db, 0) is None
        assert [change.seq for change in changes_since(db, 30) or []] == [31, 32, 33, 34, 35]


def test_a_reader_that_is_ahead_of_a_restored_store_must_reload(any_database: Database) -> None:
    any_database.write(lambda db: announce(db, "product", ["a"]))

    with any_database.read() as db:
        assert changes_since(db, 7) is None


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=3), max_size=8), st.integers(0, 30))
def test_the_delta_after_any_number_is_the_tail_of_all_changes(announced: list[list[str]], seq: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = a_store(Path(folder) / "a.db")
        for subjects in announced:
            database.write(lambda db, subjects=subjects: announce(db, "product", subjects))
        with database.read() as db:
            everything = changes_since(db, 0)
            delta = changes_since(db, seq)
            last = last_seq(db)
        database.close()

    assert everything is not None
    assert delta == (None if seq > last else [change for change in everything if change.seq > seq])


def test_the_latest_number_is_seen_without_a_snapshot_right_after_each_commit(any_database: Database) -> None:
    seen = [latest_seq(any_database)]
    for subject in "abc":
        any_database.write(lambda db, subject=subject: announce(db, "product", [subject]))
        seen.append(latest_seq(any_database))

    assert seen == [0, 1, 2, 3]
