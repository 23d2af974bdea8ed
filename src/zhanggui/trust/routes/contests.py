"""Contests over HTTP: for sites, which bring a shopper's, and for whoever answers."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.errors import Forbidden
from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.trust.service.contesting import Contests
from zhanggui.trust.types.contests import (
    AnswerContest,
    Contest,
    ContestPage,
    ContestState,
    OpenContest,
    OpenedContest,
    OwnContest,
    ShowContest,
)

State = Annotated[
    ContestState | None, QueryParameter(name="state", description="Only these; open ones include the overdue.")
]
After = Annotated[str, QueryParameter(max_length=26, description="The `next` of the page before.")]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class ContestForOthers(Forbidden):
    """A visitor's key or a customer's token brings its own contest and nobody else's."""

    code = "trust.contest_for_others"


class ContestRoutes(Controller):
    """Automatic decisions that somebody contests (PIPL art. 24, GDPR art. 22 (3))."""

    path = "/v1/{shop:str}/contests"
    tags = ("contests",)

    @post("/", operation_id="OpenContest", opt={"scope": "contests:write"}, sync_to_thread=True)
    def open(
        self, request: AnyRequest, contests: NamedDependency[Contests], data: JSONBody[OpenContest]
    ) -> OpenedContest:
        """Bring a contest; a person answers it by `due_at`. Names a customer or a visitor; keep `token` to read on."""
        if (data.customer_id is None) == (data.visitor_id is None):
            raise ContestForOthers(
                "A contest is one person's: it names either customer_id or visitor_id.",
                hint="Send one of the two.",
            )
        state = request.scope["state"]
        only = (state.get("only_customer"), state.get("only_visitor"))
        if any(only) and only != (data.customer_id, data.visitor_id):
            raise ContestForOthers("This key speaks for somebody else.", hint="Name the one that it speaks for.")
        return contests.open(data, actor_of(request))

    @get("/", operation_id="ListContests", opt={"scope": "contests:read"}, sync_to_thread=True)
    def page(
        self, contests: NamedDependency[Contests], in_state: State = None, after: After = "", limit: Limit = 50
    ) -> ContestPage:
        """Contests, oldest first."""
        return contests.page(in_state, after, limit)

    @get("/{contest_id:str}", operation_id="GetContest", opt={"scope": "contests:read"}, sync_to_thread=True)
    def one(self, contests: NamedDependency[Contests], contest_id: FromPath[Ulid]) -> Contest:
        """One contest, with the numbers of the ledger's entries about the decision, and the answer."""
        return contests.contest(contest_id)

    @post(
        "/{contest_id:str}/look",
        operation_id="LookAtOwnContest",
        opt={"scope": "contests:write", "rate": "look"},
        status_code=200,
        sync_to_thread=True,
    )
    def look(
        self, contests: NamedDependency[Contests], contest_id: FromPath[Ulid], data: JSONBody[ShowContest]
    ) -> OwnContest:
        """Read what became of a contest, with the token that came when it was brought; any other is a 404."""
        return contests.own(contest_id, data.token)

    @post(
        "/{contest_id:str}/answer",
        operation_id="AnswerContest",
        opt={"scope": "contests:answer"},
        status_code=200,
        sync_to_thread=True,
    )
    def answer(
        self,
        request: AnyRequest,
        contests: NamedDependency[Contests],
        contest_id: FromPath[Ulid],
        data: JSONBody[AnswerContest],
    ) -> Contest:
        """Answer a contest. The shopper sees it at once."""
        return contests.answer(contest_id, data, actor_of(request))
