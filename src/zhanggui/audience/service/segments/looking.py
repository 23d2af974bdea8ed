"""Look at customers as they are now: their facts, for rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.engines.profile.goods import GoodOf
from zhanggui.audience.engines.segments.facts import PORTRAYED, Facts, facts_of, plain_facts
from zhanggui.audience.errors import AudienceError
from zhanggui.audience.ports import Customers
from zhanggui.audience.service.predictions.bulk import Bulk
from zhanggui.audience.service.profiles.reading import Profiles
from zhanggui.audience.tables import corrections as correction_tables
from zhanggui.audience.tables import profiles as tables
from zhanggui.audience.tables.predictions import StoredForetold
from zhanggui.audience.types.profiles import Interest, Profile
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, ConsentGate, Purpose
from zhanggui.kernel.slices import sliced
from zhanggui.shop import CatalogueView, subjects_of

TAIL = 20_000
"""Events after the last folding in which people are looked for who have no row yet."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Glance:
    """One customer as rules see them now."""

    person: int
    customer_id: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Look(Glance):
    """One customer as they are now; their profile without interests that nobody may be grouped by."""

    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Gives the facts of customers, live; of those only who allow all purposes that are named."""

    db: Database
    gate: ConsentGate
    customers: Customers
    profiles: Profiles
    bulk: Bulk

    def looks(
        self,
        purposes: Collection[Purpose],
        *,
        after: int = 0,
        most: int | None = None,
        among: Collection[int] | None = None,
    ) -> Iterator[Look]:
        """Customers by number upwards.

        Args:
            purposes: what each of them must allow, beside personalization, which a profile rests on.
            after: numbers up to here are left out.
            most: look at so many at most; None at all.
            among: look at nobody else; None at everybody.
        """
        persons = self.persons() if among is None else among
        chosen = self._customers([person for person in persons if person > after], purposes)[:most]
        for some in sliced(chosen, AT_ONCE):
            yield from self._some(some)

    def customers_allowing(self, purposes: Collection[Purpose]) -> list[int]:
        """Numbers of all customers who allow personalization and all of `purposes`, upwards."""
        return self._customers(self.persons(), purposes)

    def glances(
        self,
        purposes: Collection[Purpose],
        asked: Collection[str],
        *,
        after: int = 0,
        most: int | None = None,
        among: Collection[int] | None = None,
    ) -> Iterator[Glance]:
        """Customers by number upwards, with the facts that some fields ask for; see `looks`.

        Whole profiles are only drawn where one of the fields needs one.
        """
        if PORTRAYED & set(asked):
            yield from self.looks(purposes, after=after, most=most, among=among)
            return
        persons = self.persons() if among is None else among
        chosen = self._customers([person for person in persons if person > after], purposes)[:most]
        for some in sliced(chosen, AT_ONCE):
            yield from self._glances(some)

    def persons(self) -> list[int]:
        """All numbers with a profile or with acts since the last folding, upwards, whatever they allow."""
        with self.db.read() as db:
            held = set(tables.persons_with_profiles(db, purpose=Purpose.PERSONALIZATION))
            return sorted(held | self._lately(db))

    def allowing(self, persons: Collection[int], purposes: Collection[Purpose]) -> set[int]:
        """Those of them who allow personalization and all of `purposes`."""
        left = set(persons)
        for purpose in {Purpose.PERSONALIZATION, *purposes}:
            left = self.gate.allowed_among(left, purpose) if left else left
        return left

    def reachable(self, persons: Collection[int], channel: Channel | None = None) -> set[int]:
        """Those of them who may be written to by a channel, or by any; whoever pauses their profile by none.

        A purpose that is agreed to may be refused by every channel, and one channel may be agreed to alone, so the
        channels are asked and not the purpose (PIPL art. 14).
        """
        left, found = self.allowing(persons, ()), set[int]()
        for way in Channel if channel is None else (channel,):
            silent = left - found
            found |= self.gate.allowed_through(silent, Purpose.MARKETING, way) if silent else set()
        return found

    def _customers(self, persons: Collection[int], purposes: Collection[Purpose]) -> list[int]:
        allowed = self.allowing(persons, purposes)
        with self.db.read() as db:
            return sorted(self.customers.customers_among(db, allowed))

    def _lately(self, db: sa.Connection) -> set[int]:
        log, held = self.profiles.log, tables.folding(db)
        after = 0 if held is None else held.until_seq
        rows = log.page(db, after, log.watermark(), TAIL, purpose=Purpose.PERSONALIZATION)
        return {row[1] for row in rows}

    def _glances(self, persons: Sequence[int]) -> Iterator[Glance]:
        profiles = self.profiles
        now_ms = to_ms(profiles.clock())
        foretold = self.bulk.rows(persons)
        with self.db.read() as db:
            ids, (_, members) = self.customers.customers_among(db, persons), subjects_of(db, persons)
            paused, fifths = correction_tables.paused(db, now_ms, purpose=Purpose.PERSONALIZATION), profiles.fifths(db)
            wanted = {
                person: members[person] for person in persons if person in ids and paused.isdisjoint(members[person])
            }
            found = [
                Glance(person, ids[person], plain_facts(state, now_ms, fifths, _chances(foretold.get(person))))
                for person, state in profiles.states(db, wanted)
            ]
        yield from found

    def _some(self, persons: Sequence[int]) -> Iterator[Look]:
        with self.db.read() as db:
            ids, view = self.customers.customers_among(db, persons), self.profiles.live.view(db)
        foretold, good_of = self.bulk.rows(list(ids)), self.profiles.goods.of(view)
        for person in persons:
            if person not in ids:
                continue
            try:
                profile = self.profiles.of(ids[person])
            except AudienceError:  # they paused, or were erased, while this was read
                continue
            likes = [one for one in profile.interests if _may_group(one, view, good_of)]
            profile = msgspec.structs.replace(profile, interests=tuple(likes))
            yield Look(person, ids[person], facts_of(profile, _chances(foretold.get(person))), profile)


def _may_group(one: Interest, view: CatalogueView, good_of: GoodOf) -> bool:
    """Whether people may be grouped by an interest: by a child's food nobody may, though it can be bought again."""
    if one.level != "product":
        return True
    good = good_of(view.numbers.get(one.key.removeprefix("product:"), 0))
    return good is not None and good.shield is Shield.OPEN


def _chances(row: StoredForetold | None) -> Mapping[str, float | None]:
    if row is None:
        return {}
    return {"buys_7": row.buy_7, "buys_30": row.buy_30, "lost_90": row.churn}
