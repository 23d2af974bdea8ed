"""What a person does to a proposal. Whoever comes second is told so, and nothing is done twice."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.statuses import STATUS
from zhanggui.app.web.forms import Form
from zhanggui.app.web.problems import said
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.trust import Proposal, ProposalState, Rationale
from zhanggui.trust.errors import BadChange, UnknownProposal, WrongState
from zhanggui.trust.service.inbox import cured

from .inbox import REASONS, Inbox
from .shell import Console

LONGEST_REASON = 500
OPT = {"scope": "trust:decide", "has_form": True}


@post("/console/{shop:str}/inbox/{proposal_id:str}/approve", include_in_schema=False, sync_to_thread=True, opt=OPT)
def approve(console: NamedDependency[Console], proposal_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Approve what was seen, and go on to the next."""
    following = Inbox(console).next_of(proposal_id, form.texts)
    try:
        console.rooms.proposals.approve(proposal_id, console.actor, seen_hash=form.required("hash"))
    except ZhangguiError as error:
        return _refused(console, proposal_id, form, error)
    return _went_on(console, following, proposal_id, "approved", form)


@post("/console/{shop:str}/inbox/{proposal_id:str}/reject", include_in_schema=False, sync_to_thread=True, opt=OPT)
def reject(console: NamedDependency[Console], proposal_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Decide against it, say why, and go on to the next."""
    code, own_words = form.text("reason"), form.text("words")[:LONGEST_REASON]
    if code not in REASONS or (code == "other" and not own_words):
        problem = "other_without_words" if code == "other" else "no_reason"
        inbox = Inbox(console)
        return inbox.item(proposal_id, form.texts, status=422, rejecting=inbox.phrases.say("problem", problem))
    following = Inbox(console).next_of(proposal_id, form.texts)
    reason = Rationale(code=code, params={"words": own_words} if own_words else {})
    try:
        console.rooms.proposals.reject(proposal_id, reason, console.actor)
    except ZhangguiError as error:
        return _refused(console, proposal_id, form, error)
    return _went_on(console, following, proposal_id, "rejected", form)


@post("/console/{shop:str}/inbox/{proposal_id:str}/undo", include_in_schema=False, sync_to_thread=True, opt=OPT)
def undo(console: NamedDependency[Console], proposal_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Take a decision back."""
    try:
        proposal = console.rooms.proposals.undo(proposal_id, console.actor)
    except ZhangguiError as error:
        return _refused(console, proposal_id, form, error)
    return _stays(console, proposal_id, "undone" if proposal.state is ProposalState.UNDONE else "undo_sent", form)


@post("/console/{shop:str}/inbox/{proposal_id:str}/confirm", include_in_schema=False, sync_to_thread=True, opt=OPT)
def confirm(console: NamedDependency[Console], proposal_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Say that it was done outside: the change, or the change back."""
    try:
        proposal = console.rooms.proposals.confirm(proposal_id, console.actor)
    except ZhangguiError as error:
        return _refused(console, proposal_id, form, error)
    return _stays(console, proposal_id, "undone" if proposal.state is ProposalState.UNDONE else "confirmed", form)


@post("/console/{shop:str}/inbox/{proposal_id:str}/edit", include_in_schema=False, sync_to_thread=True, opt=OPT)
def edit(console: NamedDependency[Console], proposal_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Put another change in its place; the checks run again."""
    change, problems = console.rooms.inbox.read_form(proposal_id, form.texts)
    inbox = Inbox(console)
    if change is None:
        return inbox.item(proposal_id, form.texts, status=422, is_editing=True, texts=form.texts, problems=problems)
    try:
        console.rooms.proposals.edit(proposal_id, change, console.actor, seen_hash=form.required("hash"))
    except BadChange as error:
        notice = said(error, console.view.language)
        return inbox.item(proposal_id, form.texts, status=422, is_editing=True, texts=form.texts, notice=notice)
    except ZhangguiError as error:
        return _refused(console, proposal_id, form, error)
    return _stays(console, proposal_id, "edited", form)


@post("/console/{shop:str}/inbox/{proposal_id:str}/mend", include_in_schema=False, sync_to_thread=True, opt=OPT)
def mend(console: NamedDependency[Console], proposal_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Apply the cure of a finding as an edit; the checks run again."""
    proposal = console.rooms.proposals.get(proposal_id)
    finding = cured(proposal, form.text("rule"), form.text("place"))
    try:
        if finding is None or finding.cure is None or finding.cure.change is None:
            raise WrongState("That finding is no longer there.", hint="Read the proposal again.")
        console.rooms.proposals.edit(proposal_id, finding.cure.change, console.actor, seen_hash=form.required("hash"))
    except ZhangguiError as error:
        return _refused(console, proposal_id, form, error)
    return _stays(console, proposal_id, "edited", form)


@post("/console/{shop:str}/inbox/{proposal_id:str}/recheck", include_in_schema=False, sync_to_thread=True, opt=OPT)
def recheck(console: NamedDependency[Console], proposal_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Run the checks on what stands now; what has not left yet is taken back by that."""
    proposal = console.rooms.proposals.get(proposal_id)
    was_queued = proposal.state is ProposalState.QUEUED
    try:
        console.rooms.proposals.edit(proposal_id, proposal.change, console.actor, seen_hash=form.required("hash"))
    except ZhangguiError as error:
        return _refused(console, proposal_id, form, error)
    return _stays(console, proposal_id, "taken_back" if was_queued else "checked", form)


def _went_on(console: Console, following: str, proposal_id: str, done: str, form: Form) -> Redirect:
    query = Inbox(console).list.filter(form.texts).query
    return console.go(f"/inbox/{following}" if following else "/inbox", **query, done=done, of=proposal_id)


def _stays(console: Console, proposal_id: str, done: str, form: Form) -> Redirect:
    query = Inbox(console).list.filter(form.texts).query
    return console.go(f"/inbox/{proposal_id}", **query, done=done, of=proposal_id)


def _refused(console: Console, proposal_id: str, form: Form, error: ZhangguiError) -> Response[str]:
    """The proposal as it stands now, and why nothing was done."""
    if isinstance(error, UnknownProposal):
        raise error
    inbox = Inbox(console)
    words = said(error, console.view.language)
    if isinstance(error, WrongState):
        words = inbox.phrases.say("conflict", _conflict(console.rooms.proposals.get(proposal_id), form))
    return inbox.item(proposal_id, form.texts, status=STATUS[error.kind], notice=words)


def _conflict(now: Proposal, form: Form) -> str:
    if now.state is ProposalState.PROPOSED and now.hash != form.text("hash"):
        return "edited_meanwhile"
    return "decided_meanwhile" if form.text("hash") else "wrong_state"


INBOX_ACT_ROUTES = (approve, reject, undo, confirm, edit, mend, recheck)
