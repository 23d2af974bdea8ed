"""`zhanggui demo`: one command from nothing to a served shop."""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console

from zhanggui.app import server
from zhanggui.app.agreed import DEMO, SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.decisions import seed_decisions
from zhanggui.app.places import create_shop
from zhanggui.app.rooms import Rooms
from zhanggui.audience.jobs.learned import request_learning
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.options import Port
from zhanggui.kernel.settings import Settings
from zhanggui.kernel.terminal import Bars, Steps, actor, say
from zhanggui.recommend.jobs.aims import request_trade_off
from zhanggui.shop import ShopError
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust import CreateKey, KeyActs

from .session import settings_now

SHOPS = {"simulated": "teahouse", "online-retail": "online-retail"}
Data = Literal["simulated", "online-retail"]
REAL = "zhanggui demo --data online-retail --file PATH"
KEY_NAME = "demo"
OWNER = "owner"
KEY_LIFE = timedelta(days=30)
MADE_STEPS = 5
SERVED_STEPS = MADE_STEPS + 1


def demo(
    *,
    data: Data | None = None,
    file: Path | None = None,
    port: Port = 8000,
    seed: int = 0,
    serve: Annotated[bool, Parameter(negative="--no-serve")] = True,
) -> int:
    """Make a shop, train it and serve it; prints where to look around, and three calls to try. Ctrl-C stops.

    A shop that is there already is served as it is.

    Args:
        data: simulated, or online-retail (the real UCI file); without, the one that fits whether a file is given.
        file: the UCI Online Retail file, as Parquet, CSV or XLSX.
        port: port to listen on.
        seed: another seed, another simulated shop.
        serve: serve at the end; without, only make and train.
    """
    settings, shop = _quiet(settings_now()), SHOPS[_chosen(data, file)]
    if serve:
        otherwise = "make demo PORT=8001, or zhanggui demo --port 8001"
        server.free_port(settings.server.host, port, otherwise=otherwise)
    steps = Steps(SERVED_STEPS if serve else MADE_STEPS)
    with steps.step("making the shop"):
        create_shop(settings, shop, system_clock)
    with open_rooms(shop, settings) as rooms, Bars() as bars:
        _make(rooms, file, seed, steps, bars)
        products = [ranked.product_id for ranked in rooms.recommend.preview(k=2).items]
        keys = _new_keys(settings, rooms) if serve else None
    if keys is None:
        return 0
    link, started = _login_link(settings, shop), steps.begin("starting the server")

    def ready(address: str) -> None:
        started()
        _tell(address, settings, shop, link, keys, products)

    return server.serve(_with_tour(settings), port=port, on_ready=ready)


def _make(rooms: Rooms, file: Path | None, seed: int, steps: Steps, bars: Bars) -> None:
    """All that a shop needs before somebody looks around in it."""
    with steps.step("filling it with goods, people and orders"):
        if not rooms.catalogue.products(limit=1):
            _fill(rooms, file, seed, bars)
    with steps.step("training what recommends"):
        _train(rooms, seed, bars)
    with steps.step("training what foretells"):
        _learn_to_foretell(rooms, seed, bars)
    with steps.step("making the first proposals, and looking after the promises"):
        seed_decisions(rooms)
        _check_promises(rooms)
        request_learning(rooms.db)  # segments, in the background once it serves
        if rooms.aim_desk.trade_offs.is_due():
            request_trade_off(rooms.db)


def _chosen(data: Data | None, file: Path | None) -> Data:
    """Which shop is wanted.

    Raises:
        InvalidInput: the real one without its file, or the simulated one with a file.
    """
    if data == "online-retail" and file is None:
        raise InvalidInput("The real shop needs its file.", hint=f"{REAL}   (archive.ics.uci.edu, dataset 352)")
    if data == "simulated" and file is not None:
        raise InvalidInput("A simulated shop takes no file.", hint=f"For the real one: {REAL}")
    return data or ("simulated" if file is None else "online-retail")


def _quiet(settings: Settings) -> Settings:
    """A demo's words are for a person: the log keeps to what is wrong, unless more of it was asked for."""
    log = settings.log
    level = "warning" if log.level == "info" else log.level
    return msgspec.structs.replace(settings, log=msgspec.structs.replace(log, level=level))


def _with_tour(settings: Settings) -> Settings:
    """The demo's own server shows the tour; any other only where its settings say so."""
    return msgspec.structs.replace(settings, features=msgspec.structs.replace(settings.features, tour=True))


