"""What somebody would see, for people of the shop: with the evidence, and with what is kept away and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from zhanggui.recommend import words
from zhanggui.recommend.types.lists import ExcludedProduct, PastAct, Preview, RankedProduct
from zhanggui.shop import EVENT_NUMBERS

from .answering import kept_away
from .live_state import Snapshot
from .restraint import notices
from .rule_book import RuleBook
from .shoppers import Shopper
from .strengths import DISMISS
from .wishing import Wish

_NAMES = {number: name.value for name, number in EVENT_NUMBERS.items()}
MOST_EXCLUDED = 50


def preview_of(
    snapshot: Snapshot, shopper: Shopper, wish: Wish, ranked: Sequence[RankedProduct], language: str
) -> Preview:
    """A ranked answer with all that explains it."""
    view, said = snapshot.view, notices(shopper, wish)
    return Preview(
        items=tuple(ranked),
        model=snapshot.model.id or "untrained",
        surface=wish.surface,
        notice=said[0] if said else "",
        notice_text=words.notice(said, language),
        acts={seq: act for seq, _, act in _acts(snapshot, shopper)},
        excluded=tuple(excluded(snapshot, shopper, wish)),
        unavailable=view.products - int(view.is_sellable.sum()),
        intent=round(wish.intent, 4),
    )


def excluded(snapshot: Snapshot, shopper: Shopper, wish: Wish) -> list[ExcludedProduct]:
    """Of what this shopper has to do with, the products that are kept away; the newest first.

    Products that they never touched and nobody can buy are not listed: they are the same for everybody.
    """
    dismissed = {held.product: held.at_ms for held in shopper.preferences if not held.is_undone}
    touched: dict[int, int] = {}  # when last
    for _, product, act in _acts(snapshot, shopper):
        touched.setdefault(product, act.at_ms)
        if act.kind == _NAMES[DISMISS]:
            dismissed.setdefault(product, act.at_ms)
    away = _away(snapshot, shopper, wish, touched | dismissed, dismissed)
    return sorted(away, key=lambda one: -one.at_ms)[:MOST_EXCLUDED]


def left_out(snapshot: Snapshot, shopper: Shopper, wish: Wish, numbers: Sequence[int]) -> list[ExcludedProduct]:
    """Those of `numbers` that this answer could not contain, with why; `at_ms` 0 where they never touched it."""
    dismissed = {held.product: held.at_ms for held in shopper.preferences if not held.is_undone}
    touched = dict.fromkeys(numbers, 0)
    for _, product, act in reversed(_acts(snapshot, shopper)):
        if product in touched:
            touched[product] = act.at_ms
        if act.kind == _NAMES[DISMISS]:
            dismissed[product] = act.at_ms
    return _away(snapshot, shopper, wish, touched, dismissed)


def _away(
    snapshot: Snapshot, shopper: Shopper, wish: Wish, touched: Mapping[int, int], dismissed: Collection[int]
) -> list[ExcludedProduct]:
    blocked = kept_away(snapshot, shopper.past, shopper.preferences, wish)
    unasked = replace(wish, wanted=None)
    is_resting = kept_away(replace(snapshot, book=RuleBook()), shopper.past, shopper.preferences, unasked)
    found: list[ExcludedProduct] = []
    for product, at_ms in touched.items():
        if product < len(blocked) and blocked[product]:
            why = "dismissed" if product in dismissed else _why(snapshot, product, is_resting=bool(is_resting[product]))
            found.append(ExcludedProduct(product_id=snapshot.view.ids[product], why=why, at_ms=at_ms))
    return found


def _why(snapshot: Snapshot, product: int, *, is_resting: bool) -> str:
    if not snapshot.blocked[product]:
        return "bought_lately" if is_resting else "filtered"
    return "sold_out" if snapshot.view.available[product] == 0 else "not_for_sale"


def _acts(snapshot: Snapshot, shopper: Shopper) -> list[tuple[int, int, PastAct]]:
    """(order of arrival, product number, act), newest first."""
    ids, past = snapshot.view.ids, shopper.past
    rows = zip(past.seq.tolist(), past.product.tolist(), past.kind.tolist(), past.at_ms.tolist(), strict=True)
    return [
        (seq, product, PastAct(kind=_NAMES[kind], product_id=ids[product], at_ms=at_ms))
        for seq, product, kind, at_ms in rows
        if product < len(ids)
    ]
