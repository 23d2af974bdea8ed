"""Columns of exports that nobody named: found by their names, by what they hold, and left aside where they mislead."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from zhanggui.recommend.errors import BadLog, NothingToAsk, UnknownColumn
from zhanggui.recommend.service.evaluating.asking import Asked, Asking, ask
from zhanggui.recommend.service.evaluating.files import read_file
from zhanggui.recommend.service.evaluating.moments import to_moments

ROLES = ("user", "session", "basket", "item", "time", "event")


def asked(folder: Path, text: str, name: str = "log.csv", test: str = "") -> Asked:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    if not test:
        return ask(Asking(data=path))
    (folder / "test.csv").write_text(test, encoding="utf-8")
    return ask(Asking(data=path, test=folder / "test.csv"))


def found(answer: Asked) -> dict[str, str]:
    """Columns by role, without those that are not there; of a headerless file their numbers."""
    return {role: name.removeprefix("column") for role in ROLES if (name := getattr(answer.columns, role))}


def twice(*lines: str) -> str:
    """The lines of a user 1, and one of a user 2."""
    return "".join(f"{line}\n" for line in (*lines, lines[0].replace("1", "2", 1)))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        # Taobao UserBehavior: the kind of event stands in the fourth column
        (twice("1,20,7,pv,1511544070", "1,30,7,buy,1511561733"), {"user": "1", "item": "2", "time": "5", "event": "4"}),
        # Steam: a sign between quotes parts no cells
        (twice('1,"The, Game",purchase,1.0,0', '1,"Another",play,2.5,0'), {"user": "1", "item": "2", "event": "3"}),
        # check-ins: degrees are no places
        (
            twice("1\t2010-10-19T23:55:27Z\t30.2\t-97.7\t22847", "1\t2010-10-18T22:17:43Z\t30.3\t-97.8\t420315"),
            {"user": "1", "item": "5", "time": "2"},
        ),
        # the first column numbers the rows
        ("0,1,20,1511544070\n1,1,30,1511561733\n2,2,20,1511572885\n", {"user": "2", "item": "3", "time": "4"}),
        # words alone, and no header: what stands in the first line comes again
        ("anna,tea\nanna,cup\nbob,tea\n", {"user": "1", "item": "2"}),
    ],
)
def test_a_file_without_a_header_is_read_by_what_it_holds(tmp_path: Path, text: str, roles: dict[str, str]) -> None:
    assert found(asked(tmp_path, text)) == roles


@pytest.mark.parametrize(
    ("header", "rows", "roles"),
    [
        (
            "t_dat,customer_id,article_id,price",
            ("2018-09-20,1,066,0.05", "2018-09-21,1,054,0.03"),
            {"user": "customer_id", "item": "article_id", "time": "t_dat"},
        ),
        (
            "TRANSACTION_DT,CUSTOMER_ID,PRODUCT_SUBCLASS,PRODUCT_ID",
            ("11/20/2000,1,10,47", "11/21/2000,1,10,48"),
            {"user": "CUSTOMER_ID", "item": "PRODUCT_ID", "time": "TRANSACTION_DT"},
        ),
        (
            "會員卡號;日期;商品類別;商品",
            ("1;2000-11-20;10;47", "1;2000-11-21;10;48"),
            {"user": "會員卡號", "item": "商品", "time": "日期"},
        ),
        ("user_id,anime_id,rating", ("1,20,-1", "1,24,8"), {"user": "user_id", "item": "anime_id"}),
        (
            "user_id,birth_date,order_id,order_number,product_id",
            ("1,1990-01-01,7,1,20", "1,1990-01-01,8,2,20"),
            {"user": "user_id", "basket": "order_id", "item": "product_id", "time": "order_number"},
        ),
        (
            "sessionId,userId,itemId,eventdate",
            ("1,NA,20,2016-05-09", "1,NA,30,2016-05-09"),
            {"session": "sessionId", "item": "itemId", "time": "eventdate"},
        ),
        ("user,item,timestamp", ("1,20,", "1,30,"), {"user": "user", "item": "item"}),
        (
            "timestamp,visitorid,event,itemid,transactionid",
            ("1433221332117,1,view,35,", "1433221332118,1,transaction,36,9", "1433221332119,1,view,37,"),
            {"user": "visitorid", "item": "itemid", "time": "timestamp", "event": "event"},
        ),
    ],
)
def test_columns_of_known_exports_are_found(
    tmp_path: Path, header: str, rows: tuple[str, ...], roles: dict[str, str]
) -> None:
    assert found(asked(tmp_path, "\n".join([header, *rows]))) == roles


def test_sessions_of_objects_are_a_row_an_event(tmp_path: Path) -> None:
    first = {"aid": 5, "ts": 1_659_304_800_025, "type": "clicks"}
    second = {"aid": 6, "ts": 1_659_304_904_511, "type": "orders"}
    sessions = [{"session": n, "events": [first, second]} for n in (1, 2)]

    answer = asked(tmp_path, "\n".join(map(json.dumps, sessions)), "otto.jsonl")

    assert found(answer) == {"session": "session", "item": "aid", "time": "ts", "event": "type"}
    assert (len(answer.events), answer.task.kind) == (4, "sessions")


def test_a_list_that_is_called_like_an_event_is_none(tmp_path: Path) -> None:
    rows = [{"user": 1, "item": n, "time": n, "type": ["a", "b"]} for n in (1, 2)]

    assert found(asked(tmp_path, "\n".join(map(json.dumps, rows)), "log.jsonl")) == {
        r: r for r in ("user", "item", "time")
    }


def test_orders_of_nobody_are_asked_as_sessions(tmp_path: Path) -> None:
    answer = asked(tmp_path, "order_id,product_id\n1,20\n1,30\n2,20\n2,30\n")

    assert (answer.task.kind, answer.task.people) == ("sessions", 1)


def test_baskets_without_times_follow_the_file_and_are_of_their_person(tmp_path: Path) -> None:
    """They were put in the order of their names as text, where 10 is before 9."""
    text = "user,item,order_id\nx,a,8\nx,b,9\nx,c,10\ny,a,8\ny,d,9\n"

    answer = asked(tmp_path, text)

    last = {answer.products[n - 1].as_py() for n in answer.task.target_products.tolist()}
    assert (answer.task.kind, last) == ("last-basket", {"c", "d"})


def test_events_outside_of_any_order_end_where_a_pause_does(tmp_path: Path) -> None:
    rows = ["x,a,1700000000,", "x,b,1700000060,7", "x,b,1700000060,7", "x,c,1700000060,7", "x,d,1700900000,"]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["user,item,time,order_id", *rows]), encoding="utf-8")

    events = ask(Asking(data=path)).events

    assert events.product.tolist() == [1, 2, 2, 3, 4]
    assert events.session.tolist() == [0, 1, 1, 1, 2]


def test_histories_beside_pairs_are_no_questions(tmp_path: Path) -> None:
    header = "user_id,parent_asin,timestamp,history\n"
    train = f"{header}1,a,1700000000,\n1,b,1700000001,a\n2,a,1700000000,\n"

    answer = asked(tmp_path, train, test=f"{header}1,c,1700000009,a b\n")

    assert (answer.task.kind, answer.task.people) == ("given-test", 1)


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("Tue Apr 03 18:00:09 +0000 2012", 1_333_476_009_000),
        ("Tue Apr 03 18:00:09 +0800 2012", 1_333_447_209_000),
        ("04 3, 2012", 1_333_411_200_000),
        ("Apr 03, 2012", 1_333_411_200_000),
        ("03-Apr-2012", 1_333_411_200_000),
        ("20120403 18:00:09", 1_333_476_009_000),
        ("20120413", 1_334_275_200_000),
    ],
)
def test_times_of_other_systems_are_read(text: str, at_ms: int) -> None:
    assert to_moments(pa.chunked_array([pa.array([text])]), "time")[0].tolist() == [at_ms]


def test_who_asks_nobody_is_told_what_was_read(tmp_path: Path) -> None:
    with pytest.raises(NothingToAsk, match=r"user is read as the person; 1 rows have no product"):
        asked(tmp_path, "user,item,time\n1,a,5\n2,b,6\n3,,7\n")


def test_one_column_is_never_product_and_event(tmp_path: Path) -> None:
    with pytest.raises(UnknownColumn, match="looks like"):
        asked(tmp_path, twice("1,buy,3.5", "1,view,4.5", "2,buy,2.5"))


def lines_of(*rows: object) -> str:
    return "\n".join(map(json.dumps, rows))


def test_pictures_of_a_review_are_no_events(tmp_path: Path) -> None:
    pictures = [{"small_image_url": str(n), "large_image_url": str(n)} for n in range(3)]
    rows = [
        {"rating": 5.0, "images": pictures[:n], "asin": product, "user_id": "u", "timestamp": 1_588_687_728_923 + n}
        for n, product in enumerate("abcd")
    ]

    answer = asked(tmp_path, lines_of(*rows), "reviews.jsonl")

    assert len(answer.events) == 4
    assert [one.code for one in answer.told] == ["values_unread"]


def test_an_order_and_its_lines_keep_their_ids(tmp_path: Path) -> None:
    first = {"id": "o1", "customer_id": "c", "time": 1, "lines": [{"id": 1, "sku": "a"}, {"id": 2, "sku": "b"}]}
    second = {"id": "o2", "customer_id": "c", "time": 2, "lines": [{"id": 3, "sku": "c", "time": 5}]}
    (tmp_path / "orders.jsonl").write_text(lines_of(first, second, {"id": "o3", "customer_id": "c", "lines": []}))

    file = read_file(tmp_path / "orders.jsonl")

    assert file.column("id").to_pylist() == ["o1", "o1", "o2", "o3"]
    assert file.column("lines.id").to_pylist() == [1, 2, 3, None]
    assert file.column("sku").to_pylist() == ["a", "b", "c", None]
    assert file.column("time").to_pylist() == [1, 1, 5, None]


def test_rows_made_of_lists_are_told(tmp_path: Path) -> None:
    orders = [{"id": n, "user": "u", "items": [{"id": "a"}, {"id": "b"}, {"id": "c"}]} for n in (1, 2)]

    answer = asked(tmp_path, lines_of(*orders), "orders.jsonl")

    assert (answer.columns.item, len(answer.events)) == ("item_id", 6)
    (found,) = answer.told
    assert (found.code, found.count) == ("rows_unpacked", 6)
    assert "of 2 objects of orders.jsonl: one for each entry of 'items'" in found.words


def test_kinds_of_product_are_no_codes_of_events_and_hide_no_ratings(tmp_path: Path) -> None:
    text = "user,item,type,rating\n1,a,shoe,5\n1,b,hat,3\n2,a,shoe,1\n"

    assert [one.code for one in asked(tmp_path, text).told] == ["values_unread"]


def test_codes_that_were_seen_and_ratings_are_both_told(tmp_path: Path) -> None:
    text = "user,item,action_type,rating\n1,a,10,5\n1,b,3,3\n2,a,0,1\n"

    events, values = asked(tmp_path, text).told

    assert (events.code, events.level, values.code) == ("events_unread", "warning", "values_unread")
    assert events.words.endswith("--event action_type --weights 0=1,3=1,10=1")


def test_a_column_of_too_many_words_holds_no_kinds_of_event(tmp_path: Path) -> None:
    text = "user,item,action\n" + "".join(f"1,{n},note {n}\n" for n in range(30))

    assert asked(tmp_path, text).told == ()


def test_impressions_of_mind_are_refused_with_what_to_write(tmp_path: Path) -> None:
    rows = ["N3-1 N4-0", "N5-0", "N6-0 N7-1"]
    text = "".join(f"{n}\tU{n % 2}\t11/11/2019 9:05:5{n} AM\tN1 N2\t{shown}\n" for n, shown in enumerate(rows))

    with pytest.raises(BadLog, match="what was shown and clicked: 'N3-1 N4-0'") as raised:
        asked(tmp_path, text, "behaviors.tsv")

    assert "a row for each click" in raised.value.hint
