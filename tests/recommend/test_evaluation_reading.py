"""Files of every shape in, the same log out; a file that is none is refused with a hint."""

from __future__ import annotations

import gzip
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhanggui.kernel.acts import EVENT_OF_WORD
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.errors import BadLog, BadWish, NothingToAsk, RecommendError, UnknownColumn, UnknownMethod
from zhanggui.recommend.service.evaluating.asking import Asked, Asking, ask
from zhanggui.recommend.service.evaluating.columns import Columns
from zhanggui.recommend.service.evaluating.moments import to_moments
from zhanggui.recommend.service.evaluating.planning import lengths_of, names_of, seconds_of, weights_of
from zhanggui.recommend.service.evaluating.texts import as_text, split_lists
from zhanggui.shop.importers.choices import CHOICES
from zhanggui.shop.types.imports import ImportKind

CSV = """user_id,item_id,timestamp
u1,a,1700000000
u1,b,1700100000
u1,c,1700200000
u2,b,1700000500
u2,a,1700300000
"""
RATED = (("a", 5), ("b", 3), ("c", 2), ("d", 1))
HISTORY = {"u1": ["a", "b", "c"], "u2": ["b", "a"]}


def a_file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def asked(path: Path, **wishes: object) -> Asked:
    return ask(Asking(data=path, **wishes))  # type: ignore[arg-type]


def named(answer: Asked, events: Interactions | None = None) -> dict[str, list[str]]:
    """Products of each person, by their own names."""
    people: dict[str, list[str]] = {}
    log = events or answer.events
    for person, product in zip(log.person.tolist(), log.product.tolist(), strict=True):
        people.setdefault(answer.people[person].as_py(), []).append(answer.products[product - 1].as_py())
    return people


def records() -> list[dict[str, object]]:
    lines = [line.split(",") for line in CSV.splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("log.csv", CSV),
        ("log.tsv", CSV.replace(",", "\t")),
        ("semicolons.csv", CSV.replace(",", ";")),
        ("bars.txt", CSV.replace(",", "|")),
        ("marked.csv", "\ufeff" + CSV),
        ("chinese.csv", CSV.replace("user_id,item_id,timestamp", "用户ID,商品ID,时间戳").encode("gb18030")),
        ("wide.csv", CSV.encode("utf-16")),
        ("packed.csv.gz", gzip.compress(CSV.encode(), mtime=0)),
        ("atomic.inter", CSV.replace(",", "\t").replace("id", "id:token").replace("stamp", "stamp:float")),
        ("lines.jsonl", "\n".join(json.dumps(row) for row in records())),
        ("array.json", json.dumps(records())),
    ],
)
def test_every_kind_of_file_gives_the_same_log(tmp_path: Path, name: str, text: str | bytes) -> None:
    answer = asked(a_file(tmp_path, name, text))

    assert named(answer) == HISTORY
    assert (answer.order, answer.task.kind, answer.left_out) == ("time", "leave-one-out", {})


