"""Models on the command line: training, cards, and earlier ones back into service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json, Quiet
from zhanggui.kernel.terminal import Bars, actor, print_json, print_json_lines, print_table
from zhanggui.recommend.engines.graphs.methods import NETWORK_NAMES
from zhanggui.recommend.errors import UnknownModel
from zhanggui.recommend.service.models.desk import ModelDesk
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.learning import TriedMethod
from zhanggui.recommend.types.quality import ModelQuality, TrainedModel


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
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            report = rooms.recommend.train(seed, bars.begin("training"), is_full=not incremental)
            tried = rooms.recommend.model_card(report.model).tried
        print(report.summary)
        for line in _networks(tried):
            print(line)
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
            print_json_lines(cards)
            return
        rows = ((one.id, one.state, one.rows, one.products, _said(one.recall), one.reason) for one in cards)
        print_table(("model", "state", "events", "products", "recall@20", "reason"), rows)


def _networks(tried: Sequence[TriedMethod]) -> Iterator[str]:
    """What became of the networks, those with the same end in one line."""
    ends: dict[str, list[str]] = {}
    for one in tried:
        if one.method in NETWORK_NAMES:
            share = f" ({one.weight:.0%} of what {one.graph} says)" if one.weight else ""
            ends.setdefault(one.reason, []).append(f"{one.method}{share}")
    for reason, names in ends.items():
        yield f"Networks: {', '.join(names)}: {reason}."


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
            if not (model or serving):
                raise UnknownModel("No model serves yet.", hint=f"Train one: zhanggui train {shop}")
            card = rooms.recommend.model_card(model or serving)
        if json:
            print_json(card.tried)
            return
        print_table(("lists", "method", "settings", "ndcg@20", "share", "seconds", "reason"), map(_try, card.tried))


def _try(one: TriedMethod) -> tuple[str, ...]:
    settings = ", ".join(f"{path} {value:g}" for path, value in one.settings.items())
    quality = "" if one.quality is None else f"{one.quality:.4f}"
    return one.graph, one.method, settings, quality, f"{one.weight:.0%}", f"{one.seconds:.1f}", one.reason


def _rolling_back(app: App, open_room: OpenModels) -> None:
    @app.command
    def rollback(shop: str, model: str | None = None, *, undo: bool = False, json: Json = False) -> None:
        """Let an earlier model serve again, at once; it stays until newer events made a better one.

        Args:
            shop: the shop's name.
            model: its id; without one, the newest of those that are kept.
            undo: take the last rollback back instead.
        """
        with open_room(shop) as rooms:
            acts = rooms.model_desk.acts
            card = acts.undo(actor()) if undo else acts.put_back(model, actor())
        if json:
            print_json(card)
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
            print_json(report)
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
            print_json(seen)
            return
        if seen.differ is None or seen.shared is None:
            print("No shopper was shown a list in the last 7 days, so there are no lists to compare.")
            return
        print(
            f"{seen.shoppers} shoppers: {seen.differ:g} of the first {seen.places} places hold another product, "
            f"{seen.shared:g} products are in both lists; {seen.alike} would see the very same list."
        )
        if seen.is_repeated:
            print("Both learned the same from the same events with the same seed.")


def _print_quality(report: ModelQuality) -> None:
    print_table(("model", "state", "recall@20", "95 % interval", "popular", "sessions"), map(_measured, report.models))
    days = (
        (day.day, day.lists, f"{day.clicked / day.lists:.1%}", f"{day.bought / day.lists:.1%}")
        for day in report.days
        if day.lists
    )
    print_table(("day", "lists", "clicked within a day", "bought within a day"), days)
    print(f"{report.uncounted} lists of strangers, or of people who may not be counted, are left out.")
    for drift in report.drifts:
        about = f"{drift.what} ({drift.category})" if drift.category else drift.what
        figures_said = f"{drift.before:.1%} before, {drift.now:.1%} now"
        print(f"Departs: {about}: {figures_said}; {drift.strength:.2f}, limit {drift.limit}.")


def _measured(model: TrainedModel) -> tuple[object, ...]:
    interval = "-" if model.low is None else f"{_said(model.low)} to {_said(model.high)}"
    return model.id, model.state, _said(model.recall), interval, _said(model.popular), model.occasions


def _said(figure: float | None) -> str:
    """A figure, or a dash for what was not measured."""
    return "-" if figure is None else f"{figure:.4f}"
