"""Fairness on the command line: whether groups of people are served alike."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec
from cyclopts import App

from zhanggui.kernel.options import Json, Quiet
from zhanggui.kernel.terminal import Bars, print_json, print_table, say
from zhanggui.trust.service.fairness.flipping import FlipTest
from zhanggui.trust.service.fairness.mitigations import MitigationTest
from zhanggui.trust.service.fairness.reporting import Fairness, second_opinion
from zhanggui.trust.types.fairness import FairnessReport, Mitigations, Share, TasteErasure

ALERT = 3
SAID = {
    "shown": "people shown a list",
    "clicked": "lists with a click",
    "reduced": "places below list price",
    "found": "wanted, of it shown before",
}


BUBBLES = (
    "Gini",
    "entropy (bits)",
    "new sellers",
    "novelty (bits)",
    "middle bubble",
    "grown since the first week",
)


class FairnessRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def fairness(self) -> Fairness:
        """The report."""

    @property
    def flip_test(self) -> FlipTest:
        """The same history, another group."""

    @property
    def mitigation_test(self) -> MitigationTest:
        """What mitigations bring and cost."""


OpenFairness = Callable[[str], AbstractContextManager[FairnessRooms]]


def commands(open_room: OpenFairness) -> App:
    """`fairness report`, `flip` and `mitigate`."""
    app = App(name="fairness", help="Whether groups of people are served alike.")
    _reporting(app, open_room)
    _flipping(app, open_room)
    _mitigating(app, open_room)
    return app


def _reporting(app: App, open_room: OpenFairness) -> None:
    @app.command
    def report(shop: str, *, check: bool = False, json: Json = False) -> int:
        """Show shares by group with intervals and gaps between groups; exit code 3 when one is beyond its limit.

        Args:
            shop: the shop's name.
            check: ask fairlearn whether it finds the same gaps (extra `fairness`); its import takes seconds.
        """
        with open_room(shop) as rooms:
            found = rooms.fairness.look()
        if json:
            print_json(found)
        else:
            _print(found)
        if check:
            _print_check(found)
        return ALERT if found.alerts else 0


def _flipping(app: App, open_room: OpenFairness) -> None:
    @app.command
    def flip(shop: str, *, people: int = 20, json: Json = False, quiet: Quiet = False) -> int:
        """Answer real shoppers as if they were of other groups; exit code 3 when one differs. Nothing of it stays.

        Args:
            shop: the shop's name.
            people: how many shoppers at most, up to 200.
        """
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            found = rooms.flip_test.run(people, bars.begin("answering"))
        if json:
            print_json(found)
        else:
            print_table(("flip", "answers compared", "different"), map(msgspec.structs.astuple, found.kinds))
            told = "No answer differs." if found.is_same else "ANSWERS DIFFER by who asks."
            print(f"{found.people} shoppers. {told}")
        return 0 if found.is_same else ALERT


def _mitigating(app: App, open_room: OpenFairness) -> None:
    @app.command
    def mitigate(shop: str, *, json: Json = False) -> None:
        """Measure what each mitigation evens out, and what it costs; which are in force the settings say.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            found = rooms.mitigation_test.measure()
        if json:
            print_json(found)
        else:
            _print_mitigations(found)


def _print_mitigations(found: Mitigations) -> None:
    print_table(
        ("mitigation", "recall@20", "cost (95 % interval)", "NDCG@20", "cost", "widest gap", "reduced, ratio"),
        (
            (
                one.name,
                f"{one.recall.value:.4f}",
                _said(one.recall_cost),
                f"{one.ndcg.value:.4f}",
                _said(one.ndcg_cost),
                f"{one.gap:.3f}",
                _figure(one.reduced_ratio),
            )
            for one in found.rows
        ),
    )
    print_table(
        ("mitigation", "of", "by", "AUC (95 % interval)", "chance up to", ""),
        (
            (one.name, it.kind, it.head, _said(it.auc), f"{it.chance:.3f}", "TELLS" if it.tells else "")
            for one in found.rows
            for it in one.probes
        ),
    )
    if found.tastes is not None:
        _print_tastes(found.tastes)
    erased = next(one for one in found.rows if one.name == "erase")
    print(_verdict("erase", is_reached=erased.is_reached))
    print(f"The last sessions of {found.people} people, tastes of {found.dimensions} dimensions.")
    print(f"In force: {', '.join(found.in_force) or 'none'}. Head start measured: {found.head_start:.4f}.")
    print(f"Least head start that evens groups out: {found.needed:.4f}.")


def _print_tastes(tastes: TasteErasure) -> None:
    print_table(
        ("tastes of profiles", "by", "AUC (95 % interval)", "chance up to", ""),
        (
            (f"{it.kind}, {name}", it.head, _said(it.auc), f"{it.chance:.3f}", "TELLS" if it.tells else "")
            for name, probes in (("as they are", tastes.before), ("without groups", tastes.after))
            for it in probes
        ),
    )
    cost = f"cost {_said(tastes.recall_cost)} of recall {tastes.recall.value:.4f}"
    print(f"Tastes of {tastes.people} profiles are told {'WITHOUT' if tastes.is_applied else 'with'} groups; {cost}.")
    print(_verdict("tastes of profiles", is_reached=tastes.is_reached))


def _verdict(name: str, *, is_reached: bool | None) -> str:
    """Whether the aim of taking groups out is reached, in words."""
    if is_reached is None:
        return f"{name}: NOT CHECKED: no group is large enough, or the extra `fairness` is not installed."
    if is_reached:
        return f"{name}: reached: no reader does better than chance on people whom it has not seen."
    return f"{name}: NOT REACHED: a reader still does better than chance on people whom it has not seen."


def _print(found: FairnessReport) -> None:
    if found.measured:
        _print_groups(found)
    else:
        print(f"No group of {found.limits.smallest_group} people whose traits are known and may be counted.")
    if found.bubbles is not None:
        print_table(BUBBLES, [[_figure(one) for one in msgspec.structs.astuple(found.bubbles)]])
    print(f"{found.uncounted} lists are of people who may not be counted.")
    for alert in found.alerts:
        print(f"ALERT  {alert.code} {alert.about}: {alert.value:g}, the limit is {alert.limit:g}")


def _print_groups(found: FairnessReport) -> None:
    rows = (
        (one.kind, SAID[one.measure], it.group, it.people, _said(it.share))
        for one in found.measured
        for it in one.groups
    )
    print_table(("kind", "measure", "group", "people", "share (95 % interval)"), rows)
    gaps = [(one.kind, SAID[one.measure], one.gap) for one in found.measured if one.gap is not None]
    print_table(
        ("kind", "measure", "most", "least", "difference", "ratio"),
        (
            (kind, measure, gap.most, gap.least, _said(gap.difference), f"{gap.ratio:.2f}")
            for kind, measure, gap in gaps
        ),
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _print_check(found: FairnessReport) -> None:
    library, is_same = second_opinion(found)
    told = f"{library} finds {'the same gaps' if is_same else 'OTHER gaps'}."
    say(told if library else "fairlearn is not installed: pip install 'zhanggui[fairness]'")


def _said(share: Share) -> str:
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"
