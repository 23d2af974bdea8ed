"""What is wrong with a filter, a rule or an aim is said in Chinese to who reads Chinese, with its place and cure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest

from zhanggui.app.console.import_sentences import whole_told
from zhanggui.kernel.errors import ZhangguiError
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
    Objectives(events=EventWeights(cart=9)),
    Objectives(events=EventWeights(**dict.fromkeys(EventWeights.__struct_fields__, 0.0))),
)
IN_QUOTES = re.compile(r"「[^」]*」|\"[^\"]*\"")
CODE = re.compile(
    r"\b(context|shopper)\.[a-z_]+|\b(and|or|in|not|has|under|within|brand|age|stock|price_minor|id|category|seller|market"
    r"|keyword|type|label|bought|carted|dismissed|viewed|for_sale|event|cart|variety|margin|docs/recommend-rules.md|nan)\b"
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
