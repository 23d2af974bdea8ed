"""Who may be written to now: asked when tiers are counted, when people are chosen, and when a list leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from zhanggui.audience.engines.segments.conditions import as_test, asked
from zhanggui.audience.engines.segments.rules import read
from zhanggui.audience.errors import BadSegmentRule
from zhanggui.audience.ports import Contesting, Customers, PastActs
from zhanggui.audience.service.segments.looking import Looking
from zhanggui.audience.service.shoppers import who_muted, with_customers
from zhanggui.audience.tables import plans as tables
from zhanggui.audience.tables.corrections import PLANS
from zhanggui.audience.types.plans import CHANNELS, PlanChannel
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, ConsentGate, Purpose
from zhanggui.shop import EVENT_NUMBERS, EventName

_SENT = EVENT_NUMBERS[EventName.MESSAGE_SENT]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who fits each rule now, of those who allow marketing; and whether there were more than could be looked at."""

    people: Mapping[str, Sequence[int]]
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReaching:
    """Finds people for plans; every answer holds for the moment of the question.

    Attributes:
        gate: closed for personalization to whoever pauses.
        contesting: who contests a decision that nobody has answered.
    """

    db: Database
    clock: Clock
    looking: Looking
    gate: ConsentGate
    customers: Customers
    contesting: Contesting
    history: PastActs

    def standing(self, rules: Mapping[str, str], most: int | None = None) -> Standing:
        """Who fits each of some rules, by number upwards; everybody is looked at once for all of them.

        Args:
            rules: by any name.
            most: look at so many people at most; None at all.
        """
        said = {name: read(rule) for name, rule in rules.items()}
        tests = {name: as_test(rule) for name, rule in said.items()}
        fields = frozenset[str]().union(*map(asked, said.values()))
        found: dict[str, list[int]] = {name: [] for name in rules}
        looked = 0
        for one in self.looking.glances((Purpose.MARKETING,), fields, most=None if most is None else most + 1):
            looked += 1
            if most is not None and looked > most:
                break
            for name, test in tests.items():
                if test(one.facts):
                    found[name].append(one.person)
        return Standing(found, is_sample=most is not None and looked > most)

    def still(self, rule: str, persons: Collection[int]) -> set[int]:
        """Those of them who fit a rule at this moment; nobody, where what it asks has been denied since."""
        try:
            said = read(rule)
        except BadSegmentRule:
            return set()
        test = as_test(said)
        return {one.person for one in self.looking.glances((), asked(said), among=persons) if test(one.facts)}

    def allowed(self, persons: Collection[int], channel: PlanChannel) -> set[int]:
        """Those of them who allow profile and marketing by this channel, do not pause, contest nothing, want plans."""
        left = self.gate.allowed_among(persons, Purpose.PERSONALIZATION) if persons else set()
        left = self.gate.allowed_through(left, Purpose.MARKETING, Channel(channel)) if left else left
        with self.db.read() as db:
            return left - with_customers(db, self.contesting.contesting(db)) - who_muted(db, PLANS)

    def rested(self, persons: Collection[int], rest_days: int) -> set[int]:
        """Those of them who got no message for so long, of a plan or of any other system that posts its messages."""
        since = self.clock() - timedelta(days=rest_days)
        told: set[int] = set()
        for batch in self.history.history(Purpose.MARKETING, since, kind=_SENT):
            told.update(batch["person"].to_numpy().tolist())
        with self.db.read() as db:
            rows = tables.members_since(db, to_ms(since), purpose=Purpose.MARKETING)
            # Who is held back by one plan is left alone by the others too: else that plan would be judged by them.
            return set(persons) - with_customers(db, told | {row.person for row in rows})

    def by_channel(self, persons: Collection[int], rest_days: int) -> dict[PlanChannel, int]:
        """How many may be reached by each channel now."""
        rested = self.rested(persons, rest_days) if persons else set()
        return {channel: len(self.allowed(rested, channel)) for channel in CHANNELS}

    def named(self, persons: Collection[int]) -> list[tuple[int, str]]:
        """(number, customer id) of those who are customers, by number upwards."""
        with self.db.read() as db:
            found = self.customers.customers_among(db, persons)
        return sorted(found.items())
