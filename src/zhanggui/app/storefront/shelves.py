"""Shelves: products that the shop proposes, each with its reason, its evidence and its exit."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from zhanggui.app.web.signals import signal_shares
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.words import N_, named
from zhanggui.recommend import Preference, RankedProduct, Reason, Recommendations
from zhanggui.recommend.types.rules import RuleKind
from zhanggui.shop import EVENT_NUMBERS, EventName

from .budget import budget_notice, within_budget
from .goods import Card
from .shell import Storefront
from .shoppers import CHANNEL
from .wishes import told_once

HOME, PLAN, SIMILAR, GOES_WITH = "home", "plan", "similar", "goes_with"
COUNTS = {HOME: 8, PLAN: 4, SIMILAR: 4, GOES_WITH: 4}
OWN = (HOME, PLAN)
"""Where the shopper is addressed; beside a product nobody is."""
BESIDE_ASKED = 24
"""Products looked at beside another one: some may be dismissed, others are only popular."""
GENERAL = frozenset({"trending", "popular", "new_arrival", "for_a_change", "not_yet_seen"})
EVIDENCE_READ = 200
ACTS = {
    EventName.PURCHASE: N_('You bought "%(title)s" on %(day)s'),
    EventName.ADD_TO_CART: N_('You put "%(title)s" in the cart on %(day)s'),
    EventName.BEGIN_CHECKOUT: N_('You put "%(title)s" in the cart on %(day)s'),
    EventName.ADD_TO_WISHLIST: N_('You kept "%(title)s" on %(day)s'),
}
LOOKED = N_('You looked at "%(title)s" on %(day)s')
_ACT_OF = {EVENT_NUMBERS[name]: said for name, said in ACTS.items()}
_BESIDE = {
    "alike": N_("Who likes this likes it too"),
    "together": N_("Often seen or bought together with this"),
    "content": N_("A similar product"),
    "described_alike": N_("Described alike"),
    "looks_alike": N_("Looks alike"),
}
_Done = Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Proposed:
    """One product of a shelf: its card, the reason in a line, what the shopper did that counts, shares in percent.

    Attributes:
        is_owed: whether the reason rests on what the shopper did, rather than on what everybody does.
        ad: that a promotion put it here, in words; empty for any other place.
    """

    card: Card
    reason: str
    because: tuple[str, ...]
    is_owed: bool
    shares: list[tuple[str, int]]
    ad: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A shelf.

    Attributes:
        surface: where it stands.
        of: the product that it stands beside; empty on the home page.
        list_id: of the served list.
        products: in order.
        notice: why it is not personal, for the reader; empty when it is.
        is_off: whether the shopper has turned personalization off.
        gone: what the shopper just wanted less of.
        gone_at: its former place, from 0.
    """

    surface: str
    of: str
    list_id: str
    products: tuple[Proposed, ...]
    notice: str = ""
    is_off: bool = False
    gone: Preference | None = None
    gone_at: int = 0


def shelf_of(
    store: Storefront, surface: str, of: str = "", *, less: str = "", at: str = "", without: Collection[str] = ()
) -> Shelf:
    """The shelf of a surface, as of the last thing that the shopper did.

    Args:
        store: the request.
        surface: `home`, `plan`, `similar` or `goes_with`.
        of: the product that it stands beside.
        less: id of the preference that the shopper has just set.
        at: the place, from 1, of the product that it took away.
        without: products that the page shows elsewhere.

    Raises:
        UnknownProduct: `of` is none of the shop's.
    """
    preferences = store.rooms.recommend.preferences(**store.shopper.named)
    gone = next((held for held in preferences if held.id == less and not held.is_undone), None)
    count = COUNTS[surface] - (gone is not None)
    dismissed = {held.product_id for held in preferences if not held.is_undone}
    away = set(without) if surface in OWN else dismissed | set(without)  # their own lists heed what was dismissed
    answer = _asked(store, surface, of, count, away)
    return Shelf(
        surface=surface,
        of=of,
        list_id=answer.list_id,
        products=_proposed(store, answer),
        notice=answer.notice_text,
        is_off=answer.notice == "personalization_off",
        gone=None if gone is None else told_once(gone, store.language),
        gone_at=min(int(at) - 1, count) if re.fullmatch(r"[1-9]\d{0,2}", at, re.ASCII) else 0,
    )


