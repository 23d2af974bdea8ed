"""Products, offers, labels and rivals' prices. Everything else in the store names a product by its number."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, moment_or_none, ms_or_none, to_ms
from zhanggui.kernel.db import BigKey, shop_metadata
from zhanggui.shop.types import Offer, Product, ProductLabel, ProductState, PutReport, RivalPrice

from .bulk import Row, content_hash, encode, known_ids, put_rows, select_among, take_numbers

products = sa.Table(
    "products",
    shop_metadata,
    sa.Column("number", BigKey, primary_key=True, autoincrement=False),  # dense from 1, never reused
    sa.Column("id", sa.String(256), nullable=False, unique=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("updated_ms", sa.BigInteger, nullable=False),
    sa.Column("source", sa.String(64), nullable=False),  # by which door it came last
    sa.Column("hash", sa.BigInteger, nullable=False),
    sa.Column("fact", sa.LargeBinary),  # JSON without created_at; null: only reserved, the product has not come yet
)

offers = sa.Table(
    "offers",
    shop_metadata,
    sa.Column("product", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),  # hash of what tells two offers apart
    sa.Column("variant_id", sa.String(256)),
    sa.Column("market", sa.String(512), nullable=False),
    sa.Column("channel", sa.String(512), nullable=False),
    sa.Column("starts_ms", sa.BigInteger),
    sa.Column("ends_ms", sa.BigInteger),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("price_minor", sa.BigInteger, nullable=False),
    sa.Column("price_source", sa.String(40)),
    sa.Column("list_price_minor", sa.BigInteger),
    sa.Column("cost_minor", sa.BigInteger),
    sa.Column("on_hand", sa.BigInteger),
    sa.Column("allocated", sa.BigInteger, nullable=False),
)

product_labels = sa.Table(
    "product_labels",
    shop_metadata,
    sa.Column("product", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("label", sa.String(512), nullable=False),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("evidence", sa.String(512), nullable=False),
)

rival_prices = sa.Table(
    "rival_prices",
    shop_metadata,
    sa.Column("product", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("rival", sa.String(512), nullable=False),
    sa.Column("seen_ms", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("price_minor", sa.BigInteger, nullable=False),
    sa.Column("url", sa.String(2048), nullable=False),
)

_PRODUCT_COLUMNS = ("number", "id", "state", "created_ms", "updated_ms", "source", "hash", "fact")


def store_products(db: sa.Connection, facts: Sequence[Product], now_ms: int, source: str = "") -> PutReport:
    """Create or change products; of equal ids in one batch the last counts. Announces what changed."""
    latest = {fact.id: fact for fact in facts}
    known = known_ids(db, products, ("number", "created_ms", "hash", "fact IS NULL"), "product", latest)
    numbers = iter(take_numbers(db, "product", len(latest) - len(known)) if len(known) < len(latest) else ())
    rows: list[Row] = []
    created = 0
    for fact in latest.values():
        bare = fact if fact.created_at is None else msgspec.structs.replace(fact, created_at=None)
        _, number, created_ms, hash_, reserved = known.get(fact.id) or (fact.id, next(numbers), now_ms, 0, True)
        born_ms = now_ms if reserved else created_ms
        if fact.created_at is not None:
            born_ms = to_ms(fact.created_at)
        new_hash = content_hash(bare)
        if not reserved and (new_hash, born_ms) == (hash_, created_ms):
            continue
        created += bool(reserved)
        rows.append((number, fact.id, fact.state.value, born_ms, now_ms, source, new_hash, encode(bare)))
    put_rows(db, products, _PRODUCT_COLUMNS, rows, keys=("number",))
    announce(db, "product", (row[1] for row in rows))
    return PutReport(created, len(rows) - created, len(facts) - len(rows))


def product_numbers(db: sa.Connection, ids: Collection[str]) -> dict[str, int]:
    """The number of each product known or reserved among `ids`."""
    return {row[0]: row[1] for row in select_among(db, products, ("id", "number"), "id", ids)}


def product_ids(db: sa.Connection, numbers: Collection[int]) -> dict[int, str]:
    """The merchant's id of each product number."""
    return {row[0]: row[1] for row in select_among(db, products, ("number", "id"), "number", numbers)}


