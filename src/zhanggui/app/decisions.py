"""The first decisions of a demo shop: proposals worked out from its own rows, each with what it rests on.

The arithmetic is plain and said with each proposal: no model is asked, and nothing is known that a row does not say.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Offer, Product, ProductLabel, ProductText, RivalPrice
from zhanggui.trust import Author, Effect, FactRef, ProposalDraft, Rationale, offer_subject
from zhanggui.trust.engines.price_effect import price_effect

from .rooms import Rooms

AUTHOR = Author(kind="rules", name="shop_rules", version="1")
DAYS = 28
IDLE_DAYS = 60
DECIDE_WITHIN = timedelta(days=3)
RIVALS_SEEN_WITHIN = timedelta(days=30)
FEWEST_SOLD = 4
FEWEST_RIVALS = 2
LOWEST_MARGIN = 0.2
COVER_DAYS = 7
LARGEST_MOVE = 0.2
MOST_PRODUCTS = 2000
FACTS = ("产地", "材质", "工艺", "年份")
"""Attributes that belong into a text: where a thing comes from, what it is made of, how and when."""
FALL = (1.0, 2.5, 4.0)
"""Per cent sold more for each per cent cheaper: low, likely, high. Assumed, and said to be."""
RISE = (0.5, 1.5, 3.0)
"""Per cent sold less for each per cent dearer: low, likely, high. Assumed as well."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One product with all that its proposals rest on."""

    product: Product
    offer: Offer
    rivals: tuple[RivalPrice, ...]  # the latest of each rival, oldest first
    labels: tuple[ProductLabel, ...]
    sold: int
    sold_lately: int  # within `IDLE_DAYS`
    sales: FactRef
    idle: FactRef

    @property
    def stock(self) -> FactRef:
        return FactRef(kind="offer", ref=offer_subject(self.offer))

    @property
    def available(self) -> int:
        return (self.offer.on_hand or 0) - self.offer.allocated

    @property
    def cost(self) -> int:
        return self.offer.cost_minor or 0


def seed_decisions(rooms: Rooms) -> int:
    """Make the first proposals of a shop that has none; returns how many."""
    if rooms.proposals.list(limit=1).items:
        return 0
    until = rooms.clock()
    drafts = _drafts(_rows(rooms, until), until)
    return len(rooms.proposals.propose(drafts))


def _drafts(rows: Sequence[_Row], now: datetime) -> list[ProposalDraft]:
    lower = sorted(filter(None, map(_lower, rows)), key=_gain, reverse=True)
    higher = sorted(filter(None, map(_higher, rows)), key=_gain, reverse=True)
    listed = {offer_subject(row.offer): row.offer.list_price_minor or 0 for row in rows}
    # A list price that the new price would reach blocks the proposal until it is dropped: the page shows how.
    reaching = [draft for draft in higher if 0 < listed[draft.subject] <= _price(draft)]
    chosen = [
        *lower[:1],
        *[draft for draft in higher if draft not in reaching][:1],
        *reaching[:1],
        *islice(_label(rows), 1),
        *islice(_text(rows), 1),
        *islice(_clear(rows), 1),
    ]
    return [msgspec.structs.replace(draft, expires_at=now + DECIDE_WITHIN) for draft in chosen]


def _price(draft: ProposalDraft) -> int:
    return int(str(draft.change["price_minor"]))


def _gain(draft: ProposalDraft) -> int:
    return draft.effect.amount_minor or 0


