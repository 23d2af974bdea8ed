"""What is set now, where it comes from, and the line that would change it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.app.web.listed import Field, Listed, unseen, word
from zhanggui.app.web.tables import Column
from zhanggui.kernel.settings import FILE_NAME, HeldSetting, held_settings
from zhanggui.kernel.words import N_

from .listing import choice
from .shell import Console

PARTS: Mapping[str, str] = {
    "": N_("Installation"),
    "server": N_("Server"),
    "shop": N_("Shop"),
    "outbox": N_("Outbox"),
    "jobs": N_("Background work"),
    "recommend": N_("Recommendations"),
    "fairness": N_("Fairness"),
    "privacy": N_("Figures for analysts"),
    "brief": N_("Morning brief"),
    "keys": N_("Master keys"),
    "watch": N_("Watch"),
    "log": N_("Log"),
    "features": N_("Features"),
}
SOURCES: Mapping[str, str] = {
    "file": N_("from the file"),
    "variable": N_("from a variable or the command line"),
    "default": N_("default"),
}
HELP: tuple[str, ...] = (
    N_("epsilon that an audience has until an owner grants anew"),
    N_("minor units of one purchase that count in a sum"),
    N_("people below which nothing is told without noise"),
    N_("purchases of one person that count in a figure"),
    N_("shops that are in no figure across shops"),
    N_("folder of all data"),
    N_("sqlite, or postgresql://user:password@host/name"),
    N_("address to listen on"),
    N_("port to listen on"),
    N_("server processes"),
    N_("threads of each worker for routes that wait"),
    N_("threads of native libraries in each worker"),
    N_("connections that may wait to be accepted"),
    N_("seconds that requests in flight get when the server stops"),
    N_("largest request body, in MiB"),
    N_("web origins whose pages may call the API, beside those that publishable keys list (CORS)"),
    N_("certificate chain, PEM file"),
    N_("private key of the certificate, PEM file"),
    N_("listen on a public address without TLS"),
    N_("where people reach the pages, for links: https://shop.example; empty: host and port"),
    N_("what the shop is called on its pages; empty: its name"),
    N_("time zone whose days the shop counts (IANA name)"),
    N_("language of words for people (BCP 47)"),
    N_("currency of prices (ISO 4217)"),
    N_("days (UTC) of events that stay in the store, today included, before the archive takes them"),
    N_("days within which a person answers what a shopper contests"),
    N_("where approved changes are posted, signed; empty: by file or by hand"),
    N_("post to addresses inside the own network, and over plain HTTP"),
    N_("seconds to wait for the receiver"),
    N_("deliveries tried before a person is asked"),
    N_("how far the jobs process stands back for the server (nice)"),
    N_("seconds after which the job of a dead process is taken over"),
    N_("milliseconds between looks for new work"),
    N_("threads of native libraries; 0: one for each core"),
    N_("memory that the training of one shop's model may take, in MiB"),
    N_("seconds of the processor for trying methods while training; 0: none is tried"),
    N_("train anew when the last training is so old; 0: not by time"),
    N_("train anew after so many new events, in percent of those before; 0: not by events"),
    N_("events of a training that may look like manipulation, in percent; more stop it; 100: never"),
    N_("people below which nothing is told of a group"),
    N_("least share of a group beside the most served one's, as a ratio; 0: no alert"),
    N_("most difference between two groups' shares; 1: no alert"),
    N_("let groups of people teach the recommender alike, whatever their size"),
    N_("tell tastes of profiles without what tells gender, age or region"),
    N_("what products below list price gain in every list, as a share of its spread of values; 0: none"),
    N_("most uneven a week's lists may show goods, 0 to 1; 1: no alert"),
    N_("least variety of categories of a week's lists, in bits; 0: no alert"),
    N_("least share of places for new sellers; 0: no alert"),
    N_("least novelty of a week's lists, in bits; 0: no alert"),
    N_("most narrow the middle person's lists may be, 0 to 1; 1: no alert"),
    N_("most that the middle person's bubble may grow from the first to the last week; 1: no alert"),
    N_("least level that is written"),
    N_("auto: console on a terminal, else JSON"),
    N_("the page at /docs that describes the API"),
    N_("load pictures from public addresses where an import asks for it"),
    N_("from when on it goes out, in the shop's time zone"),
    N_("addresses that get it by e-mail"),
    N_("address that it comes from; empty: the user of the mail server"),
    N_("mail server; empty: no e-mail"),
    N_("its port"),
    N_("how the way to it is encrypted"),
    N_("user of the mail server; empty: no login"),
    N_("seconds to wait for a mail server or a robot"),
    N_("post to robots over plain HTTP"),
    N_("key management service shaped like Vault's transit engine: https://vault.example:8200/v1/transit"),
    N_("name of the key there"),
    N_("program that wraps and unwraps master keys, with its arguments, instead of an address"),
    N_("seconds to wait for the key management service"),
    N_("robust standard deviations above the own history's median, from where on it is told"),
    N_("requests for people's data that one user or key may make in a day without a word"),
    N_("exports in a day without a word"),
    N_("failed logins in a day without a word"),
    N_("days that make a history"),
    N_("where alerts are posted, signed as the outbox does; empty: console and log"),
    N_("the page /tour, where anybody may try the demo shop and a file of their own without a login"),
)
"""The help of the settings, for the catalogues; a test holds it against theirs."""


@get("/console/{shop:str}/settings", include_in_schema=False, sync_to_thread=True, opt={"scope": "keys:read"})
def settings(console: NamedDependency[Console]) -> Response[str]:
    """All settings, those of a part together."""
    table = _table(console)
    held, say = table.ask.filters, console.view._
    parts = {part: PARTS.get(part, part) for part in dict.fromkeys(map(_part, settings_that_hold(console))) if part}
    return console.page(
        "console/settings.html",
        current="settings",
        tab="settings",
        table=table,
        choices=[
            choice(console, "part", say(N_("Section")), parts, held.get("part", "")),
            choice(console, "source", say(N_("Comes from")), SOURCES, held.get("source", "")),
        ],
        sources=SOURCES,
        file=str(_file(console)),
    )


@get("/console/{shop:str}/settings.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "keys:read"})
def settings_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same as a file."""
    return _table(console).file("settings")


