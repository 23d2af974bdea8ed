"""From events to the graphs of a model, within a memory budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import OnStep, between, quiet
from zhanggui.recommend.engines.blend import Choices
from zhanggui.recommend.engines.complements import COMPLEMENTS
from zhanggui.recommend.engines.content import ContentIndex, Document
from zhanggui.recommend.engines.covisitation import CovisitationConfig, Neighbours, covisit
from zhanggui.recommend.engines.ease import EaseConfig, ease_bytes, fit_ease
from zhanggui.recommend.engines.first_stage import Graphs
from zhanggui.recommend.engines.graphs.methods import wants_words
from zhanggui.recommend.engines.graphs.trying import USUAL, learned_lists
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.live_content import CONTENT_NEIGHBOURS
from zhanggui.recommend.engines.model import COLD_GAIN
from zhanggui.recommend.engines.vector_spaces import VectorSpaces
from zhanggui.recommend.service.goods import document_of
from zhanggui.recommend.types.learning import TriedMethod
from zhanggui.shop import CatalogueView

NEIGHBOURS = 100
LONGEST_EASE = 8_000
"""Products up to which the exact autoencoder is fitted; its time grows with their cube."""
READ_AT_ONCE = 4_096
"""Products whose words are read between two steps."""
BY_WHO = CovisitationConfig(
    neighbours=NEIGHBOURS, same=1.0, after=1.0, before=1.0, distance=1000.0, target_power=0.5, shrink=5.0
)


def model_bytes(size: int) -> int:
    """Memory of a model's arrays for products below `size`."""
    return size * (8 * (2 * NEIGHBOURS + CONTENT_NEIGHBOURS + 5) + 12 * COMPLEMENTS)


def learn_graphs(
    events: Interactions,
    content: Neighbours,
    budget_bytes: int,
    tried: Sequence[TriedMethod] = (),
    seed: int = 0,
    view: CatalogueView | None = None,
    on_step: OnStep = quiet,
) -> tuple[Graphs, str]:
    """The graphs, as a card says or as usual, and what is behind `alike`: `ease`, `cosine` where that does not fit, or
    `chosen`. `view` is the catalogue, from which a card's method may want the words of products; `on_step` hears the
    steps of every fit, each as its share."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    documents = documents_of(view, events.size) if view is not None and wants_words(tried) else ()
    fits = events.size <= LONGEST_EASE and ease_bytes(events.size) <= budget_bytes
    usual: dict[str, Callable[[OnStep], Neighbours]] = {
        "alike": lambda step: (
            fit_ease(EaseConfig(neighbours=NEIGHBOURS), events) if fits else covisit(BY_WHO, events, on_step=step)
        ),
        "together": lambda step: covisit(CovisitationConfig(neighbours=NEIGHBOURS), events, on_step=step),
    }
    shares = {"alike": between(on_step, 0, 50), "together": between(on_step, 50, 100)}
    with threadpool_limits(1):
        alike, together = (
            learned_lists(
                [one for one in tried if one.graph == graph], make, events, NEIGHBOURS, seed, documents, shares[graph]
            )
            for graph, make in usual.items()
        )
    is_chosen = any(one.graph == "alike" and one.method != USUAL and one.weight > 0 for one in tried)
    method = "chosen" if is_chosen else "ease" if fits else "cosine"
    return Graphs(alike=alike, together=together, content=content), method


def content_graph(
    view: CatalogueView, size: int, spaces: VectorSpaces | None = None, on_step: OnStep = quiet
) -> tuple[Neighbours, NDArray[np.bool_]]:
    """Content neighbours of all products below `size`, by vectors too, and which of them have words.

    `on_step` hears of the products that were read and looked at; what it raises ends the work.
    """
    held = documents_of(view, size, between(on_step, 0, 20))
    is_known = np.array([len(document) > 0 for document in held], dtype=np.bool_)
    index = ContentIndex.of(held)
    return index.neighbours(CONTENT_NEIGHBOURS, spaces, between(on_step, 30, 100)), is_known


def documents_of(view: CatalogueView, size: int, on_step: OnStep = quiet) -> list[Document]:
    """The words and traits of all products below `size`, by number."""
    held: list[Document] = []
    for first in range(0, size, READ_AT_ONCE):
        held.extend(document_of(view, number) for number in range(first, min(first + READ_AT_ONCE, size)))
        on_step(len(held), size)
    return held


def categories_of(view: CatalogueView, size: int) -> NDArray[np.int32]:
    """(size,) a number for the category of each product, 0 for none."""
    numbers: dict[str, int] = {}
    held = np.zeros(size, dtype=np.int32)
    for number in range(1, min(size, view.size)):
        key = next((chip.key for chip in view.chips(number) if chip.kind == "category"), None)
        held[number] = 0 if key is None else numbers.setdefault(key, len(numbers) + 1)
    return held


def cold_gain(choices: Choices) -> float:
    """What a unit of content is worth in units of `alike`: the slope through 0 where both are known."""
    alike, content = choices.features[:, 0], choices.features[:, 2]
    both = (alike > 0) & (content > 0)
    if int(both.sum()) < 100:
        return COLD_GAIN
    slope = float((alike[both] * content[both]).sum() / (content[both] ** 2).sum())
    return float(np.clip(slope, 0.2, 2.0))
