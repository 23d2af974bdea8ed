"""Ways to write each kind, each with several values in it: what must be found, and what only looks like it.

The ways stand in `ways/`, one a line; `{N}` is where the value stands. They were thought of by who makes the rules.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.trust.engines.pii import find

WAYS = Path(__file__).parent / "ways"
EACH = 7
"""How many of the values stand in each way, in turn."""
NAMES = (
    "陆嘉恒 蒋一鸣 孟凡星 王思远 龚丽娟 张伟 刘洋 苏婉清 欧阳静 司马文轩 上官婉儿 阿依古丽·买买提 李娜 郑爽 邱泽宇 "
    "薛佳凝 单晓雨 翟志刚 逯阳 吴彤 周子涵 许诺 高洁 白雪 陈一 黎安然 傅国强 牟春兰 冼嘉怡 覃小燕 郭子睿 方圆 于洋 "
    "芮晓棠 郦文涛 漆雨薇 阙文斌 綦晓菲 储君瑶 万俟明 左丘宁 穆青 雍小敏 蒲一诺 湛海滨 翟应辉 虞阿娣 龙阿妹"
)
ABROAD = (
    "Oluwaseun Adeyemi|Beatrix Holloway|John Smith|Emma Watson-Price|Priya Raghunathan|Sean O'Connor|Li Wei"
    "|Zhang Xiaoming|Wang Jun|Chen Meiling|María García|Jürgen Klopp|Ana de Souza|Tomasz Wojcik|Fatima Al-Sayed"
    "|Kenji Nakamura|Grace Okonkwo|Siobhan Kelly|Rajesh Kumar|Mohammed Hussain|Hannah B. Clarke|Nguyen Van Minh"
)
ORDERS = (
    "20241115083312|2411150987654321|DD20241115-8891|WEB-2038816|A10293847|5503 8164 2297 63|884-5521903-7712"
    "|SF1399887766554|YT8833445566778|JD0098765432101|78231945561203|TB-99812-A|R-2024-88123|MX77120934"
    "|306-1122334-5566778|ZTO73100998877|PO-44120|GB-LND-00918273"
)
CHAT_IDS = (
    "qiqi_mama2019 teahouse_lin xiaoyu520 Lily-Chen88 wxid_a8b7c6d5e4f3 zhangsan1990 a13579bd Tommy_W hh20240101 "
    "tea-master-wu"
)
LINES_ZH = ("{N}", "地址：{N}", "寄到{N}，谢谢", "收货地址改成{N}", "我住{N}", "麻烦送到{N} 张伟收", "{N}，13812345678")
LINES_EN = (
    "Ship to {N}",
    "Address: {N}",
    "I live at {N}.",
    "Please send it to {N}, thanks",
    "地址 {N}",
    "moved to {N}",
)


def read(name: str) -> list[str]:
    return (WAYS / f"{name}.txt").read_text("utf-8").splitlines()


def is_covered(way: str, value: str) -> bool:
    text, start = way.replace("{N}", value), way.rindex("{N}")
    covered = {place for span in find(text) for place in range(span.start, span.end)}
    return covered.issuperset(range(start, start + len(value)))


@pytest.mark.parametrize(
    ("name", "values", "floor"),
    [
        ("names_zh", NAMES.split(), 0.9),
        ("names_en", ABROAD.split("|"), 0.95),
        ("orders", ORDERS.split("|"), 0.97),
        ("chat_ids", CHAT_IDS.split(), 0.97),
    ],
)
def test_every_way_to_write_is_known_and_most_values_in_it_are_found(
    name: str, values: list[str], floor: float
) -> None:
    ways = read(name)
    found = {
        way: sum(is_covered(way, values[(place + turn * 5) % len(values)]) for turn in range(EACH))
        for place, way in enumerate(ways)
    }

    assert [way for way, count in found.items() if count == 0] == []
    assert sum(found.values()) / (len(ways) * EACH) >= floor


@pytest.mark.parametrize(("name", "lines", "floor"), [("addresses_zh", LINES_ZH, 0.9), ("addresses_en", LINES_EN, 1.0)])
def test_addresses_are_covered_wholly_wherever_they_stand(name: str, lines: tuple[str, ...], floor: float) -> None:
    addresses = read(name)
    found = sum(is_covered(line, address) for line in lines for address in addresses)

    assert found / (len(lines) * len(addresses)) >= floor


def test_what_only_looks_like_a_way_stays_as_it_is() -> None:
    assert [text for text in read("traps") if find(text)] == []