def test_a_file_without_a_header_is_read_by_place(tmp_path: Path) -> None:
    answer = asked(a_file(tmp_path, "u.data", "1\t20\t5\t881250949\n1\t30\t3\t891717742\n2\t20\t1\t878887116\n"))

    assert named(answer) == {"1": ["20", "30"], "2": ["20"]}
    assert answer.columns.time == "column4"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ratings.dat", "1::20::5::978300760\n1::30::3::978302109\n2::20::1::978301968\n"),
        (
            "clicks.dat",
            "1,2014-04-07T10:51:09.277Z,20,0\n1,2014-04-07T10:54:09.868Z,30,0\n2,2014-04-07T13:56:37.614Z,20,0\n",
        ),
        (
            "zeros.dat",
            "1,2014-04-07T10:51:09.277Z,20,20\n1,2014-04-07T10:54:09.868Z,30,0\n2,2014-04-07T13:56:37.614Z,20,0\n",
        ),
        (
            "plays.tsv",
            "1\t2009-05-04T23:08:57Z\t20\tDeep\n1\t2009-05-04T23:09:57Z\t30\tSky\n2\t2009-05-04T13:54:10Z\t20\tDeep\n",
        ),
        ("behaviour.csv", "1,20,7,pv,1511544070\n1,30,7,pv,1511561733\n2,20,7,pv,1511572885\n"),
        (
            "买家.csv",
            "买家编号,宝贝编码,付款时间\n1,20,2024-01-05 10:00\n1,30,2024-01-06 10:00\n2,20,2024-01-05 11:00\n",
        ),
        ("counted.csv", "person,product,at_ms\n1,20,1704448800000\n1,30,1704535200000\n2,20,1704452400000\n"),
        ("zoned.csv", "uid,sku,event_time_utc\n1,20,2024-01-05\n1,30,2024-01-06\n2,20,2024-01-05\n"),
        ("happened.csv", "uid,sku,occurred_at\n1,20,2024-01-05\n1,30,2024-01-06\n2,20,2024-01-05\n"),
        ("numbered.csv", "customer_no,product_code,order_time\n1,20,2024-01-05\n1,30,2024-01-06\n2,20,2024-01-05\n"),
    ],
)
def test_files_of_well_known_data_sets_are_read_as_they_are(tmp_path: Path, name: str, text: str) -> None:
    answer = asked(a_file(tmp_path, name, text))

    assert named(answer) == {"1": ["20", "30"], "2": ["20"]}
    assert answer.order == "time"


def test_a_line_a_person_is_read_as_lists(tmp_path: Path) -> None:
    train = a_file(tmp_path, "train.txt", "0 3 5 9\n1 5\n2 9 3\n3 5 3\n")
    test = a_file(tmp_path, "test.txt", "0 2\n1 3 9\n2 5\n3 \n")

    pairs = ask(Asking(data=train, test=test))
    alone = ask(Asking(data=train))

    assert named(pairs) == {"0": ["3", "5", "9"], "1": ["5"], "2": ["9", "3"], "3": ["5", "3"]}
    assert (pairs.task.kind, pairs.order, pairs.task.people) == ("given-test", "none", 3)
    assert (alone.task.kind, alone.order) == ("leave-one-out", "position")


def test_ids_of_any_type_are_the_same_id(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"user": [1, 1, 2, 2], "item": pa.array([7.0, 8.0, 7.0, 9.0]), "position": [0, 1, 0, 1]}),
        tmp_path / "train.parquet",
    )
    test = a_file(tmp_path, "test.csv", "user,item\n1,9\n2,8.0\n")
    mixed = a_file(tmp_path, "mixed.jsonl", '{"user": 1, "item": 9}\n{"user": "2", "item": 8}\n')

    by_csv = ask(Asking(data=tmp_path / "train.parquet", test=mixed))

    assert by_csv.task.people == 2
    assert as_text(pa.array(["17850.0", None, "3.0"]), "x").to_pylist() == ["17850", None, "3"]
    assert ask(Asking(data=tmp_path / "train.parquet", test=test)).task.kind == "given-test"


def test_parquet_columns_may_be_dictionaries_and_timestamps(tmp_path: Path) -> None:
    at = pa.array(np.array(["2024-01-02", "2024-01-01", "2024-01-03"], dtype="datetime64[us]"))
    table = pa.table({"customer": pa.array(["x", "x", "x"]).dictionary_encode(), "sku": [3, 1, 2], "created_at": at})
    pq.write_table(table, tmp_path / "log.parquet")

    assert named(asked(tmp_path / "log.parquet")) == {"x": ["1", "3", "2"]}


def test_rows_without_person_product_or_time_are_counted_and_left_out(tmp_path: Path) -> None:
    text = CSV + ",a,1700000000\nu3,,1700000000\nu3,a,soon\nu3,a\nu3,a,b,c\n"

    answer = asked(a_file(tmp_path, "log.csv", text))

    assert named(answer) == HISTORY
    assert answer.left_out == {"no person": 1, "no product": 1, "no time": 1, "wrong number of cells": 2}


