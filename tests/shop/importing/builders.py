"""An importer over a store, and files to give it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.importers.mapping import ImportMap
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.tables.imports import entries_page
from zhanggui.shop.types.imports import BookEntry, ImportKind

KEY = bytes(range(32))
UCI_HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def an_importer(db: Database, folder: Path, clock: Callable[[], datetime], **more: Any) -> Importer:
    return Importer(db=db, cipher=SubjectCipher(KEY), clock=clock, folder=folder, **more)


def a_file(folder: Path, text: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def uci(*lines: str) -> str:
    return "\n".join([UCI_HEADER, *lines]) + "\n"


def a_line(
    invoice: str = "536365",
    code: str = "85123A",
    *,
    title: str = "WHITE HANGING HEART",
    quantity: int = 6,
    at: str = "2010-12-01 08:26:00",
    price: str = "2.55",
    customer: str = "17850",
) -> str:
    return f"{invoice},{code},{title},{quantity},{at},{price},{customer},United Kingdom"


def json_lines(records: Sequence[object]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def a_map(kind: ImportKind = ImportKind.PRODUCTS, **more: Any) -> ImportMap:
    return ImportMap(kind=kind, **{"columns": {}, **more})


def entries(db: Database) -> list[BookEntry]:
    with db.read() as connection:
        return [entry for _, entry in entries_page(connection, after=0, limit=1000, purpose=Purpose.SERVICE)]


def counted(db: Database, table: str) -> int:
    with db.read() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())
