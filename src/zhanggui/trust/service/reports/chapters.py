"""The chapters of the review that the ledger and trust's own tables tell, each figure from one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import hot_rows
from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.words import N_
from zhanggui.trust.types.persons import Receipt
from zhanggui.trust.types.proposals import AutonomyLevel, Level, Proposal
from zhanggui.trust.types.reports import Figure, Section
from zhanggui.trust.words.ledger import KINDS

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Span:
    """From (included) to until (excluded), in milliseconds since 1970 UTC; `is_over`: no more can fall into it."""

    since_ms: int
    until_ms: int
    is_over: bool = False


_ENTRIES = "SELECT kind, COUNT(*) FROM ledger WHERE at_ms >= ? AND at_ms < ? GROUP BY kind ORDER BY kind"
_LEVELS = (
    "SELECT p.payload FROM ledger AS l JOIN ledger_payloads AS p ON p.seq = l.seq "
    "WHERE l.kind = 'autonomy.level' AND l.at_ms < ? AND p.payload IS NOT NULL ORDER BY l.seq"
)
_ERASURES = "SELECT at_ms, state, receipt FROM erasures WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms"
_CONSENTS = "SELECT purpose, granted, COUNT(*) FROM consents WHERE at_ms < ? GROUP BY purpose, granted ORDER BY purpose"
_consents = PersonalText(_CONSENTS)
_PROPOSALS = "SELECT proposal FROM proposals ORDER BY id"

OF_CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "automatic": (
        "proposal.proposed",
        "proposal.approved",
        "proposal.applied",
        "proposal.expired",
        "proposal.failed",
        "audience.plan_reached",
        "audience.plan_judged",
        "audience.plan_restored",
        "audience.segment_kept",
        "audience.segment_dropped",
    ),
    "overrode": (
        "proposal.rejected",
        "proposal.edited",
        "proposal.undo_sent",
        "proposal.undone",
        "proposal.undo_failed",
        "autonomy.level",
        "autonomy.paused",
        "autonomy.resumed",
        "recommend.rule",
        "recommend.objectives",
        "recommend.model",
        "recommend.label",
        "recommend.preference",
        "audience.corrected",
        "contest.opened",
        "contest.answered",
        "import.undo_begun",
        "import.undone",
    ),
    "agreed": (
        "consent.granted",
        "consent.refused",
        "consent.notice",
        "consent.separate_asked",
        "consent.separate_granted",
        "consent.separate_refused",
    ),
    "rights": ("person.exported", "person.erased", "person.readmitted", "people.shown", "ledger.erased"),
    "access": (
        "access.user_added",
        "access.user_disabled",
        "access.role_set",
        "access.role_taken",
        "access.login_link_made",
        "access.password_set",
        "access.key_made",
        "access.key_rotated",
        "access.key_revoked",
    ),
    "safety": (
        "watch.told",
        "watch.acknowledged",
        "breach.drill",
        "assessment.made",
        "egress.registered",
        "egress.removed",
        "keys.rotation_begun",
        "keys.rotated",
        "keys.retired",
        "figures.grant_budget",
        "ethics.checked",
    ),
}
"""Chapter → the kinds of entries that it counts: together all that a ledger may hold, each once (a test holds it)."""
LEVEL_WORDS: Mapping[str, str] = {
    "observe": N_("only observe"),
    "suggest": N_("suggest, a person decides"),
    "act": N_("act alone where no check objects"),
}


class _Level(msgspec.Struct):
    kind: str
    level: AutonomyLevel


class _LevelEntry(msgspec.Struct):
    payload: _Level


def _automatic(kinds: Sequence[str], db: sa.Connection, span: Span) -> Section:
    """Every kind's level as it stood at the end of the span, and what came of proposals."""
    levels = dict.fromkeys(kinds, AutonomyLevel.SUGGEST)
    for (blob,) in hot_rows(db, _LEVELS, (span.until_ms,)):
        said = msgspec.json.decode(bytes(blob), type=_LevelEntry).payload
        levels[said.kind] = said.level
    figures = [
        Figure(
            label=N_("Level of %(name)s"),
            name=kind,
            value=LEVEL_WORDS[level.value],
            unit="text",
            query=f"{_LEVELS} [{kind}]",
        )
        for kind, level in levels.items()
    ]
    return Section(
        title=N_("What decides automatically"),
        figures=(*figures, *_counted("automatic", db, span)),
        why_empty=N_("Every kind stands at its first level: the software suggests, a person decides."),
    )


def _people_overrode(db: sa.Connection, span: Span) -> Section:
    return Section(
        title=N_("Where people overrode it"),
        figures=_counted("overrode", db, span),
        why_empty=N_("Nobody rejected, changed, undid or paused anything."),
    )


