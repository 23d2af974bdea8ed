"""Sum up orders, and list them quickly: the tables of shop."""

import sqlalchemy as sa
from alembic import op

revision = "0007_shop"
down_revision = "0006_app"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("total_minor", sa.BigInteger(), server_default="0", nullable=False))

    op.execute(
        "UPDATE orders SET total_minor = COALESCE((SELECT SUM(quantity * unit_price_minor - discount_minor) "
        "FROM order_lines WHERE order_lines.order_number = orders.number), 0)"
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_at", ["at_ms", "state", "province", "total_minor"], unique=False)
        batch_op.create_index("ix_orders_customer", ["customer", "at_ms", "state", "total_minor"], unique=False)

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.create_index("ix_persons_kind_number", ["kind", "number"], unique=False)


def _downgrade_shop() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_index("ix_persons_kind_number")

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_customer")
        batch_op.drop_index("ix_orders_at")
        batch_op.drop_column("total_minor")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