def test_sessions_with_lists_and_questions_are_read(tmp_path: Path) -> None:
    train = a_file(tmp_path, "train.jsonl", '{"session": 0, "items": [1, 2]}\n{"session": 1, "items": [3, 2, 3]}\n')
    test = a_file(tmp_path, "test.jsonl", '{"prefix": [1], "next_item": 2}\n{"prefix": [1, 2], "next_item": 9}\n')

    task = ask(Asking(data=train, test=test)).task

    assert (task.kind, task.people, task.size) == ("sessions", 2, 5)
    assert task.owners.tolist() == [0, 0]
    assert len(task.train) == 5


def test_lists_in_text_are_read(tmp_path: Path) -> None:
    path = a_file(tmp_path, "s.csv", 'session,items\n1,"[4, 5, 6]"\n2,7 8\n')

    assert len(asked(path, held=0.5).task.train) == 3
    assert split_lists(pa.array(["['a', 'b']", None, "c|d"]), "x")[2].to_pylist() == ["a", "b", "c", "d"]


def test_a_log_of_clicks_is_cut_into_sessions_by_pauses(tmp_path: Path) -> None:
    answer = asked(a_file(tmp_path, "log.csv", CSV + "u2,c,1700300060\n"), protocol="sessions", held=0.3)

    assert (answer.task.people, answer.task.owners.tolist()) == (1, [4])


def test_baskets_are_named_by_their_order_and_guests_are_people(tmp_path: Path) -> None:
    lines = ["1,a,10,2024-01-01", "1,b,11,2024-01-01", "1,c,11,2024-01-01", ",d,12,2024-01-02"]
    text = "\n".join(["CustomerID,StockCode,InvoiceNo,InvoiceDate", *lines])

    answer = asked(a_file(tmp_path, "orders.csv", text))

    assert answer.task.kind == "last-basket"
    assert (answer.task.people, len(answer.task.target_products), len(answer.task.train)) == (1, 2, 2)


def test_events_weigh_by_their_word(tmp_path: Path) -> None:
    text = "user,item,time,behavior\n1,a,1,pv\n1,b,2,buy\n1,c,3,dislike\n1,d,4,glance\n"
    path = a_file(tmp_path, "log.csv", text)

    with pytest.raises(BadLog, match="'glance'"):
        asked(path)
    log = asked(path, weights={"glance": 0.5, "pv": 2.0}).events

    assert log.strength.tolist() == [2.0, 1.0, -1.0, 0.5]
    assert log.is_purchase.tolist() == [False, True, False, False]


def test_values_are_taken_over_their_median(tmp_path: Path) -> None:
    path = a_file(tmp_path, "log.csv", "user,item,time,qty\n1,a,1,2\n1,b,2,200\n1,c,3,-4\n1,d,4,1\n")

    assert asked(path, columns=Columns(value="qty")).events.strength.tolist() == [1.0, 5.0, -1.0, 0.5]


def test_values_may_have_a_decimal_comma(tmp_path: Path) -> None:
    path = a_file(tmp_path, "log.csv", "user;item;time;amount\n1;a;1;2,00\n1;b;2;1.234,50\n1;c;3;1,0\n1;d;4;2\n")

    assert asked(path, columns=Columns(value="amount")).events.strength.tolist() == [1.0, 5.0, 0.5, 1.0]


