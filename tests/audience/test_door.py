"""The room's door."""

from __future__ import annotations

from inspect import ismodule

from zhanggui import audience


def test_the_door_lists_exactly_what_it_shows() -> None:
    seen = {name for name, thing in vars(audience).items() if name[0] != "_" and not ismodule(thing)}

    assert set(audience.__all__) == seen
