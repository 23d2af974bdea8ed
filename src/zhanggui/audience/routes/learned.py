"""Learned segments over HTTP: portraits and counts for who counts, people for who may see persons."""

from __future__ import annotations

from functools import partial

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.audience.jobs.learned import request_learning
from zhanggui.audience.service.audience import Audience
from zhanggui.audience.types.learned import LearnedSegment, LearnedSegments
from zhanggui.audience.types.predictions import TrainingAsked
from zhanggui.audience.types.segments import DaySize, MemberPage
from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit

from .meant import Language
from .paging import page_of_people
from .segments import MEASURE, READ, TRAIN, ByChannel, ForMessages


class LearnedRoutes(Controller):
    """Groups of customers by how they shop; fewer than the floor are never counted out."""

    path = "/v1/{shop:str}/audience/learned-segments"
    tags = ("audience",)

    @get("/", operation_id="ListLearnedSegments", opt=MEASURE, sync_to_thread=True)
    def all(self, audience: NamedDependency[Audience], language: Language = "zh") -> LearnedSegments:
        """All of them with names and portraits, the largest first, and the learnings that they come from."""
        return audience.learned.all(language)

    @post("/learn", operation_id="LearnSegments", opt=TRAIN, status_code=202, sync_to_thread=True)
    def learn(self, audience: NamedDependency[Audience]) -> TrainingAsked:
        """Ask for a learning; it runs in the background, and what is sound and no worse serves."""
        return TrainingAsked(job=request_learning(audience.learned.db))

    @get("/{segment_id:str}", operation_id="GetLearnedSegment", opt=MEASURE, sync_to_thread=True)
    def one(
        self, audience: NamedDependency[Audience], segment_id: FromPath[Ulid], language: Language = "zh"
    ) -> LearnedSegment:
        """One of them with its portrait and its count of this moment."""
        return audience.learned.get(segment_id, language)

    @get("/{segment_id:str}/sizes", operation_id="ListLearnedSegmentSizes", opt=MEASURE, sync_to_thread=True)
    def sizes(self, audience: NamedDependency[Audience], segment_id: FromPath[Ulid]) -> list[DaySize]:
        """One of them day by day, oldest first."""
        return audience.learned.sizes(segment_id)

    @get("/{segment_id:str}/people", operation_id="ListLearnedSegmentPeople", opt=READ, sync_to_thread=True)
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
        """Who is in it at this moment, by their live profiles."""
        ask = partial(audience.learned.people, segment_id, limit=limit, for_messages=for_messages, channel=channel)
        return page_of_people(request, cursors, after, ask)
