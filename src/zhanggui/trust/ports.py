"""What this room is handed from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from .types.briefs import Brief, FactsAge
from .types.proposals import Proposal

FactsAgeNow = Callable[[], FactsAge]
"""Tells how old the shop's facts are."""


class BriefChannel(Protocol):
    """A way out for the brief: e-mail, a robot of a team's chat."""

    @property
    def name(self) -> str:
        """Names the channel in the record of what went out: `email`, `feishu`…"""

    def send(self, brief: Brief, proposals: tuple[Proposal, ...], key: str) -> None:
        """Send the brief.

        Args:
            brief: what to say.
            proposals: those behind its decisions, in the same order.
            key: the same for each try of one day's brief.

        Raises:
            BriefNotSent: the other side did not take it.
        """
