"""What is wrong with a filter, a rule or an aim is said in Chinese to who reads Chinese, with its place and cure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest

from zhanggui.app.console.import_sentences import told_error, whole_told
from zhanggui.kernel.errors import ZhangguiError, quoted
from zhanggui.kernel.words import words
from zhanggui.recommend.engines.filters import parse
from zhanggui.recommend.service.rules.keeping import VALUES, check_parts
from zhanggui.recommend.service.steering.objectives import check
from zhanggui.recommend.types.aims import EventWeights, Objectives
from zhanggui.recommend.types.rules import PutRule, RuleKind

FILTERS = (
    "price_minor <",
    "prise_minor < 3",
    "zzz",
    "price_minor < 200元",
    "price_minor < -3",
    "price_minor < 3d",
    "price_minor 3",
    'price_minor < "3"',
    "age < 3",
    "age < x",
    "age < 3y",
    "bought within",
    "brand = Nike",
    "brand < 3",
    'brand = "',
    'brand = ""',
    'brand in ("a" "b")',
    "(for_sale",
    "for_sale for_sale",
    "{",
    "not " * 21 + "for_sale",
    " or ".join(["for_sale"] * 101),
    "x" * 2001,
    'for_sale "L\'Oréal"',
    'stock < "L\'Oréal"',
)
RULES = (
    *(PutRule(kind=kind, value=999, target="for_sale") for kind in VALUES),
    PutRule(kind=RuleKind.PIN, value=1),
    PutRule(kind=RuleKind.CAP, value=1),
    PutRule(kind=RuleKind.PIN, value=1, target="for_sale", by="brand"),
    PutRule(kind=RuleKind.VARIETY, value=0.5, target="for_sale"),
)
AIMS = (
    Objectives(variety=3),
    Objectives(margin=float("nan")),
    Objectives(click=0, cart=0, purchase=0),
    Objectives(long_term=2),
    Objectives(click=99),
    Objectives(events=EventWeights(cart=9)),
    Objectives(events=EventWeights(**dict.fromkeys(EventWeights.__struct_fields__, 0.0))),
)
IN_QUOTES = re.compile(r"「[^」]*」|\"[^\"]*\"")
CODE = re.compile(
    r"\b(context|shopper)\.[a-z_]+|\b(and|or|in|not|has|under|within|brand|age|stock|price_minor|id|category|seller|market"
    r"|keyword|type|label|bought|carted|dismissed|viewed|for_sale|nan)\b"
    r"|\d+[dhw]\b"
)
"""Words of the language of filters, which is one for all readers."""


def told(act: Callable[[], object], language: str) -> str:
    with pytest.raises(ZhangguiError) as refused:
        act()
    return whole_told(refused.value, language, words(language).gettext)


@pytest.mark.parametrize(
    "act",
    [
        *(partial(parse, text) for text in FILTERS),
        *(partial(check_parts, rule) for rule in RULES),
        *(partial(check, aims) for aims in AIMS),
    ],
)
def test_a_refusal_is_told_in_chinese_with_its_place_and_its_cure(act: Callable[[], object]) -> None:
    chinese = told(act, "zh")

    left = CODE.sub("", IN_QUOTES.sub("", chinese))
    assert not re.search(r"[A-Za-z]{2,}", left), chinese
    assert chinese != told(act, "en")


def test_a_field_that_is_none_names_the_nearest() -> None:
    assert told(lambda: parse("prise_minor < 3"), "zh") == (
        "筛选条件第 1 个字符：没有「prise_minor」这个字段。是不是想写「price_minor」？"
    )
    assert told(lambda: parse("prise_minor < 3"), "en") == (
        "At character 1 of the filter: there is no field 'prise_minor'. Did you mean 'price_minor'?"
    )


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("pin = 3", "筛选条件第 1 个字符：没有「pin」这个字段。"),
        ("rest", "筛选条件第 1 个字符：没有「rest」这个字段。"),
        ("for_sale label", "筛选条件第 10 个字符：这里写着「label」，"),
        ('brand "茶"', "brand 后面的"),
    ],
)
def test_words_of_users_and_of_the_language_of_filters_stay_as_they_are(text: str, chinese: str) -> None:
    assert chinese in told(lambda: parse(text), "zh")


def test_a_value_is_no_word_of_ours_whatever_it_is_called() -> None:
    say = words("zh").gettext

    for value in ("label", "pin", "L'Oréal", "'"):
        hint = f"At character 9: no product has the brand {quoted(value)}. Did you mean {quoted('cap')}?"
        assert told_error(hint, say) == f"第 9 个字符：没有商品的品牌是「{value}」。是不是想写「cap」？"
    assert told_error("label", say) == "label"


def test_an_aim_is_called_as_the_page_calls_it_and_its_cure_needs_no_file() -> None:
    assert told(lambda: check(Objectives(long_term=3)), "zh").startswith("「回头客」写的是 3")
    for aims in AIMS:
        assert "docs/" not in told(partial(check, aims), "en")


def test_chinese_sentences_stand_side_by_side_and_english_ones_apart() -> None:
    error = "BadRule: There are 200 rules already. Remove some first."

    assert told_error(error, words("zh").gettext) == "规则已经有 200 条了。先去掉几条。"
    assert told_error(error, words("en").gettext) == "There are 200 rules already. Remove some first."
