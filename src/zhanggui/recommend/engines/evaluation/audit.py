"""What to know of a log before believing any figure: leaks, duplicates, doubtful order, questions without an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhanggui.recommend.engines.interactions import Interactions, Ints

from .keys import among, distinct, pairs
from .tasks import Task

Order = Literal["time", "position", "none"]
_MIXED = np.uint64(0x9E3779B97F4A7C15)
_FEW = 20
_LEAST_COPIED = 4  # shorter histories are alike by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at.

    Attributes:
        code: what, in one word.
        level: `warning` where a figure may be wrong by it, `note` where it should be read with it, else `ok`.
        count: how many.
        of: of how many.
        words: one sentence.
    """

    code: str
    level: Literal["ok", "note", "warning"]
    count: int
    of: int
    words: str

    @property
    def share(self) -> float:
        """Count over all; 0 of nothing."""
        return self.count / self.of if self.of else 0.0


def audit_log(events: Interactions, *, order: Order, now_ms: int) -> list[Finding]:
    """Look at all rows, before they are cut.

    Args:
        events: the whole log.
        order: whether times are moments, a mere order, or nothing.
        now_ms: the present; later rows cannot have happened.
    """
    findings = [_duplicates(events, order), _copies(events), _heaviest(events)]
    if order != "none":
        findings.append(_same_moment(events))
    if order == "time":
        late = int(np.count_nonzero(events.at_ms > now_ms))
        findings.append(_finding("future_rows", late, len(events), "rows lie in the future", "warning"))
    return findings


def audit_task(task: Task, *, order: Order, test: Interactions | None = None) -> list[Finding]:
    """Look at the cut: does the training part know the answers, and can the questions be answered?

    Args:
        task: the cut.
        order: as above.
        test: all rows of a test file of pairs, people numbered as in training.
    """
    findings = [_few(len(distinct(task.owners)))]
    wanted = task.train.where(task.train.strength > 0)
    targets = len(task.target_products) + task.repeats
    again = task.repeats + _seen(task)
    words = "of what is asked for stands in the same person's history"
    findings.append(_finding("targets_seen_before", again, targets, words + _kept(task, again), "note"))
    cold = np.count_nonzero(~among(task.target_products.astype(np.int64), wanted.product.astype(np.int64)))
    findings.append(
        _finding("targets_never_trained", int(cold), len(task.target_products), "products asked for are new", "note")
    )
    if test is not None:
        findings += _of_test(task, test)
    if order == "time" and task.kind in {"leave-one-out", "last-basket", "given-test"}:
        findings.append(_learned_later(task))
    if order == "none" and task.kind != "given-test":
        words = "rows without a time: the order of the file is taken for the order of events"
        findings.append(_finding("no_order", len(task.train), len(task.train), words, "warning"))
    return findings


def _few(people: int) -> Finding:
    words = "people or sessions are asked"
    if people < _FEW:
        words += ": of so few, figures tell little" + (", and of one no interval can be told" if people == 1 else "")
    level: Literal["ok", "warning"] = "warning" if people < _FEW else "ok"
    return Finding(code="asked", level=level, count=people, of=people, words=words)


def _duplicates(events: Interactions, order: Order) -> Finding:
    at = events.at_ms if order != "none" else np.zeros(len(events), dtype=np.int64)
    same = np.lexsort((at, events.product, events.person))
    person, product, at = events.person[same], events.product[same], at[same]
    copies = (person[1:] == person[:-1]) & (product[1:] == product[:-1]) & (at[1:] == at[:-1])
    words = "rows repeat another: the same person, product" + (" and time" if order != "none" else "")
    return _finding("duplicate_rows", int(copies.sum()), len(events), words, "warning")


def _copies(events: Interactions) -> Finding:
    """People whose whole sequence of products is another's: a log joined twice, or a machine."""
    starts = events.person_starts()
    lengths = np.diff(starts)
    if len(lengths) == 0:
        return _finding("copied_people", 0, 0, "", "note")
    place = (np.arange(len(events)) - np.repeat(starts[:-1], lengths)).astype(np.uint64)
    mixed = (events.product.astype(np.uint64) + _MIXED * (place + np.uint64(1))) * _MIXED
    prints = np.add.reduceat((mixed ^ (mixed >> np.uint64(29))) * _MIXED, starts[:-1])
    prints = prints[lengths >= _LEAST_COPIED]
    copies = len(prints) - len(distinct(prints.view(np.int64)))
    words = f"people of {_LEAST_COPIED} and more events did exactly what another did"
    return _finding("copied_people", copies, len(prints), words, "note")


def _heaviest(events: Interactions) -> Finding:
    most = int(np.diff(events.person_starts()).max(initial=0))
    level: Literal["ok", "note"] = "note" if most > max(1000, 0.01 * len(events)) else "ok"
    words = f"rows are of the busiest person ({_percent(most, len(events))}): a machine, or a till?"
    return Finding(code="busiest_person", level=level, count=most, of=len(events), words=words)


def _same_moment(events: Interactions) -> Finding:
    same = (events.person[1:] == events.person[:-1]) & (events.at_ms[1:] == events.at_ms[:-1])
    tied = np.zeros(len(events), dtype=bool)
    tied[1:] |= same
    tied[:-1] |= same
    words = "rows bear the same time as another of their person: among them the order of the file counts"
    most: Literal["note", "warning"] = "warning" if 2 * int(tied.sum()) > len(events) else "note"
    return _finding("same_moment", int(tied.sum()), len(events), words, most)


def _of_test(task: Task, test: Interactions) -> list[Finding]:
    asked = distinct(pairs(test))
    known = among(asked, pairs(task.train))
    strangers = distinct(test.person[~among(test.person, task.train.person)])
    return [
        _finding("test_in_train", int(known.sum()), len(asked), "pairs of the test file stand in training", "warning"),
        _finding("test_duplicates", len(test) - len(asked), len(test), "rows of the test file repeat one", "note"),
        _finding(
            "test_without_history",
            len(strangers),
            len(distinct(test.person)),
            "people of the test file have no history and are not asked",
            "note",
        ),
    ]


def _learned_later(task: Task) -> Finding:
    ends = np.searchsorted(task.histories.person, np.arange(task.people), side="right") - 1
    asked = task.histories.at_ms[ends[ends >= 0]]
    later = int(np.count_nonzero(task.train.at_ms > np.median(asked))) if len(asked) else 0
    words = (
        "training rows are newer than half of the questions: other people's future is learned from, which "
        "`--protocol temporal` forbids"
    )
    return _finding("learned_later", later, len(task.train), words, "note")


def _seen(task: Task) -> int:
    owner: Ints = np.repeat(np.arange(task.people), np.diff(task.target_starts))
    wide = np.int64(task.size)
    return int(among(owner * wide + task.target_products, pairs(task.histories)).sum()) if task.keep_seen else 0


def _kept(task: Task, again: int) -> str:
    if not again:
        return ""
    return "; it counts, and seen products are ranked" if task.keep_seen else "; it is left out, seen products too"


def _finding(code: str, count: int, of: int, words: str, level: Literal["note", "warning"]) -> Finding:
    """A finding that is `ok` where nothing was counted."""
    return Finding(code=code, level=level if count else "ok", count=count, of=of, words=words)


def _percent(count: int, of: int) -> str:
    return f"{100 * count / max(of, 1):.1f} %"
