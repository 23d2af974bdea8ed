"""The chapters of the review that the ledger and trust's own tables tell, each figure from one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import hot_rows
from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.words import N_
from zhanggui.trust.types.proposals import Level, Proposal
from zhanggui.trust.types.reports import Figure, Section

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Span:
    """From (included) to until (excluded), in milliseconds since 1970 UTC."""

    since_ms: int
    until_ms: int


_BY_KIND = (
    "SELECT kind, COUNT(*) FROM ledger WHERE at_ms >= ? AND at_ms < ? AND kind LIKE ? GROUP BY kind ORDER BY kind"
)
_LEVELS = "SELECT kind, level FROM autonomy_levels ORDER BY kind"
_ERASURES = "SELECT at_ms, state FROM erasures WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms"
_CONSENTS = "SELECT purpose, granted, COUNT(*) FROM consents WHERE at_ms < ? GROUP BY purpose, granted ORDER BY purpose"
_consents = PersonalText(_CONSENTS)
_PROPOSALS = "SELECT proposal FROM proposals ORDER BY id"

_DECIDED: Mapping[str, str] = {
    "proposal.proposed": N_("Proposed by the software or a person"),
    "proposal.approved": N_("Approved"),
    "proposal.applied": N_("Put into force"),
    "proposal.expired": N_("Ran out: nobody decided"),
    "proposal.failed": N_("Failed"),
}
_OVERRIDES: Mapping[str, str] = {
    "proposal.rejected": N_("Rejected by a person"),
    "proposal.edited": N_("Changed by a person before it was approved"),
    "proposal.undone": N_("Undone"),
    "autonomy.level": N_("A level of autonomy was changed"),
    "autonomy.paused": N_("Everything was paused"),
    "recommend.rule": N_("A rule of the recommendations was set"),
}
_PERSONS: Mapping[str, str] = {
    "person.exported": N_("People given their data"),
    "person.erased": N_("People erased"),
    "person.readmitted": N_("People who came back after an erasure"),
    "personal.shown": N_("Personal data shown to staff, with a reason"),
}


def _automatic(db: sa.Connection, span: Span) -> Section:
    levels = hot_rows(db, _LEVELS, ())
    figures = [
        Figure(label=N_("Level of %(name)s"), name=kind, value=level, unit="text", query=_LEVELS)
        for kind, level in levels
    ]
    return Section(
        title=N_("What decides automatically"),
        figures=(*figures, *_counted(db, span, "proposal.%", _DECIDED)),
        why_empty=N_("Every kind stands at its first level: the software suggests, a person decides."),
    )


def _people_overrode(db: sa.Connection, span: Span) -> Section:
    return Section(
        title=N_("Where people overrode it"),
        figures=(
            *_counted(db, span, "proposal.%", _OVERRIDES),
            *_counted(db, span, "autonomy.%", _OVERRIDES),
            *_counted(db, span, "recommend.%", _OVERRIDES),
        ),
        why_empty=N_("Nobody rejected, changed, undid or paused anything."),
    )


def _agreed(db: sa.Connection, span: Span) -> Section:
    said: dict[str, dict[bool, int]] = {}
    for purpose, granted, count in _consents.rows(db, Duty.RIGHTS, (span.until_ms,)):
        said.setdefault(purpose, {})[bool(granted)] = int(count)
    figures = []
    for purpose, counts in said.items():
        everybody = sum(counts.values())
        share = counts.get(True, 0) / everybody
        label, query = N_("Agreed to %(name)s, of those who said a word"), _CONSENTS
        figures.append(Figure(label=label, name=purpose, value=share, unit="share", query=query))
        figures.append(Figure(label=N_("Words on %(name)s"), name=purpose, value=everybody, query=query))
    return Section(
        title=N_("Consent"),
        figures=(*figures, *_counted(db, span, "consent.%", _CONSENT_ACTS)),
        why_empty=N_("Nobody has said a word on any purpose."),
    )


_CONSENT_ACTS: Mapping[str, str] = {
    "consent.granted": N_("Consents given"),
    "consent.refused": N_("Refusals and withdrawals"),
    "consent.notice": N_("Notices written or changed"),
}


def _rights(db: sa.Connection, span: Span) -> Section:
    held = hot_rows(db, _ERASURES, (span.since_ms, span.until_ms))
    figures = list(_counted(db, span, "person%", _PERSONS))
    done = [row for row in held if row[1] == "done"]
    if held:
        figures.append(Figure(label=N_("Erasures that are complete"), value=len(done), query=_ERASURES))
        figures.append(Figure(label=N_("Erasures under way"), value=len(held) - len(done), query=_ERASURES))
        open_hours = [(span.until_ms - int(at)) / HOUR_MS for at, state in held if state != "done"]
        if open_hours:
            label = N_("Hours that those under way have waited, middle value")
            figures.append(Figure(label=label, value=median(open_hours), unit="hours", query=_ERASURES))
    return Section(title=N_("Rights of people"), figures=tuple(figures), why_empty=N_("Nobody asked."))


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


def _safety(db: sa.Connection, span: Span) -> Section:
    labels: Mapping[str, str] = {}
    kinds = (
        "keys.%",
        "egress.%",
        "watch.%",
        "breach.%",
        "ledger.%",
        "contest.%",
        "training.%",
        "fairness.%",
        "ethics.%",
    )
    figures = tuple(figure for kind in kinds for figure in _counted(db, span, kind, labels))
    return Section(
        title=N_("Incidents, keys, recipients, contests"),
        figures=figures,
        why_empty=N_("Nothing of the kind happened."),
    )


def _counted(db: sa.Connection, span: Span, pattern: str, labels: Mapping[str, str]) -> tuple[Figure, ...]:
    """Entries of the ledger by kind; with `labels` only those named there, in that order."""
    counts = {kind: int(count) for kind, count in hot_rows(db, _BY_KIND, (span.since_ms, span.until_ms, pattern))}
    query = f"{_BY_KIND} [kind LIKE '{pattern}']"
    if not labels:
        label = N_("Entries %(name)s")
        return tuple(Figure(label=label, name=kind, value=count, query=query) for kind, count in counts.items())
    return tuple(
        Figure(label=label, value=counts[kind], query=query) for kind, label in labels.items() if kind in counts
    )


OwnChapter = Callable[[sa.Connection, Span], Section]
OWN_CHAPTERS: tuple[OwnChapter, ...] = (_automatic, _people_overrode, _found, _agreed, _rights, _safety)
