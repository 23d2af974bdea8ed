"""`zhanggui evaluate recommend` from end to end: on files alone, beside somebody else's lists and models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhanggui.app.cli.main import run
from zhanggui.recommend.errors import BadModel
from zhanggui.recommend.service.evaluating.foreign import load_model
from zhanggui.recommend.service.evaluating.results import GroupFigure, ListFigure, TriedMethod

Ask = Callable[..., list[dict[str, object]]]

MODEL = '''
import numpy as np

class Mean:
    """Everybody gets what is popular."""

    def fit(self, X):
        self.counts = np.asarray(X.sum(axis=0)).ravel()

    def predict(self, X):
        return np.tile(self.counts, (X.shape[0], 1))

class Ours:
    name = "ours"

    def fit(self, train, *, rng, on_step):
        on_step(1, 1)
        self.size = train.size
        return self

    def score(self, histories, people):
        scores = np.zeros((people, self.size), dtype=np.float32)
        np.add.at(scores, (histories.person, histories.product), 1.0)
        return scores

class Broken:
    def fit(self, X):
        raise RuntimeError("no memory left")

    def predict(self, X):
        return X

class Unfit:
    pass
'''


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """60 people who walk through 12 products in turn, from different places."""
    rows = [(f"u{person}", f"p{(person + step) % 12:02}", step) for person in range(60) for step in range(6)]
    names, products, steps = zip(*rows, strict=True)
    pq.write_table(pa.table({"user": names, "item": products, "position": steps}), tmp_path / "log.parquet")
    return tmp_path / "log.parquet"


@pytest.fixture
def ask(log: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def call(*words: object, models: str = "popularity,item-knn", code: int = 0) -> list[dict[str, object]]:
        options = ["--data", str(log), "--models", models, "--k", "1,3", "--json", "--quiet", *map(str, words)]
        assert run(["evaluate", "recommend", *options]) == code
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return call


def of(lines: list[dict[str, object]], kind: str) -> list[dict[str, object]]:
    return [line for line in lines if line["line"] == kind]


def figure(line: dict[str, object], name: str) -> float:
    return msgspec.convert(line["figures"], dict[str, dict[str, float]])[name]["value"]


def perfect(folder: Path, *, k: int = 1) -> Path:
    rows = [{"user": f"u{n}", "item": f"p{(n + 5) % 12:02}", "rank": 1} for n in range(60)]
    path = folder / "mine.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows[::k]))
    return path


def test_audit_and_plan_stand_before_any_row(ask: Ask) -> None:
    kinds = [str(line["line"]) for line in ask()]

    assert list(dict.fromkeys(kinds)) == ["data", "audit", "plan", "row", "against"]
    assert kinds.count("row") == 2


def test_rows_have_all_figures_with_intervals(ask: Ask) -> None:
    lines = ask()
    row = of(lines, "row")[1]

    assert row["model"] == "item-knn"
    assert set(msgspec.convert(row["figures"], dict[str, object])) == {
        f"{measure}@{k}" for measure in ("hit", "recall", "ndcg", "mrr", "precision") for k in (1, 3)
    }
    assert set(msgspec.convert(row["lists"], dict[str, object])) == {
        f"{name}@{k}" for name in ("coverage", "gini", "novelty", "diversity") for k in (1, 3)
    }
    for name, one in msgspec.convert(row["lists"], dict[str, ListFigure | None]).items():
        if one is not None:
            assert (one.low is None) == name.startswith("coverage")
            assert one.low is None or one.high is None or one.low <= one.value <= one.high
    [length] = msgspec.convert(row["by_history"], list[GroupFigure])
    assert (length.group, length.count, length.value) == ("5-9", 60, figure(row, "recall@3"))
    assert length.low is not None
    assert length.high is not None
    assert length.low <= length.value <= length.high
    assert msgspec.convert(row["peak_bytes"], int) > 10**7
    assert msgspec.convert(row["fit_s"], float) >= 0


def test_of_one_person_no_interval_is_told_and_nothing_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, report = tmp_path / "one.csv", tmp_path / "one.html"
    path.write_text("user,item,time\n" + "".join(f"u,p{n % 4},{n}\n" for n in range(9)))
    words = ["evaluate", "recommend", "--data", str(path), "--models", "popularity,item-knn", "--k", "2", "--quiet"]

    assert run([*words, "--json", "--html", str(report)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert run(words) == 0
    printed = capsys.readouterr().out

    figures = [msgspec.convert(row["figures"], dict[str, dict[str, float | None]]) for row in of(lines, "row")]
    assert {(one["low"], one["high"]) for row in figures for one in row.values()} == {(None, None)}
    assert of(lines, "against") == []
    assert ("±?" in printed, "±0" in printed, "no interval can be told" in printed) == (True, False, True)
    assert "popularity" in report.read_text()


def test_the_same_seed_gives_the_same_figures(ask: Ask) -> None:
    one, two = (of(ask("--seed", 7), "row") for _ in range(2))

    assert [row["figures"] for row in one] == [row["figures"] for row in two]


def test_perfect_predictions_win_and_the_comparison_is_paired(ask: Ask, tmp_path: Path) -> None:
    lines = ask("--predictions", perfect(tmp_path))

    row = of(lines, "row")[-1]
    against = [line for line in of(lines, "against") if line["other"] == "popularity" and line["figure"] == "recall@1"]
    assert (row["model"], figure(row, "recall@1"), figure(row, "ndcg@3")) == ("mine", 1.0, 1.0)
    assert [line["p_better"] for line in against] == [1.0]
    assert {line["model"] for line in of(lines, "against")} == {"mine"}


def test_people_without_predictions_count_as_misses(ask: Ask, tmp_path: Path) -> None:
    row = of(ask("--predictions", perfect(tmp_path, k=2)), "row")[-1]

    assert figure(row, "recall@3") == 0.5
    assert row["notes"] == ["no list for 30 of 60 cases: they count as misses"]


def test_scores_rank_as_ranks_do_and_strange_rows_are_told(ask: Ask, tmp_path: Path) -> None:
    rows = ["user,item,score", *(f"u{n},p{(n + 5) % 12:02},{1e9 + 0.001}" for n in range(60))]
    rows += [*(f"u{n},p{n % 12:02},{1e9}" for n in range(60)), "u0,nothing,5", "stranger,p01,5", "u0,p05,7"]
    (tmp_path / "scored.csv").write_text("\n".join(rows))

    row = of(ask("--predictions", tmp_path / "scored.csv"), "row")[-1]

    assert figure(row, "recall@1") == 1.0
    assert row["notes"] == [
        "1 rows name products that the data does not have; they are left out",
        "1 rows are for people who are not asked",
        "1 products stand twice in a list; the better place counts",
    ]


def test_models_of_both_shapes_are_rows(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MODEL)

    lines = ask("--model", f"{tmp_path}/mine.py:Mean", "--model", f"{tmp_path}/mine.py:Ours")

    rows = {str(row["model"]): row for row in of(lines, "row")}
    assert list(rows) == ["popularity", "item-knn", "Mean", "Ours"]
    assert figure(rows["Mean"], "recall@3") == pytest.approx(figure(rows["popularity"], "recall@3"))
    assert figure(rows["Ours"], "recall@3") == 0.0


def test_a_model_that_gives_up_does_not_stop_the_others(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MODEL)

    lines = ask("--model", f"{tmp_path}/mine.py:Broken", code=3)

    assert [(line["model"], line["reason"]) for line in of(lines, "failed")] == [
        ("Broken", "RuntimeError: no memory left")
    ]
    assert len(of(lines, "row")) == 2


@pytest.mark.parametrize(
    "place", ["mine", "nowhere.at.all:Model", "{folder}/mine.py:Nothing", "{folder}/mine.py:Unfit"]
)
def test_what_is_no_model_is_refused_before_anything_runs(tmp_path: Path, place: str) -> None:
    (tmp_path / "mine.py").write_text(MODEL)

    with pytest.raises(BadModel) as raised:
        load_model(place.format(folder=tmp_path))

    assert raised.value.hint


def test_what_does_not_fit_the_budget_is_said_first_and_left_out(ask: Ask) -> None:
    lines = ask("--budget", "2s", models="popularity,item-knn,ease")

    plan = {str(line["model"]): line for line in of(lines, "plan")}
    ran = [row["model"] for row in of(lines, "row")]
    assert ran == [name for name, line in plan.items() if line["fits"]]
    assert "popularity" in ran
    assert len(ran) < 3
    assert all(line["reason"] for line in plan.values() if not line["fits"])


def test_attributes_say_which_products_are_alike(ask: Ask, tmp_path: Path) -> None:
    rows = ["item,kind", *(f"p{n:02},tea" for n in range(12))]
    (tmp_path / "items.csv").write_text("\n".join(rows))

    row = of(ask("--items", tmp_path / "items.csv"), "row")[0]

    diversity = msgspec.convert(row["lists"], dict[str, ListFigure | None])["diversity@3"]
    assert diversity is not None
    assert diversity.value == pytest.approx(0, abs=1e-6)


def test_attributes_bring_a_model_of_content_and_auto_may_use_it(ask: Ask, tmp_path: Path) -> None:
    rows = ["item,kind", *(f"p{n:02},tea {n % 3}" for n in range(12))]
    (tmp_path / "items.csv").write_text("\n".join(rows))

    plain, told = ask(models="popularity"), ask("--items", tmp_path / "items.csv", models="popularity,auto")

    assert [row["model"] for row in of(plain, "row")] == ["popularity"]
    assert {row["model"] for row in of(told, "row")} == {"popularity", "content", "auto"}
    assert not of(told, "failed")
    rows_by_model = {row["model"]: row for row in of(told, "row")}
    tried = msgspec.convert(rows_by_model["auto"]["tried"], list[TriedMethod])
    assert "popularity" in {one.name for one in tried}
    assert all(one.reason for one in tried)
    assert 0 <= sum(one.weight for one in tried) <= 1 + 1e-6
    assert rows_by_model["popularity"]["tried"] == []


def test_removing_seen_products_is_said(ask: Ask) -> None:
    data = of(ask("--seen", "remove"), "data")[0]

    assert data["keep_seen"] is False


def test_the_report_needs_no_other_host_and_escapes_names(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = tmp_path / "<script>alert(1)<.jsonl"
    evil.write_text(perfect(tmp_path).read_text())
    page = tmp_path / "out" / "report.html"

    options = ["--data", str(log), "--models", "popularity", "--html", str(page), "--predictions", str(evil), "--quiet"]
    assert run(["evaluate", "recommend", *options]) == 0

    text = page.read_text()
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert "<svg" in text
    assert "&lt;script&gt;alert(1)&lt;" in text
    shown = capsys.readouterr().out
    assert shown.index("Audit") < shown.index("Plan") < shown.index("Models") < shown.index("On the same people")


def test_every_measure_that_was_asked_for_stands_in_the_table_whatever_the_targets(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = {}
    options = ["--data", str(log), "--models", "popularity", "--held", "0.5", "--k", "5"]
    for protocol in ("leave-one-out", "temporal"):
        run(["evaluate", "recommend", *options, "--protocol", protocol])
        heads[protocol] = capsys.readouterr().out.split("Models\n")[1].splitlines()[0].split()

    assert heads["leave-one-out"][1:4] == ["HR@5", "NDCG@5", "MRR@5"]
    assert heads["temporal"][1:5] == ["Recall@5", "NDCG@5", "HR@5", "MRR@5"]


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["--data", "nowhere.csv"], 2, "Check the path"),
        (["--data", "{log}", "--models", "popularty"], 2, "popularity"),
        (["--data", "{log}", "--k", "none"], 2, "--k 10,20"),
        (["--data", "{log}", "--budget", "soon"], 2, "20m"),
        (["--data", "{log}", "--item", "itm"], 2, "item"),
        (["--data", "{log}", "--protocol", "given-test"], 2, "--test FILE"),
        (["--data", "{log}", "--predictions", "{pairs}"], 2, "rank"),
    ],
)
def test_a_wrong_wish_is_refused_with_what_to_do(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, hint: str
) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("user,item\nu1,p01\n")

    assert run(["evaluate", "recommend", "--quiet", *(word.format(log=log, pairs=pairs) for word in words)]) == code
    assert hint in capsys.readouterr().err


def test_it_runs_where_there_is_no_shop(log: Path, tmp_path: Path) -> None:
    words = ["evaluate", "recommend", "--data", str(log), "--models", "popularity", "--json"]
    environment = {**os.environ, "ZHANGGUI_HOME": str(tmp_path / "home")}

    done = subprocess.run(
        [sys.executable, "-c", "from zhanggui.app.cli.main import main; main()", *words],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )

    assert (done.returncode, done.stderr.replace("\n", "").strip()) == (0, "")
    assert [json.loads(line)["line"] for line in done.stdout.splitlines()][-1] == "row"
    assert not (tmp_path / "home").exists()


def test_lists_of_sessions_are_named_by_the_row_of_the_test_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = [{"session": n, "items": [n % 5, (n + 1) % 5, (n + 2) % 5]} for n in range(40)]
    test = [{"prefix": [n % 5], "next_item": (n + 1) % 5} for n in range(10)]
    mine = [{"user": n, "item": (n + 1) % 5, "score": 0.5} for n in range(10)]
    for name, rows in {"train": train, "test": test, "mine": mine}.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows))

    options = ["--data", tmp_path / "train.jsonl", "--test", tmp_path / "test.jsonl"]
    options += ["--predictions", tmp_path / "mine.jsonl", "--models", "popularity", "--json", "--quiet"]
    assert run(["evaluate", "recommend", *map(str, options)]) == 0

    row = json.loads(capsys.readouterr().out.splitlines()[-5])
    assert (row["model"], figure(row, "recall@10")) == ("mine", 1.0)


def test_lists_of_ids_of_numpy_and_text_are_alike(ask: Ask, tmp_path: Path) -> None:
    people = [f"u{n}" for n in range(60)]
    lists = [[f"p{(n + 5) % 12:02}", f"p{n % 12:02}"] for n in range(60)]
    pq.write_table(pa.table({"user": np.array(people), "items": lists}), tmp_path / "mine.parquet")

    assert figure(of(ask("--predictions", tmp_path / "mine.parquet"), "row")[-1], "recall@1") == 1.0


def test_others_can_learn_from_the_same_cut(ask: Ask, tmp_path: Path) -> None:
    ask("--split", tmp_path / "cut", models="popularity")

    train = pq.read_table(tmp_path / "cut" / "train.parquet").to_pylist()
    cases = {row["user"]: row["items"] for row in pq.read_table(tmp_path / "cut" / "cases.parquet").to_pylist()}
    assert [row["item"] for row in train if row["user"] == "u3"] == ["p03", "p04", "p05", "p06"]
    assert cases["u3"] == ["p03", "p04", "p05", "p06", "p07"]
    assert len(cases) == 60
