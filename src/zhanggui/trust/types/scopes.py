"""Scopes are `room:verb`; roles are sets of them. `room:*` means all verbs of a room, `*` everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping

PUBLISHABLE = frozenset({"events:write", "recommend:read", "recommend:write"})
"""All that a key in public JavaScript may ever do, and that for the visitor of its cookie only."""

CUSTOMER = frozenset({"events:write", "recommend:read", "recommend:write"})
"""All that a minted customer token may ever do, and that for its customer only."""

ROLES: Mapping[str, frozenset[str]] = {
    "owner": frozenset({"*"}),
    "operator": frozenset(
        {"shop:*", "events:*", "recommend:*", "outbox:*", "consents:*"}
        | {"trust:read", "trust:propose", "trust:decide", "trust:pause", "tokens:mint"}
    ),
    "agent": frozenset({"shop:read", "recommend:read", "trust:read", "trust:propose", "consents:*"}),
    "analyst": frozenset({"analytics:read"}),  # aggregates, nobody's rows
    "auditor": frozenset({"ledger:read", "ledger:verify"}),
}
"""What each role may do in a shop."""


def holds(scopes: Collection[str], wanted: str) -> bool:
    """Whether `scopes` contain `wanted`, by its name or by a wildcard."""
    return wanted in scopes or "*" in scopes or f"{wanted.partition(':')[0]}:*" in scopes
