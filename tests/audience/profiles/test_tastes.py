"""Tastes of profiles told without groups: by a setting, learned from people's tastes, with what it costs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.shop import Shop
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.shop import Customer, LegalBasis, Offer, Order, OrderLine, Product, ProductText
from zhanggui.trust.engines.fairness.probing import can_probe, dealt, probe
from zhanggui.trust.service.fairness.erasing import TasteErasing
from zhanggui.trust.service.training_data import TrainingGate
from zhanggui.trust.types.fairness import TasteErasure, held_off

CONTRACT = LegalBasis(kind="contract")
NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)
PEOPLE = 60
TEAS = ("明前龙井 绿茶", "碧螺春 绿茶", "普洱 熟茶", "白毫银针 白茶", "铁观音 乌龙", "正山小种 红茶")
CUPS = ("青瓷 茶杯", "紫砂 壶", "玻璃 公道杯", "竹 茶盘", "白瓷 盖碗", "铸铁 水壶")
needs_sklearn = pytest.mark.skipif(not can_probe(), reason="no extra")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Women mostly buy teas, men cups: their tastes tell who they are."""
    clock, rng = FixedClock(NOW), np.random.default_rng(4)
    settings = an_installation(tmp_path_factory.mktemp("tastes"), clock=clock)
    settings = msgspec.structs.replace(
        settings, fairness=msgspec.structs.replace(settings.fairness, erase_tastes=True, smallest_group=10)
    )
    goods = [*TEAS, *CUPS]
    with Shop.open(SHOP, settings=settings, clock=clock) as shop:
        shop.catalogue.put_products([Product(id=name, texts={"zh": ProductText(title=name)}) for name in goods])
        shop.catalogue.put_offers([Offer(product_id=name, price_minor=5_000) for name in goods])
        shop.people.put_customers(
            [Customer(id=f"u{n}", gender="female" if n % 2 else "male") for n in range(PEOPLE)], CONTRACT
        )
        lines = []
        for n in range(PEOPLE):
            own, others = (TEAS, CUPS) if n % 2 else (CUPS, TEAS)
            chosen = [*rng.choice(own, 3, replace=False), *rng.choice(others, 1)]
            lines += [
                Order(
                    id=f"o{n}-{at}",
                    customer_id=f"u{n}",
                    at=NOW - timedelta(days=20 - at),
                    lines=(OrderLine(id="1", product_id=str(name), quantity=1, unit_price_minor=5_000),),
                )
                for at, name in enumerate(chosen)
            ]
        shop.orders.put_orders(lines, CONTRACT)
        shop.audience.keeping.rebuild()
        yield shop


class Nobody:
    """Everybody said no to training since the rows were read."""

    def allows(self, person: int, purpose: Purpose) -> bool:
        return False

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        return set()

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:
        return set()


def erasing(shop: Shop) -> TasteErasing:
    found = shop.audience.profiles.eraser
    assert isinstance(found, TasteErasing)
    return found


def told(shop: Shop) -> np.ndarray:
    return np.array([shop.audience.profile(f"u{n}", with_taste=True).taste for n in range(PEOPLE)])


@pytest.fixture(scope="module")
def learned(shop: Shop) -> TasteErasure | None:
    """What takes groups out of this shop's tastes, learned once."""
    return erasing(shop).measure()


def test_no_taste_is_told_before_there_is_something_to_take_groups_out_with(shop: Shop) -> None:
    assert not erasing(shop).path.exists()

    assert shop.audience.profile("u1", with_taste=True).taste == ()
    assert shop.audience.profile("u1", with_taste=True).interests


@needs_sklearn
def test_tastes_are_told_so_that_no_head_reads_a_group_off_them_and_the_cost_is_measured(
    shop: Shop, learned: TasteErasure | None
) -> None:
    measured = learned

    assert measured is not None
    assert (measured.people, measured.dimensions, measured.is_applied) == (PEOPLE, 64, True)
    assert {one.kind for one in measured.before} == {"gender"}
    assert held_off(measured.before) is False
    assert measured.is_reached is True
    assert measured.recall_cost.low <= measured.recall_cost.value <= measured.recall_cost.high
    code = np.array([n % 2 for n in range(PEOPLE)])
    folds = dealt(PEOPLE)
    assert not any(one.tells for one in probe([told(shop)] * len(folds), code, folds))
    plain = replace(erasing(shop), is_on=False).tastes.rows(PEOPLE).vectors
    assert any(one.tells for one in probe([plain] * len(folds), code, folds))


def test_a_taste_stays_as_it_is_where_the_setting_is_off(shop: Shop) -> None:
    off = replace(erasing(shop), is_on=False, path=shop.folder / "nothing.npy")

    assert off.erase((0.5, 0.25)) == (0.5, 0.25)
    off.measure()
    assert not off.path.exists()


@pytest.mark.usefixtures("learned")
def test_what_is_learned_holds_nobody(shop: Shop) -> None:
    assert np.load(erasing(shop).path).shape == (65, 64)


@pytest.mark.usefixtures("learned")
def test_tastes_that_do_not_pass_the_gate_leave_what_was_learned_before(shop: Shop) -> None:
    before = erasing(shop).path.read_bytes()
    closed = TrainingGate(db=shop.db, clock=shop.clock, gate=Nobody())

    refused = replace(erasing(shop), data_gate=closed).measure()

    assert refused is not None
    assert (refused.refused, refused.people) == ("consent", PEOPLE)
    assert erasing(shop).path.read_bytes() == before
    assert [(one.kind, one.reason, one.people) for one in closed.sheets()] == [("taste_eraser", "consent", PEOPLE)]
    first = replace(erasing(shop), data_gate=closed, path=shop.folder / "never.npy").measure()
    assert first is not None
    assert (first.refused, first.recall_cost.value) == ("consent", 0.0)
    assert not (shop.folder / "never.npy").exists()


def test_who_takes_training_back_is_learned_from_no_more(shop: Shop) -> None:
    with shop.db.read() as db:
        number = shop.audience.shoppers.known(db, "u3").number
    assert number in erasing(shop).tastes.rows(PEOPLE).person

    shop.consents.set_personalization(number, on=False, actor="test")

    assert number not in erasing(shop).tastes.rows(PEOPLE).person
