"""Write the file that the tour offers to whoever has none at hand: `python scripts/make_tour_sample.py`.

Shop, people and figures are invented; the file says so in its first row. A seed decides everything, so that a second
run writes the same bytes. The customers follow simple habits: each has a rhythm and a favourite, some stop coming; one
product left the shelf in spring, one sells faster than it is ordered, and two are mostly wanted together. What the tour
finds is found in the rows, not here. Then the table is damaged the way exports are: rows above the head, ids and times
as ="…", tabs, full-width digits, money with signs, a rounded order number, words for numbers, a date that there is not.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

SAMPLE = Path(__file__).parents[1] / "src/zhanggui/app/tour/samples/yunling-orders.csv"
SEED = 20261115
UNTIL = datetime(2026, 11, 14)  # noqa: DTZ001  (a shop's export names no zone)
DAYS = 300
HEAD = (
    "订单编号", "下单时间", "买家会员名", "收货人", "省份", "商品编码", "商品名称",
    "数量", "单价(元)", "成本价", "库存", "实付金额", "订单状态",
)  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Good:
    """What the shop sells; `until_day` is the day (from the first) after which nobody finds it any more."""

    id: str
    title: str
    price: float
    cost: float
    stock: int
    share: float
    until_day: int = DAYS


GOODS = (
    Good("YL-1001", "寿眉老茶饼 2016 357克", 168, 92, 143, 9),
    Good("YL-1002", "白牡丹 一级 100克", 128, 66, 88, 6),
    Good("YL-1003", "明前龙井 100克", 198, 121, 52, 6),
    Good("YL-1004", "凤凰单丛 蜜兰香 100克", 138, 70, 64, 5),
    Good("YL-1005", "正山小种 100克", 98, 45, 120, 6),
    Good("YL-1006", "茉莉花茶 九窨 100克", 88, 39, 3, 16),
    Good("YL-1007", "普洱熟茶 小沱 250克", 76, 35, 210, 5),
    Good("YL-1008", "五年陈皮 100克", 58, 24, 160, 5),
    Good("YL-1009", "桂花乌龙 100克", 82, 36, 77, 5),
    Good("YL-1010", "春尖绿茶 礼盒", 268, 150, 46, 7, until_day=150),
    Good("YL-2001", "侧把煮茶壶 600毫升", 268, 148, 31, 2),
    Good("YL-2002", "白瓷盖碗 150毫升", 86, 33, 54, 3),
    Good("YL-2003", "黄铜茶针", 39, 12, 97, 2),
    Good("YL-2004", "竹制茶则", 29, 8, 140, 2),
    Good("YL-2005", "锡制茶叶罐", 158, 84, 26, 2),
    Good("YL-3001", "桂花糕 8块", 32, 15, 66, 4),
    Good("YL-3002", "核桃酥 12块", 36, 17, 71, 4),
    Good("YL-3003", "绿豆糕 8块", 28, 12, 83, 4),
)
TOGETHER = {"YL-1001": ("YL-2003", 0.32), "YL-2001": ("YL-1008", 0.4)}
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
PROVINCES = ("浙江", "江苏", "上海", "广东", "福建", "北京", "四川", "湖北")
WORDS = ("山", "月", "松", "竹", "溪", "云", "雪", "禾", "舟", "石")

Row = list[str]


def orders(rng: np.random.Generator) -> list[Row]:
    """The rows of all orders, oldest first: each customer comes in their own rhythm."""
    shares = np.array([good.share for good in GOODS])
    visits: list[tuple[float, int]] = []
    for person in range(78):
        rhythm = float(rng.gamma(4, 11)) + 9
        stops = DAYS * float(rng.uniform(0.35, 0.75)) if person % 6 == 0 else float(DAYS)
        at = float(rng.uniform(0, 60))
        while at < stops:
            visits.append((at, person))
            at += rhythm * float(rng.uniform(0.7, 1.35))
    favourites = rng.choice(len(GOODS), size=78, p=shares / shares.sum())
    rows: list[Row] = []
    for number, (at, person) in enumerate(sorted(visits)):
        day = UNTIL.replace(hour=0) - timedelta(days=DAYS - int(at))
        moment = day + timedelta(seconds=int(rng.integers(9 * 3600, 23 * 3600)))
        basket = _basket(rng, shares, int(favourites[person]), at)
        rows += _lines(rng, number, moment, person, basket)
    return rows


def _basket(rng: np.random.Generator, shares: np.ndarray, favourite: int, day: float) -> list[Good]:
    weights = shares.copy()
    weights[favourite] += shares.sum() * 0.6
    weights[[n for n, good in enumerate(GOODS) if good.until_day < day]] = 0
    size = int(rng.choice([1, 2, 3], p=[0.45, 0.4, 0.15]))
    chosen = [GOODS[n] for n in rng.choice(len(GOODS), size=size, replace=False, p=weights / weights.sum())]
    for good in tuple(chosen):
        beside, chance = TOGETHER.get(good.id, ("", 0.0))
        if beside and rng.random() < chance and all(one.id != beside for one in chosen):
            chosen.append(next(one for one in GOODS if one.id == beside))
    return chosen


def _lines(rng: np.random.Generator, number: int, at: datetime, person: int, basket: list[Good]) -> list[Row]:
    state = "交易关闭" if rng.random() < 0.03 else "交易成功"
    nick = f"{WORDS[person % 10]}{WORDS[person // 10]}{person * 37 % 100:02d}"
    found = []
    for good in basket:
        count = int(rng.choice([1, 2, 3], p=[0.72, 0.22, 0.06]))
        paid = good.price * count
        found.append(
            [
                f'="{at:%Y%m%d}{700000 + number}"',
                f'="{at:%Y-%m-%d %H:%M:%S}"',
                nick,
                f"{SURNAMES[person % 20]}**",
                PROVINCES[person % 8],
                f"{good.id}\t",
                good.title,
                str(count),
                f"{good.price:.2f}",
                f"{good.cost:.2f}",
                str(good.stock),
                f"{paid:,.2f}",
                state,
            ]
        )
    return found


def damaged(rows: list[Row], rng: np.random.Generator) -> list[Row]:
    """The rows as an export has them: odd but readable ones everywhere, and some that cannot be taken."""
    found = [list(row) for row in rows]
    for n in rng.choice(len(found), size=40, replace=False).tolist():
        found[n][7] = found[n][7].translate(FULL_WIDTH)
    for n in rng.choice(len(found), size=60, replace=False).tolist():
        found[n][8] = f"¥{found[n][8]}"
    places = rng.choice(len(found), size=12, replace=False).tolist()
    for n, (column, cell) in zip(
        places,
        [(0, "2.02611E+13")] * 3 + [(7, "两盒"), (7, "一提"), (7, "")] + [(1, "2026-02-30 10:21:00")] * 2
        + [(8, "面议"), (8, "见备注")] + [(1, ""), (0, "")],
        strict=True,
    ):  # fmt: skip
        found[n][column] = cell
    cut = len(found) // 3
    found[cut : cut + 1] = [found[cut][:6], found[cut][6:]]  # one line that a system has broken in two
    return found


def text(seed: int = SEED) -> str:
    """The whole table."""
    rng = np.random.default_rng(seed)
    rows = damaged(orders(rng), rng)
    above = [
        ["云岭茶舍 订单明细（示例数据：店铺、顾客与数字均为虚构）"],
        ["导出时间：2026-11-15 08:30", "操作人：店长"],
        [],
    ]
    cells = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in [*above, list(HEAD), *rows]]
    return "".join(f"{','.join(row)}\r\n" for row in cells)


def main() -> None:
    """Write the file, or with --check only say whether it is as this script writes it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    wanted = text().encode("gb18030")
    if parser.parse_args().check:
        raise SystemExit(0 if SAMPLE.read_bytes() == wanted else f"{SAMPLE} is not what this script writes.")
    SAMPLE.parent.mkdir(parents=True, exist_ok=True)
    SAMPLE.write_bytes(wanted)


if __name__ == "__main__":
    main()
