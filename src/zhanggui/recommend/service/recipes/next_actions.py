"""The next best action for one shopper: a suggestion that is read, never an act."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.recommend import words
from zhanggui.recommend.engines.intent import LEAST
from zhanggui.recommend.ports import Reviews, Subjects
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.shoppers import Shopper
from zhanggui.recommend.service.strengths import CARTED, PURCHASE
from zhanggui.recommend.service.surfaces import BUY_AGAIN, CART
from zhanggui.recommend.service.wishing import Wish
from zhanggui.recommend.types.lists import Evidence, RankedProduct, Reason
from zhanggui.recommend.types.recipes import Action, NextAction
from zhanggui.shop import EVENT_NUMBERS, EventName

from .kept import allowed
from .personal import bought_before, told_again

BASKET_FROM_MS, BASKET_UNTIL_MS = HOUR_MS, 7 * DAY_MS
"""Somebody who has just filled a basket is still shopping; after a week it is forgotten."""
REVIEW_FROM_MS, REVIEW_UNTIL_MS = 7 * DAY_MS, 45 * DAY_MS
DUE, CHANCE = 0.6, 0.3
MOST_NAMED = 5
_RATE, _REFUND = EVENT_NUMBERS[EventName.RATE], EVENT_NUMBERS[EventName.REFUND]
_REMOVED = EVENT_NUMBERS[EventName.REMOVE_FROM_CART]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One shopper at one moment."""

    snapshot: Snapshot
    shopper: Shopper
    wish: Wish
    language: str

    def named(self, number: int, reason: Reason, position: int = 1) -> RankedProduct:
        """A product as it is told."""
        return RankedProduct(
            product_id=self.snapshot.view.ids[number],
            score=0.0,
            reason=reason,
            position=position,
            title=self.snapshot.view.titles(number, self.language),
            explanation=words.explain(reason.code, reason.params, self.language),
        )

    def newest(self, kinds: set[int]) -> dict[int, tuple[int, int, int]]:
        """Of each product the newest act among `kinds`: product → (kind, moment, seq), the newest first."""
        past, found = self.shopper.past, dict[int, tuple[int, int, int]]()
        rows = zip(past.product.tolist(), past.kind.tolist(), past.at_ms.tolist(), past.seq.tolist(), strict=True)
        for product, kind, at_ms, seq in rows:
            if kind in kinds and product < len(self.snapshot.view.ids):
                found.setdefault(product, (kind, at_ms, seq))
        return found


class NextActions:
    """Suggests one of: remind of the basket, recommend, ask for a review, nothing."""

    def __init__(self, serving: Serving, people: Subjects, reviews: Reviews) -> None:
        self._serving, self._people, self._reviews = serving, people, reviews

    def suggest(
        self, customer_id: str | None = None, visitor_id: str | None = None, language: str = "zh"
    ) -> NextAction:
        """The first of these that there is a reason for; nothing is shown, sent or logged.

        A basket left between an hour and a week ago; something that is due to be bought again; a purchase of one to six
        weeks ago without a word about it; the best fit, while the shopper seems to want something. Else nothing.
        """
        snapshot, shopper, wish = self._serving.asked(customer_id, visitor_id, 1, "next_action")
        case = _Case(snapshot=snapshot, shopper=shopper, wish=wish, language=language)
        if len(shopper.past.seq) == 0:
            return _answer(case, "nothing", (), Reason("nothing_known"))
        found = _basket(case) or _due(case) or self._review(case, customer_id, visitor_id) or self._fit(case)
        return found or _answer(case, "nothing", (), Reason("nothing_wanted"))

    def _review(self, case: _Case, customer_id: str | None, visitor_id: str | None) -> NextAction | None:
        kinds = {PURCHASE, _RATE, _REFUND}
        open_ = {
            product: act
            for product, act in case.newest(kinds).items()
            if act[0] == PURCHASE and REVIEW_FROM_MS <= case.wish.now_ms - act[1] <= REVIEW_UNTIL_MS
        }
        if not open_:
            return None
        with self._serving.db.read() as db:
            subject = self._people.subject(db, customer_id, visitor_id)
            done = self._reviews.reviewed(db, subject.numbers) if subject else ()
        for product, (_, at_ms, seq) in open_.items():
            if product not in done:
                id_, days = case.snapshot.view.ids[product], (case.wish.now_ms - at_ms) // DAY_MS
                params = {"product_id": id_, "title": case.snapshot.view.titles(product, case.language)}
                reason = Reason("not_reviewed", params | {"days": str(days)}, (Evidence(seq, id_, 1.0),))
                return _answer(case, "ask_review", (case.named(product, reason),), reason)
        return None

    def _fit(self, case: _Case) -> NextAction | None:
        if case.wish.intent < LEAST:
            return None
        shopper = case.shopper
        _, items = self._serving.ranked(case.snapshot, shopper.past, shopper.preferences, case.wish, case.language)
        return _answer(case, "recommend", items, items[0].reason) if items else None


def _basket(case: _Case) -> NextAction | None:
    """What lies in the basket, the last put in first; gone is what was taken out or bought."""
    may = allowed(case.snapshot, case.shopper, replace(case.wish, surface=CART))
    carted = {
        product: act
        for product, act in case.newest({*CARTED, _REMOVED, PURCHASE}).items()
        if act[0] in CARTED and case.wish.now_ms - act[1] <= BASKET_UNTIL_MS and may[product]
    }
    if not carted or min(case.wish.now_ms - at_ms for _, at_ms, _ in carted.values()) < BASKET_FROM_MS:
        return None
    named = []
    for position, (product, (_, at_ms, seq)) in enumerate(list(carted.items())[:MOST_NAMED], start=1):
        id_, hours = case.snapshot.view.ids[product], (case.wish.now_ms - at_ms) // HOUR_MS
        params = {"product_id": id_, "title": case.snapshot.view.titles(product, case.language), "hours": str(hours)}
        reason = Reason("left_in_basket", params, (Evidence(seq, id_, 1.0),))
        named.append(case.named(product, reason, position))
    return _answer(case, "remind_basket", tuple(named), named[0].reason)


def _due(case: _Case) -> NextAction | None:
    """What is most due to be bought again, where it is likely enough."""
    may = allowed(case.snapshot, case.shopper, replace(case.wish, surface=BUY_AGAIN))
    bought = bought_before(case.snapshot, case.shopper.past, case.wish.now_ms)
    due = [
        (again.judged.score, number)
        for number, again in bought.items()
        if may[number] and again.judged.due >= DUE and again.judged.chance >= CHANCE
    ]
    if not due:
        return None
    number = max(due)[1]
    reason = told_again(case.snapshot, bought, number)
    return _answer(case, "recommend", (case.named(number, reason),), reason)


def _answer(case: _Case, action: Action, products: tuple[RankedProduct, ...], reason: Reason) -> NextAction:
    return NextAction(
        action=action,
        reason=reason,
        explanation=words.explain(reason.code, reason.params, case.language),
        products=products,
        intent=float(np.round(case.wish.intent, 4)),
    )
