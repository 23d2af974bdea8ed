"""Clauses and the yearly review on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json, Shown
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.errors import CannotWrite
from zhanggui.trust.service.ethics import Ethics
from zhanggui.trust.service.reports import YearlyReview, review_page, review_pdf
from zhanggui.trust.types.ethics import ClauseState, EthicsState


class EthicsRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def ethics(self) -> Ethics:
        """The clauses."""

    @property
    def yearly_review(self) -> YearlyReview:
        """The review."""


OpenEthics = Callable[[str], AbstractContextManager[EthicsRooms]]


def ethics_commands(open_room: OpenEthics) -> App:
    """`ethics list`, `check` and `law`."""
    app = App(name="ethics", help="What the software promises, and whether it is kept.")
    _promising(app, open_room)
    _matching(app, open_room)
    return app


def _promising(app: App, open_room: OpenEthics) -> None:
    @app.command(name="list")
    def list_(shop: str, *, language: Shown = "zh", json: Json = False) -> None:
        """List the clauses with the last result of each check; those without a passing check come first.

        Args:
            shop: the shop's name.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            _print(rooms.ethics.state(), language, json=json)

    @app.command
    def check(shop: str, *, language: Shown = "zh", json: Json = False) -> int:
        """Run every check now. Ends with 1 when a clause is not kept or nothing looks after it.

        Args:
            shop: the shop's name.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            state = rooms.ethics.check(actor())
        _print(state, language, json=json)
        return 0 if state.is_kept else 1


def _matching(app: App, open_room: OpenEthics) -> None:
    @app.command
    def law(shop: str, *, language: Shown = "zh", json: Json = False) -> None:
        """List what answers each article of the laws, or why it is not ours.

        Args:
            shop: the shop's name.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            matrix = rooms.ethics.matrix()
        if json:
            print_json(matrix)
            return
        rows = (
            (
                one.id,
                one.zh if language == "zh" else one.en,
                "read" if one.read else "not read",
                ", ".join(f"{held.kind} {held.name}" for held in one.held)
                or (one.not_ours_zh if language == "zh" else one.not_ours_en),
            )
            for one in matrix.articles
        )
        print_table(("article", "asks for", "text", "stands in, or why not"), rows)


def audit_commands(open_room: OpenEthics) -> App:
    """`audit report`."""
    app = App(name="audit", help="The yearly review of ethics and compliance.")

    @app.command
    def report(
        shop: str, *, year: int | None = None, out: Path = Path(), language: Shown = "zh", json: Json = False
    ) -> None:
        """Write the review of a year as a page and as a PDF; each figure stands beside the query that made it.

        Args:
            shop: the shop's name.
            year: which, by the shop's calendar; without, the present one as far as it has come.
            out: folder for review-YEAR.html and review-YEAR.pdf.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            review, state = rooms.yearly_review.of(year or rooms.yearly_review.this_year), rooms.ethics.state()
        if json:
            print_json(review)
            return
        page, pdf = out / f"review-{review.year}.html", out / f"review-{review.year}.pdf"
        try:
            out.mkdir(parents=True, exist_ok=True)
            page.write_text(review_page(review, state, language), encoding="utf-8")
            pdf.write_bytes(review_pdf(review, state, language))
        except OSError as error:
            raise CannotWrite(
                f"{out} cannot be written: {error.strerror}.", hint="Name another folder: --out"
            ) from error
        print(f"{page}\n{pdf}")

    return app


def _print(state: EthicsState, language: str, *, json: bool) -> None:
    if json:
        print_json(state)
        return
    for one in state.clauses:
        print(f"{one.state:<9} {one.clause.id}{_counts(one)}\n          {_words(one, language)}")


def _counts(one: ClauseState) -> str:
    if one.result is None:
        return f": {one.broke}" if one.broke else ""
    outcome = one.result.outcome
    example = f" ({outcome.example})" if outcome.example else ""
    return f": {outcome.seen} looked at, {outcome.wrong} wrong{example}"


def _words(one: ClauseState, language: str) -> str:
    return one.clause.zh if language == "zh" else one.clause.en