def _asked(store: Storefront, surface: str, of: str, count: int, away: set[str]) -> Recommendations:
    """No more than is shown: what is served is logged as shown."""
    recommend = store.rooms.recommend
    if surface in OWN:
        return _of_plan(store, count) if surface == PLAN else _of_shopper(store, count, away)

    def place(ranked: Sequence[RankedProduct]) -> Sequence[RankedProduct]:
        kept = [one for one in within_budget(store, ranked) if one.product_id not in away]
        kept.sort(key=lambda one: one.reason.code in GENERAL)  # what speaks of the product before what is wanted anyway
        return kept[:count]

    ask = recommend.similar if surface == SIMILAR else recommend.goes_with
    answer = ask(of, BESIDE_ASKED, store.language, **store.shopper.named, place=place)
    return msgspec.structs.replace(answer, notice="", notice_text=budget_notice(store))


def _of_plan(store: Storefront, count: int) -> Recommendations:
    """In the order that suits the shopper; what is kept from their lists is kept from this one."""
    if not store.planned:
        return Recommendations(list_id="", items=(), model="", surface=PLAN, is_personal=False)
    rerank = store.rooms.recommend.personal.rerank
    return rerank(store.planned, store.language, **store.shopper.named, surface=PLAN, k=count)


def _of_shopper(store: Storefront, count: int, away: set[str]) -> Recommendations:
    """Their own list, without what stands on the shelf of a plan."""
    return store.rooms.recommend.for_shopper(
        **store.shopper.named,
        k=count,
        surface=HOME,
        language=store.language,
        channel=CHANNEL,
        device=store.teller.device,
        without=(*away, *store.planned),
    )


def _proposed(store: Storefront, answer: Recommendations) -> tuple[Proposed, ...]:
    ids = [one.product_id for one in answer.items]
    cards = {card.id: card for card in store.goods.cards(ids, list_id=answer.list_id, surface=answer.surface)}
    done = _done(store) if answer.surface in OWN else {}
    return tuple(
        Proposed(
            cards[one.product_id],
            _reason(store, answer.surface, one),
            _because(store, one, done),
            one.reason.code not in GENERAL,
            signal_shares(store.view, one.reason),
            one.moved_text if one.moved_by == RuleKind.PROMOTE else "",
        )
        for one in answer.items
        if one.product_id in cards
    )


def is_by_acts(reason: Reason) -> bool:
    """Whether a product is there for what the shopper did, and not because everybody is shown it."""
    return bool(reason.evidence) and reason.code not in GENERAL


def _done(store: Storefront) -> _Done:
    """(kind, moment) of the shopper's last events by their number."""
    numbers = store.shopper.numbers(store.rooms)
    if not numbers:
        return {}
    with store.rooms.db.read() as db:
        tail = store.rooms.events.tail(db, numbers, limit=EVIDENCE_READ, purpose=Purpose.PERSONALIZATION)
    return dict(zip(tail.seq.tolist(), zip(tail.kind.tolist(), tail.at_ms.tolist(), strict=True), strict=True))


def _reason(store: Storefront, surface: str, one: RankedProduct) -> str:
    """In a line. Beside a product nobody is addressed: the reason is the product, not the shopper."""
    if surface in OWN or not one.reason.evidence or one.reason.code in GENERAL:
        return one.explanation
    if one.reason.code == "same_keyword":
        return store.view._("%(value)s as well") % {"value": named(one.reason.params["value"], store.language)}
    loudest = max(_BESIDE, key=lambda name: one.reason.shares.get(name, 0.0))
    return store.view._(_BESIDE[loudest])


def _because(store: Storefront, one: RankedProduct, done: _Done) -> tuple[str, ...]:
    said, view, formats = [], store.catalogue, store.view.formats
    for evidence in one.reason.evidence:
        kind, at_ms = done.get(evidence.seq, (-1, 0))
        if kind >= 0:
            sentence = store.view._(_ACT_OF.get(kind, LOOKED))
            title = view.titles(view.numbers[evidence.product_id], store.language)
            said.append(sentence % {"title": title, "day": formats.day(from_ms(at_ms))})
    if one.moved_text and one.moved_by != RuleKind.PROMOTE:
        said.append(one.moved_text)
    return tuple(dict.fromkeys(said))
