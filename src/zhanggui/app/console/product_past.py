"""What happened to one product: proposals, prices that were changed, and its entries of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from zhanggui.kernel.clock import from_ms
from zhanggui.shop import Offer
from zhanggui.trust import LedgerAsk, Proposal, ProposalState, RepriceOffer, offer_subject
from zhanggui.trust.kinds import REPRICE_OFFER, OfferKey

from .ledger_words import LedgerSentence, Teller
from .shell import Console

LOOKED_THROUGH = 50
"""Proposals about one product, the newest."""
MOST_OFFERS = 200
PROPOSALS_SHOWN = 5
PRICES_SHOWN = 8
ENTRIES_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """One price in the place of another; `at` is when it took effect, or when it was taken back."""

    at: datetime
    offer: Offer
    was_minor: int
    now_minor: int
    proposal_id: str
    is_undone: bool

    @property
    def is_in_force(self) -> bool:
        """Whether it is what the offer asks now."""
        return not self.is_undone and self.now_minor == self.offer.price_minor

    @property
    def share(self) -> float:
        """By how much it rose, as a share of the former price; 0 where that was nothing."""
        return self.now_minor / self.was_minor - 1 if self.was_minor else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is on record, the newest first; each part is None for who may not see it."""

    proposals: Sequence[Proposal] | None
    prices: Sequence[PriceChange] | None
    entries: Sequence[tuple[datetime, LedgerSentence]] | None


def past_of(console: Console, product_id: str, offers: Sequence[Offer]) -> Past:
    """All that is on record of a product, from two indexes."""
    proposals = prices = None
    if console.may("trust:read"):
        by_subject = _subjects(product_id, offers[:MOST_OFFERS])
        proposals = console.rooms.inbox.about({product_id, *by_subject}, LOOKED_THROUGH)
        prices = sorted(_prices(proposals, by_subject), key=lambda one: one.at, reverse=True)[:PRICES_SHOWN]
        proposals = proposals[:PROPOSALS_SHOWN]
    entries = _entries(console, product_id) if console.may("ledger:read") else None
    return Past(proposals=proposals, prices=prices, entries=entries)


def _subjects(product_id: str, offers: Sequence[Offer]) -> dict[str, Offer]:
    """The offers by the subjects that name them; the bare id names the offer for everybody."""
    by_subject = {offer_subject(offer): offer for offer in offers}
    plain = by_subject.get(msgspec.json.encode(OfferKey(product_id)).decode())
    return by_subject if plain is None else {**by_subject, product_id: plain}


def _prices(proposals: Sequence[Proposal], offers: Mapping[str, Offer]) -> Iterator[PriceChange]:
    for proposal in proposals:
        offer = offers.get(proposal.subject)
        if proposal.kind != REPRICE_OFFER.name or proposal.inverse is None or offer is None:
            continue
        yield PriceChange(
            at=proposal.updated_at,
            offer=offer,
            was_minor=msgspec.convert(proposal.inverse, RepriceOffer).price_minor,
            now_minor=msgspec.convert(proposal.change, RepriceOffer).price_minor,
            proposal_id=proposal.id,
            is_undone=proposal.state is ProposalState.UNDONE,
        )


def _entries(console: Console, product_id: str) -> list[tuple[datetime, LedgerSentence]]:
    found = console.rooms.ledger.find(LedgerAsk(subject=f"product:{product_id}"), limit=ENTRIES_SHOWN).items
    teller = Teller(console) if found else None
    return [(from_ms(entry.at_ms), teller.tell(entry)) for entry in found] if teller else []
