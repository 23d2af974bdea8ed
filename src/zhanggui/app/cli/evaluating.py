"""`zhanggui evaluate recommend`: on files, so it needs no shop; rooms are loaded when it runs, not for its help."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from cyclopts import App, Parameter, validators
from rich.console import Console
from rich.progress import Progress, TaskID

from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.options import Json, Quiet
from zhanggui.kernel.terminal import say

if TYPE_CHECKING:
    from zhanggui.recommend.service.evaluating.evaluator import Evaluation, Wish
    from zhanggui.recommend.service.evaluating.results import Line

_Share = Annotated[float, Parameter(validator=validators.Number(gt=0, lt=1))]
_Column = Annotated[str, Parameter(group="Columns, guessed where they are not named")]
_Many = Parameter(negative=())
_PIPED_WIDTH = 1_000  # so that no cell of a table is cut; the tables are as narrow as they can be


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Log:
    """What is measured on.

    Attributes:
        data: the log: CSV, TSV, JSON lines or Parquet; a row an event, or a list of products a session.
        protocol: how it is cut; guessed from the files.
        test: what came after: pairs (given-test), sessions, or questions with columns prefix and next_item.
        seen: whether products of a history are ranked; given-test removes them, the others keep them.
        held: share of events (temporal) or sessions that is asked for.
        cut: the moment of temporal, as 2024-01-31; else the share decides.
        user: column of people.
        item: column of products.
        time: column of times, or of places in a sequence.
        value: column of ratings or quantities; never guessed. 0 and less speak against a product.
        event: column of kinds of event.
        basket: column of orders.
        session: column of sessions.
        weights: how much a kind of event is wanted, as buy=1,pv=0.2.
        split: write what may be learned from and the questions, without the answers, to this folder.
    """

    data: Path
    protocol: Literal["leave-one-out", "last-basket", "temporal", "given-test", "sessions"] | None = None
    test: Path | None = None
    seen: Literal["keep", "remove"] | None = None
    held: _Share = 0.1
    cut: str = ""
    user: _Column = ""
    item: _Column = ""
    time: _Column = ""
    value: _Column = ""
    event: _Column = ""
    basket: _Column = ""
    session: _Column = ""
    weights: _Column = ""
    split: Path | None = None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Models:
    """What is measured.

    Attributes:
        models: names, parted by commas; `all` is every one.
        k: lengths of list, parted by commas.
        predictions: your own lists: user, item and rank or score; give it again for another file.
        model: your own class, as package.module:Class or file.py:Class; its code runs.
        budget: processor time for all models together, as 20m; what does not fit is said first and left out.
        items: attributes of products (item and other columns): for `content` and `auto`, and to measure diversity.
        seed: of everything drawn; the same seed gives the same figures.
    """

    models: str = "popularity,item-knn,auto"
    k: str = "10,20"
    predictions: Annotated[list[Path], _Many] = field(default_factory=list)
    model: Annotated[list[str], _Many] = field(default_factory=list)
    budget: str = ""
    items: Path | None = None
    seed: int = 0


def evaluate_commands(clock: Clock) -> App:
    """`evaluate recommend`."""
    app = App(name="evaluate", help="Measure models on your own export, beside plain ones and beside yours.")

    @app.command
    def recommend(
        log: Log,
        models: Models = Models(),
        *,
        html: Path | None = None,
        json: Json = False,
        quiet: Quiet = False,
    ) -> int:
        """Measure recommenders on a log of behaviour.

        All products are ranked, equal scores share their ranks, intervals are over people, and an audit prints first.

        Args:
            log: what is measured on.
            models: what is measured.
            html: write a report with charts to this file.
        """
        from zhanggui.recommend.service.evaluating.evaluator import Evaluation

        evaluation = Evaluation(wish=_wish(log, models), clock=clock)
        return _run(evaluation, html, json=json, quiet=quiet)

    return app


def _wish(log: Log, models: Models) -> Wish:
    from zhanggui.recommend.service.evaluating.asking import Asking
    from zhanggui.recommend.service.evaluating.columns import Columns
    from zhanggui.recommend.service.evaluating.evaluator import Wish
    from zhanggui.recommend.service.evaluating.planning import lengths_of, names_of, seconds_of, weights_of

    asking = Asking(
        data=log.data,
        test=log.test,
        protocol=log.protocol,
        columns=Columns(**{role: getattr(log, role) for role in _ROLES}),
        keep_seen=None if log.seen is None else log.seen == "keep",
        held=log.held,
        cut=log.cut,
        weights=weights_of(log.weights),
    )
    return Wish(
        asking=asking,
        models=names_of(models.models),
        ks=tuple(lengths_of(models.k)),
        predictions=models.predictions,
        others=models.model,
        attributes=models.items,
        budget_s=seconds_of(models.budget),
        seed=models.seed,
        split=log.split,
    )


_ROLES = ("user", "item", "time", "value", "event", "basket", "session")


def _run(evaluation: Evaluation, html: Path | None, *, json: bool, quiet: bool) -> int:
    from zhanggui.recommend.service.evaluating.printing import Printer
    from zhanggui.recommend.service.evaluating.report import write_report
    from zhanggui.recommend.service.evaluating.results import FailedLine

    console = Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)
    printer = Printer(console)
    lines: list[Line] = []
    with nullcontext() if quiet else _Bars(evaluation, _beside(console)):
        for line in evaluation.lines():
            lines.append(line)
            if json:
                print(msgspec.json.encode(line).decode(), flush=True)
            else:
                printer.show(line)
    if not json:
        printer.finish()
    if html:
        write_report(html, lines)
        say(f"Report: {html}")
    return 3 if any(isinstance(line, FailedLine) for line in lines) else 0


def _beside(console: Console) -> Console:
    """Where bars go: to stderr, but on one screen through one console, or rows and bars overwrite each other."""
    return console if console.is_terminal else Console(stderr=True)


class _Bars:
    """One bar a step; a step that is done leaves."""

    def __init__(self, evaluation: Evaluation, console: Console) -> None:
        self._bars = Progress(console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}
        evaluation.on_step = self._step

    def __enter__(self) -> None:
        self._bars.start()

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def _step(self, what: str, done: int, of: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=of)
        self._bars.update(self._tasks[what], completed=done, total=of, visible=done < of)


evaluate = evaluate_commands(system_clock)
