from __future__ import annotations

import getpass
import io
import re
import sys
from pathlib import Path

import pytest
from rich.text import Text

import zhanggui
from zhanggui.kernel.terminal import Bars, Steps, actor, print_json, print_json_lines, print_table, say

LONG = "云南勐海古树 2019 年春茶头采普洱熟茶饼 357 g, [new] aged in a dry and well aired store " * 3


class ATerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_pipe_each_row_is_one_whole_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "title", "why"), [("p1", LONG, "because"), ("p2", "short", None)])

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["id", "p1", "p2"]
    assert LONG.strip() in lines[1]
    assert (lines[1].endswith("because"), lines[2].endswith("short")) == (True, True)


def test_a_narrow_terminal_folds_what_it_has_no_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = ATerminal()
    monkeypatch.setattr(sys, "stdout", screen)
    for name, value in (("COLUMNS", "30"), ("TERM", "xterm"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)

    print_table(("id", "title"), [("p" * 60, "龙井")])

    shown = screen.getvalue()
    assert (shown.count("p"), "龙井" in shown, "…" in shown) == (60, True, False)


def test_a_cell_is_no_markup_and_sends_nothing_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("[b]", "title"), [("[/red]", "a\x1b[2Jb\nc"), (Text("ok", style="green"), 7)])

    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["[b]", "title"],
        ["[/red]", "a", "[2Jb", "c"],
        ["ok", "7"],
    ]


def test_a_title_stands_above_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "title"), [("p1", "龙井")], title="goods")

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["goods", "id", "p1"]


def test_json_is_a_line_a_thing_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"title": "龙井", "of": [1]})
    print_json_lines([{"n": 1}, {"n": 2}])
    print_json_lines([])

    assert capsys.readouterr().out == '{"title":"龙井","of":[1]}\n{"n":1}\n{"n":2}\n'


def test_json_is_indented_for_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = ATerminal()
    monkeypatch.setattr(sys, "stdout", screen)

    print_json({"title": "龙井"})

    assert screen.getvalue() == '{\n  "title": "龙井"\n}\n'


def test_words_for_a_person_leave_stdout_to_results(capsys: pytest.CaptureFixture[str]) -> None:
    say("[bold] of " + LONG)

    assert capsys.readouterr() == ("", f"[bold] of {LONG}\n")


def test_who_has_a_number_and_no_name_is_known_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 12345)

    assert actor() == "local:12345"


def test_bars_keep_off_where_nobody_is_looking(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as bars:
        bars.begin("training")(1, 2)

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("quiet", [True, False])
def test_bars_name_what_is_done_on_stderr(quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = ATerminal()
    monkeypatch.setattr(sys, "stderr", screen)
    for name, value in (("COLUMNS", "100"), ("TERM", "xterm"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)

    with Bars(quiet=quiet) as bars:
        step = bars.begin("training")
        step(2, 5)
        bars.step("writing", 1, 3)

    shown = screen.getvalue()
    assert [word in shown for word in ("training", "2/5", "writing", "1/3")] == [not quiet] * 4


def test_steps_are_said_when_they_begin_and_with_their_seconds_also_where_nothing_is_drawn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps = Steps(2)
    with steps.step("making"):
        begun = capsys.readouterr().err
    made = capsys.readouterr().err
    with pytest.raises(ValueError, match="no"), steps.step("serving"):
        raise ValueError("no")

    assert begun == "[1/2] making ...\n"
    assert re.fullmatch(r"\[1/2\] making: \d+\.\d s\n", made)
    assert capsys.readouterr().err == "[2/2] serving ...\n"


def test_a_refusal_before_the_first_step_stands_under_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = ATerminal()
    monkeypatch.setattr(sys, "stderr", screen)

    with pytest.raises(ValueError, match="no such file"), Bars():
        raise ValueError("no such file")

    assert screen.getvalue() == ""


def test_no_room_draws_on_its_own() -> None:
    source = Path(zhanggui.__file__).parent
    draws = re.compile(r"^\s*(from|import) (rich\b|getpass)", re.MULTILINE)

    assert {
        str(path.relative_to(source)) for path in source.rglob("*.py") if draws.search(path.read_text(encoding="utf-8"))
    } == {
        "kernel/terminal.py",
        "app/cli/main.py",
        "app/cli/errors.py",
        "app/cli/demo.py",
        "app/cli/evaluating.py",
        "app/cli/running.py",
        "recommend/service/evaluating/printing.py",
    }
