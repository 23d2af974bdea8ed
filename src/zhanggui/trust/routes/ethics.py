"""Clauses, the matrix of laws and the yearly review over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter, QueryParameter

from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.trust.service.ethics import Ethics
from zhanggui.trust.service.reports import YearlyReview, review_page, review_pdf
from zhanggui.trust.types.ethics import EthicsState, LawMatrix
from zhanggui.trust.types.reports import Review

READ = {"scope": "ethics:read"}
CHECK = {"scope": "ethics:check"}
Year = Annotated[int, PathParameter(ge=2000, le=9999, description="A year of the shop's calendar.")]
Language = Annotated[Literal["zh", "en"], QueryParameter(description="Of the words.")]


class EthicsRoutes(Controller):
    """What is promised, whether it is kept, and the year's review."""

    path = "/v1/{shop:str}/ethics"
    tags = ("ethics",)

    @get("/", operation_id="GetEthics", opt=READ, sync_to_thread=True)
    def state(self, ethics: NamedDependency[Ethics]) -> EthicsState:
        """The clauses with the last result of each check; those without a passing check come first."""
        return ethics.state()

    @post("/checks", operation_id="CheckEthics", opt=CHECK, status_code=200, sync_to_thread=True)
    def check(self, request: AnyRequest, ethics: NamedDependency[Ethics]) -> EthicsState:
        """Run every check now; jobs do so once a day."""
        return ethics.check(actor_of(request))

    @get("/law", operation_id="GetLawMatrix", opt=READ, sync_to_thread=True)
    def law(self, ethics: NamedDependency[Ethics]) -> LawMatrix:
        """What answers each article of the laws, or why it is not ours; and whether its text was read."""
        return ethics.matrix()

    @get("/reviews/{year:str}", operation_id="GetYearlyReview", opt=READ, sync_to_thread=True)
    def review(self, yearly_review: NamedDependency[YearlyReview], year: FromPath[Year]) -> Review:
        """The review of a year, each figure with the query that made it."""
        return yearly_review.of(year)

    @get(
        "/reviews/{year:str}/page",
        operation_id="GetYearlyReviewPage",
        media_type="text/html",
        opt=READ,
        sync_to_thread=True,
    )
    def page(
        self,
        ethics: NamedDependency[Ethics],
        yearly_review: NamedDependency[YearlyReview],
        year: FromPath[Year],
        language: Language = "zh",
    ) -> Response[str]:
        """The same as one page that needs nothing else."""
        made = review_page(yearly_review.of(year), ethics.state(), language)
        return Response(made, media_type="text/html")

    @get(
        "/reviews/{year:str}/pdf",
        operation_id="GetYearlyReviewPdf",
        media_type="application/pdf",
        opt=READ,
        sync_to_thread=True,
    )
    def pdf(
        self,
        ethics: NamedDependency[Ethics],
        yearly_review: NamedDependency[YearlyReview],
        year: FromPath[Year],
        language: Language = "zh",
    ) -> Response[bytes]:
        """The same as a PDF."""
        made = review_pdf(yearly_review.of(year), ethics.state(), language)
        headers = {"Content-Disposition": f'attachment; filename="review-{year}.pdf"'}
        return Response(made, media_type="application/pdf", headers=headers)
