"""What a card says of how a model came about, in words: what orders its lists, whose aims taught it, its budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhanggui.kernel.words import N_
from zhanggui.recommend.engines.ranking.teaching import NO_GAIN, NO_LIBRARY, NO_TREES, TOO_FEW
from zhanggui.recommend.service.training.second_stage_judge import LESS_VARIED
from zhanggui.recommend.service.training.weighing import TAUGHT
from zhanggui.recommend.types.models import ModelCard

from .aim_words import AIMS, EVENTS
from .shell import Console

WHY_SUM: Mapping[str, str] = {
    TOO_FEW: N_("too few sessions to tell"),
    NO_TREES: N_("trees found nothing to add"),
    NO_GAIN: N_("what trees gain may be chance"),
    NO_LIBRARY: N_("LightGBM cannot be loaded on this machine"),
    LESS_VARIED: N_("lists ordered by trees show less of the catalogue"),
}
"""Why trees do not order → the words."""
_EVENT = "event "


def facts_of(console: Console, card: ModelCard) -> list[tuple[str, str]]:
    """(what, its words) of a card."""
    say = console.view._
    told = (
        (say(N_("How it orders")), ordered_by(console, card)),
        (say(N_("Aims it was trained for")), " · ".join(_aims(console, card.taught_by))),
        (say(N_("Budget for choosing")), _budget(console, card)),
    )
    return [(name, words) for name, words in told if words]


def ordered_by(console: Console, card: ModelCard) -> str:
    """Whether trees order the candidates of a model, by how much they gain, and else why not; empty where unknown."""
    say, f, held = console.view._, console.view.formats, card.metrics
    told = card.parameters.get("ranker", "")
    if not told:
        return ""
    if told.startswith("sum"):
        why = next((words for reason, words in WHY_SUM.items() if reason in told), "")
        return say(N_("The sum of signals orders alone: %(why)s.")) % {"why": say(why) if why else told}
    before, gains = held.get("ndcg@20_sum"), [held.get(f"ndcg@20_trees_gain{end}") for end in ("", "_low", "_high")]
    if not before or None in gains:
        return say(N_("Trees order."))
    gain, low, high = (f.percent(value / before, 1) for value in gains if value is not None)
    return say(N_("Trees order: %(gain)s better than the sum of signals (%(low)s to %(high)s).")) % {
        "gain": gain,
        "low": low,
        "high": high,
    }


def _aims(console: Console, taught_by: str) -> Iterator[str]:
    """Of what a merchant set otherwise than usual, each with its value."""
    say = console.view._
    for part in filter(None, taught_by.split(", ")):
        if part == TAUGHT:
            yield say(N_("groups of people alike"))
            continue
        name, _, value = part.removeprefix(_EVENT).rpartition(" ")
        words = EVENTS.get(name) if part.startswith(_EVENT) else AIMS.get(name, ("",))[0]
        yield f"{say(words) if words else name} {value}"


def _budget(console: Console, card: ModelCard) -> str:
    say, f, held = console.view._, console.view.formats, card.parameters
    if "choose_seconds" not in held:
        return ""
    figures = {"seconds": f.number(float(held["choose_seconds"])), "memory": f.number(float(held["memory_mb"]))}
    return say(N_("%(seconds)s s of the processor for choosing, %(memory)s MiB")) % figures
