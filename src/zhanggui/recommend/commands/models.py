"""Models on the command line: training, cards, and earlier ones back into service."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec
from cyclopts import App
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from zhanggui.kernel.options import Json, Quiet
from zhanggui.recommend.service.models.desk import ModelDesk
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.quality import ModelQuality


class ModelRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""

    @property
    def model_desk(self) -> ModelDesk:
        """The shop's models."""


OpenModels = Callable[[str], AbstractContextManager[ModelRooms]]


def model_commands(app: App, open_room: OpenModels) -> None:
    """`train`, `models`, `tried`, `rollback`, `quality` and `compare`."""
    _training(app, open_room)
    _tried(app, open_room)
    _rolling_back(app, open_room)
    _looking_back(app, open_room)


def _training(app: App, open_room: OpenModels) -> None:
    @app.command
    def train(shop: str, *, seed: int = 0, incremental: bool = False, quiet: Quiet = False) -> int:
        """Train the model anew; it goes into service when its checks pass.

        Args:
            shop: the shop's name.
            seed: equal seeds and facts give equal models.
            incremental: take over the blend, and the content lists where no product was changed.
        """
        with open_room(shop) as rooms, Progress(console=Console(stderr=True), disable=quiet) as bars:
            bar = bars.add_task("training", total=None)
            report = rooms.recommend.train(
                seed, lambda done, of: bars.update(bar, completed=done, total=of), is_full=not incremental
            )
        print(report.summary)
        return 0 if report.in_service else 3

    @app.command
    def models(shop: str, *, json: Json = False) -> None:
        """List the models, newest first.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            cards = rooms.recommend.model_cards()
        if json:
            for card in cards:
                print(msgspec.json.encode(card).decode())
            return
        table = Table("model", "state", "events", "products", "recall@20", "reason")
        for card in cards:
            recall = f"{card.metrics.get('recall@20', 0.0):.4f}"
            table.add_row(card.id, card.state, str(card.rows), str(card.products), recall, card.reason)
        Console().print(table)


def _tried(app: App, open_room: OpenModels) -> None:
    @app.command
    def tried(shop: str, model: str | None = None, *, json: Json = False) -> None:
        """Show which methods were tried for a model's lists, how each did, and why it serves or not.

        Args:
            shop: the shop's name.
            model: its id; without one, the model that serves.
        """
        with open_room(shop) as rooms:
            cards = rooms.recommend.model_cards()
            serving = next((card.id for card in cards if card.state == "current"), "")
            card = rooms.recommend.model_card(model or serving)
        if json:
            print(msgspec.json.encode(card.tried).decode())
            return
        table = Table("lists", "method", "settings", "ndcg@20", "share", "seconds", "reason")
        for one in card.tried:
            settings = ", ".join(f"{path} {value:g}" for path, value in one.settings.items())
            quality = "" if one.quality is None else f"{one.quality:.4f}"
            table.add_row(
                one.graph, one.method, settings, quality, f"{one.weight:.0%}", f"{one.seconds:.1f}", one.reason
            )
        Console().print(table)


def _rolling_back(app: App, open_room: OpenModels) -> None:
    @app.command
    def rollback(shop: str, model: str | None = None, *, undo: bool = False, json: Json = False) -> None:
        """Let an earlier model serve again, at once; it stays until newer events made a better one.

        Args:
            shop: the shop's name.
            model: its id; without one, the newest of those that are kept.
            undo: take the last rollback back instead.
        """
        actor = f"local:{getpass.getuser()}"
        with open_room(shop) as rooms:
            acts = rooms.model_desk.acts
            card = acts.undo(actor) if undo else acts.put_back(model, actor)
        if json:
            print(msgspec.json.encode(card).decode())
        else:
            print(f"Model {card.id} serves, trained from {card.rows:,} events.")


def _looking_back(app: App, open_room: OpenModels) -> None:
    @app.command
    def quality(shop: str, *, json: Json = False) -> int:
        """Show how models do over time, and what served lists led to; exit code 3 when something departs.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            report = rooms.model_desk.quality.report()
        if json:
            print(msgspec.json.encode(report).decode())
        else:
            _print_quality(report)
        return 3 if report.drifts else 0

    @app.command
    def compare(shop: str, first: str, second: str, *, json: Json = False) -> None:
        """Show how differently two models would serve the last shoppers.

        Args:
            shop: the shop's name.
            first: the id of a model that serves or is kept.
            second: the id of another.
        """
        with open_room(shop) as rooms:
            seen = rooms.model_desk.comparing.compare(first, second)
        if json:
            print(msgspec.json.encode(seen).decode())
            return
        print(
            f"{seen.shoppers} shoppers: {seen.differ:g} of the first {seen.places} places hold another product, "
            f"{seen.shared:g} products are in both lists; {seen.alike} would see the very same list."
        )


def _print_quality(report: ModelQuality) -> None:
    out = Console()
    models = Table("model", "state", "recall@20", "95 % interval", "popular", "sessions")
    for model in report.models:
        interval = f"{model.low:.4f} to {model.high:.4f}"
        figures = (f"{model.recall:.4f}", interval, f"{model.popular:.4f}", str(model.occasions))
        models.add_row(model.id, model.state, *figures)
    days = Table("day", "lists", "clicked within a day", "bought within a day")
    for day in report.days:
        if day.lists:
            shares = (f"{taken / day.lists:.1%}" for taken in (day.clicked, day.bought))
            days.add_row(day.day, str(day.lists), *shares)
    out.print(models)
    out.print(days)
    print(f"{report.uncounted} lists of strangers, or of people who may not be counted, are left out.")
    for drift in report.drifts:
        about = f"{drift.what} ({drift.category})" if drift.category else drift.what
        figures_said = f"{drift.before:.1%} before, {drift.now:.1%} now"
        print(f"Departs: {about}: {figures_said}; {drift.strength:.2f}, limit {drift.limit}.")
