"""Tools about shoppers: what an assistant may ask where shoppers allow it, and a plan for a tier as a proposal."""

from __future__ import annotations

from zhanggui.app.rooms import Rooms
from zhanggui.trust import Author

from .results import Tool, ToolResult, answer, plain

ASSISTANT = Author(kind="model", name="assistant over MCP")
"""Who proposes what an assistant asks for."""


class AudienceTools:
    """Profiles of one shop's shoppers; each docstring is what the assistant reads about it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def reading(self) -> tuple[Tool, ...]:
        """Tools that change nothing."""
        return (
            self.customer_profile,
            self.customer_service_view,
            self.predict_customer,
            self.prediction_models,
            self.segments,
            self.count_segment,
            self.segment_overlaps,
            self.learned_segments,
            self.learned_segment,
            self.plans,
            self.plan,
        )

    def proposing(self) -> tuple[Tool, ...]:
        """Tools that leave a proposal."""
        return (self.propose_plan, self.propose_plan_stop)

    def customer_profile(self, customer_id: str, language: str = "zh") -> ToolResult:
        """Tell what the shop may know of a customer: interests, tags, stage and rhythm, each with its evidence."""
        return answer(self._rooms.audience.profile(customer_id, language=language))

    def customer_service_view(self, customer_id: str, language: str = "zh") -> ToolResult:
        """Tell what serving a customer needs and no more: stage, language, channel, when they come."""
        return answer(self._rooms.audience.profiles.for_service(customer_id, language=language))

    def predict_customer(self, customer_id: str, language: str = "zh") -> ToolResult:
        """Tell what a customer is likely to do next: chances to buy, churn, orders and value to come, with reasons."""
        return answer(self._rooms.audience.predictions.of(customer_id, language=language))

    def prediction_models(self, language: str = "zh") -> ToolResult:
        """Tell which models foretell, how well their chances came true, and what is missing for the others."""
        return answer(self._rooms.audience.predictions.models(language))

    def segments(self) -> ToolResult:
        """List the segments by rule, oldest first, with their rules."""
        return {"segments": plain(self._rooms.audience.segments.all())}

    def count_segment(self, rule: str) -> ToolResult:
        """Count whom a rule of segments means now (`stage in (at_risk, dormant) and orders >= 3`); nothing is kept."""
        return answer(self._rooms.audience.segments.count(rule))

    def segment_overlaps(self) -> ToolResult:
        """Tell for any two segments, by rule or learned, how many customers are in both; none below the floor."""
        return {"overlaps": plain(self._rooms.audience.segments.overlaps())}

    def learned_segments(self, language: str = "zh") -> ToolResult:
        """List the segments that were learned from how customers shop: names, portraits, how well they hold."""
        return answer(self._rooms.audience.learned.all(language))

    def learned_segment(self, segment_id: str, language: str = "zh") -> ToolResult:
        """Tell the portrait of a learned segment and how many customers are in it at this moment."""
        return answer(self._rooms.audience.learned.get(segment_id, language))

    def plans(self) -> ToolResult:
        """List the tiers (acquire, retain, convert, win_back): who may be written to, what runs, what plans brought."""
        return {"tiers": plain(self._rooms.audience.plans.all())}

    def plan(self, tier: str) -> ToolResult:
        """Show one tier: its rule, its plan with its terms and days, who was reached (counted), what plans brought."""
        return answer(self._rooms.audience.plans.of(tier))

    def propose_plan(self, tier: str) -> ToolResult:
        """Propose a plan for a tier from how it looks now. Nobody is written to before a person approves it."""
        return answer(self._rooms.audience.plans.propose(tier))

    def propose_plan_stop(self, tier: str) -> ToolResult:
        """Propose that the plan of a tier runs no longer. It goes on until a person approves this."""
        return answer(self._rooms.audience.plans.propose_stop(tier, ASSISTANT))
