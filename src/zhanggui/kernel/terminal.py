"""What every command says: results on stdout, so that pipes work; words and bars for a person on stderr.

rich takes longer to import than most commands take to answer: it is loaded where something is drawn.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Self

import msgspec

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ANY_WIDTH = 1_000_000


def actor() -> str:
    """Who sits at the machine: whoever may open the store may do everything."""
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"local:{os.getuid()}"


def print_json(thing: object) -> None:
    """One thing as JSON on stdout: indented on a terminal, and in a pipe one line, so that programs read by lines."""
    text = msgspec.json.encode(thing)
    print((msgspec.json.format(text, indent=2) if sys.stdout.isatty() else text).decode())


def print_json_lines(things: Iterable[object]) -> None:
    """Many things on stdout, each as JSON on a line of its own."""
    for thing in things:
        print(msgspec.json.encode(thing).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A table on stdout: folded to fit a terminal, and in a pipe a line a row, as wide as it must be.

    Args:
        columns: what stands above each column.
        rows: one cell a column; None is an empty cell, `rich.text.Text` keeps its colour.
        title: stands above the table.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=_cell(title) if title else None, title_justify="left")
    for column in columns:
        table.add_column(_cell(column), overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(table)
        return
    console.width = console.measure(table, options=console.options.update(max_width=_ANY_WIDTH)).maximum
    with console.capture() as drawn:
        console.print(table)
    # The last cell of a row is padded to the longest of all: one long text would make every line as long.
    print(*(line.rstrip(" ") for line in drawn.get().split("\n")[:-1]), sep="\n")


def say(text: str) -> None:
    """A word for the person at the terminal, on stderr: stdout is for results."""
    print(text, file=sys.stderr)


class Steps:
    """Numbered steps of something long, each said on stderr when it begins and with its seconds once it is done.

    Bars are only drawn on a terminal; these lines also stand in a log, so that nobody takes work for a standstill.

    Args:
        of: how many there are.
    """

    def __init__(self, of: int) -> None:
        self._of = of
        self._begun = 0

    def begin(self, what: str) -> Callable[[], None]:
        """Say that the next step begins; what comes back is called once it is done."""
        self._begun += 1
        number, since = self._begun, time.perf_counter()
        say(f"[{number}/{self._of}] {what} ...")
        return lambda: say(f"[{number}/{self._of}] {what}: {time.perf_counter() - since:.1f} s")

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """The same around work; of work that fails its error tells."""
        done = self.begin(what)
        yield
        done()


class Bars:
    """Progress on stderr, a bar for each thing that is done; none where nobody is looking.

    Use it as a context; steps may come from any thread.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._progress = None if quiet or not sys.stderr.isatty() else _progress()
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def begin(self, what: str) -> Callable[[int, int | None], None]:
        """Show a bar at once; what comes back is told how many steps are done, of how many."""
        self.step(what, 0, None)
        return partial(self.step, what)

    def step(self, what: str, done: int, of: int | None) -> None:
        """Move a bar; it comes with its first step, so that none stands above a refusal."""
        if self._progress is None:
            return
        if what not in self._tasks:
            self._progress.start()
            self._tasks[what] = self._progress.add_task(what, total=of)
        self._progress.update(self._tasks[what], completed=done, total=of)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(SpinnerColumn(), *columns, console=Console(stderr=True))


def _cell(value: object) -> Text:
    """A cell as it is: "[new]" in a title is no markup, and a shopper's control characters never reach a terminal."""
    from rich.text import Text

    if isinstance(value, Text):
        return value
    return Text("" if value is None else _CONTROL.sub(" ", str(value)))
