from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.shop.importing.builders import a_file

from zhanggui.kernel.errors import TooLarge, ZhangguiError
from zhanggui.shop.errors import BadFile
from zhanggui.shop.importers.readers import JsonSource, TableSource, open_source
from zhanggui.shop.importers.readers import workbook as workbook_reader
from zhanggui.shop.types.imports import Reject

TEA = "商品ID,标题,价格\nlongjing,西湖龙井 明前特级,88.00\nbiluochun,碧螺春,66\n"


def read(path: Path) -> tuple[TableSource, dict[str, list[object]], list[int], list[Reject]]:
    rejects: list[Reject] = []
    source = open_source(path, rejects.append)
    assert not isinstance(source, JsonSource)
    columns: dict[str, list[object]] = {}
    lines: list[int] = []
    for batch in source.batches():
        lines += batch.lines
        for name, values in batch.columns.items():
            columns.setdefault(name, []).extend(values)
    return source, columns, lines, rejects


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    _, columns, lines, rejects = read(a_file(tmp_path, TEA, encoding=encoding))

    assert columns["标题"] == ["西湖龙井 明前特级", "碧螺春"]
    assert lines == [2, 3]
    assert rejects == []


def test_western_text_in_one_byte_is_read_as_such(tmp_path: Path) -> None:
    _, columns, _, _ = read(a_file(tmp_path, "id,title,price\n1,Voucher £20.00 café,3\n", encoding="cp1252"))

    assert columns["title"] == ["Voucher £20.00 café"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    _, columns, _, _ = read(a_file(tmp_path, TEA.replace(",", delimiter)))

    assert columns["价格"] == ["88.00", "66"]


def test_title_rows_above_the_header_are_skipped_and_lines_still_count_from_the_top(tmp_path: Path) -> None:
    text = "某某茶叶店 商品导出,,\n导出时间：2024年1月5日,,\n\n" + TEA

    source, columns, lines, _ = read(a_file(tmp_path, text))

    assert source.columns == ("商品ID", "标题", "价格")
    assert columns["商品ID"] == ["longjing", "biluochun"]
    assert lines == [5, 6]


def test_a_quoted_cell_may_hold_lines_and_separators(tmp_path: Path) -> None:
    text = '商品ID,标题,价格\n1,"一,二\n三 ""四""",5\n2,茶,6\n'

    _, columns, lines, _ = read(a_file(tmp_path, text))

    assert columns["标题"] == ['一,二\n三 "四"', "茶"]
    assert lines == [2, 4]


def test_short_rows_are_filled_and_wide_ones_rejected(tmp_path: Path) -> None:
    _, columns, lines, rejects = read(a_file(tmp_path, TEA + "short,短\nwide,宽,1,2\ntabs,尾,3,,\n\n"))

    assert columns["商品ID"] == ["longjing", "biluochun", "short", "tabs"]
    assert columns["价格"][2] is None
    assert [(reject.line, reject.reason) for reject in rejects] == [(5, "4 cells where the header names 3")]
    assert lines == [2, 3, 4, 6]


def test_an_unclosed_quote_costs_its_rows_and_is_told(tmp_path: Path) -> None:
    body = "".join(f"p{n},茶,{n}\n" for n in range(40_000))

    _, columns, _, rejects = read(a_file(tmp_path, TEA + '"broken,茶,1\n' + body))

    assert [(reject.line, reject.reason) for reject in rejects] == [(4, "a quote opened on line 4 does not close")]
    assert columns["商品ID"] == ["longjing", "biluochun", *(f"p{n}" for n in range(40_000))]


@pytest.mark.parametrize("below", ['a,"安溪",5\nb,茶,6\n', "a,安溪,5\nb,茶,6\n", "a,安溪,5\nb,茶,6"])
def test_the_rows_below_an_unclosed_quote_are_read(tmp_path: Path, below: str) -> None:
    _, columns, lines, rejects = read(a_file(tmp_path, TEA + 'open,"铁观音,5\n' + below))

    assert columns["商品ID"] == ["longjing", "biluochun", "a", "b"]
    assert columns["标题"][-2:] == ["安溪", "茶"]
    assert lines == [2, 3, 5, 6]
    assert [(reject.line, reject.value) for reject in rejects] == [(4, 'open,"铁观音,5')]
    assert "Close it" in rejects[0].cure


def test_text_below_an_unclosed_quote_is_no_row(tmp_path: Path) -> None:
    _, columns, lines, rejects = read(a_file(tmp_path, TEA + 'open,"铁观音\n第二行，5\na,安溪,5\n'))

    assert columns["商品ID"] == ["longjing", "biluochun", "a"]
    assert lines == [2, 3, 6]
    assert [reject.reason for reject in rejects] == [
        "a quote opened on line 4 does not close; the lines to 5 were taken for its text"
    ]


def a_workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


def test_a_workbook_is_read_with_its_title_rows(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [["茶叶店"], ["商品ID", "标题", "价格"], [85123, "龙井", 88.5]])

    source, columns, lines, _ = read(path)

    assert source.format == "XLSX"
    assert columns == {"商品ID": [85123.0], "标题": ["龙井"], "价格": [88.5]}
    assert lines == [3]


def a_zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_a_bomb_is_refused_by_its_declared_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reader, "MAX_UNPACKED", 1 << 20)
    path = a_zip(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": bytes(2 << 20)})

    with pytest.raises(TooLarge, match="unpacks to"):
        open_source(path, lambda _: None)


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": bytes(64 << 20)})

    with pytest.raises(TooLarge, match="times its size"):
        open_source(path, lambda _: None)


def test_an_archive_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "liar.xlsx", {"xl/workbook.xml": bytes(100_000)})
    honest = path.read_bytes()
    path.write_bytes(honest.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))

    with pytest.raises(BadFile, match="sound XLSX"):
        open_source(path, lambda _: None)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "..\\evil.xml"])