def _rows(rooms: Rooms, until: datetime) -> list[_Row]:
    products = {product.id: product for product in rooms.catalogue.products(limit=MOST_PRODUCTS)}
    since, idle_since = until - timedelta(days=DAYS), until - timedelta(days=IDLE_DAYS)
    sold = rooms.orders.sold(products, since, until, purpose=Purpose.SERVICE)
    lately = rooms.orders.sold(products, idle_since, until, purpose=Purpose.SERVICE)
    rivals: dict[str, dict[str, RivalPrice]] = {}
    for price in rooms.catalogue.rival_prices(products):
        if price.seen_at >= until - RIVALS_SEEN_WITHIN:
            rivals.setdefault(price.product_id, {})[price.rival] = price
    labels: dict[str, list[ProductLabel]] = {}
    for label in rooms.catalogue.labels(products):
        labels.setdefault(label.product_id, []).append(label)
    return [
        _Row(
            product=products[offer.product_id],
            offer=offer,
            rivals=tuple(rivals.get(offer.product_id, {}).values()),
            labels=tuple(labels.get(offer.product_id, ())),
            sold=sold.get(offer.product_id, 0),
            sold_lately=lately.get(offer.product_id, 0),
            sales=_sales(offer.product_id, since, until),
            idle=_sales(offer.product_id, idle_since, until),
        )
        for offer in rooms.catalogue.offers(products)
        if offer.variant_id is None and offer.starts_at is None
    ]


def _sales(product_id: str, since: datetime, until: datetime) -> FactRef:
    return FactRef(kind="sales", ref=msgspec.json.encode([product_id, to_ms(since), to_ms(until)]).decode())


def _rival(price: RivalPrice) -> FactRef:
    ref = msgspec.json.encode([price.product_id, price.rival, to_ms(price.seen_at)]).decode()
    return FactRef(kind="rival_price", ref=ref)


def _lower(row: _Row) -> ProposalDraft | None:
    """Meet rivals who are all cheaper, where a fifth of the price stays as margin."""
    asked = _asked(row)
    if not asked or max(asked) >= row.offer.price_minor:
        return None
    price = _round(statistics.median(asked))
    if price < row.offer.price_minor * (1 - LARGEST_MOVE) or (price - row.cost) / price < LOWEST_MARGIN:
        return None
    draft = _reprice(row, price, "rivals_are_cheaper", FALL)
    return draft if _gain(draft) > 0 else None


def _higher(row: _Row) -> ProposalDraft | None:
    """Follow rivals who are all dearer, up to the cheapest of them."""
    asked = _asked(row)
    if not asked or min(asked) <= row.offer.price_minor:
        return None
    price = _round(min(min(asked), row.offer.price_minor * (1 + LARGEST_MOVE)))
    draft = _reprice(row, price, "rivals_are_dearer", RISE)
    return draft if price > row.offer.price_minor and _gain(draft) > 0 else None


def _asked(row: _Row) -> list[int]:
    same = [price.price_minor for price in row.rivals if price.currency == row.offer.currency]
    is_known = row.cost > 0 and row.sold >= FEWEST_SOLD and len(same) >= FEWEST_RIVALS
    return same if is_known and row.available > 0 else []  # what is sold out sells at no price


def _round(minor: float) -> int:
    """To a tenth of the major unit, as prices are written."""
    return round(minor / 10) * 10


def _reprice(row: _Row, price: int, code: str, elasticities: tuple[float, float, float]) -> ProposalDraft:
    old, asked = row.offer.price_minor, _asked(row)
    low, likely, high = price_effect(
        units=row.sold, was_minor=old, price_minor=price, cost_minor=row.cost, rates=elasticities
    )
    params = {
        "rivals": str(len(asked)),
        "cheapest_minor": str(min(asked)),
        "dearest_minor": str(max(asked)),
        "was_minor": str(old),
        "price_minor": str(price),
        "units": str(row.sold),
        "days": str(DAYS),
        "move": f"{abs(price - old) / old:.1%}",
        "margin": f"{(old - row.cost) / old:.0%}",
        "new_margin": f"{(price - row.cost) / price:.0%}",
        "low": f"{elasticities[0]:g}",
        "likely": f"{elasticities[1]:g}",
        "high": f"{elasticities[2]:g}",
    }
    return ProposalDraft(
        kind="shop.reprice_offer",
        subject=offer_subject(row.offer),
        change={"price_minor": price},
        reason=Rationale(code=code, params=params),
        author=AUTHOR,
        evidence=(row.stock, row.sales, *map(_rival, row.rivals)),
        effect=Effect(amount_minor=likely, low_minor=low, high_minor=high, currency=row.offer.currency),
    )


