"""Keep vectors of products' words and pictures with their neighbours: the tables of recommend."""

import sqlalchemy as sa
from alembic import op

revision = "0033_recommend"
down_revision = "0032_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "recommend_vector_spaces",
        sa.Column("space", sa.String(length=8), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Float(), nullable=False),
        sa.Column("floor_rows", sa.BigInteger(), nullable=False),
        sa.Column("imports", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("space", name=op.f("pk_recommend_vector_spaces")),
    )
    op.create_table(
        "recommend_vectors",
        sa.Column("space", sa.String(length=8), nullable=False),
        sa.Column("product", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("near", sa.LargeBinary(), nullable=False),
        sa.Column("cosines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("space", "product", name=op.f("pk_recommend_vectors")),
    )


def _downgrade_shop() -> None:
    op.drop_table("recommend_vectors")
    op.drop_table("recommend_vector_spaces")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
