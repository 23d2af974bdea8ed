"""Five places a day in the inbox, for which the rooms compete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, Clock, local_day, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.trust.engines.brief import FAIR_SHARE, choose
from zhanggui.trust.errors import TrustError
from zhanggui.trust.tables import briefs as tables
from zhanggui.trust.tables.briefs import Bid
from zhanggui.trust.types.proposals import Proposal, ProposalDraft

from .brief import candidate
from .proposals import Proposals

PLACES = 5
HELD_DAYS = 3
COMPETING = 500
"""So many bids are looked at, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPlaces:
    """Takes what rooms would like to have decided, and each morning makes the best of it proposals.

    What a person asks for, or a kind that may act alone, is proposed at once and needs no place.

    Args:
        zone: whose days count.
    """

    db: Database
    clock: Clock
    zone: ZoneInfo
    proposals: Proposals
    make_id: Callable[[], str] = new_id

    def bid(self, drafts: Sequence[ProposalDraft]) -> None:
        """Let drafts compete for a place, three days long; see `bid_in`."""
        self.db.write(lambda db: self.bid_in(db, drafts))

    def bid_in(self, db: sa.Connection, drafts: Sequence[ProposalDraft]) -> None:
        """The same inside the caller's transaction. A bid about the same thing of the same kind is replaced."""
        until_ms = to_ms(self.clock()) + HELD_DAYS * DAY_MS
        tables.store_bids(db, [Bid(self.make_id(), draft.kind.partition(".")[0], draft) for draft in drafts], until_ms)

    def award(self) -> list[Proposal]:
        """Give the places of today that are still free to the bids worth most; each becomes a proposal.

        A draft that no longer holds (its subject is gone) loses its bid and takes no place.
        """
        made: list[Proposal] = []
        while (awarded := self._award_one()) is not None:
            made += awarded
        return made

    def _award_one(self) -> list[Proposal] | None:
        try:
            return self.db.write(self._place)
        except _Unplaceable as refused:
            lost = refused.bid_id
        self.db.write(lambda db: tables.drop_bids(db, [lost], to_ms(self.clock())))
        return []

    def _place(self, db: sa.Connection) -> list[Proposal] | None:
        now = self.clock()
        day = local_day(to_ms(now), self.zone)
        taken = tables.places_taken(db, day)
        if sum(taken.values()) >= PLACES:
            return None
        bids = {bid.id: bid for bid in tables.waiting_bids(db, to_ms(now), COMPETING)}
        best = choose([candidate(bid.id, bid.draft) for bid in bids.values()], 1, taken, FAIR_SHARE)
        if not best:
            return None
        bid = bids[best[0].id]
        try:
            made = self.proposals.add(db, [bid.draft])
        except TrustError as error:
            raise _Unplaceable(bid.id) from error
        tables.drop_bids(db, [bid.id], to_ms(now))
        tables.set_places(db, day, {**taken, bid.room: taken.get(bid.room, 0) + 1})
        return made


class _Unplaceable(Exception):
    """A draft that cannot become a proposal: the whole work is undone, and its bid falls."""

    def __init__(self, bid_id: str) -> None:
        super().__init__(bid_id)
        self.bid_id = bid_id
