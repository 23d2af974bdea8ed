"""What agreeing to a version of a notice is worth after newer ones were published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.types.notices import NoticeBook, NoticeVersion, key_of


def book_of(plain: Mapping[str, frozenset[Purpose]], versions: Iterable[NoticeVersion]) -> NoticeBook:
    """The worth of each notice and version.

    An agreement grants what its version and every later one grant: a purpose that a later version drops is gone, one
    that it adds needs a new yes. Where a later version asks again, nothing is left of it. A name without a version is
    what was agreed to before there were versions, or the first of them.

    Args:
        plain: what each notice grants by its name alone.
        versions: all that were published, in any order.
    """
    grants, channels, outdated = dict(plain), dict[str, frozenset[str]](), set[str]()
    by_name: dict[str, list[NoticeVersion]] = {}
    for version in versions:
        by_name.setdefault(version.notice, []).append(version)
    for name, published in by_name.items():
        ordered = sorted(published, key=lambda one: one.version)
        for place, version in enumerate(ordered):
            _weigh(key_of(name, version.version), ordered[place:], grants, channels, outdated)
        first = ordered if name not in plain else [_as_version(ordered[0], plain[name]), *ordered]
        _weigh(name, first, grants, channels, outdated)
    return NoticeBook(grants=grants, channels=channels, outdated=frozenset(outdated))


def _weigh(
    key: str,
    from_here: Sequence[NoticeVersion],
    grants: dict[str, frozenset[Purpose]],
    channels: dict[str, frozenset[str]],
    outdated: set[str],
) -> None:
    agreed, *later = from_here
    if any(one.asks_again for one in later):
        outdated.add(key)
        grants[key] = frozenset()
        return
    grants[key] = frozenset(agreed.purposes).intersection(*(one.purposes for one in later))
    named = [frozenset(map(str, one.channels)) for one in from_here if one.channels]
    if named:
        channels[key] = frozenset.intersection(*named)


def _as_version(like: NoticeVersion, purposes: frozenset[Purpose]) -> NoticeVersion:
    """What a name meant before its first version."""
    return NoticeVersion(
        notice=like.notice, version=like.version, at=like.at, by=like.by, purposes=tuple(sorted(purposes))
    )
