"""`recommend/serve` and `recommend/serve-million`: a large shop asked by a million visitors, the load generator beside.

Every answer reads the visitor's own last events, ranks live, leaves out what must not come, arranges, explains each of
ten products and logs the list. The shop is made from a seed: groups of products that belong together, and visitors who
look at two groups each. Products and offers come in by the catalogue's own door; the visitors and their four million
events are written straight into their tables, by the functions that the event door itself ends in.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from .harness import Report, case
from .load import LoadResult, drive, get, process_cpu_s
from .shop_server import SHOP, Server, a_server

if TYPE_CHECKING:
    from zhanggui.app.rooms import Rooms

SEED = 16
SHOPPERS = 1_000_000
EVENTS_EACH = 4
GROUP = 40
"""Products that belong together."""
AT_ONCE = 5_000
SECONDS = 20.0
WARM_UP_S = 2.0
RATES = (200, 300, 400, 500, 600, 700, 800, 1000, 1300, 1600)
DAY_MS = 86_400_000
KIB_A_PRODUCT = 3
"""What a large shop's operator sets the memory of a model to; the usual 1,024 MiB hold some 440,000 products."""
_FILL = """
import json, sys
from bench.recommend_serve_large import fill
fill(json.loads(sys.argv[1]), int(sys.argv[2]))
"""


@dataclass(frozen=True)
class Ask:
    """The n-th request: visitors far apart, so that nothing is warm by accident."""

    headers: dict[str, str]

    def __call__(self, n: int) -> bytes:
        return get(f"/v1/{SHOP}/recommendations?visitor_id=v{n * 7919 % SHOPPERS}&k=10", headers=self.headers)


@case("recommend/serve")
def serve(report: Report) -> None:
    """100,000 products, 1,000,000 shoppers: median and p99 at 800/s, the highest rate at p99 <= 25 ms, memory."""
    _serve(report, products=100_000, rate=800, bars={"p50_ms": "<= 2", "p99_ms": "<= 10"})


@case("recommend/serve-million")
def serve_million(report: Report) -> None:
    """1,000,000 products, 1,000,000 shoppers: p99 at 300/s."""
    _serve(report, products=1_000_000, rate=300, bars={"p99_ms": "<= 20"})