def reserve_product_numbers(db: sa.Connection, ids: Collection[str], now_ms: int = 0) -> dict[str, int]:
    """The number of every product of `ids`; one that is not known yet gets its number now, as a product that is gone.

    When the product itself arrives, it takes up the number. Announces what was reserved.
    """
    wanted = list(dict.fromkeys(ids))
    known = known_ids(db, products, ("number",), "product", wanted)
    numbers = {id_: int(row[1]) for id_, row in known.items()}
    missing = [id_ for id_ in wanted if id_ not in numbers]
    if missing:
        fresh = dict(zip(missing, take_numbers(db, "product", len(missing)), strict=True))
        rows = [(number, id_, ProductState.GONE.value, now_ms, now_ms, "", 0, None) for id_, number in fresh.items()]
        put_rows(db, products, _PRODUCT_COLUMNS, rows)
        announce(db, "product", missing)
        numbers |= fresh
    return numbers


def products_page(db: sa.Connection, *, after: int, limit: int) -> list[tuple[int, Product]]:
    """Products with their numbers, by number; those that are only reserved are left out."""
    c = products.c
    chosen = sa.select(c.number, c.created_ms, c.fact).where(c.number > after, c.fact.is_not(None))
    return [(row[0], _product(row[1], row[2])) for row in db.execute(chosen.order_by(c.number).limit(limit))]


def product_numbers_page(db: sa.Connection, *, after: int, limit: int) -> dict[str, int]:
    """Ids and numbers of the next products by number; those that are only reserved are left out."""
    c = products.c
    chosen = sa.select(c.id, c.number).where(c.number > after, c.fact.is_not(None)).order_by(c.number).limit(limit)
    return {row[0]: row[1] for row in db.execute(chosen)}


def reserved_numbers_page(db: sa.Connection, *, after: str, limit: int) -> dict[str, int]:
    """Ids and numbers of products that are only reserved, by the bytes of their ids."""
    c = products.c
    id_ = sa.collate(c.id, "C") if db.dialect.name == "postgresql" else c.id
    chosen = sa.select(c.id, c.number).where(id_ > after, c.fact.is_(None)).order_by(id_).limit(limit)
    return {row[0]: row[1] for row in db.execute(chosen)}


def products_by_id(db: sa.Connection, ids: Collection[str]) -> dict[str, Product]:
    """Products by id; unknown and reserved ones are left out."""
    rows = select_among(db, products, ("id", "created_ms", "fact"), "id", ids)
    return {row[0]: _product(row[1], row[2]) for row in rows if row[2] is not None}


def some_product_ids(db: sa.Connection, limit: int = 2000) -> list[str]:
    """Ids to suggest from when one was mistyped."""
    chosen = sa.select(products.c.id).where(products.c.fact.is_not(None)).limit(limit)
    return [row[0] for row in db.execute(chosen)]


def _product(created_ms: int, fact: bytes) -> Product:
    return msgspec.structs.replace(msgspec.json.decode(fact, type=Product), created_at=from_ms(created_ms))


_OFFER_COLUMNS = tuple(column.name for column in offers.columns)
_LABEL_COLUMNS = tuple(column.name for column in product_labels.columns)
_RIVAL_COLUMNS = tuple(column.name for column in rival_prices.columns)


def store_offers(db: sa.Connection, facts: Sequence[Offer], now_ms: int = 0) -> PutReport:
    """Create or change offers. Two offers differ by variant, market, channel and start. Announces what changed."""
    numbers = reserve_product_numbers(db, {fact.product_id for fact in facts}, now_ms)
    report, touched = _store_slots(db, offers, [_offer_row(numbers[fact.product_id], fact) for fact in facts])
    ids = {number: id_ for id_, number in numbers.items()}
    announce(db, "offer", (ids[number] for number in touched))
    return report


