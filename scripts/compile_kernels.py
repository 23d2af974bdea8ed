"""Compile the loops that serving, training and evaluating use, once, so that no test and no first start waits for them.

    python scripts/compile_kernels.py

The machine code is kept beside the sources. Where it is there already this takes some seconds. A loop of the package
that none of this has called is named, and the script fails: whoever adds one adds here what calls it.
SPDX-License-Identifier: Apache-2.0
"""

import importlib
import io
import sys
import tempfile
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
from numba.core.dispatcher import Dispatcher

import zhanggui
from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.places import create_shop
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.settings import Settings
from zhanggui.kernel.steps import quiet
from zhanggui.kernel.trees import Trees, attribute
from zhanggui.recommend.engines.arranging_kernels import unmet
from zhanggui.recommend.engines.content import ContentIndex
from zhanggui.recommend.engines.evaluation.protocols import leave_one_out
from zhanggui.recommend.engines.interactions import MANY_ROWS, Interactions, Ints
from zhanggui.recommend.engines.learners.covisit import Covisit
from zhanggui.recommend.engines.learners.named import LEARNERS, NEURAL
from zhanggui.recommend.engines.learners.plain import Popular
from zhanggui.recommend.engines.learners.ranking import FittedRanking, learn_ranking
from zhanggui.recommend.engines.ranking.calibration import Calibration
from zhanggui.recommend.engines.ranking.facts import FITS
from zhanggui.recommend.engines.ranking.stage import Stage
from zhanggui.recommend.engines.vector_spaces import VectorSpace, VectorSpaces
from zhanggui.recommend.service.surfaces import HOME
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.shop.types.browsing import CustomerAsk

PACKAGE = Path(zhanggui.__file__).parent
SHOP = "compiling"
ONE_TREE = Trees(
    feature=np.zeros((1, 1), dtype=np.int32),
    threshold=np.zeros((1, 1), dtype=np.float32),
    value=np.ones((1, 2)),
    cover=np.array([[2.0, 1.0, 1.0]]),
)


def main() -> None:
    """Make a shop in a folder of its own, train it and warm what serves it, with a model and without."""
    with tempfile.TemporaryDirectory(prefix="zg-compile-") as folder:
        settings = Settings(home=Path(folder) / "home")
        create_shop(settings, SHOP, system_clock)
        with open_rooms(SHOP, settings) as rooms:
            agree(rooms.consents, SIMULATED)
            rooms.simulator.fill(SimulationPlan(until=rooms.simulator.today(), products=30, customers=40, days=20))
            rooms.recommend.warm()  # as a shop without a model is served
            rooms.recommend.train()
            rooms.recommend.warm()
            serve(rooms)
        evaluate(Path(folder))
    learn_to_rank()
    compare_content()
    row = np.zeros((1, 1), dtype=np.float32)
    ONE_TREE.margins(row)  # what predicts
    attribute(ONE_TREE, row[0])  # what explains predictions
    if left := uncompiled():
        sys.exit(f"Nothing here calls these compiled loops: {', '.join(left)}.")


def serve(rooms: Rooms) -> None:
    """Answer a customer by a model with trees and a rule, say why, and look for what somebody never met."""
    models = rooms.recommend.models
    held = rooms.recommend.model_cards()[0]
    model, card = models.load(held), msgspec.structs.replace(held, id=new_id(), state="current")
    nothing = np.zeros((model.size, FITS), dtype=np.float32)
    met = np.zeros(model.size, dtype=np.int64)
    stage = Stage(trees=ONE_TREE, first_ms=met, fits=nothing, calibration=Calibration(1.0, 0.0))
    models.write(replace(model, stage=stage), card)
    rooms.db.write(lambda db: models.enter(db, card))
    for kind in (RuleKind.VARIETY, RuleKind.BOOST):
        target = "price_minor > 0" if kind is RuleKind.BOOST else ""
        rooms.rule_trials.rules.create(PutRule(kind=kind, target=target, value=0.5), "user:compiling")
    customer = rooms.browsing.customers(CustomerAsk(sort="orders", is_descending=True, limit=1)).rows[0].id
    best = rooms.recommend.for_shopper(customer_id=customer).items[0]
    rooms.recommend.explaining.explain(best.product_id, customer)
    snapshot, _, wish = rooms.recommend.asked(customer, None, 1, HOME)
    ids = np.arange(1, 3, dtype=np.int32)
    unmet(ids, ids.astype(np.int64), snapshot.category, snapshot.view.created_ms, wish.now_ms)


