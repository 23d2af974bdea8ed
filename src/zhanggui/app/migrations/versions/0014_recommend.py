"""Keep labels that goods earn, and which are hidden: the tables of recommend."""

import sqlalchemy as sa
from alembic import op

revision = "0014_recommend"
down_revision = "0013_recommend"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "recommend_labels",
        sa.Column("product", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("shop_share", sa.Float(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", "label", name=op.f("pk_recommend_labels")),
    )
    op.create_table(
        "recommend_hidden_labels",
        sa.Column("product", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", "label", name=op.f("pk_recommend_hidden_labels")),
    )


def _downgrade_shop() -> None:
    op.drop_table("recommend_hidden_labels")
    op.drop_table("recommend_labels")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
