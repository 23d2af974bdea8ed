"""Pictures of products: from a folder (a file's name is the product's id), or from lists of URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import InvalidInput, Unavailable, ZhangguiError
from zhanggui.kernel.media import ImageLimits, MediaStore, inspect_image
from zhanggui.shop.errors import BadFile
from zhanggui.shop.tables.import_changes import look_before, note_changes
from zhanggui.shop.tables.noted import Part
from zhanggui.shop.tables.products import products_by_id, store_products
from zhanggui.shop.types.imports import ImportKind, ImportReport, OnStep, Reject

from .building.built import parted
from .conversion import Defaults
from .inputs import FactFile, Opening
from .rejects import RejectsFile

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})
_NUMBERED = re.compile(r"^(.+?)(?:__|@)\d+$")
LIMITS = ImageLimits()


class Fetch(Protocol):
    """Loads a picture from the network."""

    def __call__(self, url: str, most_bytes: int) -> bytes:
        """The bytes at `url`.

        Raises:
            ZhangguiError: refused, missing, or over `most_bytes`.
        """


@dataclass(frozen=True, slots=True)
class _Wanted:
    product_id: str
    source: Path | str  # a file, or a URL
    file: str
    line: int


@dataclass(slots=True)
class ImageImport:
    """One import of pictures."""

    db: Database
    media: MediaStore | None
    fetch: Fetch | None  # None: URLs are noted and not loaded
    rejects: RejectsFile
    now_ms: int

    def run(self, id_: str, files: Sequence[Path], on_step: OnStep, *, turn: int = 0, dry_run: bool) -> ImportReport:
        """Take all pictures; products that are not known, and files that are no pictures, go to the rejects.

        `turn` is that of the first change, in an import that goes on.

        Raises:
            Unavailable: there is no media store to put files into.
            BadFile: a list cannot be read.
        """
        if self.media is None:
            raise Unavailable("This importer was built without a place for pictures.", hint="Pass media to Importer.")
        rows = updated = unchanged = 0
        for wanted in self._wanted(files):
            rows += 1
            name = self._name_of(wanted, self.media, dry_run=dry_run)
            if name is not None and not dry_run:
                attach = partial(self._attach, (id_, turn + rows), product_id=wanted.product_id, name=name)
                changed = self.db.write(attach)
                updated += changed is True
                unchanged += changed is False
                if changed is None:
                    reason = f"no product has the id {wanted.product_id!r}"
                    self._refuse(wanted, reason, "Import the products first.")
            on_step(rows, None)
        return ImportReport(
            id=id_,
            kind=ImportKind.IMAGES,
            rows_read=rows,
            created=0,
            updated=updated,
            unchanged=unchanged,
            rejected=self.rejects.count,
            rejects_file=self.rejects.name,
            dry_run=dry_run,
        )

    def _wanted(self, files: Sequence[Path]) -> Iterator[_Wanted]:
        for file in files:
            if file.is_dir():
                yield from self._in_folder(file)
            else:
                yield from self._in_list(file)

    def _in_folder(self, folder: Path) -> Iterator[_Wanted]:
        root = folder.resolve()
        for place, path in enumerate(sorted(folder.rglob("*")), 1):
            # A link out of the folder could bring in any file of the machine.
            if path.suffix.lower() in _SUFFIXES and path.resolve().is_relative_to(root) and path.is_file():
                numbered = _NUMBERED.match(path.stem)
                yield _Wanted(numbered.group(1) if numbered else path.stem, path, path.name, place)

    def _in_list(self, file: Path) -> Iterator[_Wanted]:
        opening = Opening(
            kind=ImportKind.IMAGES,
            map=None,
            defaults=Defaults(),
            accept=True,
            on_reject=self.rejects.add,
            on_skip=lambda _: None,
        )
        opened = opening.open(file)
        if isinstance(opened, FactFile):
            raise BadFile(f"{file.name} is no list of pictures.", hint="Columns: product_id, images.")
        for batch in opened.source.batches():
            converted = opened.plan.convert(batch, file.name)
            for reject in converted.rejects:
                self.rejects.add(reject)
            pairs = zip(converted.columns["product_id"], converted.columns["images"], converted.lines, strict=True)
            for product, urls, line in pairs:
                yield from (_Wanted(str(product), url, file.name, line) for url in parted(str(urls), ",\n ;|"))

    def _name_of(self, wanted: _Wanted, media: MediaStore, *, dry_run: bool) -> str | None:
        """The name of the stored picture, or its URL where URLs are not loaded; None when it was rejected."""
        source = wanted.source
        try:
            if isinstance(source, str) and self.fetch is None:
                return _address(source)
            data = self._data(source)
            inspect_image(data, LIMITS)
        except (ZhangguiError, OSError) as error:
            self._refuse(wanted, str(error), getattr(error, "hint", ""))
            return None
        return "(dry run)" if dry_run else media.put(data)

    def _data(self, source: Path | str) -> bytes:
        if isinstance(source, str):
            assert self.fetch is not None  # the caller has looked
            return self.fetch(_address(source), LIMITS.most_bytes)
        with source.open("rb") as file:
            return file.read(LIMITS.most_bytes + 1)  # one more than allowed, so that `inspect_image` refuses it

    def _refuse(self, wanted: _Wanted, reason: str, cure: str) -> None:
        value = wanted.source if isinstance(wanted.source, str) else wanted.source.name
        self.rejects.add(
            Reject(file=wanted.file, line=wanted.line, column="images", value=value[:200], reason=reason, cure=cure)
        )

    def _attach(self, noted: tuple[str, int], db: sa.Connection, product_id: str, name: str) -> bool | None:
        """Whether the product changed, noted as a turn of an import; None when there is none."""
        product = products_by_id(db, [product_id]).get(product_id)
        if product is None or name in product.images:
            return None if product is None else False
        images = (*product.images, name)
        before = look_before(db, {Part.PRODUCTS: {product_id}}, has_events=False)
        store_products(db, [msgspec.structs.replace(product, images=images)], self.now_ms, "import")
        note_changes(db, *noted, before)
        return True


def _address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise InvalidInput(f"{url[:80]!r} is no http address.", hint="Write whole addresses: https://…")
    return url
