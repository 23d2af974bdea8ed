"""Note the master key: the tables of app."""

import sqlalchemy as sa
from alembic import op

revision = "0006_app"
down_revision = "0005_app"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    pass


def _downgrade_shop() -> None:
    pass


def _upgrade_control() -> None:
    op.create_table(
        "master_key_marks",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_master_key_marks")),
    )


def _downgrade_control() -> None:
    op.drop_table("master_key_marks")
