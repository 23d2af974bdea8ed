"""Products with variants, offers, labels and rivals' prices."""

from __future__ import annotations

import itertools
from typing import Any

from zhanggui.shop.types import Offer, Product, ProductLabel, RivalPrice

from .built import Built, Columns, Frame, Misfit, fact, first, moment_of, money, parted, records

_CATEGORY = (">", "＞", "»", "/")


def build_products(columns: Columns, bounds: list[int], frame: Frame) -> Built:
    """Products of a slice, one a group of rows; rows with a price make offers too."""
    built = Built()
    rows = dict(records(columns))
    for start, end in itertools.pairwise(bounds):
        group = [rows[n] for n in range(start, end)]
        try:
            product = _product(columns, start, end, group, frame)
            offers = [_offer(row, frame) for row in group if "price" in row]
        except Misfit as misfit:
            built.rejects += [frame.reject(columns, n, str(misfit), field=misfit.field) for n in range(start, end)]
            continue
        built.products.append(product)
        built.offers += offers
    return built


def _product(columns: Columns, start: int, end: int, group: list[dict[str, Any]], frame: Frame) -> Product:
    def one(name: str) -> Any:
        return first(columns[name], start, end) if name in columns else None

    title = one("title")
    if not title:
        raise Misfit("a product without a title", "title")
    attributes = {
        k.removeprefix("attribute:"): v for row in group for k, v in row.items() if k.startswith("attribute:")
    }
    text = {"title": title, "description": one("description") or "", "attributes": attributes}
    images = dict.fromkeys(image for row in group for image in parted(row.get("images"), ",\n ;|"))
    variants = {row["variant_id"]: _variant(row) for row in group if "variant_id" in row}
    created = one("created_at")
    return fact(
        Product,
        id=group[0]["product_id"],
        texts={one("language") or frame.language: text},
        category=_path(one("category"), frame.map.category_separator),
        brand=one("brand") or "",
        keywords=parted(one("keywords"), frame.map.list_separator + ",，;；、\n"),
        images=tuple(images),
        variants=tuple(variants.values()),
        seller=one("seller"),
        state=one("state") or "active",
        item_type=one("item_type") or "product",
        link=one("link") or "",
        runs_from=moment_of(one("runs_from")),
        runs_until=moment_of(one("runs_until")),
        licence=one("licence") or frame.licence,
        created_at=moment_of(created),
    )


def _variant(row: dict[str, Any]) -> dict[str, Any]:
    options = {name.removeprefix("option:"): value for name, value in row.items() if name.startswith("option:")}
    weight = {"weight_g": row["weight_g"]} if "weight_g" in row else {}
    return {"id": row["variant_id"], "options": options, "barcode": row.get("barcode", ""), **weight}


def _path(text: str | None, separator: str) -> tuple[str, ...]:
    if not text:
        return ()
    found = next((each for each in (separator, *_CATEGORY) if each and each in text), None)
    return tuple(part.strip() for part in (text.split(found) if found else [text]) if part.strip())


def build_offers(columns: Columns, _: list[int], frame: Frame) -> Built:
    """An offer a row."""
    built = Built()
    made: dict[tuple[tuple[str, Any], ...], Offer] = {}
    for n, row in records(columns):
        same = tuple(row.items())  # order lines read as offers say the same of one product again and again
        try:
            if same not in made:
                made[same] = _offer(row, frame)
            built.offers.append(made[same])
        except Misfit as misfit:
            built.rejects.append(frame.reject(columns, n, str(misfit), field=misfit.field))
    return built


def _offer(row: dict[str, Any], frame: Frame) -> Offer:
    currency = row.get("currency") or frame.currency
    return fact(
        Offer,
        product_id=row["product_id"],
        variant_id=row.get("variant_id"),
        market=row.get("market"),
        channel=row.get("channel"),
        currency=currency,
        price_minor=money(row["price"], currency, "price"),
        price_source=row["price"],
        list_price_minor=money(row.get("list_price"), currency, "list_price"),
        cost_minor=money(row.get("cost"), currency, "cost"),
        on_hand=row.get("on_hand"),
        allocated=row.get("allocated"),
        starts_at=moment_of(row.get("starts_at")),
        ends_at=moment_of(row.get("ends_at")),
    )


def build_labels(columns: Columns, _: list[int], frame: Frame) -> Built:
    """A label a row."""
    built = Built()
    for n, row in records(columns):
        try:
            built.labels.append(fact(ProductLabel, **row))
        except Misfit as misfit:
            built.rejects.append(frame.reject(columns, n, str(misfit)))
    return built


def build_rival_prices(columns: Columns, _: list[int], frame: Frame) -> Built:
    """A rival's price a row."""
    built = Built()
    for n, row in records(columns):
        currency = row.get("currency") or frame.currency
        try:
            price = money(row["price"], currency, "price")
            built.rival_prices.append(
                fact(
                    RivalPrice,
                    product_id=row["product_id"],
                    rival=row["rival"],
                    price_minor=price,
                    currency=currency,
                    url=row.get("url"),
                    seen_at=moment_of(row["seen_at"]),
                )
            )
        except Misfit as misfit:
            built.rejects.append(frame.reject(columns, n, str(misfit), field=misfit.field))
    return built
