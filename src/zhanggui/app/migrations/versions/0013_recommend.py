"""Keep what a shop aims at: the tables of recommend."""

import sqlalchemy as sa
from alembic import op

revision = "0013_recommend"
down_revision = "0012_recommend"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "recommend_settings",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("past", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_recommend_settings")),
    )


def _downgrade_shop() -> None:
    op.drop_table("recommend_settings")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
