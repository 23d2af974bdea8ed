"""How much of the personal data in the labelled texts the guard finds, how often it errs, and how fast it reads."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.harness import Report, case
from zhanggui.trust.engines.pii import KINDS, find

TEXTS = Path(__file__).parent.parent / "tests" / "trust" / "pii"
LABELLED = TEXTS / "labelled.jsonl"
BLIND = TEXTS / "blind.jsonl"
UNSEEN = TEXTS / "unseen.jsonl"
FRESH = TEXTS / "fresh.jsonl"
LATEST = TEXTS / "latest.jsonl"
NEWEST = TEXTS / "newest.jsonl"
ROUNDS = 10
PLAIN = (
    "茶叶很香，包装也好看，下次还会再来，推荐给喜欢绿茶的朋友",
    "物流很快，第二天就到了，就是盒子有点压坏，不影响喝",
    "一般般吧，味道淡了点，比上次买的差",
    "The cups arrived safely and look lovely on the table, thank you",
    "和图片一样，大小合适，妈妈很喜欢",
)
"""Reviews as most are: nothing personal in them."""


@dataclass
class Score:
    """Counts over a part of the set; a mark is found when spans cover it wholly."""

    marks: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    spans: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)

    def add(self, row: dict[str, Any]) -> None:
        """Score one line."""
        text, marks, spans = row["text"], _places(row), find(row["text"])
        covered = {place for span in spans for place in range(span.start, span.end)}
        for start, end, kind in marks:
            self.marks[kind] += 1
            self.found[kind] += covered.issuperset(range(start, end))
            self.exact[kind] += (start, end, kind) in spans
        for span in spans:
            self.spans[span.kind] += 1
            self.false[span.kind] += not any(span.start < end and start < span.end for start, end, _ in marks)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)

    def tell(self, report: Report, name: str, *, has_bar: bool) -> None:
        """Precision, recall and exact recall of all kinds together."""
        bar = ">= 0.97" if has_bar else None
        marks, spans = self.marks.total(), self.spans.total()
        report(f"{name}_recall", self.found.total() / marks, bar=bar)
        report(f"{name}_precision", 1 - self.false.total() / max(spans, 1), bar=bar)
        report(f"{name}_exact", self.exact.total() / marks)


@case("trust/pii")
def pii(report: Report) -> None:
    """Recall and precision by part and by kind, and texts a second on one core.

    The rules were made on `dev`, on `blind`, `unseen`, `fresh` and `latest` once these had been scored, and on ways to
    write of their own. `test` was scored before and read by nobody who wrote rules; `newest` was written by somebody
    who saw none. These two have bars.
    """
    labelled = _rows(LABELLED)
    parts = {name: Score() for name in ("dev", "blind", "unseen", "fresh", "latest", "test", "newest")}
    whole = Score()
    opened = (*_rows(BLIND, "blind"), *_rows(UNSEEN, "unseen"), *_rows(FRESH, "fresh"))
    for row in (*labelled, *opened, *_rows(LATEST, "latest"), *_rows(NEWEST, "newest")):
        parts[row["part"]].add(row)
        whole.add(row)
    for name, score in parts.items():
        score.tell(report, name, has_bar=name in ("test", "newest"))
    for kind in KINDS:
        report(f"{kind}_recall", whole.found[kind] / max(whole.marks[kind], 1))
        report(f"{kind}_precision", 1 - whole.false[kind] / max(whole.spans[kind], 1))
    report("texts_per_s_labelled", _rate([row["text"] for row in labelled]), unit="texts/s", bar=">= 30000")
    report("texts_per_s_reviews", _rate([*PLAIN] * 100), unit="texts/s")


def _rows(path: Path, part: str = "") -> list[dict[str, Any]]:
    """The lines of a file; each says its part itself, unless all are of one."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [{**row, "part": part} for row in rows] if part else rows


def _places(row: dict[str, Any]) -> list[tuple[int, int, str]]:
    places: list[tuple[int, int, str]] = []
    after = 0
    for mark in row["marks"]:
        start = row["text"].find(mark["text"], after)
        start = row["text"].index(mark["text"]) if start < 0 else start
        after = start + len(mark["text"])
        places.append((start, after, mark["kind"]))
    return places


def _rate(texts: list[str]) -> float:
    """Texts a second of processor time: the best of the rounds, as others use the same cores."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in texts:
            find(text)
        best = min(best, time.process_time() - started)
    return len(texts) / best
