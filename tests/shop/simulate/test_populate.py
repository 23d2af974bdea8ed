from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.shop.simulate.builders import UNTIL, a_plan

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.kernel.media import MediaStore, inspect_image
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Catalogue, Orders, People
from zhanggui.shop.engines.event_admission import read_extra
from zhanggui.shop.simulate import ShopNotEmpty, SimulatedShop, Simulator, Truth, populate, simulate
from zhanggui.shop.simulate.commands import commands
from zhanggui.shop.tables.events import events, read_tail
from zhanggui.shop.tables.events.served import served_lists, served_of
from zhanggui.shop.tables.words import reviews
from zhanggui.shop.types import EVENT_NUMBERS, EventName, OrderState

CIPHER = SubjectCipher(bytes(32))


@pytest.fixture(scope="module")
def shop() -> SimulatedShop:
    return simulate(a_plan())[0]


def count(db: Database, table: Personal) -> int:
    with db.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table.for_(Purpose.SERVICE))).scalar_one())


def a_simulator(db: Database, folder: Path, clock: FixedClock) -> Simulator:
    return Simulator(
        db=db,
        cipher=CIPHER,
        media=MediaStore(folder / "media"),
        clock=clock,
        folder=folder / "shop",
        truth_folder=folder / "truth",
    )


def test_everything_stands_in_the_store(any_database: Database, shop: SimulatedShop, clock: FixedClock) -> None:
    db = any_database

    populate(db, CIPHER, None, shop)

    bought = sum(len(order.lines) for order in shop.orders if order.state is not OrderState.CANCELLED)
    returned = sum(len(each.lines) for each in shop.returns)
    assert count(db, events) == len(shop.acts.kind) + bought + returned
    assert count(db, served_lists) == len(shop.lists.person)
    assert count(db, reviews) == len(shop.reviews)
    catalogue = Catalogue(db=db, clock=clock)
    assert catalogue.product(shop.products[3].id) == shop.products[3]
    assert Orders(db=db, clock=clock).order(shop.orders[0].id, purpose=Purpose.SERVICE).lines == shop.orders[0].lines
    people = People(db=db, clock=clock, cipher=CIPHER)
    assert people.customer(shop.customers[5].id, Purpose.SERVICE).identifiers == shop.customers[5].identifiers


def test_a_shopper_who_logged_in_has_both_histories(sqlite: Database, shop: SimulatedShop, clock: FixedClock) -> None:
    populate(sqlite, CIPHER, None, shop)
    login = shop.logins[0]
    person = int(login.customer_id[1:]) - 1

    with sqlite.read() as db:
        subject = People(db=sqlite, clock=clock, cipher=CIPHER).subject(db, customer_id=login.customer_id)
        assert subject is not None
        tail = read_tail(db, subject.numbers, limit=10_000, purpose=Purpose.SERVICE)

    own = (shop.acts.person == person) & (shop.acts.product >= 0)
    lines = [line for order in shop.orders if order.customer_id == login.customer_id for line in order.lines]
    assert len(subject.numbers) == 2
    assert len(tail) == own.sum() + len(lines)
    assert (np.diff(tail.at_ms) <= 0).all()


def test_an_event_names_the_list_that_it_answers(sqlite: Database, shop: SimulatedShop) -> None:
    populate(sqlite, CIPHER, None, shop)
    table = events.for_(Purpose.SERVICE)
    clicked = table.c.kind == EVENT_NUMBERS[EventName.SELECT_ITEM]

    with sqlite.read() as db:
        row = db.execute(sa.select(table).where(clicked).limit(1)).one()
        context = read_extra(row.extra).context
        served = served_of(db, context.list_id, purpose=Purpose.SERVICE)

    assert served is not None
    assert context.position is not None
    assert served.person == row.person
    assert served.products[context.position] == row.product
    assert served.propensities[context.position] == pytest.approx(context.propensity)
    assert context.surface in {"home", "search"}
    assert context.device in {"phone", "desktop", "tablet"}


def test_a_shop_that_holds_products_is_refused(sqlite: Database, shop: SimulatedShop) -> None:
    populate(sqlite, CIPHER, None, shop)
    before = count(sqlite, events)

    with pytest.raises(ShopNotEmpty):
        populate(sqlite, CIPHER, None, shop)

    assert count(sqlite, events) == before


def test_the_command_fills_a_shop_and_keeps_its_truth_apart(
    sqlite: Database, tmp_path: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    simulator = a_simulator(sqlite, tmp_path, clock)
    app = commands(lambda _name: simulator)

    words = "teahouse --seed 7 --products 30 --customers 40 --days 5 --quiet --json"
    code = app(words.split(), result_action="return_value")

    report = msgspec.json.decode(capsys.readouterr().out)
    assert code == 0
    assert (report["products"], report["customers"], report["days"]) == (30, 40, 5)
    truth = Truth.load(tmp_path / "truth")
    assert truth.plan.until == UNTIL
    assert {path.name for path in (tmp_path / "shop").iterdir()} == {"conversations.jsonl"}
    product = Catalogue(db=sqlite, clock=clock).product("p00001")
    assert inspect_image(MediaStore(tmp_path / "media").get(product.images[0])).format == "PNG"


@pytest.mark.parametrize(
    ("word", "names"), [("--products 0", "products"), ("--shoppers stedy", "stedy"), ("--days -1", "days")]
)
def test_an_impossible_plan_is_refused_by_name(
    sqlite: Database, tmp_path: Path, clock: FixedClock, word: str, names: str
) -> None:
    app = commands(lambda _name: a_simulator(sqlite, tmp_path, clock))

    with pytest.raises(Exception, match=names):
        app(["teahouse", *word.split()], result_action="return_value", exit_on_error=False)


def test_progress_is_told_stage_by_stage(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    told: dict[str, tuple[int, int]] = {}

    a_simulator(sqlite, tmp_path, clock).fill(
        a_plan(products=10, customers=10, days=3), lambda what, done, of: told.update({what: (done, of)})
    )

    assert list(told) == ["shoppers", "pictures", "facts", "days"]
    assert all(done == of for done, of in told.values())
