"""Whom a product suits, and lists for everybody, on the command line."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from zhanggui.kernel.options import Json, Quiet, Shown
from zhanggui.kernel.terminal import Bars, print_json, print_json_lines, print_table
from zhanggui.recommend.types.recipes import AudienceSegment, AudienceSegments, ExportLists

from .list_printing import Places
from .recipes import OpenRecipes


def add_reaching_commands(app: App, open_room: OpenRecipes) -> None:
    """`recommend audience` and `export`."""
    _audience(app, open_room)
    _export(app, open_room)


def _audience(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def audience(
        shop: str,
        product: str,
        *,
        people: bool = False,
        segments: bool = False,
        for_messages: bool = False,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Count the shoppers whom a product suits, say in which segments they stand, or name them.

        Args:
            shop: the shop's name.
            product: the id of a product.
            people: name them, the best fit first, at most 200.
            segments: say in which kept segments they stand more often than everybody.
            for_messages: only who agreed to marketing too.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            audiences = rooms.recommend.audiences
            if segments:
                _print_segments(audiences.segments(product, for_messages=for_messages), json=json)
                return
            if not people:
                print_json(audiences.of(product, for_messages=for_messages))
                return
            members = audiences.people(product, for_messages=for_messages, language=language)
        if json:
            print_json_lines(members)
            return
        rows = ((one.customer_id, one.visitor_id, one.place, one.explanation) for one in members)
        print_table(("customer", "visitor", "place", "why"), rows)


def _print_segments(found: AudienceSegments, *, json: bool) -> None:
    if json:
        print_json(found)
        return
    rows = (
        (one.name, one.people, f"{one.share:.1%}", f"{one.share_of_all:.1%}", f"{one.lift:.2f}", _between(one))
        for one in found.segments
    )
    print_table(("segment", "people", "share", "of all", "lift", "95%"), rows)
    if found.is_small:
        print("Fewer than 5 people: nothing is told of them.")


def _between(one: AudienceSegment) -> str:
    return f"{one.lift_low:.2f} to {one.lift_high:.2f}"


def _export(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def export(
        shop: str,
        file: Path,
        *,
        k: Places = 10,
        surface: str = "email",
        language: Shown = "zh",
        quiet: Quiet = False,
    ) -> None:
        """Write lists for all shoppers who agree to a Parquet file. Stopped and run again, it goes on.

        Args:
            shop: the shop's name.
            file: to be written; FILE.parts beside it holds what is done until it is whole.
            k: at most so many for each.
            surface: where the lists will stand; for email, sms, wechat, push and popup consent to marketing counts too.
            language: zh or en.
        """
        ask = ExportLists(k=k, surface=surface, language=language)
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            report = rooms.recommend.batches.export(file, ask, on_step=bars.begin("shoppers"))
            rooms.recommend.flush()
        print(f"{report.rows} rows for {report.shoppers} shoppers in {file}")