def test_paths_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadFile, match="outside itself"):
        open_source(a_zip(tmp_path / "evil.xlsx", {name: b"x"}), lambda _: None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04garbage",
        b"PAR1garbagePAR1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1garbage",
        b"\x1f\x8b\x08\x00",
        b"%PDF-1.4",
        b"<html><table></table></html>",
        b"<?xml version='1.0'?><rss><broken></rss>",
        b"\x00\x00\x00\x00\x00\x00",
        b"1,2,3\n4,5,6\n",
    ],
)
def test_what_cannot_be_read_says_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadFile) as caught:
        read(a_file(tmp_path, content))
    assert caught.value.hint


def test_parquet_keeps_types_and_parts_nested_columns(tmp_path: Path) -> None:
    table = pa.table({"id": ["a", "b"], "price": [{"amount": 1.5}, {"amount": 2.5}], "n": [1, None]})
    pq.write_table(table, tmp_path / "t.parquet")

    _, columns, lines, _ = read(tmp_path / "t.parquet")

    assert columns == {"id": ["a", "b"], "price.amount": [1.5, 2.5], "n": [1, None]}
    assert lines == [1, 2]


FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title>
<item><g:id>red-m</g:id><g:item_group_id>shirt</g:item_group_id><title>Shirt &amp; more</title>
<g:price>25.00 USD</g:price>
<g:sale_price>19.99 USD</g:sale_price><g:availability>out of stock</g:availability>
<g:additional_image_link>https://a/1</g:additional_image_link>
<g:additional_image_link>https://a/2</g:additional_image_link></item>
<item><g:id>mug</g:id><title>Mug</title><g:price>8 USD</g:price><g:availability>in_stock</g:availability></item>
</channel></rss>"""


def test_a_merchant_feed_is_a_table(tmp_path: Path) -> None:
    source, columns, _, _ = read(a_file(tmp_path, FEED, "feed.xml"))

    assert source.format == "Google Merchant XML"
    assert columns["item_group_id"] == ["shirt", "mug"]
    assert columns["id"] == ["red-m", None]
    assert columns["sale_price"] == ["19.99", "8"]
    assert columns["price"] == ["25.00", None]
    assert columns["currency"] == ["USD", "USD"]
    assert columns["availability"] == [0, None]
    assert columns["additional_image_link"] == ["https://a/1\nhttps://a/2", None]


def test_entities_in_a_feed_are_refused(tmp_path: Path) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><rss><channel><item><id>&a;</id></item></channel></rss>'
    )

    with pytest.raises(BadFile, match="DTD or entities"):
        read(a_file(tmp_path, bomb, "feed.xml"))


def test_json_lines_and_arrays_give_records(tmp_path: Path) -> None:
    rows = [{"a": 1}, {"a": 2}]
    for text, line in ((json.dumps(rows), 2), ("\n".join(map(json.dumps, rows)), 2), (json.dumps({"items": rows}), 2)):
        source = open_source(a_file(tmp_path, text, "x.json"), lambda _: None)
        assert isinstance(source, JsonSource)
        found = list(source.records())
        assert [json.loads(record) for _, record in found] == rows
        assert found[-1][0] == line


def test_deep_json_is_refused(tmp_path: Path) -> None:
    source = open_source(a_file(tmp_path, "[" * 100_000, "deep.json"), lambda _: None)
    assert isinstance(source, JsonSource)

    with pytest.raises(BadFile, match="deep"):
        list(source.records())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.one_of(st.binary(max_size=400), st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b)))
def test_whatever_the_bytes_a_file_is_read_or_refused_by_name(tmp_path: Path, content: bytes) -> None:
    with suppress(ZhangguiError):
        source = open_source(a_file(tmp_path, content), lambda _: None)
        list(source.records() if isinstance(source, JsonSource) else source.batches())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    cells=st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=["Cc", "Cs"]), max_size=20
        ),
        min_size=1,
        max_size=8,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_texts_come_back_from_csv_as_they_were(tmp_path: Path, cells: list[str], encoding: str) -> None:
    import csv

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["商品ID", "标题", "价格"])
    writer.writerows([f"p{n}", cell, "1"] for n, cell in enumerate(cells))

    _, columns, _, _ = read(a_file(tmp_path, out.getvalue(), encoding=encoding))

    assert columns["标题"] == cells


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", r"This is a picture \(PNG\): file\.csv"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", r"picture \(JPEG\)"),
        (b"GIF89a", r"picture \(GIF\)"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", r"picture \(WebP\)"),
    ],
)
def test_a_picture_is_told_from_a_table(tmp_path: Path, head: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words) as caught:
        open_source(a_file(tmp_path, head), print)

    assert "images" in caught.value.hint


def test_a_folder_is_no_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="is a folder"):
        open_source(tmp_path, print)