def _label(rows: Sequence[_Row]) -> Iterator[ProposalDraft]:
    """Say that little is left of what sells out within a week."""
    counted = [row for row in rows if row.offer.on_hand is not None and row.available > 0 and row.sold >= FEWEST_SOLD]
    soon = [row for row in counted if row.available * DAYS < row.sold * COVER_DAYS]
    for row in sorted(soon, key=lambda one: one.available / one.sold):
        days_left = f"{row.available * DAYS / row.sold:.1f}"
        held = [msgspec.to_builtins(label) for label in row.labels]
        for label in held:
            del label["product_id"]
        evidence = f"{row.available} / {row.sold} / {DAYS}"
        new = {"label": "库存紧张", "source": "behaviour", "evidence": evidence}
        params = {"available": str(row.available), "units": str(row.sold), "days": str(DAYS), "days_left": days_left}
        yield ProposalDraft(
            kind="shop.label_product",
            subject=row.product.id,
            change={"labels": [*held, new]},
            reason=Rationale(code="runs_out_soon", params=params),
            author=AUTHOR,
            evidence=(row.stock, row.sales),
            effect=Effect(why_unknown="label_not_measured"),
        )


def _text(rows: Sequence[_Row]) -> Iterator[ProposalDraft]:
    """Put into words what the product's own attributes say and its description does not, best sellers first."""
    for row in sorted(rows, key=lambda one: -one.sold):
        text = row.product.texts.get("zh")
        if text is None or not text.description:
            continue
        said = text.title + text.description
        facts = {name: text.attributes.get(name, "") for name in FACTS}
        missing = {name: value for name, value in facts.items() if value and value not in said}
        if not missing:
            continue
        added = "，".join(f"{name}：{value}" for name, value in missing.items())
        new = msgspec.structs.replace(text, description=f"{text.description.rstrip('。')}。{added}。")
        params = {"names": "、".join(missing), "units": str(row.sold), "days": str(DAYS)}
        yield ProposalDraft(
            kind="shop.edit_product",
            subject=row.product.id,
            change=msgspec.to_builtins({"texts": _texts({**row.product.texts, "zh": new})}),
            reason=Rationale(code="text_lacks_facts", params=params),
            author=AUTHOR,
            evidence=(FactRef(kind="product", ref=row.product.id), row.sales),
            effect=Effect(why_unknown="text_not_measured"),
        )


def _texts(texts: dict[str, ProductText]) -> dict[str, object]:
    return {language: msgspec.to_builtins(text) for language, text in texts.items()}


def _clear(rows: Sequence[_Row]) -> Iterator[ProposalDraft]:
    """Let go, a little below cost, of stock that nobody has bought for two months; most money tied up first."""
    idle = [row for row in rows if row.sold_lately == 0 and row.available > 0 and row.cost > 0]
    for row in sorted(idle, key=lambda one: -one.available * one.cost):
        price = _round(row.cost * 0.95)
        if not row.offer.price_minor * 0.5 <= price < row.cost:
            continue
        params = {
            "available": str(row.available),
            "days": str(IDLE_DAYS),
            "tied_minor": str(row.available * row.cost),
            "price_minor": str(price),
            "freed_minor": str(row.available * price),
        }
        yield ProposalDraft(
            kind="shop.reprice_offer",
            subject=offer_subject(row.offer),
            change={"price_minor": price},
            reason=Rationale(code="idle_stock", params=params),
            author=AUTHOR,
            evidence=(row.stock, row.idle),
            effect=Effect(why_unknown="no_recent_sales"),
        )