def _agreed(db: sa.Connection, span: Span) -> Section:
    """The last word of each person is kept: of a year that is over, what stands of it today."""
    said: dict[str, dict[bool, int]] = {}
    for purpose, granted, count in _consents.rows(db, Duty.RIGHTS, (span.until_ms,)):
        said.setdefault(purpose, {})[bool(granted)] = int(count)
    figures = []
    for purpose, counts in said.items():
        everybody = sum(counts.values())
        share, told = counts.get(True, 0) / everybody, partial(Figure, query=_CONSENTS, is_of_today=span.is_over)
        label = N_("Agreed to %(name)s, of those who said a word")
        figures.append(told(label=label, name=purpose, value=share, unit="share"))
        figures.append(told(label=N_("Words on %(name)s"), name=purpose, value=everybody))
    return Section(
        title=N_("Consent"),
        figures=(*figures, *_counted("agreed", db, span)),
        why_empty=N_("Nobody has said a word on any purpose."),
    )


def _rights(db: sa.Connection, span: Span) -> Section:
    held = hot_rows(db, _ERASURES, (span.since_ms, span.until_ms))
    return Section(
        title=N_("Rights of people"),
        figures=(*_counted("rights", db, span), *(_erasures(held, span) if held else ())),
        why_empty=N_("Nobody asked."),
    )


def _erasures(held: Sequence[Any], span: Span) -> list[Figure]:
    """How many of the erasures asked for in the span are complete, and how fast; how long the others have waited."""
    told = partial(Figure, query=_ERASURES)
    took, waited = list[float](), list[float]()
    for at, _, blob in held:
        done_at = msgspec.json.decode(bytes(blob), type=Receipt).done_at
        hours = ((span.until_ms if done_at is None else to_ms(done_at)) - int(at)) / HOUR_MS
        (waited if done_at is None else took).append(hours)
    figures = [
        told(label=N_("Erasures that are complete"), value=len(took), is_of_today=span.is_over),
        told(label=N_("Erasures under way"), value=len(waited), is_of_today=span.is_over),
    ]
    if took:
        label = N_("Hours until an erasure was complete, middle value")
        figures.append(told(label=label, value=median(took), unit="hours"))
        figures.append(told(label=N_("Hours of the slowest complete erasure"), value=max(took), unit="hours"))
    if waited:
        label = N_("Hours that those under way have waited, middle value")
        figures.append(told(label=label, value=median(waited), unit="hours"))
    return figures


def _found(db: sa.Connection, span: Span) -> Section:
    """Findings of the checks of proposals that were made in the span."""
    counts: Counter[tuple[str, str]] = Counter()
    for blob in (row[0] for row in hot_rows(db, _PROPOSALS, ())):
        proposal = msgspec.json.decode(blob, type=Proposal)
        if span.since_ms <= to_ms(proposal.created_at) < span.until_ms:
            counts.update((one.rule, one.level.value) for one in proposal.findings if one.level is not Level.PASS)
    labels = {"warn": N_("Warned by %(name)s"), "block": N_("Blocked by %(name)s")}
    figures = (
        Figure(label=labels[level], name=rule, value=count, query=f"{_PROPOSALS} [findings: {rule} {level}]")
        for (rule, level), count in sorted(counts.items())
    )
    return Section(
        title=N_("What checks found"), figures=tuple(figures), why_empty=N_("No proposal of the year had a finding.")
    )


def _access(db: sa.Connection, span: Span) -> Section:
    return Section(
        title=N_("Who was let in"),
        figures=_counted("access", db, span),
        why_empty=N_("No user, role or key changed."),
    )


def _safety(db: sa.Connection, span: Span) -> Section:
    return Section(
        title=N_("Incidents, keys, recipients, contests"),
        figures=_counted("safety", db, span),
        why_empty=N_("Nothing of the kind happened."),
    )


def _counted(chapter: str, db: sa.Connection, span: Span) -> tuple[Figure, ...]:
    """Entries of the ledger of a chapter's kinds, in its order, those that there are."""
    counts = {kind: int(count) for kind, count in hot_rows(db, _ENTRIES, (span.since_ms, span.until_ms))}
    return tuple(
        Figure(label=KINDS[kind], value=counts[kind], query=f"{_ENTRIES} [kind = '{kind}']")
        for kind in OF_CHAPTERS[chapter]
        if kind in counts
    )


OwnChapter = Callable[[sa.Connection, Span], Section]


def own_chapters(kinds: Sequence[str]) -> tuple[OwnChapter, ...]:
    """In their order; `kinds` are those of proposals that the shop knows."""
    return partial(_automatic, kinds), _people_overrode, _found, _agreed, _rights, _access, _safety
