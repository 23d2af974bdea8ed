"""`shop/simulate`: a shop of the usual size, from the seed to the store, pictures included."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import zhanggui.kernel.changes  # noqa: F401  (its tables belong to every store)
from bench.harness import Report, case
from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import open_database, shop_metadata
from zhanggui.kernel.media import MediaStore
from zhanggui.shop.simulate import SimulationPlan, Simulator


@case("shop/simulate")
def simulate(report: Report) -> None:
    """500 products, 2,000 customers, 90 days, into a fresh SQLite store."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        db = open_database(f"sqlite:///{home / 'shop.db'}")
        db.write(shop_metadata.create_all)
        simulator = Simulator(
            db=db,
            cipher=SubjectCipher(bytes(32)),
            media=MediaStore(home / "media"),
            clock=lambda: datetime(2026, 3, 14, tzinfo=UTC),
            folder=home,
            truth_folder=home / "truth",
        )
        started = time.perf_counter()
        made = simulator.fill(SimulationPlan(until=date(2026, 3, 14), seed=1))
        seconds = time.perf_counter() - started
        db.close()
    report.note(made.summary)
    report("seconds", seconds, unit="s", bar="<= 20")
    report("events", made.events)
    report("orders", made.orders)
    report("served_lists", made.served_lists)
