"""Who would like this product: counts for everybody of the shop, names for those who may see people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, from_ms, to_ms
from zhanggui.kernel.lately import LatelyOf
from zhanggui.kernel.privacy import Channel, ConsentGate, Purpose
from zhanggui.kernel.slices import sliced
from zhanggui.recommend.engines.blend import SCALES
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.over_representation import over_represented
from zhanggui.recommend.ports import Names, PastBehaviour, Segments
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.restraint import budgeted
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.surfaces import AUDIENCE
from zhanggui.recommend.service.wishing import Wish
from zhanggui.recommend.types.lists import RankedProduct
from zhanggui.recommend.types.recipes import Audience, AudienceMember, AudienceSegment, AudienceSegments, AudienceWhole
from zhanggui.shop import Subject, subjects_of

AMONG = 20
"""A shopper is of the audience when the product is among so many that suit them best."""
FIRST = 5
LEAST_PEOPLE = 5
"""Counts of fewer people could point at one."""
MOST_CHECKED = 2_000
KEPT_MS, KEPT_PRODUCTS = 10 * 60_000, 32
"""For pages: thousands are ranked to find an audience, which takes seconds."""
PAST_DAYS, FADES_DAYS = 365, 120.0
Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Those who are of an audience with their places, best first, and how it was looked for.

    `everybody` are all who did anything in the past that was read.
    """

    product_id: str
    members: list[tuple[int, RankedProduct]]
    everybody: set[int]
    possible: int
    checked: int
    for_messages: bool