@pytest.mark.parametrize("tail", ["", ".0"])
def test_ratings_weigh_as_they_are_told_and_dislikes_are_not_asked_for(tmp_path: Path, tail: str) -> None:
    rows = "".join(f"{who},{item},{stars}{tail},{n}\n" for who in "xy" for n, (item, stars) in enumerate(RATED))
    path = a_file(tmp_path, "log.csv", f"user,item,rating,time\n{rows}")
    weights = {"1": -1.0, "2": -1.0, "3": 0.5, "5": 1.0}

    answer = asked(path, columns=Columns(event="rating"), weights=weights)

    assert answer.events.strength.tolist() == [1.0, 0.5, -1.0, -1.0] * 2
    assert {answer.products[n - 1].as_py() for n in answer.task.target_products.tolist()} == {"b"}
    with pytest.raises(BadLog, match="not known") as raised:
        asked(path, columns=Columns(event="rating"))
    assert "--weights" in raised.value.hint


def test_a_column_of_ratings_that_was_not_named_is_told(tmp_path: Path) -> None:
    path = a_file(tmp_path, "log.csv", "user,item,评分,time\n1,a,5,1\n1,b,2,2\n1,c,3,3\n")

    (found,) = asked(path).told
    assert (found.code, found.level) == ("values_unread", "warning")
    assert "--value 评分" in found.words
    assert asked(path, columns=Columns(value="评分")).told == ()


def test_codes_that_nobody_explained_are_all_named_with_what_to_write(tmp_path: Path) -> None:
    rows = "".join(f"1,i{code},{code},{code}\n" for code in (1, 2, 3, 4))
    path = a_file(tmp_path, "log.csv", f"user,item,behavior_type,time\n{rows}")

    assert [one.code for one in asked(path).told] == ["events_unread"]
    with pytest.raises(BadLog, match="4 events that are not known: '1', '2', '3', '4'") as raised:
        asked(path, columns=Columns(event="behavior_type"))

    assert "--weights 1=1,2=1,3=1,4=1" in raised.value.hint


def test_questions_are_not_taken_for_what_is_learned_from(tmp_path: Path) -> None:
    path = a_file(tmp_path, "asked.jsonl", '{"user": 1, "history": [1, 2], "target": 3}\n')

    with pytest.raises(BadLog, match="nothing to learn from") as raised:
        asked(path)

    assert "--test" in raised.value.hint


def test_a_kind_of_event_that_all_rows_have_parts_nothing(tmp_path: Path) -> None:
    path = a_file(tmp_path, "log.csv", "user,item,time,behavior_type\n1,a,1,7\n1,b,2,7\n")

    assert asked(path).events.strength.tolist() == [1.0, 1.0]


def test_rows_without_a_kind_among_rows_with_one_are_told(tmp_path: Path) -> None:
    path = a_file(tmp_path, "log.csv", "user,item,time,behavior\n1,a,1,buy\n1,b,2,\n")

    with pytest.raises(BadLog, match="empty in some rows"):
        asked(path)


def test_importers_and_evaluations_call_events_alike() -> None:
    known = CHOICES[ImportKind.EVENTS, "name"]

    assert known == {word: name.value for word, name in EVENT_OF_WORD.items()}
    assert (known["click"], known["退货"], known["pv"]) == ("select_item", "refund", "view_item")


def zipped(folder: Path, **texts: str) -> Path:
    path = folder / "log.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


def test_the_one_file_of_an_archive_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path, **{"out/": "", "out/log.csv": CSV, "__MACOSX/out/._log.csv": "x"})

    assert named(asked(path)) == HISTORY


@pytest.mark.parametrize("texts", [{}, {"a.csv": CSV, "b.csv": CSV}, {"a.parquet": "x"}, {"a.xlsx": "x"}])
def test_an_archive_of_anything_else_is_refused_with_a_hint(tmp_path: Path, texts: dict[str, str]) -> None:
    with pytest.raises(BadLog) as raised:
        asked(zipped(tmp_path, **texts))

    assert raised.value.hint


