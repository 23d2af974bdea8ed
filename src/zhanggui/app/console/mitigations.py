"""Mitigations on the page of fairness: which are in force, what each evens out, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.words import N_
from zhanggui.trust.types.fairness import Mitigation, MitigationReport, ProbeReport, ReaderHead, TasteErasure

from .datasheets import why_stopped
from .group_words import KIND_WORDS, with_interval
from .shell import Console

MITIGATIONS: Mapping[Mitigation, tuple[str, str, str]] = {
    "reweigh": (
        N_("Groups teach alike"),
        N_("What people of a small group do counts more while the recommender learns."),
        "fairness.reweigh",
    ),
    "erase": (
        N_("Tastes without groups"),
        N_("What tells gender, age or region is taken out of taste vectors."),
        "fairness.erase_tastes",
    ),
    "exposure": (
        N_("A head start for reduced products"),
        N_("Products below list price rise in every list, for everybody alike, until no group is shown much less."),
        "fairness.head_start",
    ),
}

HEADS: Mapping[ReaderHead, str] = {"linear": N_("a line"), "trees": N_("a forest"), "network": N_("a network")}
REACHED = N_("Reached: no reader does better than chance on people whom it has not seen.")
NOT_REACHED = N_("Not reached: a reader still does better than chance on people whom it has not seen.")
NOT_CHECKED = N_("Not checked: no group is large enough, or the extra fairness is not installed.")


@dataclass(frozen=True, slots=True)
class MitigationRow:
    """One mitigation in words; figures are empty where nothing was measured."""

    name: str
    meaning: str
    setting: str
    is_on: bool
    recall: str = ""
    recall_cost: str = ""
    ndcg_cost: str = ""
    reads: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Mitigated:
    """The section: rows, when they were measured, the head start, and the tastes of profiles."""

    rows: tuple[MitigationRow, ...]
    measured: str
    head_start: str
    tastes: str


def mitigated(console: Console) -> Mitigated:
    """What stands on the page."""
    test, f, say = console.rooms.mitigation_test, console.view.formats, console.view._
    found = test.kept()
    figures = {} if found is None else {one.name: one for one in found.rows}
    rows = tuple(_row(console, name, figures.get(name), is_on=name in test.in_force) for name in MITIGATIONS)
    if found is None:
        return Mitigated(rows, "", "", "")
    started = say(N_("Measured with a head start of %(measured)s; %(needed)s is the least that evens groups out."))
    return Mitigated(
        rows=rows,
        measured=f.ago(from_ms(found.at_ms)),
        head_start=started % {"measured": f.number(found.head_start, 3), "needed": f.number(found.needed, 3)},
        tastes="" if found.tastes is None else _tastes(console, found.tastes),
    )


def _row(console: Console, name: Mitigation, found: MitigationReport | None, *, is_on: bool) -> MitigationRow:
    say = console.view._
    called, meaning, setting = MITIGATIONS[name]
    if found is None:
        return MitigationRow(say(called), say(meaning), setting, is_on)
    return MitigationRow(
        name=say(called),
        meaning=say(meaning),
        setting=setting,
        is_on=is_on,
        recall=console.view.formats.percent(found.recall.value),
        recall_cost=with_interval(found.recall_cost, console.view.formats),
        ndcg_cost=with_interval(found.ndcg_cost, console.view.formats),
        reads=_reads(console, found.probes),
        verdict=_verdict(console, is_reached=found.is_reached) if name == "erase" else "",
    )


def _verdict(console: Console, *, is_reached: bool | None) -> str:
    if is_reached is None:
        return console.view._(NOT_CHECKED)
    return console.view._(REACHED if is_reached else NOT_REACHED)


def _reads(console: Console, probes: Sequence[ProbeReport]) -> str:
    f, say = console.view.formats, console.view._
    said = say(N_("%(kind)s by %(head)s %(auc)s (chance up to %(chance)s)"))
    return " · ".join(
        said
        % {
            "kind": say(KIND_WORDS[one.kind]),
            "head": say(HEADS[one.head]),
            "auc": f"{f.number(one.auc.value, 2)} [{f.number(one.auc.low, 2)}, {f.number(one.auc.high, 2)}]",
            "chance": f.number(one.chance, 2),
        }
        for one in probes
    )


def _tastes(console: Console, found: TasteErasure) -> str:
    f, say = console.view.formats, console.view._
    said = say(
        N_(
            "Tastes of %(people)s profiles: with groups an adversary reads %(before)s; without %(after)s. "
            "Cost: %(cost)s."
        )
    )
    nothing = say(N_("nothing that tells"))
    stopped = f"{why_stopped(console, found.refused)} " if found.refused else ""
    verdict = f" {_verdict(console, is_reached=found.is_reached)}"
    return (
        stopped
        + said
        % {
            "people": f.number(found.people),
            "before": _reads(console, found.before) or nothing,
            "after": _reads(console, found.after) or nothing,
            "cost": with_interval(found.recall_cost, console.view.formats),
        }
        + verdict
    )
