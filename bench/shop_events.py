"""`shop/events`: how many events a second are on disk when they are acknowledged, and that a kill loses none.

Two server processes, SQLite and then PostgreSQL, random ids, 50,000 visitors and 10,000 products, the load generator
on the same cores. BENCH_LARGE=1 preloads 20 million events instead of 5, BENCH_SECONDS shortens each measurement.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from .harness import Report, case
from .load import LoadResult, drive, post, process_cpu_s
from .postgresql import a_postgresql
from .shop_server import SHOP, Server, a_server

VISITORS, PRODUCTS, BATCH = 50_000, 10_000, 500
WARM_UP_S = 2.0
MARK = "@@@@@@@@@@@@@@@@"
KINDS = ("view_item", "view_item", "view_item", "select_item", "add_to_cart", "search")


def an_event(number: int, rng: random.Random) -> dict[str, object]:
    return {
        "id": f"{MARK}{number:03x}",
        "name": rng.choice(KINDS),
        "visitor_id": f"visitor-{rng.randrange(VISITORS):06d}",
        "product_id": f"product-{rng.randrange(PRODUCTS):05d}",
        "value_minor": rng.randrange(100, 100_000),
        "context": {"surface": "home", "position": rng.randrange(50)},
    }


@dataclass
class Posts:
    """Requests from pre-encoded bodies, random ids patched in; made in the generator's process."""

    headers: dict[str, str]
    size: int
    templates: list[bytes] = field(default_factory=list)

    def __call__(self, number: int) -> bytes:
        if not self.templates:
            self.templates = [self._template(random.Random(seed)) for seed in range(100 if self.size > 1 else 20_000)]
        template = self.templates[number % len(self.templates)]
        return template.replace(MARK.encode(), secrets.token_hex(8).encode())

    def _template(self, rng: random.Random) -> bytes:
        events = [an_event(number, rng) for number in range(self.size)]
        is_single = self.size == 1
        path = f"/v1/{SHOP}/events" if is_single else f"/v1/{SHOP}/events/batch"
        return post(path, json.dumps(events[0] if is_single else events).encode(), headers=self.headers)


def measure(
    server: Server, size: int, *, seconds: float, connections: int, rate: float | None = None
) -> tuple[LoadResult, float]:
    """Send posts of `size` events; what was seen, and the CPU microseconds that the server spent on an event."""
    posts = Posts(server.headers, size)
    before = process_cpu_s(server.pids())
    result = drive(server.address, posts, seconds=seconds, connections=connections, rate=rate, warm_up_s=WARM_UP_S)
    if result.errors > result.requests // 100:
        sys.exit(f"{result.errors} of {result.requests} requests failed, the first so: {result.first_error}")
    # The warm-up is in the CPU too: it is taken to have gone at the same rate.
    sent = result.rps * (result.seconds + WARM_UP_S) * size
    return result, (process_cpu_s(server.pids()) - before) / sent * 1e6


@case("shop/events")
def events(report: Report) -> None:
    seconds = float(os.environ.get("BENCH_SECONDS", "60"))
    preloaded = 20_000_000 if os.environ.get("BENCH_LARGE") else 5_000_000
    with a_server(scopes="events:write") as server:
        server.start()
        from_empty(report, server, seconds)
        server.stop()
        preload(server, preloaded)
        server.start()
        sustained, cpu_us = measure(server, BATCH, seconds=seconds, connections=32)
        report("preloaded_events", preloaded, unit="events")
        report("sustained_events_per_s", sustained.rps * BATCH, unit="events/s", bar=">= 20000")
        report("sustained_cpu_us_per_event", cpu_us, unit="us")
    with a_postgresql() as address:
        if address is None:
            report.note("PostgreSQL is not installed here: nothing beside SQLite")
            return
        with a_server(scopes="events:write", settings={"ZHANGGUI_DATABASE": address}) as server:
            server.start()
            from_empty(report, server, seconds, store="postgresql_")


