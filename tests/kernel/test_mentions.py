from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from zhanggui.kernel.mentions import ERASED, Mentions

PERSON = Mentions(["u42", "v-7f3a91c0", "王小明", "+86 138 0013 8000", "xm@tea.example", "南山区科技路1号", "12"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("请王小明回电", f"请{ERASED}回电"),
        ("打 13800138000 或 138 0013 8000", f"打 {ERASED} 或 {ERASED}"),
        ("mail XM@tea.example now", f"mail {ERASED} now"),
        ("customer:u42", ERASED),
        ("asked by customer:u42 twice", f"asked by {ERASED} twice"),
        ("u42", ERASED),
        ("customer:u421", "customer:u421"),
        ("v-7f3a91c01", "v-7f3a91c01"),
        ("a red u42 thread", "a red u42 thread"),  # too short to be told from anything else
        ("12", "12"),
        ("price 12", "price 12"),
        ("小明", "小明"),
    ],
)
def test_a_mention_goes_and_what_only_looks_like_one_stays(text: str, left: str) -> None:
    assert PERSON.without(text) == left
    assert left == text or PERSON.may_be_in(text.encode())


def test_texts_inside_json_are_searched_and_numbers_are_not() -> None:
    held = {"note": ["for 王小明"], "13800138000": 13800138000, "deep": {"by": "customer:u42"}}

    assert PERSON.plain_without(held) == {"note": [f"for {ERASED}"], ERASED: 13800138000, "deep": {"by": ERASED}}


def test_a_person_without_words_is_nowhere() -> None:
    assert Mentions([]).without("anything") == "anything"
    assert not Mentions([]).may_be_in(b"anything")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_file_is_looked_into_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("id,name\n1,王小明\n".encode(encoding))
    assert PERSON.may_be_in_file(path)
    path.write_bytes("id,name\n1,李小红\nu421,x\n".encode(encoding))
    assert not PERSON.may_be_in_file(path)


def test_a_packed_file_is_looked_into_and_a_broken_one_counts(tmp_path: Path) -> None:
    packed, zipped, broken = tmp_path / "a.gz", tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    packed.write_bytes(gzip.compress("姓名\n王小明".encode()))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/sharedStrings.xml", "<t>王小明</t>")
    broken.write_bytes(b"PK\x03\x04 not really")

    assert PERSON.may_be_in_file(packed)
    assert PERSON.may_be_in_file(zipped)
    assert PERSON.may_be_in_file(broken)