@pytest.mark.parametrize(
    ("values", "order", "first"),
    [
        ([1_700_000_000], "time", 1_700_000_000_000),
        ([1_700_000_000_000], "time", 1_700_000_000_000),
        ([1_700_000_000_000_000], "time", 1_700_000_000_000),
        ([20_240_131], "time", 1_706_659_200_000),
        (["2024-01-31"], "time", 1_706_659_200_000),
        (["2024-01-31T08:00:00+08:00"], "time", 1_706_659_200_000),
        (["2024/01/31 00:00"], "time", 1_706_659_200_000),
        (["31.01.2024", "01.02.2024"], "time", 1_706_659_200_000),
        (["1/31/2024"], "time", 1_706_659_200_000),
        (["2024/01/31 08:00:00 +0800", "2024/01/30 19:00:00 -0500"], "time", 1_706_659_200_000),
        (["2024-01-30T19:00:00.5-05:00", "2024-01-31T00:00:00"], "time", 1_706_659_200_000),
        (["01/31/2024 12:00 AM", "01/31/2024 1:05 PM"], "time", 1_706_659_200_000),
        (["2024年01月31日 00:00"], "time", 1_706_659_200_000),
        (["2024-01-31 00"], "time", 1_706_659_200_000),
        ([45_322.0, 45_323.25], "time", 1_706_659_200_000),
        (["45322", "45323.25"], "time", 1_706_659_200_000),
        (["1700000000.0"], "time", 1_700_000_000_000),
        ([3, 1, 2], "position", 2 * 86_400_000),
    ],
)
def test_times_are_read_however_they_are_written(values: list[object], order: str, first: int) -> None:
    at, has_time, found = to_moments(pa.chunked_array([pa.array(values)]), "time")

    assert (int(at[0]), bool(has_time.all()), found) == (first, True, order)


def test_days_of_a_spreadsheet_are_places_in_a_column_that_is_not_called_a_time() -> None:
    assert to_moments(pa.chunked_array([pa.array([45_323, 45_322])]), "position")[2] == "position"


def test_day_and_month_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(BadLog, match="cannot be told apart"):
        to_moments(pa.chunked_array([pa.array(["03/04/2024"])]), "time")


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("none.csv", None, BadLog),
        ("empty.csv", "", BadLog),
        ("header.csv", "user,item,time\n", BadLog),
        ("broken.parquet", b"PAR1 no", BadLog),
        ("broken.jsonl", "{", BadLog),
        ("numbers.jsonl", "1\n2\n", BadLog),
        ("table.xlsx", b"PK", BadLog),
        ("doubled.csv", "user,user,item\n1,2,3\n", BadLog),
        ("strange.csv", "alpha,beta\n1,x\n", UnknownColumn),
        ("lonely.csv", "user,item,time\n1,a,5\n2,b,6\n", NothingToAsk),
        ("words.csv", "user,item,time\n1,a,yesterday\n1,b,today\n", BadLog),
        ("nested.jsonl", '{"user": {"id": 1}, "item": 2}\n', BadLog),
    ],
)
def test_what_is_no_log_is_refused_with_a_hint(
    tmp_path: Path, name: str, text: str | bytes | None, error: type[ZhangguiError]
) -> None:
    path = a_file(tmp_path, name, text) if text is not None else tmp_path / name

    with pytest.raises(error) as raised:
        asked(path)

    assert raised.value.hint


def test_a_column_that_is_not_there_is_refused_with_a_guess(tmp_path: Path) -> None:
    with pytest.raises(UnknownColumn) as raised:
        asked(a_file(tmp_path, "log.csv", CSV), columns=Columns(item="item_ids"))

    assert "item_id" in raised.value.hint


def test_a_test_of_other_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToAsk, match="given-test"):
        asked(a_file(tmp_path, "a.csv", CSV), test=a_file(tmp_path, "b.csv", "user,item\nx,a\n"))