def _login_link(settings: Settings, shop: str) -> str:
    """The way into the console for the user `owner`, who is made where there is none; it lets in once."""
    with open_control(settings) as control:
        held = next((user for user in control.users.list() if user.account == OWNER), None)
        if held is None:
            control.users.add(OWNER, roles={shop: "owner"})
        elif shop not in held.roles:
            control.users.set_role(OWNER, shop, "owner")
        return control.users.login_link(OWNER)


def _import_real(rooms: Rooms, file: Path, bars: Bars) -> None:
    agree(rooms.consents, DEMO)
    try:
        report = rooms.importer.run("orders", [file], f"consent:{DEMO}", on_step=bars.begin("importing orders"))
    except ShopError as error:
        raise InvalidInput(
            f"{file} is not the UCI file. {error}", hint="Get it at archive.ics.uci.edu, dataset 352 (Online Retail)."
        ) from error
    say(f"{report.rows_read:,} rows read, {report.rejected:,} rejected.")


def _fill(rooms: Rooms, file: Path | None, seed: int, bars: Bars) -> None:
    if file is not None:
        _import_real(rooms, file, bars)
        return
    plan = SimulationPlan(until=rooms.simulator.today(), seed=seed)
    agree(rooms.consents, SIMULATED)
    filled = rooms.simulator.fill(plan, lambda what, done, of: bars.step(f"simulating {what}", done, of))
    say(filled.summary)


def _train(rooms: Rooms, seed: int, bars: Bars) -> None:
    if any(card.state == "current" for card in rooms.recommend.model_cards()):
        say("A model serves already: zhanggui train makes another.")
        return
    report = rooms.recommend.train(seed, on_step=bars.begin("training"))
    say(report.summary)


def _learn_to_foretell(rooms: Rooms, seed: int, bars: Bars) -> None:
    if rooms.audience.predictions.serving():
        return
    done = rooms.audience.predictions.training.train(seed, bars.begin("learning to foretell"))
    serving = sum(card.state == "current" for card in done.cards)
    say(f"{serving} models of predictions serve, trained in {done.seconds:.1f} s.")


def _check_promises(rooms: Rooms) -> None:
    found = rooms.ethics.check()
    kept = sum(clause.state == "passed" for clause in found.clauses)
    say(f"{kept} of {len(found.clauses)} promises were looked after and are kept.")


def _new_keys(settings: Settings, rooms: Rooms) -> tuple[str, str]:
    """A service key and a publishable key of this demo; those of the demo before end."""
    with open_control(settings) as control:
        acts = KeyActs(keys=control.keys, ledger=rooms.ledger, shop=rooms.name, actor=actor())
        for key in control.keys.list(rooms.name):
            if key.name == KEY_NAME and key.revoked_at is None:
                acts.revoke(key.id)
        expires_at = system_clock() + KEY_LIFE
        service = acts.create(CreateKey(name=KEY_NAME, scopes=("*",), expires_at=expires_at))
        public = acts.create(CreateKey(name=KEY_NAME, kind="publishable", expires_at=expires_at))
    return service.secret, public.secret


def _tell(address: str, settings: Settings, shop: str, link: str, keys: tuple[str, str], products: list[str]) -> None:
    service, publishable = keys
    api = f"{address}/v1/{shop}"
    first = products[0] if products else "p1"
    command = "zhanggui" if shutil.which("zhanggui") else sys.argv[0]
    calls = f"""\
[bold]1. A visitor looks at a product[/bold]
curl -X POST {api}/events -H 'Authorization: Bearer {service}' -H 'Content-Type: application/json' \\
  -d '{{"id": "try-{new_id()}", "name": "view_item", "visitor_id": "me", "product_id": "{first}"}}'

[bold]2. What may they like next? The view above counts already[/bold]
curl '{api}/recommendations?visitor_id=me&k=3' -H 'Authorization: Bearer {service}'

[bold]3. "Show me less of this": the next answer of 2 has changed[/bold]
curl -X POST {api}/recommendations/show-less -H 'Authorization: Bearer {service}' \\
  -H 'Content-Type: application/json' -d '{{"product_id": "{first}", "visitor_id": "me"}}'
"""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.rule(f"The shop {shop} is open")
    # Plain lines: a box would cut the links where the terminal is narrow.
    console.print(
        f"Look around, no login:  [bold]{address}/tour[/bold]\n"
        f"Console, lets in once:  {address}/login/link/{link}\n"
        f"Storefront:             {address}/shop/{shop}\n"
        f"API:                    {address}/docs\n\n"
        f"Another link into the console: {command} --home {settings.home} users login-link {OWNER}\n"
    )
    console.print(calls)
    console.print(
        f"Service key (for servers, all rights, 30 days): {service}\n"
        f"Publishable key (for pages, own visitor only):  {publishable}\nCtrl-C stops.",
    )
