"""Keep live profiles, from where on events count, and what shoppers said of them: the tables of audience."""

import sqlalchemy as sa
from alembic import op

revision = "0017_audience"
down_revision = "0016_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "audience_profiles",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("last_order_ms", sa.BigInteger(), nullable=False),
        sa.Column("spent_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_audience_profiles")),
    )
    op.create_table(
        "audience_starts",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_audience_starts")),
    )
    op.create_table(
        "audience_foldings",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.Column("change_seq", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("fifths", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_foldings")),
    )
    op.create_table(
        "audience_corrections",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("wish", sa.String(length=26), nullable=False),
        sa.Column("undone_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_corrections")),
    )
    op.create_index(op.f("ix_audience_corrections_person"), "audience_corrections", ["person"], unique=False)


def _downgrade_shop() -> None:
    op.drop_index(op.f("ix_audience_corrections_person"), table_name="audience_corrections")
    op.drop_table("audience_corrections")
    op.drop_table("audience_foldings")
    op.drop_table("audience_starts")
    op.drop_table("audience_profiles")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
