"""The facts that a proposal rests on, looked up as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from zhanggui.app.web.phrases import Phrases
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust import FactRef
from zhanggui.trust.kinds import OfferKey

from .shell import Console

SCOPES = {"offer": "shop:manage", "rival_price": "shop:manage", "order": "shop:people", "review": "shop:people"}
"""What a reader must hold to see a kind of fact."""


class RivalKey(msgspec.Struct, frozen=True, array_like=True):
    """What tells one price of a rival from another."""

    product_id: str
    rival: str
    seen_ms: int


class SalesKey(msgspec.Struct, frozen=True, array_like=True):
    """Sales of a product over a time: `since_ms` included, `until_ms` excluded."""

    product_id: str
    since_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One numbered line of evidence. `href` is where more of it is seen."""

    text: str
    detail: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Looks facts up for one reader."""

    console: Console
    phrases: Phrases

    def facts(self, refs: Sequence[FactRef]) -> list[Fact]:
        """A line for each fact, in order; one that is gone says so, one that the reader may not see says that."""
        return [self._fact(ref) for ref in refs]

    def _fact(self, ref: FactRef) -> Fact:
        if not self.console.may(SCOPES.get(ref.kind, "trust:read")):
            return self._said("not_yours", ref)
        look_up = {
            "offer": self._offer,
            "rival_price": self._rival_price,
            "sales": self._sales,
            "product": self._product,
            "order": self._order,
            "tier": self._tier,
        }.get(ref.kind)
        try:
            found = look_up(ref) if look_up else self._said("other", ref)
        except msgspec.DecodeError:
            found = self._said("other", ref)
        return found or self._said("gone", ref)

    def _said(self, code: str, ref: FactRef) -> Fact:
        kind = self.phrases.say("fact_kind", ref.kind)
        return Fact(self.phrases.say("fact", code, kind=kind, ref=ref.ref))

    def _offer(self, ref: FactRef) -> Fact | None:
        key = msgspec.json.decode(ref.ref, type=OfferKey) if ref.ref.startswith("[") else OfferKey(ref.ref)
        wanted = (key.variant_id, key.market, key.channel, key.starts_at)
        for offer in self.console.rooms.catalogue.offers([key.product_id]):
            if (offer.variant_id, offer.market, offer.channel, offer.starts_at) == wanted:
                money = self.console.view.formats.money
                price, cost = money(offer.price_minor, offer.currency), money(offer.cost_minor, offer.currency)
                stock = "" if offer.on_hand is None else str(offer.on_hand - offer.allocated)
                code = "offer" if stock else "offer_uncounted"
                text = self.phrases.say("fact", code, price=price, cost=cost, available=stock)
                return Fact(text, self.phrases.say("fact", "now"), self._product_page(key.product_id))
        return None

    def _rival_price(self, ref: FactRef) -> Fact | None:
        key = msgspec.json.decode(ref.ref, type=RivalKey)
        for seen in self.console.rooms.catalogue.rival_prices([key.product_id]):
            if (seen.rival, to_ms(seen.seen_at)) == (key.rival, key.seen_ms):
                formats = self.console.view.formats
                price, at = formats.money(seen.price_minor, seen.currency), formats.time(seen.seen_at)
                text = self.phrases.say("fact", "rival_price", rival=seen.rival, price=price)
                return Fact(text, self.phrases.say("fact", "rival_seen", at=at), self._product_page(key.product_id))
        return None

    def _sales(self, ref: FactRef) -> Fact | None:
        key = msgspec.json.decode(ref.ref, type=SalesKey)
        since, until = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (key.since_ms, key.until_ms))
        sold = self.console.rooms.orders.sold([key.product_id], since, until, purpose=Purpose.SERVICE)
        if key.product_id not in sold:
            return None
        formats = self.console.view.formats
        text = self.phrases.say("fact", "sales", units=formats.number(sold[key.product_id]))
        detail = self.phrases.say("fact", "from_to", since=formats.day(since), until=formats.day(until))
        return Fact(text, detail, self._product_page(key.product_id))

    def _product(self, ref: FactRef) -> Fact | None:
        with self.console.rooms.db.read() as db:
            view = self.console.rooms.live.view(db)
        number = view.numbers.get(ref.ref)
        if number is None:
            return None
        title = view.titles(number, self.console.view.language)
        return Fact(title, self.phrases.say("fact", "product"), self._product_page(ref.ref))

    def _tier(self, ref: FactRef) -> Fact | None:
        seen = self.console.rooms.audience.plans.seen(ref.ref)
        if seen is None:
            return None
        formats, past = self.console.view.formats, seen.past
        params = {"people": formats.number(max(seen.reach.values(), default=0))}
        is_told = past is not None and past.buyers >= seen.floor
        if past is not None and is_told:
            counts = {"past": past.people, "buyers": past.buyers, "days": past.days}
            params |= {name: formats.number(count) for name, count in counts.items()}
        text = self.phrases.say("fact", "tier" if is_told else "tier_new", params)
        detail = self.phrases.say("fact", "tier_seen", at=formats.time(seen.at))
        return Fact(text, detail, f"{self.console.base}/plans")

    def _order(self, ref: FactRef) -> Fact:
        return Fact(self.phrases.say("fact", "order", id=ref.ref), "", f"{self.console.base}/orders/{ref.ref}")

    def _product_page(self, product_id: str) -> str:
        return f"{self.console.base}/products/{product_id}"