def _table(console: Console) -> Listed[HeldSetting]:
    say = console.view._

    def titled(one: HeldSetting) -> str:
        return say(PARTS.get(_part(one), _part(one)))

    fields: tuple[Field[HeldSetting], ...] = (
        word("setting", say(N_("Setting")), lambda one: one.setting.path),
        Field(Column("part", say(N_("Section")), is_wide=True), _part, titled, titled),
        word("value", say(N_("Holds now")), lambda one: one.value),
        word("line", say(N_("Line in the file")), lambda one: one.line, is_wide=True),
        unseen("source", lambda one: one.source),
        unseen("default", lambda one: one.setting.default),
        unseen("variable", lambda one: one.setting.variable),
        unseen("help", lambda one: say(one.setting.help)),
    )
    return console.table("/settings").listed(
        settings_that_hold(console),
        fields,
        title=say(N_("Settings")),
        search=say(N_("Words or name of a setting")),
        nothing=say(N_("There are no settings.")),
        file=f"{console.base}/settings.csv",
        filters={"part": _part, "source": lambda one: one.source},
        words=lambda one: (one.setting.path, say(one.setting.help), one.value, titled(one)),
    )


def settings_that_hold(console: Console) -> tuple[HeldSetting, ...]:
    """Every setting with what holds now and where it comes from."""
    return held_settings(console.rooms.settings, _file(console))


def _file(console: Console) -> Path:
    """The settings file. A server hides it from its workers, which have every setting as a variable."""
    named = os.environ.get("ZHANGGUI_CONFIG", os.devnull)
    return console.rooms.settings.home / FILE_NAME if named == os.devnull else Path(named)


def _part(held: HeldSetting) -> str:
    return held.setting.path.rpartition(".")[0]


SETTINGS_ROUTES = (settings, settings_csv)
