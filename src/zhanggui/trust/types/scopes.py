"""Scopes are `room:verb`; roles are sets of them. `room:*` means all verbs of a room, `*` everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping

SCOPES: Mapping[str, str] = {
    "shop:read": "read products, labels and imports",
    "shop:write": "put facts: products, customers, orders, reviews, questions, whole files",
    "shop:people": "read customers, orders, returns, reviews and questions",
    "shop:measure": "see the shop's figures: sales, orders and visitors by day",
    "shop:manage": "read offers with their costs, and rivals' prices",
    "shop:export": "take everything out, and the rows that an import refused",
    "events:write": "post behaviour events",
    "recommend:read": "ask for recommendations",
    "recommend:write": "show less, and take it back",
    "recommend:measure": "see the models and their figures",
    "recommend:admin": "see what a chosen shopper is shown, train anew, and set rules and promotions",
    "audience:read": "see what the shop may know of a shopper, whole",
    "audience:serve": "see what of it serving somebody needs",
    "audience:measure": "see models of predictions, their figures, and groups: aggregates alone",
    "audience:train": "train models of predictions anew",
    "audience:own": "see, correct, mute, pause and delete a shopper's profile, for them",
    "trust:read": "see proposals and levels",
    "trust:propose": "make proposals",
    "trust:decide": "edit, approve, reject and undo proposals",
    "trust:pause": "pause everything the software decides alone, and go on",
    "trust:autonomy": "say how far the software may go alone",
    "trust:measure": "see whether groups of people are served alike, and how narrow their lists are",
    "trust:figures": "see figures over many people, with noise and a budget",
    "trust:budget": "grant analysts a new privacy budget",
    "trust:guard": "have personal data taken out of a text",
    "persons:export": "give a person all that the shop holds of them",
    "persons:erase": "erase a person, and let one who was erased come back",
    "persons:read": "see receipts of erasures, which name nobody",
    "consents:read": "see what people agreed to",
    "consents:write": "write down consents, their withdrawal and notices",
    "contests:write": "contest an automatic decision, for oneself or for a shopper",
    "contests:read": "see what shoppers contest",
    "contests:answer": "answer what shoppers contest",
    "ledger:read": "read the ledger",
    "ledger:verify": "verify and anchor the ledger",
    "protection:read": "see the egress register, alerts and the impact assessment",
    "protection:write": "register outside hosts, acknowledge alerts, hold a breach drill",
    "ethics:read": "read the clauses, the matrix of laws and the yearly review",
    "ethics:check": "run the checks that look after the clauses",
    "outbox:read": "see what is on its way out",
    "outbox:write": "take an entry back before it is sent",
    "outbox:confirm": "say that an entry was applied outside",
    "keys:read": "list keys",
    "keys:write": "make, rotate and revoke keys",
    "tokens:mint": "mint customers' tokens",
    "users:read": "see who works with the shop's pages",
    "users:write": "add users, give them roles, shut them out, make login links",
    "account:own": "see and change one's own account",
}
"""Every scope that a route asks for, and what it lets its holder do."""

ABOUT_PEOPLE = frozenset(
    {"shop:people", "shop:write", "shop:export", "recommend:write", "recommend:admin", "tokens:mint"}
    | {"audience:read", "audience:serve", "audience:own", "persons:export", "persons:erase"}
    | {"consents:read", "consents:write", "contests:read", "contests:write", "contests:answer"}
)
"""The scopes by which somebody's rows are reached: read, answered with after a write, or opened by a minted token."""

ABOUT_NOBODY = frozenset(
    {"shop:read", "shop:measure", "shop:manage", "events:write", "recommend:read", "recommend:measure"}
    | {"audience:measure", "audience:train", "persons:read", "ledger:read", "ledger:verify"}
    | {"trust:read", "trust:propose", "trust:decide", "trust:pause", "trust:autonomy", "trust:measure"}
    | {"trust:figures", "trust:budget", "trust:guard", "protection:read", "protection:write"}
    | {"ethics:read", "ethics:check", "outbox:read", "outbox:write", "outbox:confirm"}
    | {"keys:read", "keys:write", "users:read", "users:write", "account:own"}
)
"""The others; a scope stands in exactly one of the two, so that nobody adds one without a word on it.

`recommend:read` says which goods stand in a list and nothing of whom it is for; `ledger:read` leaves out the ids of
shoppers for whoever may not read people; `users:read` shows who works for the shop.
"""

PUBLISHABLE = frozenset({"events:write", "recommend:read", "recommend:write", "contests:write"})
"""All that a key in public JavaScript may ever do, and that for the visitor of its cookie only."""

CUSTOMER = frozenset({"events:write", "recommend:read", "recommend:write", "audience:own", "contests:write"})
"""All that a minted customer token may ever do, and that for its customer only."""

ROLES: Mapping[str, frozenset[str]] = {
    "owner": frozenset({"*"}),
    "operator": frozenset(
        {"shop:*", "events:*", "recommend:*", "audience:*", "outbox:*", "consents:*", "contests:*", "persons:*"}
        | {"protection:read", "ethics:read", "ethics:check"}
        | {"trust:read", "trust:measure", "trust:propose", "trust:decide", "trust:pause", "tokens:mint", "account:own"}
        | {"trust:guard"}
    ),
    "agent": frozenset(
        {"shop:read", "shop:measure", "recommend:read", "trust:read", "trust:propose", "consents:*", "account:own"}
        | {"audience:serve", "contests:*", "trust:guard"}
    ),
    "analyst": frozenset(
        {"shop:measure", "recommend:measure", "audience:measure", "trust:measure", "account:own"} | {"trust:figures"}
    ),  # aggregates: nobody's rows, no acts
    "auditor": frozenset(
        {
            "ledger:read",
            "ledger:verify",
            "persons:read",
            "ethics:read",
            "ethics:check",
            "protection:read",
            "trust:measure",
            "account:own",
        }
    ),
}
"""What each role may do in a shop."""


def holds(scopes: Collection[str], wanted: str) -> bool:
    """Whether `scopes` contain `wanted`, by its name or by a wildcard."""
    return wanted in scopes or "*" in scopes or f"{wanted.partition(':')[0]}:*" in scopes


def is_known(scope: str) -> bool:
    """Whether a scope, or a wildcard, stands for anything that a route asks for."""
    return any(holds((scope,), known) for known in SCOPES)
