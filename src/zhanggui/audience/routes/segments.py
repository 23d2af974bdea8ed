"""Segments over HTTP: counts for who counts, people for who may see persons."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.audience.service.audience import Audience
from zhanggui.audience.types.segments import Count, DaySize, MemberPage, NewSegment, Overlap, RuleAsked, Segment
from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, actor_of
from zhanggui.kernel.privacy import Channel

from .paging import page_of_people

READ, MEASURE, TRAIN = {"scope": "audience:read"}, {"scope": "audience:measure"}, {"scope": "audience:train"}
ForMessages = Annotated[bool, QueryParameter(description="Only who may be written to by any channel.")]
ByChannel = Annotated[Channel | None, QueryParameter(description="Only who may be written to by it.")]


class SegmentRoutes(Controller):
    """Groups of customers by rules over their live profiles; fewer than ten are never counted out."""

    path = "/v1/{shop:str}/audience/segments"
    tags = ("audience",)

    @get("/", operation_id="ListSegments", opt=MEASURE, sync_to_thread=True)
    def all(self, audience: NamedDependency[Audience]) -> list[Segment]:
        """All segments, oldest first."""
        return audience.segments.all()

    @post("/", operation_id="AddSegment", opt=TRAIN, status_code=201, sync_to_thread=True)
    def add(self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[NewSegment]) -> Segment:
        """Keep a rule as a segment."""
        return audience.segments.add(data, actor_of(request))

    @post("/counts", operation_id="CountSegment", opt=MEASURE, status_code=200, sync_to_thread=True)
    def count(self, audience: NamedDependency[Audience], data: JSONBody[RuleAsked]) -> Count:
        """How many a rule means now; nothing is kept."""
        return audience.segments.count(data.rule)

    @get("/overlaps", operation_id="ListOverlaps", opt=MEASURE, sync_to_thread=True)
    def overlaps(self, audience: NamedDependency[Audience]) -> list[Overlap]:
        """For any two segments how many are in both."""
        return audience.segments.overlaps()

    @get("/{segment_id:str}", operation_id="GetSegment", opt=MEASURE, sync_to_thread=True)
    def one(self, audience: NamedDependency[Audience], segment_id: FromPath[Ulid]) -> Segment:
        """One segment with its count of this moment."""
        return audience.segments.get(segment_id)

    @get("/{segment_id:str}/sizes", operation_id="ListSegmentSizes", opt=MEASURE, sync_to_thread=True)
    def sizes(self, audience: NamedDependency[Audience], segment_id: FromPath[Ulid]) -> list[DaySize]:
        """A segment day by day, oldest first."""
        return audience.segments.sizes(segment_id)

    @get("/{segment_id:str}/people", operation_id="ListSegmentPeople", opt=READ, sync_to_thread=True)
    def people(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        cursors: NamedDependency[CursorCodec],
        segment_id: FromPath[Ulid],
        after: After = None,
        limit: Limit = 50,
        for_messages: ForMessages = False,  # noqa: FBT002  (a parameter of the address)
        channel: ByChannel = None,
    ) -> MemberPage:
        """Who is in a segment at this moment."""
        ask = partial(audience.segments.people, segment_id, limit=limit, for_messages=for_messages, channel=channel)
        return page_of_people(request, cursors, after, ask)

    @delete("/{segment_id:str}", operation_id="DropSegment", opt=TRAIN, sync_to_thread=True)
    def drop(self, request: AnyRequest, audience: NamedDependency[Audience], segment_id: FromPath[Ulid]) -> None:
        """Delete a segment; nobody in it is touched."""
        audience.segments.drop(segment_id, actor_of(request))
