from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_file, an_importer

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.media import MediaStore
from zhanggui.shop import Catalogue
from zhanggui.shop.service.importing import Importer


def a_picture(colour: str = "green") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, clock: FixedClock) -> Importer:
    importer = an_importer(
        sqlite, tmp_path, clock, media=MediaStore(tmp_path / "media"), fetch=lambda _url, _most: a_picture("red")
    )
    importer.run("products", [a_file(tmp_path, "product_id,title\nt1,茶\nt2,杯\n")])
    return importer


def test_files_named_by_product_are_kept_and_shown(importer: Importer, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, data in (("t1.png", a_picture()), ("t1__2.png", a_picture("blue")), ("t2.jpg", b"no picture")):
        (folder / name).write_bytes(data)
    (folder / "t9.png").write_bytes(a_picture())

    report = importer.run("images", [folder])
    again = importer.run("images", [folder])

    images = Catalogue(db=importer.db, clock=importer.clock).product("t1").images
    assert importer.media is not None
    assert [importer.media.get(name) for name in images] == [a_picture(), a_picture("blue")]
    assert (report.rows_read, report.updated, report.rejected) == (4, 2, 2)
    assert (again.updated, again.unchanged) == (0, 2)


def test_a_link_out_of_the_folder_is_not_followed(importer: Importer, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(a_picture())
    (folder / "t1.png").symlink_to(tmp_path / "secret.png")

    assert importer.run("images", [folder]).rows_read == 0


def test_urls_are_loaded_only_when_asked(importer: Importer, tmp_path: Path) -> None:
    path = a_file(tmp_path, "product_id,images\nt1,https://shop.example/1.png\nt2,ftp://x/1.png\n", "urls.csv")
    catalogue = Catalogue(db=importer.db, clock=importer.clock)

    noted = importer.run("images", [path])
    assert catalogue.product("t1").images == ("https://shop.example/1.png",)
    importer.run("images", [path], fetch=True)

    assert noted.rejected == 1
    assert len(catalogue.product("t1").images) == 2
    assert len(catalogue.product("t1").images[1]) == 64


def test_what_this_shop_may_not_load_is_said(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    importer = an_importer(sqlite, tmp_path, clock, media=MediaStore(tmp_path / "media"))
    path = a_file(tmp_path, "product_id,images\nt1,https://shop.example/1.png\n", "urls.csv")

    with pytest.raises(Unavailable):
        importer.run("images", [path], fetch=True)
