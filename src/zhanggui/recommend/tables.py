"""All SQL of this room: preferences, models, rules and settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import hot_rows, shop_metadata, upsert

from .aim_types import Objectives
from .types import ModelCard, Rule

preferences = sa.Table(
    "preferences",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("person", sa.BigInteger, nullable=False, index=True),
    sa.Column("product", sa.BigInteger, nullable=False),
    sa.Column("chips", sa.LargeBinary, nullable=False),  # JSON list of chip keys
    sa.Column("strength", sa.Float, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),  # also the moment of its `dismiss` event
    sa.Column("is_undone", sa.SmallInteger, nullable=False),
)

models = sa.Table(
    "recommend_models",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # current, kept, refused
    sa.Column("card", sa.LargeBinary, nullable=False),
)

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

settings = sa.Table(
    "recommend_settings",
    shop_metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),  # JSON
    sa.Column("past", sa.LargeBinary, nullable=False),  # JSON list of what it was before, the newest last
)


class StoredPreference(msgspec.Struct, frozen=True):
    """One row of `preferences`."""

    id: str
    person: int
    product: int
    chips: tuple[str, ...]
    strength: float
    at_ms: int
    is_undone: bool


_COLUMNS = "id, person, product, chips, strength, at_ms, is_undone"
_keys = msgspec.json.Decoder(tuple[str, ...])


def _preference(row: Sequence[Any]) -> StoredPreference:
    return StoredPreference(row[0], row[1], row[2], _keys.decode(row[3]), row[4], row[5], bool(row[6]))


def preferences_of(db: sa.Connection, persons: Sequence[int]) -> list[StoredPreference]:
    """All preferences of a subject's numbers, undone ones too. Hot: every personal answer reads them."""
    marks = ", ".join("?" * len(persons))
    sql = f"SELECT {_COLUMNS} FROM preferences WHERE person IN ({marks}) ORDER BY id"  # noqa: S608
    return [_preference(row) for row in hot_rows(db, sql, tuple(persons))]


def preference(db: sa.Connection, id_: str) -> StoredPreference | None:
    """The preference of that id."""
    row = db.execute(sa.select(preferences).where(preferences.c.id == id_)).fetchone()
    return None if row is None else _preference(tuple(row))


def preferences_page(db: sa.Connection, *, after: str, limit: int) -> list[StoredPreference]:
    """Preferences of everybody by id, undone ones too."""
    c = preferences.c
    chosen = sa.select(*(c[name] for name in _COLUMNS.split(", "))).where(c.id > after).order_by(c.id).limit(limit)
    return [_preference(tuple(row)) for row in db.execute(chosen)]


def known_preferences(db: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that are there."""
    return {row[0] for row in db.execute(sa.select(preferences.c.id).where(preferences.c.id.in_(list(ids))))}


def add_preference(db: sa.Connection, added: StoredPreference) -> None:
    """Keep a preference."""
    fields = msgspec.structs.asdict(added)
    row = {**fields, "chips": msgspec.json.encode(added.chips), "is_undone": int(added.is_undone)}
    db.execute(sa.insert(preferences), [row])


def choose_chips(db: sa.Connection, id_: str, chips: Sequence[str]) -> None:
    """Lower other chips."""
    db.execute(sa.update(preferences).where(preferences.c.id == id_).values(chips=msgspec.json.encode(list(chips))))


def set_undone(db: sa.Connection, id_: str) -> None:
    """Take a preference back; the row stays, so that its event is known to be void."""
    db.execute(sa.update(preferences).where(preferences.c.id == id_).values(is_undone=1))


def current_model(db: sa.Connection, kind: str) -> ModelCard | None:
    """The model that serves."""
    asked = sa.select(models.c.card).where(models.c.kind == kind, models.c.state == "current")
    card = db.execute(asked).scalar()
    return None if card is None else msgspec.json.decode(card, type=ModelCard)


def model_cards(db: sa.Connection, kind: str) -> list[ModelCard]:
    """All cards, newest first."""
    rows = db.execute(sa.select(models.c.card).where(models.c.kind == kind).order_by(models.c.id.desc()))
    return [msgspec.json.decode(row.card, type=ModelCard) for row in rows]


def put_model(db: sa.Connection, card: ModelCard) -> None:
    """Write a card and its state, over an older one of the same id."""
    row = {"id": card.id, "kind": card.kind, "state": card.state, "card": msgspec.json.encode(card)}
    db.execute(sa.delete(models).where(models.c.id == card.id))
    db.execute(sa.insert(models), [row])


def forget_model(db: sa.Connection, id_: str) -> None:
    """Delete a card."""
    db.execute(sa.delete(models).where(models.c.id == id_))


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


OBJECTIVES = "objectives"
_objectives = msgspec.json.Decoder(Objectives)
_objectives_past = msgspec.json.Decoder(list[Objectives])


def objectives_of(db: sa.Connection) -> tuple[Objectives, list[Objectives]] | None:
    """What the shop aims at and what it aimed at before, the newest last; None where nobody ever said."""
    asked = sa.select(settings.c.value, settings.c.past).where(settings.c.name == OBJECTIVES)
    row = db.execute(asked).fetchone()
    return None if row is None else (_objectives.decode(row.value), _objectives_past.decode(row.past))


def put_objectives(db: sa.Connection, objectives: Objectives, past: Sequence[Objectives]) -> None:
    """Write what the shop aims at."""
    put_setting(db, OBJECTIVES, msgspec.json.encode(objectives), msgspec.json.encode(list(past)))


def setting(db: sa.Connection, name: str) -> bytes | None:
    """What is kept under a name."""
    value = db.execute(sa.select(settings.c.value).where(settings.c.name == name)).scalar()
    return None if value is None else bytes(value)


def put_setting(db: sa.Connection, name: str, value: bytes, past: bytes = b"[]") -> None:
    """Keep something under a name, over what was there."""
    upsert(db, settings, [{"name": name, "value": value, "past": past}], keys=["name"])
