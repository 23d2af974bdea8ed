"""Real drifts in a wired shop: other goods are wanted, lists are taken up less, or by one group more than another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs
from tests.app.builders import SHOP, an_installation
from tests.app.test_watching import SECRET, Receiver, receiver  # noqa: F401  (a fixture)
from tests.conftest import FixedClock

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_rooms
from zhanggui.app.jobs import handlers
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.jobs import JobRunner
from zhanggui.kernel.settings.sections import FairnessSettings, WatchSettings
from zhanggui.shop import Customer, Event, EventName, Product, ProductText
from zhanggui.shop.types import LegalBasis
from zhanggui.shop.types.accepting import ServedList
from zhanggui.trust.service.watch.watch import TELL_KIND
from zhanggui.trust.types.watch import Alert, AlertKind

BEFORE_DAYS, NOW_DAYS = 28, 8
WOMEN, MEN = [f"w{n}" for n in range(12)], [f"m{n}" for n in range(12)]


@dataclass
class Days:
    """Days of a shop: everybody is shown tea; who is named clicks it; all look at goods of a category."""

    rooms: Rooms
    clock: FixedClock
    day: int = 0

    def __post_init__(self) -> None:
        people = [*WOMEN, *MEN]
        customers = [Customer(id=one, gender="female" if one in WOMEN else "male") for one in people]
        self.rooms.people.put_customers(customers, LegalBasis(kind="consent", notice=SIMULATED))
        agree(self.rooms.consents, SIMULATED)
        goods = {"tea": "茶", "cup": "器", "cake": "点"}
        self.rooms.catalogue.put_products(
            [Product(id=one, category=(kind,), texts={"zh": ProductText(title=one)}) for one, kind in goods.items()]
        )
        with self.rooms.db.read() as db:
            numbers = self.rooms.people.numbers(db, people)
            self._tea = self.rooms.live.view(db).numbers["tea"]
        self._numbers = [numbers[0, one] for one in people]

    def pass_by(self, days: int, *, clicking: list[str], looked_at: str) -> None:
        for _ in range(days):
            self.day += 1
            self.clock.advance(days=1)
            self._show()
            self.clock.advance(minutes=1)
            acts = [(who, "tea") for who in clicking]
            acts += [(who, looked_at) for who in (*WOMEN, *MEN) for _ in range(2)]
            self.rooms.events.accept(
                [
                    Event(id=f"{self.day}-{n}", name=EventName.VIEW_ITEM, customer_id=who, product_id=product)
                    for n, (who, product) in enumerate(acts)
                ]
            )
            self.clock.advance(minutes=-1)
        self.rooms.db.write(lambda _: None)  # what was handed to the writer before is committed by now

    def _show(self) -> None:
        self.rooms.served.log_served(
            [
                ServedList(
                    id=f"{self.day:04}{n:022}",
                    person=person,
                    surface="home",
                    at_ms=to_ms(self.clock()),
                    products=(self._tea,),
                    propensities=(1.0,),
                    model="m",
                )
                for n, person in enumerate(self._numbers)
            ]
        )


@pytest.fixture
def days(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver, clock: FixedClock) -> Iterator[Days]:  # noqa: F811
    receiver.posts.clear()
    folder = tmp_path_factory.mktemp("drifts")
    (folder / "home").mkdir()
    (folder / "home/webhook_secret.secret").write_text(SECRET)
    settings = an_installation(
        folder,
        clock=clock,
        watch=WatchSettings(webhook_url="https://alerts.tea.example.cn/in"),
        fairness=FairnessSettings(smallest_group=10, most_bubble=1.0, least_entropy=0.0, most_gini=1.0),
    )
    with open_rooms(SHOP, settings, clock=clock) as rooms:
        yield Days(rooms, clock)


def looked(days: Days) -> tuple[dict[str, Alert], set[str]]:
    """What a look of the next day finds, by subject, and what it says in the log."""
    days.clock.advance(days=1, hours=1)
    days.rooms.fairness.look()
    with capture_logs() as lines:
        alerts = days.rooms.watch.look()
    return {one.subject: one for one in alerts}, {line["about"] for line in lines if line["event"] == "watch.alert"}


def tell(days: Days) -> None:
    """Do the jobs that send alerts."""
    own = [handler for handler in handlers(days.rooms) if handler.kind == TELL_KIND]
    JobRunner(days.rooms.db, own, days.clock, "watch").drain()


def test_a_shop_that_stays_as_it_was_raises_nothing(days: Days) -> None:
    days.pass_by(BEFORE_DAYS + NOW_DAYS, clicking=[*WOMEN[:6], *MEN[:6]], looked_at="cup")

    alerts, _ = looked(days)

    assert alerts == {}


def test_other_goods_wanted_and_lists_less_taken_up_are_told_everywhere_and_closed(
    days: Days,
    receiver: Receiver,  # noqa: F811
) -> None:
    days.pass_by(BEFORE_DAYS, clicking=[*WOMEN[:6], *MEN[:6]], looked_at="cup")
    days.pass_by(NOW_DAYS, clicking=[], looked_at="cake")

    alerts, logged = looked(days)
    tell(days)

    assert {one.subject: one.kind for one in alerts.values()} == {
        "categories": AlertKind.DATA,
        "clicks": AlertKind.MODEL,
    }
    assert all(one.seen > one.most for one in alerts.values())
    assert logged == set(alerts)
    posted = [one for post in receiver.posts for one in json.loads(post.content)["payload"]["alerts"]]
    assert {one["subject"] for one in posted} == set(alerts)
    assert {one.id for one in days.rooms.watch.alerts(open_only=True)} == {one["id"] for one in posted}

    for one in alerts.values():
        days.rooms.watch.acknowledge(one.id, "a new season", "user:li")

    assert days.rooms.watch.alerts(open_only=True) == []
    assert days.rooms.watch.look() == []
    days.pass_by(BEFORE_DAYS + NOW_DAYS, clicking=[*WOMEN[:6], *MEN[:6]], looked_at="cake")
    assert looked(days)[0] == {}


def test_lists_that_one_group_takes_up_and_another_does_not_are_told(days: Days) -> None:
    days.pass_by(BEFORE_DAYS + NOW_DAYS, clicking=WOMEN, looked_at="cup")

    alerts, logged = looked(days)

    uneven = {subject for subject in alerts if "gender" in subject and "clicked" in subject}
    assert uneven
    assert uneven <= logged
    assert {alerts[subject].kind for subject in uneven} == {AlertKind.MODEL}
