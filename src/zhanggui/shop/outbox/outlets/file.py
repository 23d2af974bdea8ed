"""A CSV file in the columns that the platform itself imports; a person uploads it and confirms."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from zhanggui.kernel.durable import whole_file
from zhanggui.shop.outbox.ports import Outcome, Refused, Sent, TryAgain
from zhanggui.shop.outbox.types import OutboxEntry

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title on the platform, and where its value stands in the payload.

    Args:
        path: `subject`, `change.price_minor`, or `subject.0` for the first part of a subject that is a list.
        form: `major` writes minor units as a decimal of `digits` places; `text` writes as it stands.
    """

    title: str
    path: str
    form: Literal["text", "major"] = "text"
    digits: int = 2


PLAIN_COLUMNS: Mapping[str, Sequence[Column]] = {
    "shop.reprice_offer": (
        Column("product_id", "subject.0"),
        Column("variant_id", "subject.1"),
        Column("market", "subject.2"),
        Column("channel", "subject.3"),
        Column("price", "change.price_minor", "major"),
        Column("list_price", "change.list_price_minor", "major"),
    ),
    "shop.edit_product": (
        Column("product_id", "subject"),
        Column("title_zh", "change.texts.zh.title"),
        Column("description_zh", "change.texts.zh.description"),
        Column("keywords", "change.keywords"),
        Column("state", "change.state"),
    ),
    "shop.label_product": (Column("product_id", "subject"), Column("labels", "change.labels")),
    "audience.plan_people": (
        Column("channel", "channel"),
        Column("customer_ids", "people"),
        Column("words", "words"),
        Column("product_ids", "goods"),
    ),
    "shop.cancel_order": (Column("order_id", "subject"), Column("state", "change.state")),
}
"""Columns without a platform; a platform's own are a mapping of the same shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutlet:
    """Writes one file an entry: beside its place first, then renamed, so that nobody reads half of it.

    Args:
        folder: where the files go; made when missing.
        columns: by kind of proposal.
        encoding: what the platform reads; `utf-8-sig` opens well in Excel.
    """

    folder: Path
    columns: Mapping[str, Sequence[Column]]
    encoding: str = "utf-8-sig"

    def send(self, entry: OutboxEntry) -> Outcome:
        """Write the file; the same entry again overwrites it with the same bytes."""
        columns = self.columns.get(entry.kind)
        if columns is None:
            return Refused(f"this outlet has no columns for {entry.kind}")
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([column.title for column in columns])
        writer.writerow([_cell(column, entry.payload) for column in columns])
        name = f"{entry.kind}-{entry.id}.csv"
        try:
            self._write(name, text.getvalue().encode(self.encoding, "replace"))
        except OSError as error:
            return TryAgain(f"{name} could not be written: {error.strerror}")
        return Sent(name)

    def _write(self, name: str, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self.folder / name) as out:
            out.write(content)


def _cell(column: Column, payload: Mapping[str, object]) -> str:
    value = _at(payload, column.path.split("."))
    if value is None:
        return ""
    if column.form == "major" and isinstance(value, int):
        return f"{value // 10**column.digits}.{value % 10**column.digits:0{column.digits}}"
    text = _text(value)
    # A spreadsheet runs what begins like a formula; the apostrophe makes it text.
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _at(value: Any, path: Sequence[str]) -> Any:
    for step in path:
        if isinstance(value, str):  # a subject of several parts is a JSON array, one of a single part a bare id
            value = msgspec.json.decode(value) if value.startswith("[") else [value]
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(part["label"]) if isinstance(part, Mapping) else str(part) for part in value)
    return str(value)
