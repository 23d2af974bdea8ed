"""What fits a budget, said before anything runs: cheap models first, `auto` gets what they leave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhanggui.kernel.errors import did_you_mean
from zhanggui.recommend.engines.content import Document
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.learners.auto import Auto
from zhanggui.recommend.engines.learners.base import Learner, Limits
from zhanggui.recommend.engines.learners.candidates import Candidate, candidates_for
from zhanggui.recommend.engines.learners.content import Content
from zhanggui.recommend.engines.learners.factors import Factors
from zhanggui.recommend.engines.learners.named import ALIASES, LEARNERS, NEURAL
from zhanggui.recommend.engines.learners.neural.tensors import is_installed, require
from zhanggui.recommend.errors import BadWish, UnknownMethod

from .results import PlanLine

CHOOSER = "auto"
_CELLS_A_SECOND = 3e8  # scores that are made and ranked in a second
_SHARE_OF_MEMORY = 0.8
_SHARE_OF_TIME = 0.8
"""Of a budget, that those share alike which learn as long as they may."""
_LONGEST = 1000
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A learner and whether it will run.

    Attributes:
        learner: ready to fit.
        line: its place in the plan.
    """

    learner: Learner
    line: PlanLine


def seconds_of(text: str) -> float | None:
    """`90s`, `20m`, `1.5h` or a number of seconds; None for no text.

    Raises:
        BadWish: it is something else.
    """
    if not text.strip():
        return None
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smh]?)[a-z]*\s*", text.lower())
    if found is None or float(found[1]) == 0:
        raise BadWish(f"{text!r} is no length of time.", hint="Write 90s, 20m or 1h.")
    return float(found[1]) * _UNITS.get(found[2], 1.0)


def names_of(text: str) -> list[str]:
    """Names of learners, parted by commas, each once; `all` is every one that can run here.

    Raises:
        UnknownMethod: no learner has that name.
        MissingExtra: one was named that needs an extra which is not installed.
    """
    asked = [ALIASES.get(name.strip().lower(), name.strip().lower()) for name in text.split(",") if name.strip()]
    names = list(dict.fromkeys(one for name in asked for one in (_runnable() if name == "all" else [name])))
    for name in names:
        if name not in LEARNERS:
            known = ", ".join(LEARNERS)
            raise UnknownMethod(f"No model is called {name!r}.", hint=did_you_mean(name, LEARNERS, otherwise=known))
    if not set(names).isdisjoint(NEURAL):
        require()
    return names


def _runnable() -> list[str]:
    return [name for name in LEARNERS if name not in NEURAL or is_installed()]


def lengths_of(text: str) -> list[int]:
    """`10,20` as lengths of list.

    Raises:
        BadWish: not whole numbers from 1 to 1000.
    """
    lengths = [int(word) if word.strip().isdecimal() else 0 for word in text.split(",")]
    if not all(1 <= length <= _LONGEST for length in lengths):
        raise BadWish(f"{text!r} are no lengths of list.", hint=f"Write --k 10,20: whole numbers up to {_LONGEST}.")
    return sorted(set(lengths))


def weights_of(text: str) -> dict[str, float]:
    """`buy=1,pv=0.2` as strength by word.

    Raises:
        BadWish: not words and numbers.
    """
    weights = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        word, _, value = part.partition("=")
        try:
            weights[word.strip()] = float(value)
        except ValueError:
            raise BadWish(f"{part!r} does not weigh an event.", hint="Write --weights buy=1,pv=0.2") from None
    return weights


def plan(
    task: Task,
    names: Sequence[str],
    others: Sequence[Learner],
    *,
    seconds: float | None,
    free: int,
    documents: Sequence[Document] = (),
) -> list[Planned]:
    """What will run, in the order in which it runs.

    Args:
        task: what they are asked.
        names: of our learners.
        others: learners of somebody else, which run last and are never left out: they were asked for by name.
        seconds: for all models together; None is no limit.
        free: bytes of memory that are free.
        documents: the words of every product by its number; then `content` runs too, and `auto` may use it.
    """
    limits = Limits(seconds=None, bytes=int(free * _SHARE_OF_MEMORY))
    paced = replace(limits, seconds=_share_of(seconds, task, names))
    plain = [LEARNERS[name](task, paced) for name in names if name != CHOOSER]
    if documents:
        plain.append(Content(documents=documents))
    left = seconds
    planned: list[Planned] = []
    for learner in sorted(plain, key=lambda learner: learner.cost(task.train).seconds):
        one = _planned(task, learner, left, limits)
        planned.append(one)
        if left is not None and one.line.fits:
            left -= one.line.seconds or 0.0
    planned += [_planned(task, other, None, Limits()) for other in others]
    if CHOOSER in names:
        for_it = None if left is None else max(left - _answer_seconds(task), 1.0)
        chooser = _chooser(task, Limits(seconds=for_it, bytes=limits.bytes), documents)
        planned.append(_planned(task, chooser, left, limits))
    return planned


def _share_of(seconds: float | None, task: Task, names: Sequence[str]) -> float | None:
    """Seconds of each that learns as long as it may."""
    if seconds is None:
        return None
    alike = sum(name in NEURAL or name == CHOOSER for name in names)
    return max(1.0, _SHARE_OF_TIME * seconds / max(1, alike) - _answer_seconds(task))


def _chooser(task: Task, limits: Limits, documents: Sequence[Document]) -> Auto:
    if not documents:
        return Auto(task=task, limits=limits)
    content = Content(documents=documents)
    by_words = (content, Factors(documents=documents, lens=content.lens))
    told = (*candidates_for(task.train), *(Candidate(learner=learner) for learner in by_words))
    return Auto(task=task, limits=limits, candidates=told)


def _planned(task: Task, learner: Learner, left: float | None, limits: Limits) -> Planned:
    cost = learner.cost(task.train)
    seconds = cost.seconds + _answer_seconds(task)
    reason = ""
    if limits.bytes is not None and cost.bytes > limits.bytes:
        reason = f"needs {cost.bytes / 2**30:.1f} GiB, {limits.bytes / 2**30:.1f} GiB may be taken"
    elif left is not None and seconds > left:
        reason = f"needs about {seconds:.0f} s, {left:.0f} s are left"
    line = PlanLine(model=learner.name, seconds=round(seconds, 1), bytes=cost.bytes, fits=not reason, reason=reason)
    return Planned(learner=learner, line=line)


def _answer_seconds(task: Task) -> float:
    return 0.5 + task.people * task.size / _CELLS_A_SECOND
