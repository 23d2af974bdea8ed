"""The merchant's rules."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata, upsert
from zhanggui.recommend.types.rules import Rule

rules = sa.Table(
    "recommend_rules",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("surface", sa.String(64), nullable=False),
    sa.Column("is_on", sa.SmallInteger, nullable=False),
    sa.Column("is_gone", sa.SmallInteger, nullable=False),
    sa.Column("rule", sa.LargeBinary, nullable=False),  # JSON of `Rule`
    sa.Column("past", sa.LargeBinary, nullable=False),  # JSON list of what it was before, the newest last
)


_rule = msgspec.json.Decoder(Rule)


_past = msgspec.json.Decoder(list[Rule])


def rules_in(db: sa.Connection, *, with_gone: bool = False) -> list[Rule]:
    """The rules in the order in which they were made."""
    chosen = sa.select(rules.c.rule).order_by(rules.c.id)
    rows = db.execute(chosen if with_gone else chosen.where(rules.c.is_gone == 0))
    return [_rule.decode(row.rule) for row in rows]


def rule_with_past(db: sa.Connection, id_: str) -> tuple[Rule, list[Rule]] | None:
    """A rule and what it was before, the newest last; one that is gone too."""
    row = db.execute(sa.select(rules.c.rule, rules.c.past).where(rules.c.id == id_)).fetchone()
    return None if row is None else (_rule.decode(row.rule), _past.decode(row.past))


def put_rule(db: sa.Connection, rule: Rule, past: Sequence[Rule]) -> None:
    """Write a rule, over an older one of the same id."""
    row = {
        "id": rule.id,
        "kind": rule.kind.value,
        "surface": rule.surface,
        "is_on": int(rule.is_on),
        "is_gone": int(rule.is_gone),
        "rule": msgspec.json.encode(rule),
        "past": msgspec.json.encode(list(past)),
    }
    upsert(db, rules, [row], keys=["id"])


def known_rules(db: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that are there."""
    return {row.id for row in db.execute(sa.select(rules.c.id).where(rules.c.id.in_(list(ids))))}
