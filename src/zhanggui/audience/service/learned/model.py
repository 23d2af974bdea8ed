"""What is stored of a version: the space, the middles of its groups, their names and portraits. No person is in it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from zhanggui.audience.engines.learned.grouping import Labels, nearest
from zhanggui.audience.engines.learned.naming import Name
from zhanggui.audience.engines.learned.sketching import Sketch, may_group, sketch_of
from zhanggui.audience.engines.learned.space import Space, points
from zhanggui.audience.service.segments.looking import Look
from zhanggui.audience.types.learned import Lifted, Portrait


class Group(msgspec.Struct, frozen=True):
    """One learned segment; `since_ms` is when its identity was first learned."""

    id: str
    middle: list[float]
    name: Name
    portrait: Portrait
    since_ms: int


class Model(msgspec.Struct, frozen=True):
    """A version of the learned segments."""

    space: Space
    groups: list[Group]

    def labels(self, sketches: Sequence[Sketch]) -> Labels:
        """(n,) the group of each: its place in `groups`."""
        return nearest(points(self.space, sketches), np.asarray([group.middle for group in self.groups]))


class Assigning:
    """Puts people into groups by their live profile; remembers the last one, for each group asks of each person."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._last: tuple[Look | None, str | None] = (None, None)

    def group_of(self, look: Look) -> str | None:
        """The id of the group; None of whom too little is known."""
        seen, found = self._last
        if seen is not look:
            sketch = sketch_of(look.profile)
            found = None if sketch is None else self._model.groups[int(self._model.labels([sketch])[0])].id
            self._last = (look, found)
        return found


def pack(model: Model) -> bytes:
    """As JSON."""
    return msgspec.json.encode(model)


def unpack(packed: bytes) -> Model:
    """What `pack` wrote."""
    return msgspec.json.decode(packed, type=Model)


def as_shown(group: Group, floor: int) -> Group:
    """The group without what may not be told any more: the floor may be higher, the list of what is denied longer."""
    portrait, replace = group.portrait, msgspec.structs.replace

    def told(traits: tuple[Lifted, ...]) -> tuple[Lifted, ...]:
        return tuple(one for one in traits if one.people >= floor and may_group(f"{one.key} {one.text}"))

    name = replace(group.name, clauses=tuple(one for one in group.name.clauses if may_group(f"{one.key} {one.text}")))
    examples = tuple(one for one in portrait.examples if one.people >= floor and may_group(one.title))
    shown = replace(portrait, categories=told(portrait.categories), common=told(portrait.common), examples=examples)
    return replace(group, name=name, portrait=shown)
