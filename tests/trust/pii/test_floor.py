"""The guard on the labelled set: what it finds and how often it errs stay above a floor.

Reads the part `dev` alone, on which rules may be made; `test` and what was labelled later are the bench's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from zhanggui.trust.engines.pii import KINDS, find

FLOOR = 0.97
Place = tuple[int, int, str]


def labelled() -> Iterator[tuple[str, list[Place]]]:
    """(text, marks as start, end, kind) of the part `dev`; each mark's substring is sought after the one before it."""
    for line in (Path(__file__).parent / "labelled.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["part"] != "dev":
            continue
        places, after = list[Place](), 0
        for mark in row["marks"]:
            start = row["text"].index(mark["text"], after)
            after = start + len(mark["text"])
            places.append((start, after, mark["kind"]))
        yield row["text"], places


def scored(lines: Sequence[tuple[str, list[Place]]]) -> tuple[float, float]:
    """Recall (marks that spans cover wholly) and precision (spans that touch a mark)."""
    found = marked = right = told = 0
    for text, marks in lines:
        spans = find(text)
        covered = {place for span in spans for place in range(span.start, span.end)}
        marked += len(marks)
        found += sum(covered.issuperset(range(start, end)) for start, end, _ in marks)
        told += len(spans)
        right += sum(any(span.start < end and start < span.end for start, end, _ in marks) for span in spans)
    return found / marked, right / told


@pytest.fixture(scope="module")
def dev() -> list[tuple[str, list[Place]]]:
    return list(labelled())


def test_recall_and_precision_on_dev_stay_above_the_floor(dev: list[tuple[str, list[Place]]]) -> None:
    recall, precision = scored(dev)

    assert recall >= FLOOR
    assert precision >= FLOOR


def test_no_kind_falls_below_nine_of_ten(dev: list[tuple[str, list[Place]]]) -> None:
    """A kind has some twenty lines: two that slip would hide in the sum of all."""
    for kind in KINDS:
        marks = [(text, [mark for mark in marks if mark[2] == kind]) for text, marks in dev]
        of_kind = [(text, marks) for text, marks in marks if marks]
        assert scored(of_kind)[0] >= 0.9, kind


def test_the_score_can_fall(dev: list[tuple[str, list[Place]]]) -> None:
    """Marks that nobody could find lower the recall, traps that are marked by none lower the precision."""
    lost = [(text, [*marks, (0, len(text), "name")]) for text, marks in dev]
    free = [(text, []) for text, _ in dev[1:]] + [dev[0] if dev[0][1] else next(one for one in dev if one[1])]

    assert scored(lost)[0] < FLOOR
    assert scored(free)[1] < FLOOR


def test_the_part_is_as_large_as_it_was_labelled(dev: list[tuple[str, list[Place]]]) -> None:
    assert len(dev) == 310
    assert sum(not marks for _, marks in dev) == 171
