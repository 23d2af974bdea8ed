"""Index only the ledger's entries that are about somebody or something: the tables of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0022_trust"
down_revision = "0021_audience"
branch_labels = None
depends_on = None
COLUMNS = ("person", "about")


def upgrade(store: str) -> None:
    if store == "shop":
        _index(is_partial=True)


def downgrade(store: str) -> None:
    if store == "shop":
        _index(is_partial=False)


def _index(*, is_partial: bool) -> None:
    for name in COLUMNS:
        index = f"ix_ledger_payloads_{name}"
        where = sa.text(f"{name} IS NOT NULL") if is_partial else None
        op.drop_index(op.f(index), table_name="ledger_payloads")
        op.create_index(op.f(index), "ledger_payloads", [name], sqlite_where=where, postgresql_where=where)
