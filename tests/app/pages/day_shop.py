"""A shop for a day's journey in a browser: an invented customer who buys, an owner who sees it, decides, pauses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.app.builders import SHOP, an_installation
from tests.app.conftest import MAIN, _wait, free_port

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Customer, Identifiers, LegalBasis, Offer, Product, ProductText

TEAS = 12


@contextmanager
def a_served_shop(folder: Path) -> Iterator[tuple[str, Settings]]:
    """The address of a real server with one worker and background work, and the settings of its shop."""
    settings, port = an_installation(folder), free_port()
    _furnish(settings)
    log = settings.home / "server.log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", str(port), "--workers", "1"],
            env=environ | {"ZHANGGUI_HOME": str(settings.home)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log)
        yield address, settings
    finally:
        process.terminate()
        process.wait(30)


def _furnish(settings: Settings) -> None:
    with open_rooms(SHOP, settings) as rooms:
        rooms.simulator.truth_folder.mkdir(parents=True)
        agree(rooms.consents, SIMULATED)
        zh = [ProductText(title=f"寿眉 {n} 号") for n in range(TEAS)]
        en = [ProductText(title=f"Shoumei no. {n}") for n in range(TEAS)]
        kinds = ("白茶", "红茶", "黑茶")
        rooms.catalogue.put_products(
            [
                Product(
                    id=f"day-{n}",
                    texts={"zh": zh[n], "en": en[n]},
                    category=("茶", kinds[n % 3]),
                    keywords=(kinds[n % 3],),
                )
                for n in range(TEAS)
            ]
        )
        rooms.catalogue.put_offers(
            [Offer(product_id=f"day-{n}", price_minor=16_800 + n, on_hand=99) for n in range(TEAS)]
        )
        lin = Identifiers(name="林若溪", phone="13812341234")
        invented = LegalBasis(kind="consent", notice=SIMULATED)
        rooms.people.put_customers([Customer(id="c-lin", province="浙江", identifiers=lin)], invented)


def a_session(settings: Settings) -> str:
    """The cookie of an owner who has logged in."""
    with open_control(settings) as control:
        control.users.add("owner", roles={SHOP: "owner"})
        return control.users.login_by_link(control.users.login_link("owner").rpartition("/")[2]).token
