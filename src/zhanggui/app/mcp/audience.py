"""Tools about shoppers: what an assistant may ask of a profile. They only read, where the shopper allows it."""

from __future__ import annotations

from zhanggui.app.rooms import Rooms

from .results import Tool, ToolResult, answer


class AudienceTools:
    """Profiles of one shop's shoppers; each docstring is what the assistant reads about it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def reading(self) -> tuple[Tool, ...]:
        """All of them: none changes anything."""
        return (self.customer_profile, self.customer_service_view, self.predict_customer, self.prediction_models)

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
