"""The morning brief: made from the proposals that wait, and sent once a day by each channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, local_day, to_ms
from zhanggui.kernel.db import Database
from zhanggui.trust.engines.brief import Candidate, choose
from zhanggui.trust.engines.worth import worth
from zhanggui.trust.errors import BriefNotSent
from zhanggui.trust.ports import BriefChannel, FactsAgeNow, ModelHealthNow
from zhanggui.trust.tables import briefs as tables
from zhanggui.trust.types.briefs import Brief, BriefDecision, BriefReport
from zhanggui.trust.types.proposals import Effect, Proposal, ProposalDraft

from .inbox import OPEN, Inbox

DECISIONS = 3
BEGUN = "begun"
"""The mark that a day's brief is on its way, beside the names of channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningBrief:
    """The brief of one shop.

    Args:
        shop: its name, for links and records.
        zone: whose days count.
        at: from when on it goes out, in that zone.
        address: where the console is reached: `https://shop.example`.
        facts_age: tells how old the facts are.
        channels: the ways out.
        model_health: tells how the model that serves stands.
        late_contests: how many shoppers wait for an answer beyond its day.
    """

    db: Database
    clock: Clock
    inbox: Inbox
    shop: str
    zone: ZoneInfo
    at: time
    address: str
    facts_age: FactsAgeNow
    channels: Sequence[BriefChannel] = ()
    model_health: ModelHealthNow = lambda: None
    late_contests: Callable[[], int] = lambda: 0

    def today(self) -> Brief:
        """The brief as it stands now."""
        return self.with_proposals()[0]

    def with_proposals(self) -> tuple[Brief, tuple[Proposal, ...]]:
        """The brief, and the proposals behind its decisions in the same order."""
        waiting = self.inbox.listed(OPEN)
        by_id = {proposal.id: proposal for proposal in waiting}
        chosen = choose([candidate(one.id, one) for one in waiting], DECISIONS)
        now = self.clock()
        brief = Brief(
            shop=self.shop,
            day=now.astimezone(self.zone).date(),
            made_at=now,
            decisions=tuple(self._decision(by_id[one.id], one) for one in chosen),
            waiting=len(waiting),
            facts=self.facts_age(),
            late_contests=self.late_contests(),
            contests_href=f"{self.address}/console/{self.shop}/contests?state=overdue",
            model=self.model_health(),
        )
        return brief, tuple(by_id[one.id] for one in chosen)

    def is_time(self) -> bool:
        """Whether it is late enough in the day."""
        return self.clock().astimezone(self.zone).time() >= self.at

    def is_due(self) -> bool:
        """Whether today's brief should be on its way and is not yet."""
        if not self.channels or not self.is_time():
            return False
        with self.db.read() as db:
            return BEGUN not in tables.channels_sent(db, self.day)

    def begin(self, db: sa.Connection, day: int) -> None:
        """Note that a day's brief is on its way, in the transaction that enqueues its sending."""
        tables.note_sent(db, day, BEGUN, to_ms(self.clock()))

    def send(self) -> BriefReport:
        """Send today's brief by each channel that has not had it; a brief with nothing to do is not sent.

        A channel is noted once it has taken the brief: whatever fails meanwhile, a further try reaches only those
        that are left. A crash right between the two sends one twice.
        """
        brief, proposals = self.with_proposals()
        day = self.day
        with self.db.read() as db:
            done = tables.channels_sent(db, day)
        already = tuple(one.name for one in self.channels if one.name in done)
        if not brief.decisions and not brief.late_contests:
            return BriefReport(already=already)
        sent: list[str] = []
        failed: dict[str, str] = {}
        refused: dict[str, str] = {}
        for channel in self.channels:
            if channel.name in done:
                continue
            try:
                told = channel.send(brief, proposals, f"{self.shop}-{brief.day.isoformat()}")
            except BriefNotSent as error:
                failed[channel.name] = f"{error} {error.hint or ''}".rstrip()
                continue
            self.db.write(lambda db, name=channel.name: tables.note_sent(db, day, name, to_ms(self.clock())))  # type: ignore[misc]
            sent.append(channel.name)
            if told:
                refused[channel.name] = told
        return BriefReport(sent=tuple(sent), already=already, failed=failed, refused=refused)

    @property
    def day(self) -> int:
        """Today, in days since 1970 of the shop's zone."""
        return local_day(to_ms(self.clock()), self.zone)

    def href(self, proposal_id: str) -> str:
        """Where a proposal stands on the console."""
        return f"{self.address}/console/{self.shop}/inbox/{proposal_id}"

    def _decision(self, proposal: Proposal, chosen: Candidate) -> BriefDecision:
        return BriefDecision(
            id=proposal.id,
            room=chosen.room,
            kind=proposal.kind,
            subject=proposal.subject,
            effect=proposal.effect,
            is_blocked=proposal.is_blocked,
            worth_minor=round(chosen.worth),
            href=self.href(proposal.id),
            expires_at=proposal.expires_at,
        )


def candidate(id_: str, asked: Proposal | ProposalDraft) -> Candidate:
    """A proposal, or the draft of one, as it competes. Its room is the first part of its kind's name."""
    effect: Effect = asked.effect
    value = worth(effect.amount_minor, effect.low_minor, effect.high_minor)
    ends = float("inf") if asked.expires_at is None else asked.expires_at.timestamp()
    return Candidate(id_, asked.kind.partition(".")[0], value, ends)
