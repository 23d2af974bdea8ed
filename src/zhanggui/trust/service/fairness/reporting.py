"""The report on fairness: groups under the smallest size are not told, nobody who refused analytics is counted.

Law: PIPL art. 24 (automated decisions fair and just, no unreasonable difference in treatment between individuals),
GDPR recital 71; the text of neither was read anew for this module.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import structlog

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.durable import whole_file
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.engines.fairness.bubbles import below_floors, bubbles_in, too_narrow
from zhanggui.trust.engines.fairness.second_opinion import agrees, fairlearn_version
from zhanggui.trust.engines.fairness.shares import Difference, GroupCount, Longs, counted, deviations, widest
from zhanggui.trust.ports import Exposure, GroupLabels, PersonCounts, ShownCounts
from zhanggui.trust.types.fairness import (
    KINDS,
    MEASURES,
    FairnessAlert,
    FairnessLimits,
    FairnessReport,
    Gap,
    GroupKind,
    GroupShare,
    Measure,
    MeasuredKind,
    Share,
)

DIGITS = 6
NAME, YEARLY = "fairness.json", "fairness-{}.json"
log = structlog.get_logger(__name__)
_decode = msgspec.json.Decoder(FairnessReport)


class Fairness:
    """Looks whether groups of people are served alike.

    Args:
        clock: gives the present moment.
        counts: what was shown to each person, and what they took of it.
        groups: who belongs to which group.
        exposure: what lists of the last weeks showed.
        limits: from where on a figure is an alert.
        folder: of the shop's reports.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        counts: ShownCounts,
        groups: GroupLabels,
        exposure: Exposure,
        limits: FairnessLimits,
        folder: Path,
    ) -> None:
        self._clock, self._counts, self._groups, self._exposure = clock, counts, groups, exposure
        self._limits, self._file = limits, folder / NAME
        self._lock = threading.Lock()

    def report(self) -> FairnessReport:
        """What was counted last, whenever that was: for pages and routes, which do not wait. Counted now if never."""
        try:
            return _decode.decode(self._file.read_bytes())
        except (OSError, msgspec.DecodeError):
            return self.look()

    def last_within(self, since_ms: int, until_ms: int) -> FairnessReport | None:
        """The last look of a span of time; of each year its last is kept. Counts now where the span is still on."""
        if since_ms <= to_ms(self._clock()) < until_ms:
            held = self.report()
            return held if held.at_ms >= since_ms else self.look()
        kept = [_decode.decode(file.read_bytes()) for file in sorted(self._file.parent.glob(YEARLY.format("*")))]
        return max((one for one in kept if since_ms <= one.at_ms < until_ms), key=lambda one: one.at_ms, default=None)

    def look(self) -> FairnessReport:
        """Count the last 35 days, log what departs, and keep it for all processes: aggregates of groups alone."""
        with self._lock:
            now = self._clock()
            found = self._looked(to_ms(now))
            self._file.parent.mkdir(parents=True, exist_ok=True)
            for place in (self._file, self._file.with_name(YEARLY.format(now.year))):
                with whole_file(place) as file:
                    file.write(msgspec.json.encode(found))
        for alert in found.alerts:
            log.warning("fairness.alert", code=alert.code, about=alert.about, value=alert.value, limit=alert.limit)
        return found

    def _looked(self, now_ms: int) -> FairnessReport:
        counts, labels = self._counts.counts(), self._groups.labels(Purpose.ANALYTICS)
        shown = self._exposure()
        bubbles = bubbles_in(shown.days, shown.weeks)
        measured = [one for kind in KINDS for one in self._of_kind(kind, counts, labels.get(kind, {}))]
        return FairnessReport(
            at_ms=now_ms,
            limits=self._limits,
            measured=tuple(measured),
            uncounted=counts.uncounted,
            bubbles=bubbles,
            alerts=(
                *self._alerts(measured),
                *(() if bubbles is None else too_narrow(bubbles, self._limits)),
                *below_floors(shown.floors),
            ),
        )

    def _of_kind(self, kind: GroupKind, counts: PersonCounts, labels: Mapping[int, str]) -> Iterator[MeasuredKind]:
        names = sorted(set(labels.values()))
        number = {name: place for place, name in enumerate(names)}
        code = np.array([number.get(labels.get(person, ""), -1) for person in counts.person.tolist()], dtype=np.int64)
        for measure in MEASURES:
            of, hits = _of(counts, measure)
            every = counted(hits, of, code, len(names))
            told = [n for n, one in enumerate(every) if one.people >= self._limits.smallest_group]
            if told:
                groups = [every[n] for n in told]
                yield self._measured(kind, measure, [names[n] for n in told], groups, _few(every, told))

    def _measured(
        self, kind: GroupKind, measure: Measure, names: Sequence[str], groups: Sequence[GroupCount], untold: int
    ) -> MeasuredKind:
        z, gap = deviations(), widest(groups)
        return MeasuredKind(
            kind=kind,
            measure=measure,
            groups=tuple(
                GroupShare(
                    group=name,
                    people=one.people,
                    hits=one.hits,
                    of=one.of,
                    share=_share(one.value, *one.interval(z)),
                )
                for name, one in zip(names, groups, strict=True)
            ),
            untold=untold,
            gap=None if gap is None else self._gap(names, gap),
        )

    def _gap(self, names: Sequence[str], gap: Difference) -> Gap:
        is_wide = gap.value > self._limits.most_difference or gap.ratio < self._limits.least_ratio
        return Gap(
            most=names[gap.most],
            least=names[gap.least],
            difference=_share(gap.value, gap.low, gap.high),
            ratio=round(gap.ratio, DIGITS),
            is_alert=is_wide and gap.low > 0,
        )

    def _alerts(self, measured: Sequence[MeasuredKind]) -> Iterator[FairnessAlert]:
        for one in measured:
            gap, about = one.gap, f"{one.kind}:{one.measure}"
            if gap is None or not gap.is_alert:
                continue
            if gap.ratio < self._limits.least_ratio:
                yield FairnessAlert(code="ratio", about=about, value=gap.ratio, limit=self._limits.least_ratio)
            else:
                limit = self._limits.most_difference
                yield FairnessAlert(code="difference", about=about, value=gap.difference.value, limit=limit)


def _of(counts: PersonCounts, measure: Measure) -> tuple[Longs, Longs]:
    """(out of how many, how many) of each person."""
    columns: dict[Measure, tuple[Any, Any]] = {
        "shown": (np.ones_like(counts.lists), (counts.lists > 0).astype(np.int64)),
        "clicked": (counts.lists, counts.clicked),
        "reduced": (counts.places, counts.reduced),
        "found": (counts.wanted, counts.wanted_shown),
    }
    return columns[measure]


def _few(every: Sequence[GroupCount], told: Sequence[int]) -> int:
    return sum(one.people > 0 for one in every) - len(told)


def _share(value: float, low: float, high: float) -> Share:
    return Share(value=round(value, DIGITS), low=round(low, DIGITS), high=round(high, DIGITS))


def second_opinion(report: FairnessReport) -> tuple[str, bool]:
    """(fairlearn and its version, whether it finds the same gaps); its name is empty where it is not installed."""
    library = fairlearn_version()
    gaps = [(one.groups, one.gap) for one in report.measured if one.gap is not None]
    if not library:
        return "", False
    return library, all(agrees(groups, gap.difference.value, gap.ratio, 10.0**-DIGITS) for groups, gap in gaps)
