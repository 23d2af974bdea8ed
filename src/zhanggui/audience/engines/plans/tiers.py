"""The four tiers: whom each means, in the language of segments, and what a plan for it begins with."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.audience.types.plans import PlanChannel, Tier

RULES: Mapping[Tier, str] = {
    "acquire": "stage = new and orders = 1",
    "retain": "stage = loyal",
    "convert": "orders = 0 and idle_days <= 14",
    "win_back": "stage in (at_risk, dormant)",
}
"""Bought once, lately (拉新); regular customers (留存); look and have not bought (转化); silent too long (唤醒)."""
LOOKED_DAYS = 14
WITHIN_DAYS: Mapping[Tier, int] = {"acquire": 30, "retain": 30, "convert": 14, "win_back": 45}
"""So long after a message purchases count: about the time in which those who come do come; set by hand."""
COST_MINOR: Mapping[PlanChannel, int] = {"app": 0, "wechat": 0, "sms": 5, "email": 0}
"""What one message costs, in hundredths: assumed, for whoever decides to put in their own."""
