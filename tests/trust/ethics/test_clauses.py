"""Promises are looked after, and what nothing looks after is seen first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import InvalidInput
from zhanggui.trust.engines.ethics import read_clauses, read_matrix
from zhanggui.trust.service.ethics import Ethics
from zhanggui.trust.types.ethics import Check, Clause, Outcome


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    store = a_shop_store(tmp_path)
    yield store
    store.close()


def a_clause(id_: str, version: int = 1) -> Clause:
    return Clause(
        id=id_, version=version, since=date(2026, 5, 1), owner="owner", check=f"{id_}_holds", law=(), zh="诺", en="Word"
    )


def ethics_of(db: Database, clauses: list[Clause], **checks: Check) -> Ethics:
    return Ethics(db=db, clock=Time(), ledger=a_ledger(db), checks=checks, clauses=clauses)


def test_what_nothing_looks_after_comes_first_then_what_is_broken(db: Database) -> None:
    clauses = [a_clause("kept"), a_clause("lonely"), a_clause("broken")]
    ethics = ethics_of(
        db, clauses, kept_holds=lambda: Outcome(seen=3), broken_holds=lambda: Outcome(seen=3, wrong=1, example="p7")
    )

    before, after = ethics.state(), ethics.check("owner")

    assert [one.state for one in before.clauses] == ["no_check", "not_run", "not_run"]
    assert [(one.clause.id, one.state) for one in after.clauses] == [
        ("lonely", "no_check"),
        ("broken", "failed"),
        ("kept", "passed"),
    ]
    assert ethics.state() == after
    assert not after.is_kept


def test_a_result_that_turns_stands_in_the_ledger_and_one_that_stays_does_not(db: Database) -> None:
    wrong = [0, 0, 2, 0]
    ethics = ethics_of(db, [a_clause("kept")], kept_holds=lambda: Outcome(seen=5, wrong=wrong.pop(0)))

    for _ in range(4):
        ethics.check("owner")

    entries = a_ledger(db).entries(kind="ethics.checked").items
    assert [(entry.actor, entry.payload["is_passed"]) for entry in entries] == [  # type: ignore[index]
        ("owner", True),
        ("owner", False),
        ("owner", True),
    ]


def test_a_result_of_an_older_version_no_longer_counts(db: Database) -> None:
    ethics_of(db, [a_clause("kept")], kept_holds=lambda: Outcome(seen=1)).check()

    changed = ethics_of(db, [a_clause("kept", version=2)], kept_holds=lambda: Outcome(seen=1))

    assert [one.state for one in changed.state().clauses] == ["not_run"]


def test_a_check_that_cannot_be_run_is_told_and_the_others_are_run(db: Database) -> None:
    def broke() -> Outcome:
        raise InvalidInput("The archive cannot be read.", hint="Restore it.")

    ethics = ethics_of(db, [a_clause("kept"), a_clause("torn")], kept_holds=lambda: Outcome(seen=1), torn_holds=broke)

    told = {one.clause.id: (one.state, one.broke) for one in ethics.check().clauses}

    assert told["kept"] == ("passed", "")
    assert told["torn"][0] == "not_run"
    assert "cannot be read" in told["torn"][1]


def test_the_clauses_rest_on_articles_that_are_in_the_matrix() -> None:
    articles = {article.id for article in read_matrix().articles}

    rests = {article for clause in read_clauses() for article in clause.law}

    assert rests <= articles


def test_the_matrix_that_comes_with_the_package_is_read_once_a_process() -> None:
    assert read_matrix() is read_matrix()


LAW = '[[law]]\nid = "a"\nzh = "a"\nen = "a"\n'
ARTICLE = 'number = "1"\nread = false\nzh = "x"\nen = "x"'


@pytest.mark.parametrize(
    ("article", "why"), [('id = "b-1"\nlaw = "b"', "not named"), ('id = "a-1"\nlaw = "a"', "not ours")]
)
def test_a_matrix_that_leaves_an_article_open_is_refused(article: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_matrix(f"{LAW}[[article]]\n{article}\n{ARTICLE}")
