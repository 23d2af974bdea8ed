"""Imports of vectors that come between one another, and answers meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop
from tests.recommend.test_vectors import BOWL, CUP, LAMP, PICTURES, keep, stocked

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Kind
from zhanggui.recommend.errors import ImportOvertaken
from zhanggui.recommend.service.vectors import storing
from zhanggui.recommend.tables.vectors import vectors_in


class Between:
    """A store in which something happens before a write, and something else after the next."""

    def __init__(
        self, db: Database, *, before: Callable[[], Any] | None = None, after: Callable[[], Any] | None = None
    ):
        self._db, self._before, self._after = db, before, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def write(self, work: Any) -> Any:
        before, self._before = self._before, None
        if before is not None:
            before()
        done = self._db.write(work)
        after, self._after = self._after, None
        if after is not None:
            after()
        return done


@pytest.fixture
def shop(any_database: Database, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> TestShop:
    """Imports of more than two rows go in slices."""
    monkeypatch.setattr(storing, "AT_ONCE", 2)
    return stocked(any_database, tmp_path, clock)


def put(shop: TestShop, vectors: dict[str, tuple[float, ...]], **between: Callable[[], Any]) -> Any:
    desk = shop.recommend.vectors
    meeting: Any = Between(desk.db, **between)
    rows = np.array(list(vectors.values()), dtype=np.float32)
    return replace(desk, db=meeting).put("image", "clip", list(vectors), rows)


def neighbours(shop: TestShop, space: str) -> dict[int, set[int]]:
    with shop.recommend.vectors.db.read() as db:
        rows = vectors_in(db, space)
    return {product: set(near) - {0} for product, near in zip(rows.products.tolist(), rows.near.tolist(), strict=True)}


def test_half_an_import_is_in_no_answer_and_the_whole_one_is(shop: TestShop) -> None:
    running, codes, cards = shop.recommender(), set(), []
    running.similar(CUP, k=9)

    def meanwhile() -> None:
        for one in (running, shop.recommender()):
            codes.update(found.reason.code for found in one.similar(CUP, k=9).items)
        cards.extend(shop.recommend.vectors.cards())

    put(shop, PICTURES, after=meanwhile)

    assert "looks_alike" not in codes
    assert [card.is_finished for card in cards] == [False]
    assert [card.is_finished for card in shop.recommend.vectors.cards()] == [True]
    for one in (running, shop.recommender()):
        assert one.similar(CUP, k=9).items[0].reason.code == "looks_alike"


def test_an_import_of_another_length_between_two_slices_stops_the_first(shop: TestShop) -> None:
    running = shop.recommender()
    running.similar(CUP, k=9)
    flat = {CUP: (1.0, 0.0), LAMP: (0.0, 1.0), BOWL: (1.0, 0.1)}

    with pytest.raises(ImportOvertaken, match="version clip, had ended") as told:
        put(shop, PICTURES, after=lambda: keep(shop, flat, version="flat"))

    assert told.value.kind is Kind.CONFLICT
    (card,) = shop.recommend.vectors.cards()
    assert (card.version, card.dimension, card.products, card.is_finished) == ("flat", 2, 3, True)
    for one in (running, shop.recommender()):
        assert one.similar(CUP, k=9).items[0].product_id == BOWL


def test_what_a_stopped_import_left_is_linked_by_the_next_and_sent_again_nothing_is_missing(shop: TestShop) -> None:
    late = {"茶0": (0.9, 0.0, 0.2), "茶1": (1.0, 0.1, 0.1)}
    with pytest.raises(ImportOvertaken):
        put(shop, PICTURES, after=lambda: keep(shop, late))

    keep(shop, PICTURES)
    keep(shop, PICTURES | late, space="text")

    assert neighbours(shop, "image") == neighbours(shop, "text")
    assert shop.recommend.vectors.cards()[0].is_finished


def test_an_import_that_ends_before_another_writes_is_read_first(shop: TestShop) -> None:
    put(shop, {CUP: PICTURES[CUP]}, before=lambda: keep(shop, {LAMP: PICTURES[LAMP]}))

    assert sorted(map(len, neighbours(shop, "image").values())) == [1, 1]


def test_a_space_that_is_removed_between_two_slices_stays_removed(shop: TestShop) -> None:
    with pytest.raises(ImportOvertaken, match="import or removal"):
        put(shop, PICTURES, after=lambda: shop.recommend.vectors.remove("image"))

    assert shop.recommend.vectors.cards() == []
    assert neighbours(shop, "image") == {}
