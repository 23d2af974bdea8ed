"""Find customers by their names too: what they are found by is kept anew, by a job. Rows of shop."""

from alembic import op

revision = "0031_shop"
down_revision = "0030_shop"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.execute("DELETE FROM customer_lookups")


def downgrade(store: str) -> None:
    if store == "shop":
        op.execute("DELETE FROM customer_lookups")
