"""The command `zhanggui`: every room's commands under one roof, each loaded when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Group, Parameter
from rich.console import Console

import zhanggui

from .errors import INTERRUPTED, WRONG_INPUT, show, worded

DEBUG = "--debug"
ROOMS = "zhanggui.app.cli.rooms"
START, FACTS, WORK, TRUST, RUN = (
    Group(name, sort_key=place) for place, name in enumerate(["Start", "Facts", "Understanding", "Trust", "Running"])
)
COMMANDS = (
    (START, "demo", "zhanggui.app.cli.demo:demo", "Make a shop, train it and serve it: everything in one command."),
    (START, "init", "zhanggui.app.cli.stores:init", "Make a new, empty shop."),
    (START, "settings", "zhanggui.app.cli.stores:settings", "Show all settings: value, variable, what it is for."),
    (FACTS, "import", f"{ROOMS}:import_", "Take in a shop's files: CSV, XLSX, Parquet, JSON, GA4, feeds."),
    (FACTS, "export", f"{ROOMS}:export", "Write everything that the shop knows into files."),
    (FACTS, "restore", f"{ROOMS}:restore", "Take in what export wrote."),
    (FACTS, "products", f"{ROOMS}:products", "What the shop sells."),
    (FACTS, "orders", f"{ROOMS}:orders", "What was bought."),
    (FACTS, "people", f"{ROOMS}:people", "Who the shop's shoppers are."),
    (FACTS, "discover", f"{ROOMS}:discover", "What the rows say at first: what runs out, lies, goes together."),
    (FACTS, "simulate", f"{ROOMS}:simulate", "Fill a fresh shop with invented goods, shoppers and days."),
    (FACTS, "import-profile", f"{ROOMS}:import_profile", "Look into an unknown file and propose a map."),
    (FACTS, "import-undo", f"{ROOMS}:import_undo", "Take a whole import back."),
    (WORK, "recommend", f"{ROOMS}:recommend", "What a shopper may like next, with reasons; training."),
    (WORK, "audience", f"{ROOMS}:audience", "What the shop may know of its shoppers, with evidence."),
    (WORK, "evaluate", "zhanggui.app.cli.evaluating:evaluate", "Measure recommenders on your own export; no shop."),
    (WORK, "train", f"{ROOMS}:train", "Train the recommender anew; it serves when its checks pass."),
    (TRUST, "proposals", f"{ROOMS}:proposals", "What is proposed, and deciding it."),
    (TRUST, "brief", f"{ROOMS}:brief", "At most three things to decide, and how old the facts behind them are."),
    (TRUST, "ledger", f"{ROOMS}:ledger", "What was decided and done, provable."),
    (TRUST, "person", f"{ROOMS}:person", "What the shop holds of one person: give it to them, or take it away."),
    (TRUST, "egress", f"{ROOMS}:egress", "Which outside hosts the shop calls, with what, and where they are."),
    (TRUST, "ethics", f"{ROOMS}:ethics", "What is promised, whether it is kept, and where the law stands."),
    (TRUST, "audit", f"{ROOMS}:audit", "The yearly review of ethics and compliance."),
    (TRUST, "consents", f"{ROOMS}:consents", "What people agreed to, by purpose and channel; notices."),
    (TRUST, "contests", f"{ROOMS}:contests", "What shoppers contest, and answering it."),
    (TRUST, "fairness", f"{ROOMS}:fairness", "Whether groups of people are served alike."),
    (TRUST, "guard", "zhanggui.trust.commands.guard:guard", "Take personal data out of a text."),
    (TRUST, "assess", f"{ROOMS}:assess", "Fill the impact assessment from the store and the code."),
    (TRUST, "breach", f"{ROOMS}:breach", "Rehearse a leak: who is affected, what they are told, by when."),
    (TRUST, "figures", f"{ROOMS}:figures", "Figures for analysts that tell nothing of one person."),
    (TRUST, "linkage", f"{ROOMS}:linkage", "Whether what leaves for others can be matched to one person."),
    (TRUST, "watch", f"{ROOMS}:watch", "What is unlike what it was, and who has seen to it."),
    (TRUST, "keys", f"{ROOMS}:keys", "API keys."),
    (TRUST, "users", f"{ROOMS}:users", "People who work with the shop's pages."),
    (TRUST, "pause", f"{ROOMS}:pause", "Stop all outlets and let every kind only observe; serving goes on."),
    (TRUST, "resume", f"{ROOMS}:resume", "Go on at the levels that were set, and send what waits."),
    (RUN, "serve", "zhanggui.app.cli.running:serve", "Serve all shops over HTTP."),
    (RUN, "work", "zhanggui.app.cli.running:work", "Do the background work of all shops."),
    (RUN, "jobs", "zhanggui.app.cli.jobs:jobs", "Background work: what waits, runs, failed."),
    (RUN, "migrate", "zhanggui.app.cli.stores:migrate", "Bring all stores to this version."),
    (RUN, "backup", "zhanggui.app.cli.backups:backup", "Copy everything while it serves; check a copy, put it back."),
    (RUN, "master-key", "zhanggui.app.cli.master_keys:master_key", "Go to a new master key while everything serves."),
    (RUN, "doctor", "zhanggui.app.cli.running:doctor", "Look for what is wrong with this installation."),
    (RUN, "mcp", "zhanggui.app.cli.running:mcp", "Offer a shop's tools to an assistant over stdio (MCP)."),
)


def build_app() -> App:
    """The command tree; nothing of a room is imported until its command is called."""
    app = App(
        name="zhanggui",
        help="掌柜 Zhanggui, the open AI shopkeeper. Commands that take a SHOP work on that shop's own store.",
        version=zhanggui.__version__,
        exit_on_error=False,
        result_action="return_value",
        error_console=Console(stderr=True),
        error_formatter=worded,
        default_parameter=Parameter(negative=()),
    )
    for group, name, path, help_ in COMMANDS:
        app.command(path, name=name, group=group, help=help_)

    @app.meta.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        home: Path | None = None,
        config: Path | None = None,
        debug: bool = False,  # noqa: ARG001  (taken out by `run` before parsing; stands here for the help)
    ) -> object:
        """Run a command.

        Args:
            home: folder of all data (else ZHANGGUI_HOME, else ./zhanggui-data).
            config: settings file (else ZHANGGUI_CONFIG, else zhanggui.toml in the home folder).
            debug: show the traceback when something fails.
        """
        if home is not None:
            os.environ["ZHANGGUI_HOME"] = str(home)
        if config is not None:
            os.environ["ZHANGGUI_CONFIG"] = str(config)
        return app(tokens)

    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit code and never raises what a user can cause."""
    console = Console(stderr=True)
    try:
        result = build_app().meta([word for word in arguments if word != DEBUG])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except KeyboardInterrupt:
        return INTERRUPTED
    except CycloptsError:
        return WRONG_INPUT  # printed already, with what was seen and what fits
    except Exception as error:  # noqa: BLE001  (the last door: a readable block instead of a traceback)
        if DEBUG in arguments:
            console.print_exception()
        return show(error, console)
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def main() -> None:
    """The entry point of the console script."""
    sys.exit(run(sys.argv[1:]))
