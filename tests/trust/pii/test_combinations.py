"""Texts put together from lead-ins, forms and tails, some by chance: what holds for one form has to hold beside any."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from zhanggui.trust.engines.pii import find

TEXTS = 150
WAYS = Path(__file__).parent / "ways"
PARTS = {line.split()[0]: line.split()[1:] for line in (WAYS / "parts_zh.txt").read_text("utf-8").splitlines()}
ABROAD = (WAYS / "addresses_world.txt").read_text("utf-8").splitlines()
LEADS_ZH = (
    "",
    "地址：",
    "收货地址:",
    "寄到",
    "送到",
    "麻烦寄",
    "我住",
    "我家住",
    "新地址 ",
    "请发到",
    "收件地址换成",
    "住址：",
)
TAILS_ZH = ("", "，谢谢", "。", "，13812345678", "，电话联系", "\n", "，别放驿站")
LEADS_EN = ("", "Ship to ", "Address: ", "I live at ", "Please send it to ", "moved to ", "Deliver to John Smith, ")
TAILS_EN = ("", ".", ", thanks", ". Call me first", "\n")


def covered(text: str, start: int, value: str) -> bool:
    places = {place for span in find(text) for place in range(span.start, span.end)}
    return places.issuperset(range(start, start + len(value)))


def street(rng: random.Random) -> str:
    estate = rng.choice(("", rng.choice(PARTS["estates"]) + rng.choice(PARTS["doors"])))
    return rng.choice(PARTS["places"]) + rng.choice(PARTS["roads"]) + rng.choice(PARTS["numbers"]) + estate


def estate(rng: random.Random) -> str:
    return rng.choice(PARTS["places"]) + rng.choice(PARTS["estates"]) + rng.choice(PARTS["doors"])


def village(rng: random.Random) -> str:
    return (
        rng.choice([place for place in PARTS["places"] if place[-1] in "县市区"])
        + rng.choice(PARTS["towns"])
        + rng.choice(PARTS["villages"])
    )


@pytest.mark.parametrize("form", [street, estate, village])
def test_an_address_is_covered_wholly_whatever_it_is_put_together_from(form: Callable[[random.Random], str]) -> None:
    rng = random.Random(7)
    missed = []
    for _ in range(TEXTS):
        lead, address, tail = rng.choice(LEADS_ZH), form(rng), rng.choice(TAILS_ZH)
        if not covered(lead + address + tail, len(lead), address):
            missed.append(lead + address + tail)

    assert len(missed) <= 0.03 * TEXTS, missed


@pytest.mark.parametrize("address", ABROAD)
def test_addresses_of_many_countries_are_covered_wholly_wherever_they_stand(address: str) -> None:
    texts = [(lead + address + tail, len(lead)) for lead in LEADS_EN for tail in TAILS_EN]

    assert [text for text, start in texts if not covered(text, start, address)] == []


@pytest.mark.parametrize("line", (WAYS / "lines.txt").read_text("utf-8").splitlines())
def test_what_stands_in_braces_is_covered_and_nothing_else_is_touched(line: str) -> None:
    parts = re.split(r"[{}]", line)
    text, values = "".join(parts), parts[1::2]
    starts = [len("".join(parts[: place * 2 + 1])) for place in range(len(values))]
    personal = {spot for start, value in zip(starts, values, strict=True) for spot in range(start, start + len(value))}

    assert all(covered(text, start, value) for start, value in zip(starts, values, strict=True))
    assert [
        text[span.start : span.end] for span in find(text) if personal.isdisjoint(range(span.start, span.end))
    ] == []
