from __future__ import annotations

from inspect import ismodule
from pathlib import Path

from zhanggui import shop


def test_the_door_lists_exactly_what_it_shows() -> None:
    seen = {name for name, thing in vars(shop).items() if name[0] != "_" and not ismodule(thing)}

    assert set(shop.__all__) == seen


def test_the_door_is_sorted_and_one_page() -> None:
    assert shop.__all__ == sorted(shop.__all__, key=lambda name: (not name.isupper(), name))
    assert shop.__file__ is not None
    assert len(Path(shop.__file__).read_text(encoding="utf-8").splitlines()) <= 40