def learn_to_rank() -> None:
    """Let the second stage of `evaluate` learn, from more rows than are sorted without compiled code."""
    people = np.repeat(np.arange(100), 6)
    steps = np.tile(np.arange(6), 100)
    events = walk(people, 1 + (people + steps) % 8, steps)
    validation = leave_one_out(events).validation(np.random.default_rng(0))
    parts = [one.fit(validation.train, rng=np.random.default_rng(0), on_step=quiet) for one in (Covisit(), Popular())]
    weights = np.ones(2), np.array([1.0, 0.0])
    unlearned = FittedRanking.unlearned(parts, *weights, train=validation.train, keep_seen=True)
    learn_ranking(unlearned, validation, k=3, rng=np.random.default_rng(0))
    many = np.arange(MANY_ROWS)
    walk(many % 100, 1 + many % 8, many[::-1])


def compare_content() -> None:
    """Find what is like a product by words and by vectors."""
    near, vectors = np.array([[2], [1]], dtype=np.int32), np.ones((2, 1), dtype=np.float16)
    row_of = np.array([-1, 0, 1], dtype=np.int32)
    space = VectorSpace(column=0, floor=0.0, row_of=row_of, vectors=vectors, near=near)
    ContentIndex.of([(), ("tea",), ("cup",)]).neighbours(1, VectorSpaces((space,)))


def walk(person: Ints, product: Ints, step: Ints) -> Interactions:
    """Views, a minute between two."""
    rows = len(person)
    kept = {"strength": np.ones(rows), "is_purchase": np.zeros(rows, dtype=np.bool_), "size": 9}
    return Interactions.of(person=person, product=product, at_ms=step * 60_000, **kept)


def loops() -> dict[str, Dispatcher]:
    """Every compiled loop of the package by its name; one that is written into its callers is none by itself."""
    files = sorted(PACKAGE.rglob("*kernels.py"))
    names = (".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts) for file in files)
    found = (one for name in names for one in vars(importlib.import_module(name)).values())
    return {
        f"{one.py_func.__module__}.{one.py_func.__name__}": one
        for one in found
        if isinstance(one, Dispatcher) and one.targetoptions.get("inline", "never") == "never"
    }


def uncompiled() -> list[str]:
    """Loops of which no machine code lies beside the sources as they are."""
    return [name for name, one in loops().items() if not one._cache._cache_file._load_index()]


def evaluate(folder: Path) -> None:
    """Let every method of `evaluate` learn from 60 people who walk through 12 products in turn."""
    steps = [(f"u{person},p{(person + step) % 12:02},{step}") for person in range(60) for step in range(6)]
    (folder / "log.csv").write_text("\n".join(["user,item,position", *steps]), encoding="utf-8")
    items = [f"p{n:02},tea {n % 3}" for n in range(12)]
    (folder / "items.csv").write_text("\n".join(["item,kind", *items]), encoding="utf-8")
    files = ["--data", str(folder / "log.csv"), "--items", str(folder / "items.csv")]
    methods = ",".join(name for name in LEARNERS if name not in NEURAL)
    with redirect_stdout(io.StringIO()):
        run(["evaluate", "recommend", *files, "--models", methods, "--k", "1,3", "--quiet"])


if __name__ == "__main__":
    main()
