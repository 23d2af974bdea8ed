"""Keep what imports change, so that an import can be taken back: tables of shop."""

import sqlalchemy as sa
from alembic import op

revision = "0030_shop"
down_revision = "0029_trust"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "import_changes",
            sa.Column("import_id", sa.String(length=26), nullable=False),
            sa.Column("place", _BIG, autoincrement=False, nullable=False),
            sa.Column("part", sa.SmallInteger(), nullable=False),
            sa.Column("number", sa.BigInteger(), nullable=False),
            sa.Column("slot", sa.BigInteger(), nullable=False),
            sa.Column("person", sa.BigInteger(), nullable=True),
            sa.Column("former", sa.BigInteger(), nullable=True),
            sa.Column("after", sa.BigInteger(), nullable=False),
            sa.Column("before", sa.LargeBinary(), nullable=True),
            sa.Column("spans", sa.LargeBinary(), nullable=True),
            sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_changes")),
        )
        op.create_index(op.f("ix_import_changes_person"), "import_changes", ["person"])
        op.create_index(op.f("ix_import_changes_former"), "import_changes", ["former"])
        op.create_table(
            "import_undos",
            sa.Column("import_id", sa.String(length=26), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.Column("actor", sa.String(length=128), nullable=False),
            sa.Column("is_done", sa.Boolean(), nullable=False),
            sa.Column("told", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_undos")),
        )
        op.create_table(
            "import_spans",
            sa.Column("import_id", sa.String(length=26), nullable=False),
            sa.Column("first_seq", sa.BigInteger(), nullable=False),
            sa.Column("last_seq", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("import_id", "first_seq", name=op.f("pk_import_spans")),
        )


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("import_spans")
        op.drop_table("import_undos")
        op.drop_table("import_changes")
