"""Fairness over HTTP: aggregates alone, no group under the smallest size."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from zhanggui.trust.service.fairness.flipping import FlipTest
from zhanggui.trust.service.fairness.mitigations import MitigationTest
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.types.fairness import FairnessReport, FlipReport, MeasuredMitigations, Mitigations


class FlipPeople(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many shoppers are to be answered as somebody else."""

    people: Annotated[int, msgspec.Meta(ge=1, le=50)] = 20


class FairnessRoutes(Controller):
    """Whether groups of people are served alike."""

    path = "/v1/{shop:str}/fairness"
    tags = ("trust",)

    @get("/", operation_id="GetFairness", opt={"scope": "trust:measure"}, sync_to_thread=True)
    def report(self, fairness: NamedDependency[Fairness]) -> FairnessReport:
        """Shares by group with intervals, gaps between groups, and what is beyond a limit, as counted last."""
        return fairness.report()

    @post("/flip", operation_id="RunFlipTest", opt={"scope": "trust:measure"}, status_code=200, sync_to_thread=True)
    def flip(self, flip_test: NamedDependency[FlipTest], data: JSONBody[FlipPeople]) -> FlipReport:
        """Answer shoppers as if they were of other groups, and compare to the byte. Nothing of it stays."""
        return flip_test.run(data.people)

    @get("/mitigations", operation_id="GetMitigations", opt={"scope": "trust:measure"}, sync_to_thread=True)
    def measured(self, mitigation_test: NamedDependency[MitigationTest]) -> MeasuredMitigations:
        """Which mitigations are in force, and what each evened out and cost when that was measured last."""
        return MeasuredMitigations(in_force=mitigation_test.in_force, measured=mitigation_test.kept())

    @post(
        "/mitigations",
        operation_id="MeasureMitigations",
        opt={"scope": "trust:measure"},
        status_code=200,
        sync_to_thread=True,
    )
    def mitigations(self, mitigation_test: NamedDependency[MitigationTest]) -> Mitigations:
        """What each mitigation would even out and cost, on the last sessions of 5,000 people; it takes a while."""
        return mitigation_test.measure()
