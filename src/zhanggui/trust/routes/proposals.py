"""Proposals over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg, FromPath, JSONBody, QueryParameter

from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, actor_of, opened, sealed
from zhanggui.trust.service.proposals import Proposals
from zhanggui.trust.types.proposals import (
    Autonomy,
    AutonomyLevel,
    ChangeJson,
    Proposal,
    ProposalDraft,
    ProposalPage,
    ProposalState,
    Rationale,
)

Drafts = Annotated[list[ProposalDraft], BodyKwarg(media_type=RequestEncodingType.JSON, min_items=1, max_items=500)]
InState = Annotated[ProposalState | None, QueryParameter(name="state", description="Only those in this state.")]
OfKind = Annotated[str | None, QueryParameter(name="kind", max_length=64, description="Only those of this kind.")]
OfSubject = Annotated[str | None, QueryParameter(name="subject", max_length=2048, description="Only those about this.")]


class EditProposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another change in place of the one that stands."""

    change: ChangeJson


class ApproveProposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`hash` of the proposal that was looked at: an approval is of that one and no other."""

    hash: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


class RejectProposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why not."""

    reason: Rationale


class SetLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a kind may go alone."""

    level: AutonomyLevel


class ProposalRoutes(Controller):
    """What the software, or a person, wants to do."""

    path = "/v1/{shop:str}"
    tags = ("proposals",)

    @get("/proposals", operation_id="ListProposals", opt={"scope": "trust:read"}, sync_to_thread=True)
    def proposals_page(
        self,
        request: AnyRequest,
        proposals: NamedDependency[Proposals],
        cursors: NamedDependency[CursorCodec],
        in_state: InState = None,
        kind: OfKind = None,
        subject: OfSubject = None,
        after: After = None,
        limit: Limit = 50,
    ) -> ProposalPage:
        """List proposals, newest first."""
        page = proposals.list(
            after=opened(cursors, after, request), limit=limit, state=in_state, kind=kind, subject=subject
        )
        return msgspec.structs.replace(page, next=sealed(cursors, page.next, request))

    @post("/proposals", operation_id="Propose", opt={"scope": "trust:propose"}, status_code=200, sync_to_thread=True)
    def propose(self, proposals: NamedDependency[Proposals], data: Drafts) -> list[Proposal]:
        """Make proposals. Nothing changes until each is approved; a kind at `act` approves what nothing blocks."""
        return proposals.propose(data)

    @get("/proposals/{proposal_id:str}", operation_id="GetProposal", opt={"scope": "trust:read"}, sync_to_thread=True)
    def proposal(self, proposals: NamedDependency[Proposals], proposal_id: FromPath[str]) -> Proposal:
        """One proposal with its findings."""
        return proposals.get(proposal_id)

    @put(
        "/proposals/{proposal_id:str}/change",
        operation_id="EditProposal",
        opt={"scope": "trust:decide"},
        sync_to_thread=True,
    )
    def edit(
        self,
        request: AnyRequest,
        proposals: NamedDependency[Proposals],
        proposal_id: FromPath[str],
        data: JSONBody[EditProposal],
    ) -> Proposal:
        """Put another change in its place. All checks run again, and a former approval falls."""
        return proposals.edit(proposal_id, data.change, actor_of(request))

    @post(
        "/proposals/{proposal_id:str}/approve",
        operation_id="ApproveProposal",
        opt={"scope": "trust:decide"},
        status_code=200,
        sync_to_thread=True,
    )
    def approve(
        self,
        request: AnyRequest,
        proposals: NamedDependency[Proposals],
        proposal_id: FromPath[str],
        data: JSONBody[ApproveProposal],
    ) -> Proposal:
        """Approve what was seen, and send it on its way."""
        return proposals.approve(proposal_id, actor_of(request), seen_hash=data.hash)

    @post(
        "/proposals/{proposal_id:str}/reject",
        operation_id="RejectProposal",
        opt={"scope": "trust:decide"},
        status_code=200,
        sync_to_thread=True,
    )
    def reject(
        self,
        request: AnyRequest,
        proposals: NamedDependency[Proposals],
        proposal_id: FromPath[str],
        data: JSONBody[RejectProposal],
    ) -> Proposal:
        """Decide against it, and say why."""
        return proposals.reject(proposal_id, data.reason, actor_of(request))

    @post(
        "/proposals/{proposal_id:str}/confirm",
        operation_id="ConfirmProposal",
        opt={"scope": "trust:decide"},
        status_code=200,
        sync_to_thread=True,
    )
    def confirm(
        self, request: AnyRequest, proposals: NamedDependency[Proposals], proposal_id: FromPath[str]
    ) -> Proposal:
        """Say that the outlet has done what was sent: the change, or the change back."""
        return proposals.confirm(proposal_id, actor_of(request))

    @post(
        "/proposals/{proposal_id:str}/undo",
        operation_id="UndoProposal",
        opt={"scope": "trust:decide"},
        status_code=200,
        sync_to_thread=True,
    )
    def undo(self, request: AnyRequest, proposals: NamedDependency[Proposals], proposal_id: FromPath[str]) -> Proposal:
        """Send the inverse through the same outlet."""
        return proposals.undo(proposal_id, actor_of(request))

    @get("/autonomy", operation_id="GetAutonomy", opt={"scope": "trust:read"}, sync_to_thread=True)
    def autonomy(self, proposals: NamedDependency[Proposals]) -> Autonomy:
        """How far each kind may go alone."""
        return proposals.autonomy()

    @put("/autonomy/{kind:str}", operation_id="SetAutonomy", opt={"scope": "trust:autonomy"}, sync_to_thread=True)
    def set_autonomy(
        self, request: AnyRequest, proposals: NamedDependency[Proposals], kind: FromPath[str], data: JSONBody[SetLevel]
    ) -> Autonomy:
        """Set how far a kind may go alone."""
        return proposals.set_autonomy(kind, data.level, actor_of(request))

    @post("/pause", operation_id="PauseEverything", opt={"scope": "trust:pause"}, status_code=200, sync_to_thread=True)
    def pause(self, request: AnyRequest, proposals: NamedDependency[Proposals]) -> Autonomy:
        """Stop all outlets and let every kind only observe; serving goes on."""
        return proposals.pause_everything(actor_of(request))

    @post("/resume", operation_id="Resume", opt={"scope": "trust:pause"}, status_code=200, sync_to_thread=True)
    def resume(self, request: AnyRequest, proposals: NamedDependency[Proposals]) -> Autonomy:
        """Go on at the levels that were set, and send what waits."""
        return proposals.resume(actor_of(request))
