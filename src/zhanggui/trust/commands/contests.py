"""Contests on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.service.contesting import Contests
from zhanggui.trust.types.contests import AnswerContest, Contest, ContestState, Outcome


class ContestRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def contests(self) -> Contests:
        """What shoppers contest."""


OpenContests = Callable[[str], AbstractContextManager[ContestRooms]]


def contests_commands(open_room: OpenContests) -> App:
    """`contests list`, `show` and `answer`."""
    app = App(name="contests", help="Automatic decisions that shoppers contest; a person answers by the due date.")

    @app.command(name="list")
    def list_(shop: str, *, state: ContestState | None = None, limit: int = 50, json: Json = False) -> None:
        """List contests, oldest first.

        Args:
            shop: the shop's name.
            state: only these; open ones include the overdue.
            limit: at most so many.
        """
        with open_room(shop) as rooms:
            found = rooms.contests.page(state, limit=min(max(limit, 1), 200)).items
        if json:
            print_json(found)
            return
        rows = ((one.id, one.state.value, one.decision.value, one.about, one.at, one.due_at) for one in found)
        print_table(("id", "state", "decision", "about", "brought", "due"), rows)

    @app.command
    def show(shop: str, contest: str, *, json: Json = False) -> None:
        """Show a contest: what was decided, what the shopper says, which ledger entries belong to it."""
        with open_room(shop) as rooms:
            _print(rooms.contests.contest(contest), json=json)

    _answer_command(app, open_room)
    return app


def _answer_command(app: App, open_room: OpenContests) -> None:
    @app.command
    def answer(shop: str, contest: str, words: str, *, outcome: Outcome, json: Json = False) -> None:
        """Answer a contest; the shopper sees it at once.

        Args:
            shop: the shop's name.
            contest: its id.
            words: the answer.
            outcome: the decision was changed, is upheld, or was only explained.
        """
        with open_room(shop) as rooms:
            given = AnswerContest(outcome=outcome, words=words)
            _print(rooms.contests.answer(contest, given, actor()), json=json)


def _print(one: Contest, *, json: bool) -> None:
    if json:
        print_json(one)
        return
    who = one.customer_id or one.visitor_id or ""
    rows: list[tuple[str, object]] = [
        ("contest", one.id),
        ("state", one.state.value),
        ("who", who),
        ("decision", f"{one.decision.value} {one.about}".strip()),
        ("shown", one.shown),
        ("words", one.words),
        ("due", one.due_at),
        ("ledger entries", ", ".join(map(str, one.entries))),
    ]
    if one.answer is not None:
        rows += [("outcome", one.answer.outcome.value), ("answer", one.answer.words), ("by", one.answer.by)]
    print_table(("", ""), rows)
