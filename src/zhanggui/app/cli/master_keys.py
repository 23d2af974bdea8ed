"""`master-key`: which master keys there are, going to a new one while everything serves, giving the old one up."""

from __future__ import annotations

from cyclopts import App

from zhanggui.app.rotating import KeyState, MasterKeys
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, say

from .session import settings_now

master_key = App(name="master-key", help="The key that wraps the keys of people: where it stands, a new one.")


@master_key.command(name="list")
def list_(*, json: Json = False) -> None:
    """Show the ids of the master keys, and how many keys of each shop another than the newest wraps."""
    _show(_keys().state(), as_json=json)


@master_key.command
def rotate(*, json: Json = False) -> None:
    """Go to a new master key while everything serves; after a crash, call it again.

    New people's keys are wrapped by it at once, a job of each shop wraps the others anew.
    """
    _show(_keys().rotate(), as_json=json)
    say("A job of each shop wraps the other keys anew. When none is left: zhanggui master-key retire")


@master_key.command
def retire(*, json: Json = False) -> None:
    """Give up all master keys but the newest; refused while anything is wrapped by another one."""
    _show(_keys().retire(), as_json=json)
    say("Backups of the keys made before still need the old one: they go after 30 days.")


def _keys() -> MasterKeys:
    return MasterKeys(settings=settings_now(), clock=system_clock)


def _show(state: KeyState, *, as_json: bool) -> None:

    if as_json:
        print_json(state)
        return
    for key in state.known:
        print(f"{key}  {'wraps what is new' if key == state.current else 'still read'}")
    for store, count in state.left.items():
        print(f"{store}: {f'{count} keys are wrapped by another one' if count else 'all keys are wrapped by it'}")
