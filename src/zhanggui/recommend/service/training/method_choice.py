"""Which methods make the lists that serve: tried on the last sessions, within what training may spend."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from zhanggui.kernel.steps import OnStep, between, quiet
from zhanggui.recommend.engines.choosing import Occasion, Split
from zhanggui.recommend.engines.content import Document
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.first_stage import Graphs
from zhanggui.recommend.engines.graphs.cases import Graph, cases_of
from zhanggui.recommend.engines.graphs.methods import ALIKE, NETWORKS, TOGETHER, Method
from zhanggui.recommend.engines.graphs.proving import is_better, recalls
from zhanggui.recommend.engines.graphs.trying import USUAL, Purse, Trying
from zhanggui.recommend.types.learning import TriedMethod

from .learning import NEIGHBOURS, learn_graphs
from .model_check import JUDGED

LEAST_OCCASIONS = 100
"""Sessions below which the best of many methods would be best by chance."""
MOST_OCCASIONS = 600
_METHODS: tuple[tuple[Graph, Method], ...] = (
    *(("alike", method) for method in ALIKE),
    *(("together", method) for method in TOGETHER),
    *NETWORKS,
)
"""In the order in which they are tried: what takes longest comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The lists of the past, how they were come by, and what they gain.

    Attributes:
        graphs: learned from the past of the last sessions.
        tried: every method; empty where nothing was tried.
        metrics: recall@20 with the usual lists and with those chosen, by blends of their own; empty likewise.
    """

    graphs: Graphs
    tried: tuple[TriedMethod, ...]
    metrics: dict[str, float]


@dataclass(slots=True, kw_only=True)
class _Steps:
    """How many methods were tried of how many."""

    on_step: OnStep
    done: int = 0

    def within(self, _done: int, _of: int) -> None:
        """A method is being tried."""
        self.on_step(self.done, len(_METHODS))

    def next(self) -> None:
        """One more was tried."""
        self.done += 1
        self.on_step(self.done, len(_METHODS))


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodChoice:
    """Chooses on the sessions that also teach the blend; those that judge the model are never looked at.

    Args:
        seconds: of the processor that fits may take; 0 leaves a shop the usual lists.
        bytes: that a fit may take.
        seed: where a method needs chance.
        clock: seconds of the processor from any moment on.
    """

    seconds: float
    bytes: int
    seed: int
    clock: Callable[[], float] = time.process_time

    def choose(
        self, split: Split, content: Neighbours, documents: Sequence[Document] = (), on_step: OnStep = quiet
    ) -> Choice:
        """The best lists within the budget; the usual ones where a shop gains nothing by others.

        Args:
            split: the last sessions and what was before them.
            content: lists of what is alike by its words.
            documents: the words of every product by its number; empty for none.
            on_step: hears of the usual lists, of each fit, and of what proves them; what it raises ends the choice.
        """
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        usual, _ = learn_graphs(split.past, content, self.bytes, on_step=between(on_step, 0, 15))
        occasions = sorted(split.occasions, key=lambda one: one.at_ms)
        teaching = [one for n, one in enumerate(occasions) if n % JUDGED][-MOST_OCCASIONS:]
        if self.seconds <= 0 or len(teaching) < LEAST_OCCASIONS:
            return Choice(graphs=usual, tried=(), metrics={})
        purse = Purse(seconds=self.seconds, bytes=self.bytes, clock=self.clock)
        steps = _Steps(on_step=between(on_step, 15, 90))
        held: dict[Graph, Neighbours] = {"alike": usual.alike, "together": usual.together}
        with threadpool_limits(1):
            trying = {
                graph: Trying(
                    graph=graph,
                    task=cases_of(split, teaching, graph),
                    usual=near,
                    purse=purse,
                    seed=self.seed,
                    k=NEIGHBOURS,
                    documents=documents,
                    on_step=steps.within,
                )
                for graph, near in held.items()
            }
            for graph, method in _METHODS:
                trying[graph].attempt(method)
                steps.next()
            made = {graph: one.choose() for graph, one in trying.items()}
        return self._proved(usual, made, split, teaching, between(on_step, 90, 100))

    def _proved(
        self,
        usual: Graphs,
        made: dict[Graph, tuple[Neighbours, tuple[TriedMethod, ...]]],
        split: Split,
        teaching: list[Occasion],
        on_step: OnStep,
    ) -> Choice:
        """Of the ways to take the new lists or not, the one that ranks best with a blend of its own."""
        (alike, alike_tried), (together, together_tried) = made["alike"], made["together"]
        ways = list(_ways(alike is not usual.alike, together is not usual.together))
        parts = [100 * n // (len(ways) + 1) for n in range(len(ways) + 2)]
        shares = [between(on_step, first, last) for first, last in itertools.pairwise(parts)]
        baseline = recalls(usual, split, teaching, self.seed, shares[0])
        best, graphs, kept = baseline, usual, (False, False)
        for takes, share in zip(ways, shares[1:], strict=True):
            other = Graphs(
                alike=alike if takes[0] else usual.alike,
                together=together if takes[1] else usual.together,
                content=usual.content,
            )
            found = recalls(other, split, teaching, self.seed, share)
            if is_better(found, baseline) and found.mean() > best.mean():
                best, graphs, kept = found, other, takes
        lines = (*_settled(alike_tried, is_kept=kept[0]), *_settled(together_tried, is_kept=kept[1]))
        figures = {"recall@20_usual_lists": float(baseline.mean()), "recall@20_chosen_lists": float(best.mean())}
        return Choice(graphs=graphs, tried=lines, metrics=figures if len(baseline) else {})


def _ways(alike: bool, together: bool) -> Iterator[tuple[bool, bool]]:  # noqa: FBT001
    """Which of the two graphs to exchange: whatever differs from the usual, alone and with the other."""
    if alike and together:
        yield True, True
    if alike:
        yield True, False
    if together:
        yield False, True


def _settled(tried: tuple[TriedMethod, ...], *, is_kept: bool) -> Iterator[TriedMethod]:
    for one in tried:
        usual = 1.0 if one.method == USUAL else 0.0
        if is_kept or one.weight == usual:
            yield one
        else:
            reason = "serves as before" if usual else "ranks better alone, but not with all other signals"
            yield msgspec.structs.replace(one, weight=usual, reason=reason)