def from_empty(report: Report, server: Server, seconds: float, store: str = "") -> None:
    """Batches, then single events, into a new store; the bars are those of SQLite, whose figures have no prefix.

    CPU is that of the server's processes, without PostgreSQL's own.
    """

    def bar(text: str) -> str | None:
        return None if store else text

    batch, cpu_us = measure(server, BATCH, seconds=min(seconds, 20), connections=32)
    report(f"{store}batch_events_per_s", batch.rps * BATCH, unit="events/s", bar=bar(">= 40000"))
    report(f"{store}batch_cpu_us_per_event", cpu_us, unit="us")
    fastest, cpu_us = measure(server, 1, seconds=min(seconds, 10), connections=64)
    report(f"{store}single_events_per_s", fastest.rps, unit="events/s", bar=bar(">= 5000"))
    report(f"{store}single_cpu_us_per_event", cpu_us, unit="us")
    rate = min(5000, 0.95 * fastest.rps)  # a rate that cannot be held measures the queue, not the server
    single, _ = measure(server, 1, seconds=min(seconds, 20), connections=64, rate=rate)
    report(f"{store}single_rate_for_p99", rate, unit="events/s", bar=bar(">= 5000"))
    report(f"{store}single_p99_ms", single.p99_ms, unit="ms", bar=bar("<= 25"))


def preload(server: Server, count: int) -> None:
    """Put events of the last days straight into the hot table, and as many ids into the day's table."""
    store = sqlite3.connect(server.store, isolation_level=None)
    rng = np.random.default_rng(5)
    now_ms = int(time.time() * 1000)
    today = f"event_ids_{time.strftime('%Y%m%d', time.gmtime())}"
    store.execute("PRAGMA synchronous=OFF")
    store.execute(f"CREATE TABLE IF NOT EXISTS {today} (id INTEGER PRIMARY KEY)")
    for start in range(0, count, 500_000):
        size = min(500_000, count - start)
        persons, products = rng.integers(1, VISITORS + 1, size), rng.integers(1, PRODUCTS + 1, size)
        rows = zip(persons.tolist(), products.tolist(), range(now_ms - size, now_ms), strict=True)
        store.execute("BEGIN")
        store.executemany(
            "INSERT INTO events (person, product, kind, at_ms, value_minor) VALUES (?, ?, 0, ?, 1990)", rows
        )
        ids = np.sort(rng.integers(-(2**63), 2**63 - 1, size)).tolist()
        store.executemany(f"INSERT OR IGNORE INTO {today} VALUES (?)", ((one,) for one in ids))
        store.execute("COMMIT")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


@dataclass
class Poster:
    """Posts events whose value is their own number, and posts again what was not acknowledged."""

    server: Server
    next_value: int = 1
    acknowledged: set[int] = field(default_factory=set)
    unsure: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            body = self._next()
            try:
                self._post(body)
            except (urllib.error.URLError, OSError, ValueError):
                with self.lock:
                    self.unsure.append(body)
                return

    def _next(self) -> bytes:
        with self.lock:
            if self.unsure:
                return self.unsure.pop()
            first, self.next_value = self.next_value, self.next_value + 50
        return json.dumps(
            [
                {"id": secrets.token_hex(8), "name": "view_item", "visitor_id": f"v{n % 97}", "value_minor": n}
                for n in range(first, first + 50)
            ]
        ).encode()

    def _post(self, body: bytes) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.address[1]}/v1/{SHOP}/events/batch",
            body,
            {"Content-Type": "application/json", **self.server.headers},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            receipt = json.load(answer)
        if receipt["accepted"] + receipt["duplicates"] == 50:
            with self.lock:
                self.acknowledged |= {event["value_minor"] for event in json.loads(body)}


@case("shop/events-kill")
def events_kill(report: Report) -> None:
    rounds = int(os.environ.get("BENCH_KILLS", "20"))
    rng = random.Random(20)
    with a_server(scopes="events:write") as server:
        poster = Poster(server)
        for _ in range(rounds):
            server.start()
            stop = threading.Event()
            threads = [threading.Thread(target=poster.run, args=(stop,)) for _ in range(8)]
            for thread in threads:
                thread.start()
            time.sleep(rng.uniform(0.2, 1.5))
            server.kill()
            stop.set()
            for thread in threads:
                thread.join()
        store = sqlite3.connect(server.store)
        counts = Counter(row[0] for row in store.execute("SELECT value_minor FROM events"))
        store.close()
    report("kills", rounds)
    report("acknowledged_events", len(poster.acknowledged), unit="events")
    report("lost_events", sum(counts[value] == 0 for value in poster.acknowledged), bar="== 0")
    report("doubled_events", sum(count > 1 for count in counts.values()), bar="== 0")
