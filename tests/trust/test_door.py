from __future__ import annotations

from inspect import ismodule
from pathlib import Path

from zhanggui import trust


def test_the_door_lists_exactly_what_it_shows() -> None:
    seen = {name for name, thing in vars(trust).items() if name[0] != "_" and not ismodule(thing)}

    assert set(trust.__all__) == seen


def test_the_door_is_sorted() -> None:
    assert trust.__all__ == sorted(trust.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


def test_the_door_is_one_page() -> None:
    assert trust.__file__ is not None
    assert len(Path(trust.__file__).read_text(encoding="utf-8").splitlines()) <= 40
