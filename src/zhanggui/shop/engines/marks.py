"""Marks of a product: what filters ask for and no shopper chooses. Like chips, each is a key that stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from zhanggui.kernel.ids import hash64

from .chips import MOST_KEY, fold

PATH = "/"
"""Between the parts of a category."""
_OF_CATEGORY = frozenset({"path", "leaf", "under"})


def mark_key(kind: str, value: str) -> str:
    """The key of a mark or a chip, for a value in any spelling; the parts of a path are folded each."""
    folded = PATH.join(map(fold, value.split(PATH))) if kind in _OF_CATEGORY else fold(value)
    return f"{kind}:{folded}" if len(folded) <= MOST_KEY else f"{kind}:#{hash64(folded):x}"


def marks_of(
    *,
    category: Sequence[str],
    seller: str | None,
    labels: Collection[str],
    markets: Collection[str],
    item_type: str = "product",
) -> tuple[str, ...]:
    """The marks of one product, each once.

    `path` is its whole category, `leaf` the last part of it; `under` every part alone and every path from the
    top down, so that both `茶` and `茶/绿茶` find what lies below.
    """
    path = [folded for part in category if (folded := fold(part))]
    found = [mark_key("path", PATH.join(path)), mark_key("leaf", path[-1])] if path else []
    found += [mark_key("under", part) for part in path]
    found += [mark_key("under", PATH.join(path[:depth])) for depth in range(2, len(path) + 1)]
    if seller:
        found.append(mark_key("seller", seller))
    found += [mark_key("label", label) for label in sorted(labels)]
    found += [mark_key("market", market) for market in sorted(markets)]
    if item_type != "product":
        found.append(mark_key("type", item_type))
    return tuple(dict.fromkeys(found))
