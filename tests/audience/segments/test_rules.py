"""The language of segments: whom a rule means, and what is said of one that cannot be understood."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from tests.conftest import FixedClock

from zhanggui.app.web.formats import Formats
from zhanggui.audience import BadSegmentRule
from zhanggui.audience.engines.denied import Topic, words_of
from zhanggui.audience.engines.segments.facts import FIELDS, Facts
from zhanggui.audience.engines.segments.rules import parse
from zhanggui.audience.words.rules import FIGURES, RuleWords
from zhanggui.audience.words.segments import FIELD_WORDS, TIERS, UNITS, rule_problem

LIN = Facts(
    numbers={"orders": 5, "last_order_days": 40.0, "buys_30": 0.25},
    words={"stage": "at_risk", "channel": "app", "language": "zh"},
    tags=frozenset({"dawn_orders"}),
    likes={"category:茶/绿茶": 0.6},
)


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("orders >= 3", True),
        ("orders > 5 or last_order_days > 30", True),
        ("stage in (at_risk, dormant) and not tag leaves_messages", True),
        ("stage = loyal", False),
        ("stage != loyal and channel = app", True),
        ("tag dawn_orders", True),
        ('likes "category:茶/绿茶"', True),
        ('likes "category:茶/绿茶" > 0.7', False),
        ('likes "category:零食"', False),
        ("buys_30 >= 20%", True),
        ("buys_7 < 90%", False),  # not known
        ('likes "category:茶/绿茶" > 50%', True),
        ("channel = miniprogram", False),  # a shop has channels of its own
        ('channel = "apps"', False),
        ("orders < 3 and orders > 1 or stage = at_risk", True),
        ("orders < 3 and (orders > 1 or stage = at_risk)", False),
        ("not (orders < 3 or orders > 4)", False),
    ],
)
def test_a_rule_means_whom_it_says(rule: str, holds: bool) -> None:
    assert parse(rule)(LIN) is holds


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("order > 3", "Did you mean 'orders'?"),
        ("stage = dormnt", "Did you mean 'dormant'?"),
        ("tag dawn_order", "Did you mean 'dawn_orders'?"),
        ("orders >= 20%", "orders is no share: write a plain number."),
        ("channel = wechta", "Did you mean 'wechat'? In quotes it is taken as it is written."),
        ("channel in (app, wechta)", "Did you mean 'wechat'?"),
        ("orders >", "Compare with a number."),
        ("orders about 3", "Compare with one of = != < <= > >=."),
        ("orders > 3 stage = new", "Join conditions with `and` or `or`."),
        ("(orders > 3", "Here ')' is missing."),
        ("likes 茶", 'Quote keys: likes "category:茶".'),
        ('likes "茶"', 'After likes comes a key: likes "category:茶/绿茶".'),
        ("", "It may be one of: stage, channel"),
        ("gender = female", "It may be one of: stage, channel"),
        ("(" * 30 + "orders > 1" + ")" * 30, "At most 20 deep."),
    ],
)
def test_what_cannot_be_understood_gets_a_hint(rule: str, hint: str) -> None:
    with pytest.raises(BadSegmentRule) as refused:
        parse(rule)

    assert (refused.value.hint or "").startswith(hint)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("order > 3", "第 1 个字符处的「order」放在这里不对。是不是想写「orders」？"),
        ("orders >", "规则在第 9 个字符处就结束了。比较符号后面要写数字。"),
        ("orders >= 20%", "第 11 个字符处的「20%」放在这里不对。「orders」不是比例，请写普通的数字。"),
        ("channel = wechta", "第 11 个字符处的「wechta」放在这里不对。是不是想写「wechat」？加上引号就按原样算。"),
        ('likes "category:血糖仪"', "第 7 个字符处的「category:血糖仪」不能用来问任何人。健康、信仰"),
    ],
)
def test_what_cannot_be_understood_is_said_in_chinese_too(rule: str, said: str) -> None:
    with pytest.raises(BadSegmentRule) as refused:
        parse(rule)

    assert rule_problem(refused.value, "zh-CN").startswith(said)
    assert rule_problem(refused.value, "en") == f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize("words", [words for topic in Topic for some in words_of(topic) for words in some[:4]])
def test_no_segment_is_built_over_what_may_be_inferred_of_nobody(words: str) -> None:
    for kind in ("category", "keyword", "brand", "product"):
        with pytest.raises(BadSegmentRule, match="may not be asked of anybody"):
            parse(f'orders > 1 and likes "{kind}:{words}" > 0.2')


def said(rule: str, language: str) -> str:
    formats = Formats(language, ZoneInfo("Asia/Shanghai"), "CNY", FixedClock()())
    return RuleWords(language, formats, {"p1": "明前龙井"}.__getitem__).say(rule)


WORDS = {
    "stage = new and orders = 1": (
        "阶段是新客，且累计下单正好 1 单",
        "Stage: New customer, and orders so far: exactly 1",
    ),
    "stage in (at_risk, dormant)": ("阶段是流失风险或沉睡客户", "Stage: At risk or Dormant"),
    "spent_minor > 30000 or buys_30 >= 12.5% and not tag asks": (
        "累计消费多于 ¥300.00，或（30 天内购买的概率至少 12.5%，且没有「爱提问」标签）",
        (
            "Spent so far: more than ¥300.00, or (chance of a purchase within 30 days: at least 12.5%, and without"
            ' the tag "Asks before buying")'
        ),
    ),
    'not (orders < 3 or tag asks) and channel != app and not likes "category:茶"': (
        "不满足（累计下单少于 3 单，或有「爱提问」标签），且通常不来自App，且对类目「茶」没有兴趣",
        (
            'Not (orders so far: less than 3, or tag "Asks before buying"), and usually come by: anything but the'
            ' app, and no interest in the category "Tea"'
        ),
    ),
    'likes "product:p1" > 50%': (
        "对商品「明前龙井」的兴趣多于 50%",
        'Interest in the product "明前龙井": more than 50%',
    ),
    "language = zh-Hans": ("沟通语言是中文", "Spoken to in: Chinese"),
    'likes "category:血糖仪"': (
        "这条规则问的事，如今对谁都不能问：它不指任何人。",
        "What this rule asks may no longer be asked of anybody: it means nobody.",
    ),
}


@pytest.mark.parametrize("rule", WORDS)
def test_a_rule_is_said_in_words_of_both_languages(rule: str) -> None:
    assert (said(rule, "zh"), said(rule, "en")) == WORDS[rule]


def test_every_field_has_its_words_and_every_figure_its_unit() -> None:
    figures = {name for name, shape in FIELDS.items() if shape in {"number", "share"}}

    assert set(FIELD_WORDS) == set(FIELDS)
    assert set(FIGURES) == figures
    assert figures <= set(UNITS)
    for name in FIELDS:
        for _, rule in TIERS.values():
            assert name not in said(rule, "zh")
