"""Google Merchant feeds: RSS 2.0, Atom and TSV by the product data specification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhanggui.shop.errors import BadFile

from .source import Batch, RecordTable, TableSource

_SIGNS = frozenset({"id", "title", "link", "price", "availability", "image_link", "gtin", "condition", "description"})
_PRICE = re.compile(r"^\s*([\d.,\s]+?)\s*([A-Z]{3})\s*$|^\s*([A-Z]{3})\s*([\d.,\s]+?)\s*$")
MAX_ITEM_PARTS = 1_000
COLUMNS = ("item_group_id", "id", "title", "description", "price", "sale_price", "availability", "brand", "image_link")


def is_merchant(columns: tuple[str, ...]) -> bool:
    """Whether a table has the columns of the specification."""
    return {"id", "title", "price"} <= set(columns) and len(_SIGNS & set(columns)) >= 5


def open_feed(path: Path) -> TableSource:
    """An XML feed as a table; a line is the place of the item in the feed.

    Raises:
        BadFile: not XML, not a feed, or XML with entities or a DTD.
    """
    found = RecordTable("Google Merchant XML", lambda: ((n, normalised(item)) for n, item in _items(path)), COLUMNS)
    if next(found.rows(), None) is None:
        raise BadFile(f"{path.name} has no <item> or <entry>.", hint="Export the feed as RSS 2.0, Atom or TSV.")
    return found


@dataclass(frozen=True, slots=True)
class MerchantTable:
    """A TSV feed."""

    inner: TableSource

    @property
    def format(self) -> str:
        """What the file is."""
        return f"Google Merchant {self.inner.format}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, with those that the normal form adds."""
        return tuple(dict.fromkeys((*self.inner.columns, "item_group_id", "currency", "sale_price")))

    @property
    def has_more_columns(self) -> bool:
        """A table's header is whole."""
        return False

    def batches(self) -> Iterator[Batch]:
        """The rows in normal form."""
        for batch in self.inner.batches():
            names = list(batch.columns)
            rows = [normalised(dict(zip(names, row, strict=True))) for row in zip(*batch.columns.values(), strict=True)]
            yield Batch(batch.lines, {name: [row.get(name) for row in rows] for name in self.columns})


def normalised(item: dict[str, object]) -> dict[str, object]:
    """An item with its price and currency parted; stock 0 when sold out; a lone item is a product without variants."""
    row = dict(item)
    for name in ("price", "sale_price", "cost_of_goods_sold"):
        amount, currency = _parted(row.get(name))
        row[name] = amount
        if currency:
            row["currency"] = currency
    if not row.get("sale_price"):  # the map has `price` as list price and `sale_price` as selling price
        row["sale_price"], row["price"] = row.get("price"), None
    is_sold_out = str(row.get("availability") or "").replace(" ", "_").lower() == "out_of_stock"
    row["availability"] = 0 if is_sold_out else None
    if not row.get("item_group_id"):
        row["item_group_id"], row["id"] = row.get("id"), None
    return row


def _parted(price: object) -> tuple[object, str]:
    match = _PRICE.match(price) if isinstance(price, str) else None
    if match is None:
        return price, ""
    return match.group(1) or match.group(4), match.group(2) or match.group(3)


def _items(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    place, depth = 0, 0
    parents: list[Any] = []
    try:
        for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                depth += 1
                if depth > 64:
                    raise BadFile(f"{path.name} is nested too deep for a feed.", hint="Export it again.")
                parents.append(element)
                continue
            depth -= 1
            parents.pop()
            if _local(element.tag) in {"item", "entry"}:
                place += 1
                yield place, _item(element)
                element.clear()
                if parents:
                    parents[-1].remove(element)  # else the feed piles up in memory
    except DefusedXmlException as error:
        raise BadFile(f"{path.name} holds a DTD or entities, which feeds do not need.", hint="Remove them.") from error
    except (ParseError, ValueError, LookupError, OSError) as error:
        raise BadFile(f"{path.name} is not sound XML: {error}", hint="Export it again as UTF-8.") from error


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _item(element: Any) -> dict[str, object]:
    found: dict[str, list[str]] = {}
    for child in list(element)[:MAX_ITEM_PARTS]:
        text = (child.text or child.get("href") or "").strip()
        if text:
            found.setdefault(_local(child.tag), []).append(text)
    return {name: "\n".join(texts) for name, texts in found.items()}
