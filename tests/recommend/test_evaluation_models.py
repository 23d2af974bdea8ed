"""`evaluate recommend --model package:Class`: a class of a package that lies where one works, and what can go wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhanggui.app.cli.main import run

Ask = Callable[..., dict[str, list[dict[str, Any]]]]
PACKAGE = "rivals_of_ours"
MODULE = '''
import numpy as np


class Popular:
    """As scikit-learn has it: what most people of the training matrix had."""

    def fit(self, X):
        self.counts = np.asarray((X > 0).sum(axis=0)).ravel()
        return self

    def predict(self, X):
        return np.tile(self.counts, (X.shape[0], 1))


class After:
    """In our own shape: what came after the last product of a history."""

    name = "after"

    def fit(self, train, *, rng, on_step):
        follows = np.zeros((train.size, train.size), dtype=np.float32)
        same = train.person[1:] == train.person[:-1]
        np.add.at(follows, (train.product[:-1][same], train.product[1:][same]), 1)
        on_step(1, 1)
        return Fitted(follows)


class Fitted:
    def __init__(self, follows):
        self.follows = follows

    def score(self, histories, people):
        scores = np.zeros((people, len(self.follows)), dtype=np.float32)
        scores[histories.person] = self.follows[histories.product]
        return scores


class NeedsMore(Popular):
    def __init__(self, secret):
        self.secret = secret


class OursNeedsMore(After):
    def __init__(self, secret):
        self.secret = secret


class TakesNothing(Popular):
    def fit(self):
        return self


class Raises(Popular):
    def predict(self, X):
        raise RuntimeError("no memory left")


class TooNarrow(Popular):
    def predict(self, X):
        return np.zeros((X.shape[0], 3))


class TooFew(After):
    def fit(self, train, *, rng, on_step):
        fitted = super().fit(train, rng=rng, on_step=on_step)
        fitted.score = lambda histories, people: np.zeros((1, train.size))
        return fitted


class NoScores(After):
    def fit(self, train, *, rng, on_step):
        return None


no_class = 3
'''


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Ask]:
    """60 people walk through 12 products in turn; the package lies in the folder where one works."""
    rows = [(f"u{person}", f"p{(person + step) % 12:02}", step) for person in range(60) for step in range(6)]
    names, products, steps = zip(*rows, strict=True)
    pq.write_table(pa.table({"user": names, "item": products, "position": steps}), tmp_path / "log.parquet")
    folder = tmp_path / PACKAGE / "deep"
    folder.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").write_text("from .deep.models import *\n")
    (folder / "__init__.py").write_text("")
    (folder / "models.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def call(place: str, code: int = 0) -> dict[str, list[dict[str, Any]]]:
        words = ["--data", "log.parquet", "--models", "popularity", "--k", "1,3", "--json", "--quiet"]
        assert run(["evaluate", "recommend", *words, "--model", f"{PACKAGE}{place}"]) == code
        lines: dict[str, list[dict[str, Any]]] = {}
        printed = capsys.readouterr()
        lines["said"] = [{"words": printed.err}]
        for line in map(json.loads, printed.out.splitlines()):
            lines.setdefault(line["line"], []).append(line)
        return lines

    yield call
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_a_class_of_a_package_is_a_row_beside_the_others(ask: Ask) -> None:
    rows = {row["model"]: row["figures"] for row in ask(".deep.models:After")["row"]}

    assert list(rows) == ["popularity", "After"]
    # Whoever stands at a product goes on to the next one, which is in everybody's history but the last walker's.
    assert rows["After"]["recall@1"]["value"] == 1.0


def test_a_class_that_the_package_itself_names_will_do(ask: Ask) -> None:
    rows = {row["model"]: row["figures"] for row in ask(":Popular")["row"]}

    assert rows["Popular"]["recall@3"]["value"] == pytest.approx(rows["popularity"]["recall@3"]["value"])


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (".nowhere:Popular", "cannot be imported: ModuleNotFoundError"),
        (":Nobody", "has no class 'Nobody' with a method fit"),
        (":no_class", "has no class 'no_class' with a method fit"),
        (":", "does not say which class"),
        (":OursNeedsMore", "cannot be made without arguments: TypeError"),
        (":NeedsMore", "cannot be made without arguments: TypeError"),
    ],
)
def test_what_cannot_be_loaded_is_refused_before_anything_runs(ask: Ask, place: str, words: str) -> None:
    lines = ask(place, code=2)

    assert "row" not in lines
    assert words in lines["said"][0]["words"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("TakesNothing", "TypeError"),
        ("Raises", "RuntimeError: no memory left"),
        ("TooNarrow", "(60, 3)"),
        ("TooFew", "(1, 13)"),
        ("NoScores", "NoneType"),
    ],
)
def test_what_answers_wrongly_is_told_and_stops_no_other(ask: Ask, name: str, reason: str) -> None:
    lines = ask(f":{name}", code=3)

    assert [line["model"] for line in lines["failed"]] == [name]
    assert reason in lines["failed"][0]["reason"]
    assert [row["model"] for row in lines["row"]] == ["popularity"]
