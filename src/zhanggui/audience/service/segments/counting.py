"""Count and name whom a test means, live: nobody below the floor is counted out, consents are asked at each reading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from zhanggui.audience.engines.segments.conditions import Test, as_test, asked
from zhanggui.audience.engines.segments.rules import read
from zhanggui.audience.types.segments import Count, Member, MemberPage
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.kernel.steps import OnStep, quiet

from .looking import Glance, Look, Looking

SAMPLE = 2_000
"""People that a count looks at while somebody waits for it; the daily job looks at all."""
Meant = Callable[[Look], bool]


@dataclass(frozen=True, slots=True)
class RuleTest:
    """Whom a rule means; it knows what it asks, so that no whole profile is drawn for it in vain."""

    test: Test
    fields: frozenset[str]
    left_out: frozenset[int] = frozenset()

    def __call__(self, look: Glance) -> bool:
        """Whether this customer is meant."""
        return look.person not in self.left_out and self.test(look.facts)


def rule_test(rule: str) -> RuleTest:
    """The test of a rule.

    Raises:
        BadSegmentRule: the rule cannot be understood.
    """
    said = read(rule)
    return RuleTest(as_test(said), asked(said))


def but_for(meant: Meant, left_out: Collection[int]) -> Meant:
    """The same test, of everybody but some."""
    if not left_out:
        return meant
    if isinstance(meant, RuleTest):
        return replace(meant, left_out=frozenset(left_out))
    return lambda look: look.person not in left_out and meant(look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Looks at everybody and asks a test.

    Attributes:
        floor: fewer people than this are never counted out to anybody.
    """

    looking: Looking
    floor: int

    def count(self, meant: Meant) -> Count:
        """How many are meant now, of at most `SAMPLE` people who allow counting."""
        found, seen = list[int](), 0
        for one, is_meant in self._each(meant, (Purpose.ANALYTICS,), most=SAMPLE + 1):
            seen += 1
            if seen <= SAMPLE and is_meant:
                found.append(one.person)
        reachable = self.looking.reachable(found)
        return Count(
            people=floored(len(found), self.floor),
            reachable=floored(len(reachable), self.floor),
            of=min(seen, SAMPLE),
            is_sample=seen > SAMPLE,
        )

    def people(
        self, meant: Meant, *, after: int, limit: int, for_messages: bool, channel: Channel | None = None
    ) -> MemberPage:
        """Who is meant at this moment, by number upwards; for roles that may see persons.

        With `for_messages` only who may be written to, by `channel` or where none is named by any.
        """
        found, last = list[Member](), after
        reachable = None
        if for_messages or channel is not None:
            reachable = self.looking.reachable([one for one in self.looking.persons() if one > after], channel)
        for one, is_meant in self._each(meant, (), after=after, among=reachable):
            if not is_meant:
                continue
            if len(found) == limit:
                return MemberPage(items=tuple(found), next=str(last))
            found.append(Member(customer_id=one.customer_id))
            last = one.person
        return MemberPage(items=tuple(found))

    def _each(
        self,
        meant: Meant,
        purposes: Collection[Purpose],
        *,
        after: int = 0,
        most: int | None = None,
        among: Collection[int] | None = None,
    ) -> Iterator[tuple[Glance, bool]]:
        """Customers by number upwards, and whether they are meant."""
        if isinstance(meant, RuleTest):
            for one in self.looking.glances(purposes, meant.fields, after=after, most=most, among=among):
                yield one, meant(one)
        else:
            for look in self.looking.looks(purposes, after=after, most=most, among=among):
                yield look, meant(look)

    def among(self, tests: Mapping[str, Meant], most: int | None, on_step: OnStep = quiet) -> dict[str, set[int]]:
        """By test whom it means, of at most so many people who allow counting; None of all."""
        found: dict[str, set[int]] = {id_: set() for id_ in tests}
        if not tests:
            return found
        total = len(self.looking.persons())
        for done, look in enumerate(self.looking.looks((Purpose.ANALYTICS,), most=most)):
            on_step(done, total)
            for id_, meant in tests.items():
                if meant(look):
                    found[id_].add(look.person)
        return found


def floored(people: int, floor: int) -> int | None:
    """How many, where they are enough to be told."""
    return people if people >= floor else None
