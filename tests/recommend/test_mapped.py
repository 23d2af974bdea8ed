"""Behaviour on disk is the behaviour that memory would hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from zhanggui.recommend.engines import mapped
from zhanggui.recommend.engines.covisitation import CovisitationConfig, covisit
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.mapped import map_interactions, map_where

SIZE = 30


def columns(rows: int = 500) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(0)
    return {
        "person": rng.integers(-3, 40, rows),
        "product": rng.integers(1, SIZE, rows),
        "at_ms": rng.integers(0, 10**8, rows),
        "strength": rng.random(rows).astype(np.float32),
        "is_purchase": rng.random(rows) < 0.5,
    }


def test_mapped_rows_are_those_of_memory_whatever_the_blocks(tmp_path: Path) -> None:
    held = columns()
    wanted = Interactions.of(**held, size=SIZE)
    for block in (1, 37, 10_000):
        folder = tmp_path / str(block)
        folder.mkdir()

        found = map_interactions(lambda: batches(held, 64), folder, size=SIZE, block=block)

        for name in ("person", "product", "at_ms", "strength", "is_purchase", "session"):
            np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
        assert sorted(file.name for file in folder.iterdir()) == sorted(
            f"{name}.tmp" for name in ("person", "product", "at_ms", "strength", "is_purchase", "session")
        )


def test_what_a_taking_counts_for_and_where_it_came_about_are_mapped_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    held = columns() | {"worth": rng.random(500).astype(np.float32), "context": rng.integers(0, 9, 500, dtype=np.uint8)}
    wanted = Interactions.of(**held, size=SIZE)

    found = map_interactions(lambda: batches(held, 64), tmp_path, size=SIZE, block=100, columns=list(held))

    for name in ("worth", "context"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
        assert getattr(found, name).dtype == getattr(wanted, name).dtype


def test_rows_that_are_kept_are_those_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped, "_AT_ONCE", 64)
    events = Interactions.of(**columns(), size=SIZE)
    kept = np.random.default_rng(2).random(len(events)) < 0.7

    found, wanted = map_where(events, kept, tmp_path), events.where(kept)

    for name in ("person", "product", "at_ms", "strength", "is_purchase", "session", "worth", "context"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)


def test_pairs_are_counted_on_disk_as_in_memory(tmp_path: Path) -> None:
    held = columns()
    config = CovisitationConfig(by_moment=True, neighbours=5)

    found = covisit(config, map_interactions(lambda: batches(held, 50), tmp_path, size=SIZE, block=80), threads=2)

    wanted = covisit(config, Interactions.of(**held, size=SIZE))
    np.testing.assert_array_equal(found.ids, wanted.ids)
    np.testing.assert_allclose(found.weights, wanted.weights)


def test_no_rows_are_no_behaviour(tmp_path: Path) -> None:
    assert len(map_interactions(lambda: batches(columns(0), 10), tmp_path, size=SIZE)) == 0


def batches(held: dict[str, NDArray[Any]], rows: int) -> Iterator[dict[str, NDArray[Any]]]:
    for first in range(0, len(held["person"]), rows):
        yield {name: column[first : first + rows] for name, column in held.items()}
