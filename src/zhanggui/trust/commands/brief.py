"""The morning brief on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from cyclopts import App

from zhanggui.kernel.money import format_money
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_table
from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.types.briefs import Brief, BriefReport
from zhanggui.trust.types.proposals import Effect

FAILED = 1
OpenBrief = Callable[[str], AbstractContextManager[MorningBrief]]


def brief_command(open_brief: OpenBrief) -> App:
    """`zhanggui brief SHOP [--send]`."""
    app = App(name="brief", help="At most three things to decide, and how old the facts behind them are.")

    @app.default
    def brief(shop: str, *, send: bool = False, json: Json = False) -> int:
        """Show the morning brief.

        Args:
            shop: the shop's name.
            send: send it by every channel that has not had today's.
        """
        with open_brief(shop) as morning:
            made = morning.today()
            report = morning.send() if send else None
        if json:
            print_json(made if report is None else report)
        else:
            _print(made, report)
        return FAILED if report is not None and (report.failed or report.refused) else 0

    return app


def _print(brief: Brief, report: BriefReport | None) -> None:
    if not brief.decisions:
        print("Nothing to decide.")
    else:
        rows = ((_money(one.effect), one.kind, one.subject, one.href) for one in brief.decisions)
        print_table(("expected", "kind", "subject", "decide at"), rows)
    if brief.waiting > len(brief.decisions):
        print(f"{brief.waiting - len(brief.decisions)} more wait.")
    if brief.late_contests:
        print(f"{brief.late_contests} contests of shoppers are overdue: zhanggui contests list SHOP --state overdue")
    facts = brief.facts
    print(f"Newest order: {_at(facts.order_at)}. Newest event: {_at(facts.event_at)}.")
    if report is not None:
        print(
            f"Sent: {', '.join(report.sent) or 'to nobody'}. Had it already: {', '.join(report.already) or 'nobody'}."
        )
        for name, why in report.failed.items():
            print(f"FAILED  {name}: {why}")
        for name, why in report.refused.items():
            print(f"NOT TO ALL  {name}: {why}")


def _money(effect: Effect) -> str:
    return "not estimated" if effect.amount_minor is None else format_money(effect.amount_minor, effect.currency, "en")


def _at(moment: object) -> str:
    return "none" if moment is None else str(moment)[:16]
