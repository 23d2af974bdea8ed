"""Lay the first tables: the tables of shop."""

import sqlalchemy as sa
from alembic import op

revision = "0002_shop"
down_revision = "0001_kernel"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "answerers",
        sa.Column("question", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("question", "position", name=op.f("pk_answerers")),
    )
    with op.batch_alter_table("answerers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answerers_person"), ["person"], unique=False)

    op.create_table(
        "archived_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.Column("purged_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_archived_days")),
    )
    op.create_table(
        "book_entries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=256), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.String(length=256), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_book_entries")),
        sa.UniqueConstraint("id", name=op.f("uq_book_entries_id")),
    )
    with op.batch_alter_table("book_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_book_entries_order_id"), ["order_id"], unique=False)

    op.create_table(
        "customers",
        sa.Column("person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("province", sa.String(length=512), nullable=False),
        sa.Column("city_tier", sa.SmallInteger(), nullable=True),
        sa.Column("age_band", sa.String(length=16), nullable=True),
        sa.Column("gender", sa.String(length=8), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("joined_ms", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("notice", sa.String(length=512), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_customers")),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("extra", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_person_seq", ["person", "seq"], unique=False)

    op.create_table(
        "folded_histories",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_folded_histories")),
    )
    op.create_table(
        "import_event_ids",
        sa.Column("hash", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_import_event_ids")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("notice", sa.String(length=512), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "number_counters",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_number_counters")),
    )
    op.create_table(
        "offers",
        sa.Column("product", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("variant_id", sa.String(length=256), nullable=True),
        sa.Column("market", sa.String(length=512), nullable=False),
        sa.Column("channel", sa.String(length=512), nullable=False),
        sa.Column("starts_ms", sa.BigInteger(), nullable=True),
        sa.Column("ends_ms", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_source", sa.String(length=40), nullable=True),
        sa.Column("list_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("on_hand", sa.BigInteger(), nullable=True),
        sa.Column("allocated", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", "slot", name=op.f("pk_offers")),
    )
    op.create_table(
        "order_lines",
        sa.Column("order_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.String(length=256), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.String(length=256), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_source", sa.String(length=40), nullable=True),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", "position", name=op.f("pk_order_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "orders",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=256), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=True),
        sa.Column("visitor", sa.BigInteger(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("market", sa.String(length=512), nullable=False),
        sa.Column("channel", sa.String(length=512), nullable=False),
        sa.Column("province", sa.String(length=512), nullable=False),
        sa.Column("city_tier", sa.SmallInteger(), nullable=True),
        sa.Column("shipments", sa.LargeBinary(), nullable=True),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("notice", sa.String(length=512), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_orders")),
        sa.UniqueConstraint("id", name=op.f("uq_orders_id")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_person_number", ["person", "number"], unique=False)

    op.create_table(
        "outbox_entries",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("outlet", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_entries")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_entries_idempotency_key")),
    )
    with op.batch_alter_table("outbox_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_entries_reference"), ["reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_entries_state"), ["state"], unique=False)

    op.create_table(
        "outbox_switch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_switch")),
    )
    op.create_table(
        "person_links",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("visitor", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("undone_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_person_links")),
        sa.UniqueConstraint("id", name=op.f("uq_person_links_id")),
    )
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_links_customer"), ["customer"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_links_visitor"), ["visitor"], unique=False)

    op.create_table(
        "persons",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_persons")),
        sa.UniqueConstraint("external_id", "kind", name=op.f("uq_persons_external_id_kind")),
    )
    op.create_table(
        "product_labels",
        sa.Column("product", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=512), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.String(length=512), nullable=False),
        sa.PrimaryKeyConstraint("product", "slot", name=op.f("pk_product_labels")),
    )
    op.create_table(
        "products",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=256), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_products")),
        sa.UniqueConstraint("id", name=op.f("uq_products_id")),
    )
    op.create_table(
        "questions",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=256), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_questions")),
        sa.UniqueConstraint("id", name=op.f("uq_questions_id")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_person"), ["person"], unique=False)
        batch_op.create_index("ix_questions_product_number", ["product", "number"], unique=False)

    op.create_table(
        "return_lines",
        sa.Column("order_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.String(length=256), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.String(length=256), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_source", sa.String(length=40), nullable=True),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", "position", name=op.f("pk_return_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "returns",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=256), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.String(length=256), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("notice", sa.String(length=512), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_returns")),
        sa.UniqueConstraint("id", name=op.f("uq_returns_id")),
    )
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returns_person"), ["person"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=256), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reviews")),
        sa.UniqueConstraint("id", name=op.f("uq_reviews_id")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_person"), ["person"], unique=False)
        batch_op.create_index("ix_reviews_product_number", ["product", "number"], unique=False)

    op.create_table(
        "rival_prices",
        sa.Column("product", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rival", sa.String(length=512), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.PrimaryKeyConstraint("product", "slot", name=op.f("pk_rival_prices")),
    )
    op.create_table(
        "served_lists",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("surface", sa.String(length=512), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("products", sa.LargeBinary(), nullable=False),
        sa.Column("propensities", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served_lists")),
    )
    with op.batch_alter_table("served_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_served_lists_person"), ["person"], unique=False)


def _downgrade_shop() -> None:
    with op.batch_alter_table("served_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_served_lists_person"))

    op.drop_table("served_lists")
    op.drop_table("rival_prices")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_reviews_product_number")
        batch_op.drop_index(batch_op.f("ix_reviews_person"))

    op.drop_table("reviews")
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returns_person"))

    op.drop_table("returns")
    op.drop_table("return_lines")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index("ix_questions_product_number")
        batch_op.drop_index(batch_op.f("ix_questions_person"))

    op.drop_table("questions")
    op.drop_table("products")
    op.drop_table("product_labels")
    op.drop_table("persons")
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_links_visitor"))
        batch_op.drop_index(batch_op.f("ix_person_links_customer"))

    op.drop_table("person_links")
    op.drop_table("outbox_switch")
    with op.batch_alter_table("outbox_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_entries_state"))
        batch_op.drop_index(batch_op.f("ix_outbox_entries_reference"))

    op.drop_table("outbox_entries")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_person_number")

    op.drop_table("orders")
    op.drop_table("order_lines")
    op.drop_table("offers")
    op.drop_table("number_counters")
    op.drop_table("imports")
    op.drop_table("import_event_ids")
    op.drop_table("folded_histories")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_person_seq")

    op.drop_table("events")
    op.drop_table("customers")
    with op.batch_alter_table("book_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_book_entries_order_id"))

    op.drop_table("book_entries")
    op.drop_table("archived_days")
    with op.batch_alter_table("answerers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answerers_person"))

    op.drop_table("answerers")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
