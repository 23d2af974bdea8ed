"""Keep plans per tier, how tiers looked, what plans brought, and who is in which arm: tables of audience."""

import sqlalchemy as sa
from alembic import op

revision = "0026_audience"
down_revision = "0025_audience"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "audience_plans",
            sa.Column("tier", sa.String(length=16), nullable=False),
            sa.Column("run", sa.String(length=26), nullable=False),
            sa.Column("terms", sa.LargeBinary(), nullable=False),
            sa.Column("started_ms", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("tier", name=op.f("pk_audience_plans")),
        )
        op.create_table(
            "audience_plan_tiers",
            sa.Column("tier", sa.String(length=16), nullable=False),
            sa.Column("seen", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("tier", name=op.f("pk_audience_plan_tiers")),
        )
        op.create_table(
            "audience_plan_results",
            sa.Column("run", sa.String(length=26), nullable=False),
            sa.Column("tier", sa.String(length=16), nullable=False),
            sa.Column("result", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("run", name=op.f("pk_audience_plan_results")),
        )
        op.create_index(op.f("ix_audience_plan_results_tier"), "audience_plan_results", ["tier"])
        op.create_table(
            "audience_plan_people",
            sa.Column("run", sa.String(length=26), nullable=False),
            sa.Column("person", sa.BigInteger(), nullable=False),
            sa.Column("arm", sa.String(length=8), nullable=False),
            sa.Column("batch", sa.Integer(), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("run", "person", name=op.f("pk_audience_plan_people")),
        )
        op.create_index(op.f("ix_audience_plan_people_person"), "audience_plan_people", ["person"])
        op.create_index(op.f("ix_audience_plan_people_at_ms"), "audience_plan_people", ["at_ms"])


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("audience_plan_people")
        op.drop_table("audience_plan_results")
        op.drop_table("audience_plan_tiers")
        op.drop_table("audience_plans")