def store_labels(db: sa.Connection, facts: Sequence[ProductLabel], now_ms: int = 0) -> PutReport:
    """Create or change labels of products. Announces what changed."""
    numbers = reserve_product_numbers(db, {fact.product_id for fact in facts}, now_ms)
    rows = [
        (numbers[fact.product_id], content_hash(fact.label, fact.source), fact.label, fact.source, fact.evidence)
        for fact in facts
    ]
    report, touched = _store_slots(db, product_labels, rows)
    ids = {number: id_ for id_, number in numbers.items()}
    announce(db, "label", (ids[number] for number in touched))
    return report


def store_rival_prices(db: sa.Connection, facts: Sequence[RivalPrice], now_ms: int = 0) -> PutReport:
    """Note what rivals asked; one price per product, rival, currency and moment."""
    numbers = reserve_product_numbers(db, {fact.product_id for fact in facts}, now_ms)
    rows: list[Row] = []
    for fact in facts:
        seen_ms = to_ms(fact.seen_at)
        slot = content_hash(fact.rival, fact.currency, seen_ms)
        rows.append((numbers[fact.product_id], slot, fact.rival, seen_ms, fact.currency, fact.price_minor, fact.url))
    return _store_slots(db, rival_prices, rows)[0]


def _store_slots(db: sa.Connection, table: sa.Table, facts: Sequence[Row]) -> tuple[PutReport, dict[int, None]]:
    """Put rows that start with (product, slot); returns the report and the products touched, in order."""
    columns = tuple(column.name for column in table.columns)
    latest = {fact[:2]: fact for fact in facts}
    known = {row[:2]: row for row in select_among(db, table, columns, "product", {key[0] for key in latest})}
    rows = [fact for key, fact in latest.items() if known.get(key) != fact]
    put_rows(db, table, columns, rows, keys=("product", "slot"))
    created = sum(row[:2] not in known for row in rows)
    report = PutReport(created, len(rows) - created, len(facts) - len(rows))
    return report, dict.fromkeys(row[0] for row in rows)


def _offer_row(number: int, fact: Offer) -> Row:
    starts_ms = ms_or_none(fact.starts_at)
    return (
        number,
        content_hash(fact.variant_id, fact.market, fact.channel, starts_ms),
        fact.variant_id,
        fact.market,
        fact.channel,
        starts_ms,
        ms_or_none(fact.ends_at),
        fact.currency,
        fact.price_minor,
        fact.price_source,
        fact.list_price_minor,
        fact.cost_minor,
        fact.on_hand,
        fact.allocated,
    )


def offers_of(db: sa.Connection, numbers: dict[str, int]) -> list[Offer]:
    """The offers of the products given by id and number, by number, then in a fixed order."""
    ids = {number: id_ for id_, number in numbers.items()}
    rows = sorted(select_among(db, offers, _OFFER_COLUMNS, "product", ids), key=lambda row: row[:2])
    return [
        Offer(
            product_id=ids[row[0]],
            variant_id=row[2],
            market=row[3],
            channel=row[4],
            starts_at=moment_or_none(row[5]),
            ends_at=moment_or_none(row[6]),
            currency=row[7],
            price_minor=row[8],
            price_source=row[9],
            list_price_minor=row[10],
            cost_minor=row[11],
            on_hand=row[12],
            allocated=row[13],
        )
        for row in rows
    ]


def labels_of(db: sa.Connection, numbers: dict[str, int]) -> list[ProductLabel]:
    """The labels of the products given by id and number."""
    ids = {number: id_ for id_, number in numbers.items()}
    rows = sorted(select_among(db, product_labels, _LABEL_COLUMNS, "product", ids), key=lambda row: row[:2])
    return [ProductLabel(product_id=ids[row[0]], label=row[2], source=row[3], evidence=row[4]) for row in rows]


def rival_prices_of(db: sa.Connection, numbers: dict[str, int]) -> list[RivalPrice]:
    """Rivals' prices of the products given by id and number, oldest first."""
    ids = {number: id_ for id_, number in numbers.items()}
    rows = select_among(db, rival_prices, _RIVAL_COLUMNS, "product", ids)
    return [
        RivalPrice(
            product_id=ids[row[0]],
            rival=row[2],
            seen_at=from_ms(row[3]),
            currency=row[4],
            price_minor=row[5],
            url=row[6],
        )
        for row in sorted(rows, key=lambda row: (row[0], row[3], row[1]))
    ]
