"""The inbox of proposals: what waits for a decision, one of them, and the form that edits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from zhanggui.app.web.phrases import Phrases
from zhanggui.app.web.spreadsheet import csv_stream
from zhanggui.app.web.tables import TableAsk
from zhanggui.trust import ProposalState
from zhanggui.trust.errors import UnknownProposal
from zhanggui.trust.types.showing import FieldProblem

from .inbox_item import InboxItem
from .inbox_list import HEAD, Filter, InboxList
from .shell import Console

REASONS = ("not_now", "wrong_facts", "not_worth_it", "other")
"""Why a person may reject, by code; each may be followed by words of their own."""
TOASTS = {"approved", "rejected", "undone", "confirmed", "edited", "taken_back", "checked", "undo_sent"}


@dataclass(frozen=True, slots=True)
class Inbox:
    """The pages of the inbox for one request."""

    console: Console

    @property
    def phrases(self) -> Phrases:
        """Says codes to who asks."""
        return Phrases(self.console.view)

    @property
    def list(self) -> InboxList:
        """Makes the list."""
        return InboxList(self.console, self.phrases)

    def overview(self) -> Response[str]:
        """The list, and on wide screens the first of it beside."""
        query = self.console.view.query
        page = TableAsk.of(query, sorts=()).page
        listed = self.list.view(self.list.filter(query), is_first_current=True, page=page)
        first = self.console.rooms.inbox.look(listed.page.rows[0].id) if listed.page.rows else None
        return self._page(listed, first, is_open=False)

    def item(
        self,
        proposal_id: str,
        asked: Mapping[str, str],
        *,
        notice: str = "",
        status: int = 200,
        is_editing: bool = False,
        texts: Mapping[str, str] | None = None,
        problems: Sequence[FieldProblem] = (),
        rejecting: str = "",
    ) -> Response[str]:
        """One proposal beside its list.

        Args:
            proposal_id: which.
            asked: an address or a form, for the filter.
            notice: what went wrong, in words.
            status: of the answer.
            is_editing: whether the form stands open.
            texts: what was typed into it, by field.
            problems: what of that was not understood.
            rejecting: why the form of rejecting stands open again.
        """
        look = self.console.rooms.inbox.look(proposal_id)
        wanted = self.list.filter(asked)
        if look.proposal.state is ProposalState.PROPOSED and wanted.state != "open":
            wanted = Filter("open", wanted.kind, wanted.search, wanted.sort)
        listed = self.list.view(wanted, proposal_id)
        form = {
            "is_editing": is_editing and look.proposal.state is ProposalState.PROPOSED and bool(look.fields),
            "texts": texts or {},
            "problems": {one.name: self.phrases.phrase("problem", one.problem) for one in problems},
            "rejecting": rejecting,
        }
        return self._page(listed, look, is_open=True, status=status, notice=notice, **form)

    def next_of(self, proposal_id: str, asked: Mapping[str, str]) -> str:
        """The proposal after one in its list, else the one before; empty when it is the only one."""
        ids = self.list.view(self.list.filter(asked), proposal_id).ids
        if proposal_id not in ids:
            return ids[0] if ids else ""
        at = ids.index(proposal_id)
        return next(iter(ids[at + 1 : at + 2] or ids[:at][-1:]), "")

    def _page(
        self, listed: Any, look: Any, *, is_open: bool, status: int = 200, notice: str = "", **form: Any
    ) -> Response[str]:
        item = InboxItem(self.console, self.phrases, self.list).view(look) if look else None
        at = listed.ids.index(item.proposal.id) if item and item.proposal.id in listed.ids else None
        steps = {"previous": "", "next": "", "place": 0}
        if at is not None:
            ids = listed.ids
            steps = {
                "previous": self.list.href(ids[at - 1], listed.filter) if at else "",
                "next": self.list.href(ids[at + 1], listed.filter) if at + 1 < len(ids) else "",
                "place": at + 1,
            }
        no_form = {"is_editing": False, "texts": {}, "problems": {}, "rejecting": ""}
        return self.console.page(
            "trust/inbox.html",
            current="inbox",
            status=status,
            listed=listed,
            item=item,
            is_open=is_open,
            notice=notice,
            toast=self._toast(),
            reasons=[(code, self.phrases.say("reject", code)) for code in REASONS],
            may_decide=self.console.may("trust:decide"),
            say=self.phrases.say,
            said=self.phrases.phrase,
            **(no_form | steps | form),
        )

    def _toast(self) -> dict[str, Any] | None:
        """What was just done, with the way back where there is one."""
        done, of = self.console.view.query.get("done", ""), self.console.view.query.get("of", "")
        if done not in TOASTS or not of:
            return None
        try:
            look = self.console.rooms.inbox.look(of)
        except UnknownProposal:
            return None
        proposal = look.proposal
        can_undo = proposal.state is ProposalState.APPLIED and proposal.undo_outbox_id is None
        return {
            "words": self.phrases.say("toast", done, title=self.list.title(look)),
            "id": of,
            "can_undo": can_undo and done in {"approved", "confirmed"} and self.console.may("trust:decide"),
        }


@get("/console/{shop:str}/inbox", include_in_schema=False, sync_to_thread=True, opt={"scope": "trust:read"})
def inbox_page(console: NamedDependency[Console]) -> Response[str]:
    """What waits for a decision."""
    return Inbox(console).overview()


@get("/console/{shop:str}/inbox.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "trust:read"})
def inbox_csv(console: NamedDependency[Console]) -> Stream:
    """The same list as a file."""
    shown = Inbox(console).list
    return csv_stream("inbox", HEAD, shown.table(shown.filter(console.view.query)))


@get(
    "/console/{shop:str}/inbox/{proposal_id:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "trust:read"},
)
def proposal_page(console: NamedDependency[Console], proposal_id: FromPath[str]) -> Response[str]:
    """One proposal."""
    return Inbox(console).item(proposal_id, console.view.query)


@get(
    "/console/{shop:str}/inbox/{proposal_id:str}/edit",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "trust:decide"},
)
def edit_page(console: NamedDependency[Console], proposal_id: FromPath[str]) -> Response[str]:
    """One proposal with the form that edits it."""
    return Inbox(console).item(proposal_id, console.view.query, is_editing=True)


INBOX_ROUTES = (inbox_page, inbox_csv, proposal_page, edit_page)
