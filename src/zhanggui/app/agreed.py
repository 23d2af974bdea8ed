"""What the people of a demonstration have agreed to: everything, so that everything can be seen at work."""

from __future__ import annotations

from zhanggui.kernel.privacy import Purpose
from zhanggui.trust import Consents, Notice

SIMULATED = "simulated"
"""Invented people."""
DEMO = "demo"
"""The pseudonymous customers of a published data set, in the demonstration alone."""


def agree(consents: Consents, notice: str) -> None:
    """Let a notice stand for every purpose; a second time changes nothing."""
    wanted = Notice(notice=notice, purposes=tuple(Purpose))
    if wanted not in consents.notices():
        consents.set_notice(wanted, "demo")
