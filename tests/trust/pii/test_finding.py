"""What the rules find, and the laws that hold for any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from zhanggui.trust.engines.pii import find, redact
from zhanggui.trust.engines.pii.checksums import is_card, is_id18, luhn

REGIONS = ("110101", "310104", "440305", "510107", "650102", "810000")
WORDS = st.text(alphabet="今天的茶很香谢谢老板明早再来一份吧，。！？ ", max_size=12)
ANY_TEXT = st.text(max_size=60)
RISKY = st.text(alphabet="0123456789-+@._ 微信vxVX订单号路栋室王小明收人：:[]手机1姓名\"'abcXYZ\n", max_size=60)

_PIECES = """
订单号 单号 运单 快递 退款 包裹 物流 order tracking RMA- YT SF # - , : 号 收 微信 姓名 幺三八 2026 0301 88 7
13812345678 18612345678 6217003450026716843 abc_123 @qq.com 王小明 张伟 Tom文 北京 文三路 100 室 [手机号1] [单号2]
"""
DENSE = st.lists(st.sampled_from((*_PIECES.split(), " ")), min_size=3, max_size=16).map("".join)
"""Words for orders and numbers of all kinds, one upon the other."""


def kinds(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in find(text)]


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    digits = "1" + draw(st.sampled_from("3456789")) + draw(st.text("0123456789", min_size=9, max_size=9))
    shape = draw(st.sampled_from(("{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86 {0}{1}{2}", "0086-{0}-{1}-{2}")))
    return shape.format(digits[:3], digits[3:7], digits[7:])


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    day = draw(st.dates()).replace(year=draw(st.integers(1930, 2020)), day=draw(st.integers(1, 28)))
    body = draw(st.sampled_from(REGIONS)) + day.strftime("%Y%m%d") + f"{draw(st.integers(0, 999)):03}"
    return body + next(check for check in "0123456789X" if is_id18(body + check))


@st.composite
def cards(draw: st.DrawFn) -> str:
    head, length = draw(st.sampled_from((("622", 16), ("6217", 19), ("4", 16), ("52", 16), ("37", 15))))
    body = head + draw(st.text("0123456789", min_size=length - len(head) - 1, max_size=length - len(head) - 1))
    number = body + next(check for check in "0123456789" if luhn(body + check))
    assume(is_card(number) and not (len(number) == 18 and is_id18(number)))
    gap = draw(st.sampled_from(("", " ", "-")))
    return gap.join(number[place : place + 4] for place in range(0, length, 4))


@given(WORDS, mobiles(), WORDS)
def test_a_planted_mobile_number_is_always_found(before: str, number: str, after: str) -> None:
    assert number in [value for kind, value in kinds(f"{before}，{number}，{after}") if kind == "mobile"]


@given(WORDS, identity_numbers(), WORDS)
def test_a_planted_identity_number_is_always_found(before: str, number: str, after: str) -> None:
    assert ("id_card", number) in kinds(f"{before}，{number}，{after}")


@given(WORDS, cards(), WORDS)
def test_a_planted_card_is_always_found(before: str, number: str, after: str) -> None:
    assert ("bank_card", number) in kinds(f"{before}，{number}，{after}")


@given(WORDS, st.from_regex(r"[a-z][a-z0-9]{2,12}@[a-z]{2,9}\.(com|cn)", fullmatch=True), WORDS)
def test_a_planted_mail_address_is_always_found(before: str, address: str, after: str) -> None:
    assert ("email", address) in kinds(f"{before} {address} {after}")


@given(identity_numbers(), st.integers(0, 9))
def test_an_identity_number_with_a_wrong_check_digit_is_none(number: str, other: int) -> None:
    assume(str(other) != number[-1])
    assert [kind for kind, _ in kinds(f"身份证，{number[:-1]}{other}，") if kind == "id_card"] == []


@given(st.one_of(ANY_TEXT, RISKY, DENSE), st.sampled_from(("zh", "en")))
@example("北京运单0301RMA-微信186123456782026:文三路我tracking88订单号", "zh")
@example("快递SF运单快递[name 1]姓名90126217003450026716843微信7030120267幺三八幺三八退款", "en")
@example("1381234567818612345678的6217003450026716843订单号订单号：快递RMA-[单号2]号", "zh")
def test_any_text_is_taken_and_redacting_again_changes_nothing(text: str, lang: str) -> None:
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    once = redact(text, spans, lang=lang)
    assert redact(once, find(once), lang=lang) == once


@given(st.sampled_from(("😀", "𠮷", "👨‍👩‍👧", "é", "İ", "\u200d")), mobiles())
def test_places_count_code_points_whatever_stands_before(before: str, number: str) -> None:
    text = f"{before}电话{number}{before}"
    assert ("mobile", number) in kinds(text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("电话１３８００００１７６２", "mobile", "１３８００００１７６２"),
        ("手机幺三八零零零零幺七六二", "mobile", "幺三八零零零零幺七六二"),
        ("+852 9123 4567 WhatsApp", "mobile", "+852 9123 4567"),
        ("寄到杭州市西湖区文三路100号3幢502，谢谢", "address", "杭州市西湖区文三路100号3幢502"),
        ("微信同名：tea_lover", "wechat", "tea_lover"),
        ("zhang dot san at qq dot com", "email", "zhang dot san at qq dot com"),
        ("收件人：诸葛明", "name", "诸葛明"),
        ("订单号 20260315112233", "order_number", "20260315112233"),
    ],
)
def test_odd_ways_to_write_are_read(text: str, kind: str, value: str) -> None:
    assert (kind, value) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "王老吉一箱24罐",
        "马上发货",
        "第1380期开奖",
        "Dr. Martens boots",
        "1.38e10 rows",
        "lodash@4.17.21",
        "春熙路那家店",
        "V领毛衣",
    ],
)
def test_what_only_looks_personal_stays(text: str) -> None:
    assert find(text) == []


def test_the_same_value_has_the_same_placeholder_in_one_text() -> None:
    text = "打13800001762，不通打13900004471，再打138 0000 1762"

    assert redact(text, find(text)) == "打[手机号1]，不通打[手机号2]，再打[手机号1]"
    assert redact(text, find(text), lang="en") == "打[phone 1]，不通打[phone 2]，再打[phone 1]"