class Audiences:
    """Finds the shoppers whom a product suits.

    First everybody whose past speaks for the product is weighed by the same neighbour lists as a ranking; then those it
    speaks loudest for are ranked one by one, with all that keeps products from them. Whoever turned personalization
    off is not looked at; for messages, whoever did not agree to marketing neither, or not by that channel.
    """

    def __init__(
        self, serving: Serving, history: PastBehaviour, gate: ConsentGate, names: Names, segments: Segments
    ) -> None:
        self._serving, self._history, self._gate, self._names = serving, history, gate, names
        self._segments = segments
        self._lately: LatelyOf[tuple[str, str], tuple[_Found, AudienceWhole]] = LatelyOf(KEPT_MS, KEPT_PRODUCTS)

    def of(self, product_id: str, *, for_messages: bool = False, channel: Channel | None = None) -> Audience:
        """Counts, by place and by reason; with `channel`, of those who may be written to by it.

        Raises:
            UnknownProduct: there is none of that id.
        """
        return _counted(self._find(product_id, for_messages=for_messages, channel=channel, language="en"))

    def segments(
        self, product_id: str, *, for_messages: bool = False, channel: Channel | None = None
    ) -> AudienceSegments:
        """In which kept segments they stand more often than everybody; nobody is named.

        Raises:
            UnknownProduct: there is none of that id.
        """
        return self._placed_in(self._find(product_id, for_messages=for_messages, channel=channel, language="en"))

    def people(
        self,
        product_id: str,
        *,
        most: int = 200,
        for_messages: bool = False,
        channel: Channel | None = None,
        language: str = "zh",
    ) -> list[AudienceMember]:
        """Who they are, those whom it suits best first; for callers who may see people.

        Raises:
            UnknownProduct: there is none of that id.
        """
        found = self._find(product_id, for_messages=for_messages, channel=channel, language=language)
        return self._named(found.members[:most])

    def whole(self, product_id: str, *, named: int, language: str) -> AudienceWhole:
        """All three at once, with so many people by name; for pages. Counts may be ten minutes old.

        Who is named is asked anew each time: whoever turned personalization off since, or is erased, is not.

        Raises:
            UnknownProduct: there is none of that id.
        """
        now_ms = to_ms(self._serving.clock())
        found, whole = self._lately.get(
            (product_id, language), now_ms, lambda: self._looked(product_id, language)
        ).value
        if not named:
            return whole
        return msgspec.structs.replace(whole, people=tuple(self._named(self._first_allowed(found.members, named))))

    def is_at_hand(self, product_id: str, language: str) -> bool:
        """Whether `whole` answers without ranking for thousands of people."""
        return self._lately.holds((product_id, language), to_ms(self._serving.clock()))

    def _first_allowed(self, members: list[tuple[int, RankedProduct]], most: int) -> list[tuple[int, RankedProduct]]:
        """Those first in line who allow personalization now; of a thousand only as many are asked about as it takes."""
        taken: list[tuple[int, RankedProduct]] = []
        for some in sliced(members, most):
            allowed = self._gate.allowed_among([number for number, _ in some], Purpose.PERSONALIZATION)
            taken += [member for member in some if member[0] in allowed]
            if len(taken) >= most:
                break
        return taken[:most]

    def _looked(self, product_id: str, language: str) -> tuple[_Found, AudienceWhole]:
        found = self._find(product_id, for_messages=False, channel=None, language=language)
        return found, AudienceWhole(counts=_counted(found), segments=self._placed_in(found), people=())

    def _placed_in(self, found: _Found) -> AudienceSegments:
        counted = self._gate.allowed_among(sorted(found.everybody), Purpose.ANALYTICS)
        people, groups = counted.intersection(person for person, _ in found.members), self._grouped()
        is_small = len(people) < LEAST_PEOPLE
        lifts = [] if is_small else over_represented(people, counted, groups, LEAST_PEOPLE)
        return AudienceSegments(
            product_id=found.product_id,
            people=0 if is_small else len(people),
            of=_shown(len(counted)),
            segments=tuple(
                AudienceSegment(
                    name=one.name,
                    people=one.people,
                    share=one.share,
                    share_of_all=one.share_of_all,
                    lift=one.lift,
                    lift_low=one.low,
                    lift_high=one.high,
                )
                for one in lifts
            ),
            looked_at=len(groups),
            for_messages=found.for_messages,
            is_small=is_small,
        )

    def _named(self, members: list[tuple[int, RankedProduct]]) -> list[AudienceMember]:
        with self._serving.db.read() as db:
            named = self._names.people(db, [number for number, _ in members])
        return [
            AudienceMember(
                customer_id=named[number][0],
                visitor_id=named[number][1],
                place=item.position,
                score=item.score,
                reason=item.reason,
                explanation=item.explanation,
            )
            for number, item in members
            if number in named
        ]

    def _grouped(self) -> dict[str, set[int]]:
        """By name of a kept segment the subjects in it."""
        held = self._segments.members()
        with self._serving.db.read() as db:
            roots, _ = subjects_of(db, sorted(set().union(*held.values())))
        return {name: {roots[person] for person in members} for name, members in held.items()}

    def _find(self, product_id: str, *, for_messages: bool, channel: Channel | None, language: str) -> _Found:
        snapshot, _, wish = self._serving.anybody(AMONG, AUDIENCE, product_id)
        number = snapshot.view.number_of(product_id)
        fits, groups, everybody = self._fits(snapshot, number, wish.now_ms)
        if for_messages or channel is not None:
            agreed = self._reachable(list(fits), channel)
            fits = {person: fit for person, fit in fits.items() if person in agreed}
        best = sorted(fits, key=lambda person: (-fits[person], person))[:MOST_CHECKED]
        placed = [(person, self._placed(snapshot, wish, groups[person], product_id, language)) for person in best]
        members = [(person, item) for person, item in placed if item is not None]
        members.sort(key=lambda member: (member[1].position, -fits[member[0]], member[0]))
        return _Found(
            product_id=product_id,
            members=members,
            everybody=everybody,
            possible=len(fits),
            checked=len(best),
            for_messages=for_messages or channel is not None,
        )

    def _reachable(self, persons: list[int], channel: Channel | None) -> set[int]:
        if channel is None:
            return self._gate.allowed_among(persons, Purpose.MARKETING)
        return self._gate.allowed_through(persons, Purpose.MARKETING, channel)

    def _fits(
        self, snapshot: Snapshot, number: int, now_ms: int
    ) -> tuple[dict[int, float], Mapping[int, Subject], set[int]]:
        """How much each subject's past says for a product, where it says anything, their numbers, and all subjects."""
        speaks = _speaking_for(snapshot, number)
        persons, sums = self._summed(speaks, snapshot.strength, now_ms)
        with self._serving.db.read() as db:
            roots, members = subjects_of(db, persons.tolist())
        whole: dict[int, Sums] = {}
        for person, row in zip(persons.tolist(), sums, strict=True):
            root = roots[person]
            whole[root] = whole[root] + row if root in whole else row
        weights = snapshot.model.blend[:3]
        fits = {root: float((np.log1p(SCALES * np.maximum(row, 0.0)) * weights).sum()) for root, row in whole.items()}
        groups = {root: Subject(root, tuple(members[root])) for root in fits}
        return {root: fit for root, fit in fits.items() if fit > 0}, groups, set(whole)

    def _summed(self, speaks: Sums, strength: Floats, now_ms: int) -> tuple[NDArray[np.int64], Sums]:
        """(persons (n,), (n, 3) what the events of each say for the product, faded by age): of all with any event."""
        people: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
        rows: list[Sums] = [np.zeros((0, 3))]
        since = from_ms(now_ms) - timedelta(days=PAST_DAYS)
        for batch in self._history.history(Purpose.PERSONALIZATION, since):
            person, product, kind, at_ms = (
                batch.column(name).to_numpy(zero_copy_only=False) for name in ("person", "product", "kind", "at_ms")
            )
            known = (product > 0) & (product < len(speaks))
            known[known] = speaks[product[known]].any(axis=1)
            faded = strength[np.clip(kind[known], 0, len(strength) - 1)] * np.exp2(
                -np.maximum(now_ms - at_ms[known], 0) / DAY_MS / FADES_DAYS
            )
            persons, place = np.unique(person, return_inverse=True)
            added = speaks[product[known]] * faded[:, None]
            people.append(persons)
            rows.append(np.stack([np.bincount(place[known], column, len(persons)) for column in added.T], axis=1))
        everybody, place = np.unique(np.concatenate(people), return_inverse=True)
        joined = np.concatenate(rows)
        return everybody, np.stack([np.bincount(place, column, len(everybody)) for column in joined.T], axis=1)

    def _placed(
        self, snapshot: Snapshot, wish: Wish, subject: Subject, product_id: str, language: str
    ) -> RankedProduct | None:
        """The product as this shopper would be shown it now; None where it is not among the first."""
        with self._serving.db.read() as db:
            shopper = self._serving.shoppers.of(db, snapshot, subject, wish.now_ms)
        if len(shopper.past.seq) == 0:
            return None
        own = budgeted(snapshot, shopper, wish)
        _, items = self._serving.ranked(snapshot, shopper.past, shopper.preferences, own, language)
        return next((item for item in items if item.product_id == product_id), None)


def _speaking_for(snapshot: Snapshot, number: int) -> Sums:
    """(size, 3) how strongly each product leads to this one, in each of the three lists."""
    speaks = np.zeros((len(snapshot.blocked), 3))
    graphs = snapshot.graphs
    for column, lists in enumerate((graphs.alike, graphs.together, graphs.content)):
        rows, places = np.nonzero(lists.ids == number)
        speaks[rows, column] = lists.weights[rows, places]
    return speaks


def _shown(count: int) -> int:
    return count if count >= LEAST_PEOPLE else 0


def _counted(found: _Found) -> Audience:
    people = len(found.members)
    is_small = people < LEAST_PEOPLE
    codes = Counter(item.reason.code for _, item in found.members)
    return Audience(
        product_id=found.product_id,
        people=0 if is_small else people,
        first_five=_shown(sum(item.position <= FIRST for _, item in found.members)),
        by_reason={code: count for code, count in codes.most_common() if count >= LEAST_PEOPLE},
        possible=_shown(found.possible),
        checked=_shown(found.checked),
        for_messages=found.for_messages,
        is_small=is_small,
    )
