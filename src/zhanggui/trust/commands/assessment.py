"""The impact assessment and breach drills on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json
from zhanggui.trust.service.assessing import Assessor, as_html, as_markdown
from zhanggui.trust.service.breach import Drills
from zhanggui.trust.types.assessment import BreachDrill, DrillAsk

OpenAssessor = Callable[[str], AbstractContextManager[Assessor]]
OpenDrills = Callable[[str], AbstractContextManager[Drills]]
Words = Annotated[tuple[str, ...], Parameter(consume_multiple=True)]
Flag = Annotated[bool, Parameter(negative="")]


def assess_command(open_assessor: OpenAssessor) -> App:
    """`assess`."""
    app = App(name="assess", help="Fill the impact assessment (PIPL art. 55-56) from the store and the code.")

    @app.default
    def assess(shop: str, *, out: Path | None = None, language: Literal["zh", "en"] = "zh") -> None:
        """Write what is held, why, who decides, where it goes, for how long, what protects it, and what is left to you.

        Args:
            shop: the shop's name.
            out: where to: a page where it ends in .html, else Markdown; on stdout without.
            language: of the words.
        """
        with open_assessor(shop) as assessor:
            made = assessor.assess(language)
            entry = assessor.keep(made, actor())
        text = as_html(made) if out is not None and out.suffix == ".html" else as_markdown(made)
        if out is None:
            print(text, end="")
        else:
            out.write_text(text, encoding="utf-8")
            print(f"{out} is written; the ledger keeps its digest as entry {entry}. Keep it for three years.")

    return app


def breach_commands(open_drills: OpenDrills) -> App:
    """`breach drill`."""
    app = App(name="breach", help="Rehearse a leak: who is affected, what they are told, by when.")

    @app.command
    def drill(
        shop: str,
        *,
        tables: Words = (),
        master_key_lost: Flag = False,
        found_at: datetime | None = None,
        cause: str = "",
        ids: Flag = False,
        json: Json = False,
    ) -> None:
        """Reckon who would be affected and what would be due; nothing is sent to anybody.

        Args:
            shop: the shop's name.
            tables: what leaked, by the names that `zhanggui assess` lists; everything without.
            master_key_lost: the master key leaked too, so that names and addresses can be read.
            found_at: when it was found; now without.
            cause: how it came about, for the notice.
            ids: list the ids of the customers concerned.
        """
        moment = found_at if found_at is None or found_at.tzinfo is not None else found_at.astimezone()
        ask = DrillAsk(
            tables=tables, is_master_key_safe=not master_key_lost, found_at=moment, cause=cause, with_ids=ids
        )
        with open_drills(shop) as drills:
            held = drills.hold(ask, actor(), may_see_ids=True)
        if json:
            print_json(held)
        else:
            _print(held)

    return app


def _print(held: BreachDrill) -> None:
    print(f"{held.customers} customers and {held.visitors} visitors are concerned; tables: {', '.join(held.tables)}")
    print(f"Readable: {', '.join(held.readable)}")
    if held.sealed:
        print(f"Noise without the master key: {', '.join(held.sealed)}")
    for one in held.deadlines:
        print(f"{one.due_at.isoformat(timespec='minutes')}  {one.what}  ({one.law})")
    print(*held.notice.values(), sep="\n")
    if held.ids:
        print("Customers:", *held.ids, sep="\n")
    print(f"Entry {held.ledger_entry} of the ledger says that this drill was held. Nothing was sent.")
