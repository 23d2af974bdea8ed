"""The checks that look at what trust itself keeps. Other rooms' checks are handed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop import subjects_of
from zhanggui.trust.engines.consent import granted_by_default
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import consents as consent_tables
from zhanggui.trust.tables import persons as person_tables
from zhanggui.trust.tables import proposals as proposal_tables
from zhanggui.trust.types.ethics import Check, Outcome
from zhanggui.trust.types.proposals import Proposal, ProposalState
from zhanggui.trust.types.scopes import ABOUT_PEOPLE, ROLES, holds

ERASE_WITHIN = timedelta(days=15)
"""PIPL art. 50 asks for a prompt answer; fifteen working days are usual in the shops' own rules, days are stricter."""
_PAGE = 500
_WITHOUT_PERSONS = ("analyst", "auditor")
_GONE_OUT = (ProposalState.APPLIED, ProposalState.QUEUED, ProposalState.UNDONE)
_NO_BASIS = frozenset[tuple[str, str]]()
_REFUSABLE = tuple(purpose for purpose in Purpose if purpose is not Purpose.SERVICE)
"""What an order needs cannot be refused while the order stands."""


def own_checks(
    *, db: Database, clock: Clock, ledger: Ledger, gate: ConsentGate, egress: EgressRegister
) -> Mapping[str, Check]:
    """Each check by the name that clauses know it under."""
    return {
        "refusals_hold": partial(refusals_hold, db, gate),
        "silence_grants_no_marketing": silence_grants_no_marketing,
        "applied_were_approved": partial(applied_were_approved, db),
        "nothing_blocked_was_applied": partial(nothing_blocked_was_applied, db),
        "ledger_verifies": partial(ledger_verifies, ledger),
        "erasures_are_in_time": partial(erasures_are_in_time, db, clock),
        "recipients_are_registered": partial(recipients_are_registered, egress),
        "roles_see_what_they_need": roles_see_what_they_need,
    }


def refusals_hold(db: Database, gate: ConsentGate) -> Outcome:
    """Nobody whose last word on a purpose was no may be read for it; a login joins the visitor with the customer."""
    seen = wrong = 0
    with db.read() as connection:
        held = consent_tables.consents_for(connection, _REFUSABLE)
        roots, _ = subjects_of(connection, {one.person for one in held})
    last = {(roots[one.person], one.purpose): one.granted for one in sorted(held, key=lambda one: one.at_ms)}
    for purpose in _REFUSABLE:
        refused = [person for (person, about), is_granted in last.items() if about == purpose and not is_granted]
        seen += len(refused)
        wrong += len(gate.allowed_among(refused, purpose))
    return Outcome(seen=seen, wrong=wrong)


def silence_grants_no_marketing() -> Outcome:
    """Who never said a word is not written to, whatever basis their rows came on."""
    cases = [
        granted_by_default(Purpose.MARKETING, is_visitor=is_visitor, bases=bases, notices={})
        for is_visitor in (False, True)
        for bases in (_NO_BASIS, frozenset({("contract", "")}), frozenset({("public-data", "")}))
    ]
    return Outcome(seen=len(cases), wrong=sum(cases))


def applied_were_approved(db: Database) -> Outcome:
    """Each change that went out names who decided it, and what was approved is what stands in it."""
    return _judged(_gone_out(db), lambda one: not one.decided_by or one.approved_hash != one.hash)


def nothing_blocked_was_applied(db: Database) -> Outcome:
    """No change that a check blocks went out."""
    return _judged(_gone_out(db), lambda one: one.is_blocked)


def _judged(proposals: Iterable[Proposal], is_wrong: Callable[[Proposal], bool]) -> Outcome:
    seen, wrong = 0, list[str]()
    for proposal in proposals:
        seen += 1
        if is_wrong(proposal):
            wrong.append(proposal.id)
    return Outcome(seen=seen, wrong=len(wrong), example=wrong[0] if wrong else "")


def _gone_out(db: Database) -> Iterator[Proposal]:
    for state in _GONE_OUT:
        after: str | None = None
        while True:
            with db.read() as connection:
                page = proposal_tables.proposals_page(
                    connection, after=after, limit=_PAGE, state=state, kind=None, subject=None
                )
            yield from page
            if len(page) < _PAGE:
                break
            after = page[-1].id


def ledger_verifies(ledger: Ledger) -> Outcome:
    """Every entry is as it was written."""
    report = ledger.verify()
    first = "" if report.first_break is None else f"{report.first_break.kind} {report.first_break.seq}"
    return Outcome(seen=report.entries, wrong=len(report.breaks), example=first)


def erasures_are_in_time(db: Database, clock: Clock) -> Outcome:
    """No erasure is under way for longer than `ERASE_WITHIN`."""
    with db.read() as connection:
        waiting = person_tables.under_way(connection)
    late = [one.id for one in waiting if one.at_ms < to_ms(clock() - ERASE_WITHIN)]
    return Outcome(seen=len(waiting), wrong=len(late), example=late[0] if late else "")


def recipients_are_registered(egress: EgressRegister) -> Outcome:
    """Of each host that is sent anything about people it is known where it is, and what binds it if it is abroad."""
    personal = [host for host in egress.hosts() if host.is_personal]
    wanting = [host.host for host in personal if not host.country or (host.is_abroad and not host.contract)]
    return Outcome(seen=len(personal), wrong=len(wanting), example=wanting[0] if wanting else "")


def roles_see_what_they_need() -> Outcome:
    """No scope that opens somebody's rows belongs to the roles that work with sums or with the ledger."""
    cases = [(role, scope) for role in _WITHOUT_PERSONS for scope in sorted(ABOUT_PEOPLE)]
    wrong = [f"{role} {scope}" for role, scope in cases if holds(ROLES[role], scope)]
    return Outcome(seen=len(cases), wrong=len(wrong), example=wrong[0] if wrong else "")
