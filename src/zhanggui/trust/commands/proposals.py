"""Proposals on the command line."""

from __future__ import annotations

from cyclopts import App

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.types.proposals import AutonomyLevel, Level, Proposal, ProposalState, Rationale

from .opening import OpenRoom


def commands(open_room: OpenRoom) -> App:
    """`proposals list`, `show`, `approve`, `reject`, `confirm`, `undo`, `levels` and `set-level`."""
    app = App(name="proposals", help="What the software, or a person, wants to do.")
    _add_reading(app, open_room)
    _add_deciding(app, open_room)
    _add_levels(app, open_room)
    return app


def _add_reading(app: App, open_room: OpenRoom) -> None:
    @app.command(name="list")
    def list_(shop: str, *, state: ProposalState | None = None, kind: str | None = None, json: Json = False) -> None:
        """List the newest 200 proposals.

        Args:
            shop: the shop's name.
            state: only those in this state.
            kind: only those of this kind.
        """
        with open_room(shop) as rooms:
            page = rooms.proposals.list(state=state, kind=kind, limit=200)
        if json:
            print_json(page)
            return
        rows = ((one.id, one.state.value, one.kind, one.subject, one.reason.code) for one in page.items)
        print_table(("id", "state", "kind", "subject", "reason"), rows)

    @app.command
    def show(shop: str, proposal: str, *, json: Json = False) -> None:
        """Show a proposal with what the checks found."""
        with open_room(shop) as rooms:
            _print(rooms.proposals.get(proposal), json=json)


def _add_deciding(app: App, open_room: OpenRoom) -> None:
    @app.command
    def approve(shop: str, proposal: str, *, seen_hash: str | None = None, json: Json = False) -> None:
        """Approve a proposal and send it on its way.

        Args:
            shop: the shop's name.
            proposal: its id.
            seen_hash: the hash of what you looked at; without it, what stands now is approved.
        """
        with open_room(shop) as rooms:
            _print(rooms.proposals.approve(proposal, actor(), seen_hash=seen_hash), json=json)

    @app.command
    def reject(shop: str, proposal: str, reason: str, *, json: Json = False) -> None:
        """Decide against a proposal, and say why in a word."""
        with open_room(shop) as rooms:
            _print(rooms.proposals.reject(proposal, Rationale(code=reason[:64]), actor()), json=json)

    @app.command
    def confirm(shop: str, proposal: str, *, json: Json = False) -> None:
        """Say that the outlet has done what was sent."""
        with open_room(shop) as rooms:
            _print(rooms.proposals.confirm(proposal, actor()), json=json)

    @app.command
    def undo(shop: str, proposal: str, *, json: Json = False) -> None:
        """Undo an applied proposal through the same outlet."""
        with open_room(shop) as rooms:
            _print(rooms.proposals.undo(proposal, actor()), json=json)


def _add_levels(app: App, open_room: OpenRoom) -> None:
    @app.command
    def levels(shop: str, *, json: Json = False) -> None:
        """Show how far each kind may go alone."""
        with open_room(shop) as rooms:
            found = rooms.proposals.autonomy()
        if json:
            print_json(found)
            return
        print_table(("kind", "level", "acts as"), ((k.kind, k.level.value, k.acts_as.value) for k in found.kinds))

    @app.command
    def set_level(shop: str, kind: str, level: AutonomyLevel) -> None:
        """Set how far a kind may go alone: observe, suggest or act."""
        with open_room(shop) as rooms:
            rooms.proposals.set_autonomy(kind, level, actor())


def pause_command(open_room: OpenRoom) -> App:
    """`zhanggui pause SHOP`."""
    app = App(name="pause", help="Stop all outlets and let every kind only observe; serving goes on.")

    @app.default
    def pause(shop: str) -> None:
        with open_room(shop) as rooms:
            rooms.proposals.pause_everything(actor())
        print("Everything is paused. Go on with: zhanggui resume", shop)

    return app


def resume_command(open_room: OpenRoom) -> App:
    """`zhanggui resume SHOP`."""
    app = App(name="resume", help="Go on at the levels that were set, and send what waits.")

    @app.default
    def resume(shop: str) -> None:
        with open_room(shop) as rooms:
            rooms.proposals.resume(actor())
        print("All kinds act at their own level again.")

    return app


def _print(proposal: Proposal, *, json: bool) -> None:
    if json:
        print_json(proposal)
        return
    rows = [
        ("id", proposal.id),
        ("state", proposal.state.value),
        ("kind", proposal.kind),
        ("subject", proposal.subject),
        ("change", proposal.change),
        ("reason", proposal.reason.code),
        ("author", f"{proposal.author.kind} {proposal.author.name} {proposal.author.version}".strip()),
        ("outlet", proposal.outlet),
        ("hash", proposal.hash),
    ]
    found = [
        (one.level.value, f"{one.rule} at {one.place}") for one in proposal.findings if one.level is not Level.PASS
    ]
    print_table(("", proposal.id), [*rows[1:], *found])
