"""Keep models of predictions with their cards, and what is foretold of customers: tables of audience."""

import sqlalchemy as sa
from alembic import op

revision = "0021_audience"
down_revision = "0020_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "audience_models",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_models")),
    )
    op.create_table(
        "audience_model_checks",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("checks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_model_checks")),
    )
    op.create_table(
        "audience_foretold",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("buy_7", sa.Float(), nullable=True),
        sa.Column("buy_30", sa.Float(), nullable=True),
        sa.Column("churn", sa.Float(), nullable=True),
        sa.Column("alive", sa.Float(), nullable=True),
        sa.Column("orders_90", sa.Float(), nullable=True),
        sa.Column("value_90_minor", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_audience_foretold")),
    )


def _downgrade_shop() -> None:
    op.drop_table("audience_foretold")
    op.drop_table("audience_model_checks")
    op.drop_table("audience_models")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