def _serve(report: Report, *, products: int, rate: float, bars: dict[str, str]) -> None:
    settings = {"ZHANGGUI_RECOMMEND__MEMORY_MB": str(max(1_024, products * KIB_A_PRODUCT // 1_024))}
    with a_server(scopes="recommend:read", settings=settings) as server:
        filled = _filled(server, products)
        report.note(filled["summary"])
        for name in ("products_s", "shoppers_s", "train_s"):
            report(name, filled[name], unit="s")
        started = time.perf_counter()
        server.start()
        report("ready_s", time.perf_counter() - started, unit="s")
        ask = Ask(server.headers)
        _measure(server, ask, rate=100, seconds=5)
        before = process_cpu_s(server.pids())
        result = _measure(server, ask, rate=rate, seconds=SECONDS)
        spent_s = process_cpu_s(server.pids()) - before
        for name, value in (("p50_ms", result.p50_ms), ("p99_ms", result.p99_ms)):
            report(name, value, unit="ms", bar=bars.get(name))
        report("rps", result.rps, unit="requests/s")
        report("errors", result.errors, bar="== 0")
        report("cpu_us_per_request", spent_s / (result.rps * (result.seconds + WARM_UP_S)) * 1e6, unit="us")
        report("memory_mb", _memory_mb(server), unit="MB", bar="<= 2048" if products <= 100_000 else None)
        report("highest_rps_p99_25ms", _highest(server, ask), unit="requests/s")


def _measure(server: Server, ask: Ask, *, rate: float, seconds: float) -> LoadResult:
    return drive(server.address, ask, seconds=seconds, connections=64, rate=rate, warm_up_s=WARM_UP_S)


def _highest(server: Server, ask: Ask) -> float:
    held = 0.0
    for rate in RATES:
        result = _measure(server, ask, rate=rate, seconds=5)
        if result.p99_ms > 25 or result.errors:
            break
        held = result.rps
    return held


def _memory_mb(server: Server) -> float:
    """Of all processes, what they share counted once."""
    return sum(psutil.Process(pid).memory_full_info().pss for pid in server.pids()) / 2**20


def _filled(server: Server, products: int) -> dict[str, Any]:
    words = [sys.executable, "-c", _FILL, json.dumps(server.settings), str(products)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The shop could not be filled:\n{done.stderr[-3000:]}")
    filled: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return filled


def fill(settings: dict[str, str], products: int) -> None:
    """Make the shop and train, in a process of its own; prints the seconds of each step."""
    from zhanggui.app.build import open_rooms
    from zhanggui.kernel.settings import load_settings

    with open_rooms(SHOP, load_settings(None, settings)) as rooms:
        times = [time.perf_counter()]
        _put_products(rooms, products)
        times.append(time.perf_counter())
        _put_behaviour(rooms, products)
        times.append(time.perf_counter())
        report = rooms.recommend.train()
        times.append(time.perf_counter())
    steps = dict(zip(("products_s", "shoppers_s", "train_s"), np.diff(times).round(1).tolist(), strict=True))
    print(json.dumps({**steps, "summary": report.summary}))


def _put_products(rooms: Rooms, products: int) -> None:
    from zhanggui.shop import Offer, Product, ProductState, ProductText

    for start in range(0, products, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, products))
        rooms.catalogue.put_products(
            [
                Product(
                    id=f"p{n}",
                    texts={"zh": ProductText(title=f"商品 {n} 号")},
                    category=(f"类 {n // GROUP % 30}", f"组 {n // GROUP % 900}"),
                    brand=f"牌 {n % 700}",
                    state=ProductState.ACTIVE,
                )
                for n in numbers
            ]
        )
        rooms.catalogue.put_offers([Offer(product_id=f"p{n}", price_minor=100 + n % 30_000) for n in numbers])


def _put_behaviour(rooms: Rooms, products: int) -> None:
    from zhanggui.kernel.clock import system_clock, to_ms
    from zhanggui.shop import EVENT_NUMBERS, EventName
    from zhanggui.shop.tables.events import append_events
    from zhanggui.shop.tables.people import VISITOR, person_numbers
    from zhanggui.shop.tables.products import product_numbers

    rng = np.random.default_rng(SEED)
    with rooms.db.read() as db:
        known = product_numbers(db, [f"p{n}" for n in range(products)])
    number = np.array([known[f"p{n}"] for n in range(products)])
    viewed, carted = EVENT_NUMBERS[EventName.VIEW_ITEM], EVENT_NUMBERS[EventName.ADD_TO_CART]
    end_ms = to_ms(system_clock() - timedelta(hours=1))
    for start in range(0, SHOPPERS, 20_000):
        ids = [f"v{n}" for n in range(start, start + 20_000)]
        people = rooms.db.write(partial(person_numbers, kind=VISITOR, external_ids=ids, create=True))
        taken = _taken(rng, len(ids), products)
        kind = np.where(rng.random(taken.size) < 0.2, carted, viewed)
        # All of one time are written together; the shop's whole past is sixty days.
        at_ms = end_ms - (SHOPPERS - start) * 60 * DAY_MS // SHOPPERS + np.arange(taken.size) % (3 * 60_000)
        whose = np.repeat([people[id_] for id_ in ids], EVENTS_EACH)
        columns = (whose, number[taken.ravel()], kind, at_ms)
        rows = [(*row, None, None) for row in zip(*(column.tolist() for column in columns), strict=True)]
        rooms.db.write(partial(append_events, rows=rows))


def _taken(rng: np.random.Generator, people: int, products: int) -> np.ndarray:
    """(people, events) products from two groups each, the groups of low number far more often."""
    groups = products // GROUP
    liked = (groups * rng.random((people, 2)) ** 2.5).astype(np.int64)
    which = liked[np.arange(people)[:, None], rng.integers(2, size=(people, EVENTS_EACH))]
    return which * GROUP + (GROUP * rng.random((people, EVENTS_EACH)) ** 1.5).astype(np.int64)
