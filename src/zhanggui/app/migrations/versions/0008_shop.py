"""Count visits, and note which days' orders changed: the tables of shop."""

import sqlalchemy as sa
from alembic import op

revision = "0008_shop"
down_revision = "0007_shop"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "order_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_order_days")),
    )
    op.create_table(
        "visit_counting",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_counting")),
    )
    op.create_table(
        "visit_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("visitors", sa.BigInteger(), nullable=False),
        sa.Column("newcomers", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_visit_days")),
    )
    op.create_table(
        "visits",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_first", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "person", name=op.f("pk_visits")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index("ix_visits_person_day", ["person", "day"], unique=False)

    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returns_at_ms"), ["at_ms"], unique=False)


def _downgrade_shop() -> None:
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returns_at_ms"))

    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index("ix_visits_person_day")

    op.drop_table("visits")
    op.drop_table("visit_days")
    op.drop_table("visit_counting")
    op.drop_table("order_days")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
