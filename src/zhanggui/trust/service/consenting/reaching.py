"""Which channels somebody may be reached by: what they said of each, else what follows from the purpose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import sqlalchemy as sa

from zhanggui.kernel.clock import moment_or_none
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.kernel.slices import sliced
from zhanggui.shop import PersonBases, bases_of, subjects_of
from zhanggui.trust.engines.consent import newest
from zhanggui.trust.tables.consenting import HeldChannel, channels_of
from zhanggui.trust.tables.consents import FEW, HeldConsent, consents_of
from zhanggui.trust.types.notices import ChannelConsent, NoticeBook


def counting(records: Sequence[HeldConsent], book: NoticeBook) -> Sequence[HeldConsent]:
    """The records that still count: a yes to a version after which a newer one asked again does not."""
    if not book.outdated:
        return records
    return [record for record in records if not (record.granted and record.notice in book.outdated)]


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """What some people said of channels, and what the channels of their purposes rest on."""

    roots: Mapping[int, int]
    said: Mapping[int, Sequence[HeldChannel]]
    records: Mapping[int, Sequence[HeldConsent]]
    bases: Mapping[int, PersonBases]
    book: NoticeBook

    @classmethod
    def of(cls, db: sa.Connection, persons: Collection[int], book: NoticeBook) -> Self:
        """Read what is known of these persons and all who are one subject with them."""
        roots, members = subjects_of(db, set(persons))
        root_of = {person: root for root, group in members.items() for person in group}
        said: dict[int, list[HeldChannel]] = {}
        for held in channels_of(db, root_of):
            if not (held.granted and held.notice in book.outdated):
                said.setdefault(root_of[held.person], []).append(held)
        records: dict[int, list[HeldConsent]] = {}
        for some in sliced(sorted(root_of), FEW):
            for record in counting(consents_of(db, some), book):
                records.setdefault(root_of[record.person], []).append(record)
        return cls(roots, said, records, bases_of(db, list(members)) if book.channels else {}, book)

    def may(self, person: int, purpose: Purpose, channel: Channel, *, is_allowed: bool) -> bool:
        """Whether one may write by a channel, where the purpose itself is allowed or not."""
        root = self.roots[person]
        of_channel = self._said(root, purpose, channel)
        word = newest((held.at_ms, held.granted) for held in of_channel)
        if word is None:
            return is_allowed and self._asked_for(root, purpose, channel)
        if not word:
            return False
        agreed_ms = max(held.at_ms for held in of_channel if held.granted)
        mine = [record for record in self.records.get(root, ()) if record.purpose == purpose.value]
        return not any(record.at_ms >= agreed_ms and not record.granted for record in mine)

    def told(self, person: int, purpose: Purpose, *, is_allowed: bool) -> tuple[ChannelConsent, ...]:
        """The channels of which something was said, or holds that does not hold of the purpose."""
        found = []
        for channel in Channel:
            held = self._said(self.roots[person], purpose, channel)
            is_granted = self.may(person, purpose, channel, is_allowed=is_allowed)
            if held or is_granted != is_allowed:
                at_ms = max((one.at_ms for one in held), default=None)
                at = moment_or_none(at_ms)
                found.append(ChannelConsent(channel=channel, is_granted=is_granted, is_recorded=bool(held), at=at))
        return tuple(found)

    def _said(self, root: int, purpose: Purpose, channel: Channel) -> list[HeldChannel]:
        mine = self.said.get(root, ())
        return [held for held in mine if held.purpose == purpose.value and held.channel == channel.value]

    def _asked_for(self, root: int, purpose: Purpose, channel: Channel) -> bool:
        """Whether what they agreed to names the channel, or names none at all."""
        granted = [
            record for record in self.records.get(root, ()) if record.purpose == purpose.value and record.granted
        ]
        if granted:
            agreed = [max(granted, key=lambda record: record.at_ms).notice]
        else:
            bases = self.bases[root].bases if root in self.bases else frozenset()
            grants = self.book.grants
            agreed = [notice for kind, notice in bases if kind == "consent" and purpose in grants.get(notice, ())]
        channels = [self.book.channels.get(notice) for notice in agreed]
        return not channels or any(named is None or channel.value in named for named in channels)