def test_temporal_needs_times_and_takes_a_date(tmp_path: Path) -> None:
    path = a_file(tmp_path, "log.csv", CSV)

    task = asked(path, protocol="temporal", cut="2023-11-16").task

    assert (task.people, len(task.train)) == (2, 2)
    with pytest.raises(BadLog, match="needs times"):
        asked(a_file(tmp_path, "bare.csv", "user,item\n1,a\n1,b\n"), protocol="temporal")
    lists = a_file(tmp_path, "lists.jsonl", '{"user": 1, "items": [1, 2]}\n{"user": 2, "items": [2, 3]}\n')
    with pytest.raises(BadLog, match="lists of products have none"):
        asked(lists, protocol="temporal")
    places = a_file(tmp_path, "places.csv", "user,item,position\n1,a,1\n1,b,2\n2,a,3\n2,b,4\n")
    with pytest.raises(BadLog, match="holds places"):
        asked(places, protocol="temporal", cut="2024-01-31")


def test_what_is_asked_for_on_the_command_line_is_understood_or_refused() -> None:
    assert (seconds_of("20m"), seconds_of("1.5h"), seconds_of("90"), seconds_of("")) == (1200, 5400, 90, None)
    assert lengths_of("20,10,10") == [10, 20]
    assert weights_of("buy=1, pv=0.2") == {"buy": 1.0, "pv": 0.2}
    assert names_of("pop,item-knn,pop") == ["popularity", "item-knn"]
    assert names_of("all")[0] == "popularity"
    for wrong in (lambda: seconds_of("soon"), lambda: lengths_of("0"), lambda: weights_of("buy")):
        with pytest.raises(BadWish):
            wrong()
    with pytest.raises(UnknownMethod, match="popularty"):
        names_of("popularty")


@pytest.mark.parametrize("line", [b"1,\xff,2,3,4\n", b"1,\xff,2\n", b"\xff"])
def test_a_wrong_byte_far_into_a_file_is_told_with_its_place(tmp_path: Path, line: bytes) -> None:
    good = b"user,item,time\n" + b"1,tea,2\n" * 9_000

    with pytest.raises(BadLog, match=f"byte {len(good) + line.index(0xFF)} is wrong"):
        asked(a_file(tmp_path, "log.csv", good + line))


def test_the_last_letters_of_a_short_chinese_file_name_its_encoding(tmp_path: Path) -> None:
    answer = asked(a_file(tmp_path, "log.csv", "user,item\n1,2\n1,3\n2,2\n2,\u8336".encode("gb18030")))

    assert "\u8336" in [product.as_py() for product in answer.products]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One sound file of each kind."""
    path = tmp_path_factory.mktemp("sound") / "log.parquet"
    pq.write_table(pa.table({"user": [1, 1, 2], "item": ["a", "b", "a"], "time": [1.0, None, 3.0]}), path)
    lines = "\n".join(json.dumps(row) for row in records())
    lists = '{"session": 1, "items": [1, 2]}\n{"session": 2, "items": [2, "x"]}\n'
    texts = {"log.csv": CSV, "log.jsonl": lines, "lists.jsonl": lists, "log.json": json.dumps(records())}
    return {"log.parquet": path.read_bytes(), **{name: text.encode() for name, text in texts.items()}}


_SPLINTERS = [
    b",",
    b"\n",
    b'"',
    b"\x00",
    b"\xff",
    b"nan",
    b"1e400",
    b"{}",
    b"[]",
    b"null",
    b"9" * 25,
    b"\r",
    b"::",
    b"",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["log.csv", "log.jsonl", "lists.jsonl", "log.json", "log.parquet"]),
    wounds=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.sampled_from(_SPLINTERS)), max_size=4),
    protocol=st.sampled_from([None, "leave-one-out", "last-basket", "temporal", "sessions"]),
)
def test_a_damaged_file_is_read_or_refused_and_never_more(
    sound: dict[str, bytes], tmp_path: Path, name: str, wounds: list[tuple[float, int, bytes]], protocol: str | None
) -> None:
    data = bytearray(sound[name])
    for where, taken, put in wounds:
        at = int(where * len(data))
        data[at : at + taken] = put

    path = a_file(tmp_path, name, bytes(data))
    people = -1
    with suppress(RecommendError):
        people = asked(path, protocol=protocol).task.people

    assert people != 0
