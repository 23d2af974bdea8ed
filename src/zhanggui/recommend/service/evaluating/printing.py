"""An evaluation on a terminal: the audit and the plan first, then each row as it is finished, then the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .report import shown_figures, titled
from .results import (
    AgainstLine,
    AuditLine,
    DataLine,
    FailedLine,
    Figure,
    GroupFigure,
    Line,
    ListFigure,
    PlanLine,
    RowLine,
)

_MARKS = {"ok": ("·", "dim"), "note": ("i", "cyan"), "warning": ("!", "yellow bold")}
_NAME_WIDTH = 24
_CELL_WIDTH = 10


class Printer:
    """Prints lines in the order in which they come; `finish` prints what needs all rows."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: list[RowLine] = []
        self._against: list[AgainstLine] = []
        self._shown: list[str] = []
        self._head: list[DataLine] = []
        self._stage = ""

    def show(self, line: Line) -> None:
        """Print one line, or keep it for the end."""
        match line:
            case DataLine():
                self._data(line)
            case AuditLine():
                self._heading("Audit")
                sign, style = _MARKS[line.level]
                share = f" ({100 * line.count / line.of:.1f} %)" if line.of and line.count else ""
                self._say(f" {sign} {line.count:,} of {line.of:,}{share} {line.words}", style)
            case PlanLine():
                self._heading("Plan")
                about = "as long as it needs" if line.seconds is None else f"about {line.seconds:,.0f} s"
                self._say(
                    f" {'·' if line.fits else '✗'} {line.model}: {line.reason or about}", "" if line.fits else "yellow"
                )
            case FailedLine():
                self._say(f"{line.model:<{_NAME_WIDTH}} gave up: {line.reason}", "red")
            case RowLine():
                self._row(line)
            case AgainstLine():
                self._against.append(line)

    def finish(self) -> None:
        """The tables beside the main one."""
        if not self._rows:
            return
        for row in self._rows:
            for note in row.notes:
                self._say(f"{row.model}: {note}", "dim")
        largest = self._shown[-1].partition("@")[2] if self._shown else ""
        self._tried()
        self._lists()
        history = f"Recall@{largest} by the events of a history"
        self._groups(history, lambda row: row.by_history)
        warmth = f"Found in the first {largest} by the people who wanted the product in training"
        self._groups(warmth, lambda row: row.by_warmth)
        self._differences()

    def _data(self, line: DataLine) -> None:
        columns = ", ".join(f"{role} = {name}" for role, name in line.columns.items())
        self._say(f"{line.file}: {line.rows:,} rows, {line.people:,} people, {line.products:,} products ({columns})")
        for reason, count in line.left_out.items():
            self._say(f" ! {count:,} rows left out: {reason}", "yellow")
        seen = "seen products are ranked too" if line.keep_seen else "seen products are not ranked"
        cut = f"{line.trained:,} events to learn from, {line.cases:,} cases, {line.targets:,} targets"
        rules = f"all {line.products:,} products ranked, {seen}; ties by mean rank; seed {line.seed}"
        self._say(f"{line.protocol}: {cut}; {rules}")
        self._head.append(line)

    def _row(self, line: RowLine) -> None:
        if not self._rows:
            self._shown = shown_figures([*self._head, line])
            head = "".join(f"{titled(name):>{_CELL_WIDTH}}" for name in self._shown)
            self._heading("Models")
            self._say(f"{'model':<{_NAME_WIDTH}}{head}{'fit s':>9}{'predict s':>10}{'peak MiB':>9}", "bold")
        self._rows.append(line)
        cells = "".join(f"{line.figures[name].value:>{_CELL_WIDTH}.4f}" for name in self._shown)
        rest = f"{line.fit_s:>9.1f}{line.predict_s:>10.1f}{line.peak_bytes / 2**20:>9,.0f}"
        self._say(f"{line.model:<{_NAME_WIDTH}}{cells}{rest}")
        spread = "".join(f"{_half(line.figures[name]):>{_CELL_WIDTH}}" for name in self._shown)
        self._say(f"{'':<{_NAME_WIDTH}}{spread}", "dim")

    def _tried(self) -> None:
        for row in self._rows:
            if row.tried:
                table = Table("method", "NDCG on validation", "weight", "s", "why", title=f"What {row.model} tried")
                for one in row.tried:
                    quality = "–" if one.quality is None else f"{one.quality:.4f}"
                    table.add_row(one.name, quality, f"{one.weight:.2f}", f"{one.seconds:.1f}", one.reason)
                self._console.print(table)

    def _lists(self) -> None:
        names = [name for name in self._rows[0].lists if name.endswith("@" + self._shown[0].partition("@")[2])]
        table = Table(
            "model", *(name.replace("gini", "exposure Gini") for name in names), title="What the lists are like"
        )
        for row in self._rows:
            table.add_row(row.model, *map(_of_lists, map(row.lists.__getitem__, names)))
        self._console.print(table)

    def _groups(self, title: str, of: Callable[[RowLine], Sequence[GroupFigure]]) -> None:
        heads = [f"{one.group}\n({one.count:,})" for one in of(self._rows[0])]
        table = Table("model", *heads, title=title)
        for row in self._rows:
            table.add_row(row.model, *(f"{one.value:.4f}\n{_half(one)}" for one in of(row)))
        self._console.print(table)

    def _differences(self) -> None:
        if not self._against:
            return
        table = Table("", "figure", "difference", "95 %", "P(better)", "detectable", title="On the same people")
        for one in self._against:
            span = f"{one.low:+.4f} … {one.high:+.4f}"
            pair = f"{one.model} − {one.other}"
            name = titled(one.figure)
            table.add_row(pair, name, f"{one.difference:+.4f}", span, f"{one.p_better:.3f}", f"{one.detectable:.4f}")
        self._console.print(table)

    def _heading(self, stage: str) -> None:
        if stage != self._stage:
            self._stage = stage
            self._say(f"\n{stage}", "bold")

    def _say(self, words: str, style: str = "") -> None:
        self._console.print(Text(words, style=style), soft_wrap=True)


def _of_lists(figure: ListFigure | None) -> str:
    if figure is None:
        return "–"
    spread = "" if figure.low is None or figure.high is None else f"\n±{(figure.high - figure.low) / 2:.3f}"
    return f"{figure.value:.3f}{spread}"


def _half(figure: Figure) -> str:
    """Half of the interval; a question mark where there is none."""
    return "±?" if figure.low is None or figure.high is None else f"±{(figure.high - figure.low) / 2:.4f}"
