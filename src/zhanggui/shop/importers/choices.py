"""Words for states, genders, ages, events and regions, as platforms write them, into ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhanggui.kernel.acts import EVENT_OF_WORD
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.money import UnknownCurrency, exponent
from zhanggui.shop.types import AgeBand, ItemType, OrderState, ProductState, TextLicence
from zhanggui.shop.types.imports import ImportKind

from .cleaning import BadCell, clean_code, clean_text

_ORDER_STATES = {state.value: state.value for state in OrderState} | {
    "待付款": "pending",
    "未付款": "pending",
    "unpaid": "pending",
    "已付款": "paid",
    "待发货": "paid",
    "processing": "paid",
    "processed": "paid",
    "completed": "delivered",
    "complete": "delivered",
    "已发货": "shipped",
    "待收货": "shipped",
    "fulfilled": "shipped",
    "已完成": "delivered",
    "交易成功": "delivered",
    "已签收": "delivered",
    "已取消": "cancelled",
    "已关闭": "cancelled",
    "交易关闭": "cancelled",
    "canceled": "cancelled",
    "refunded": "cancelled",
    "failed": "cancelled",
    "on-hold": "pending",
    "on hold": "pending",
    "pending payment": "pending",
    "unshipped": "paid",
    "voided": "cancelled",
}
_PRODUCT_STATES = {state.value: state.value for state in ProductState} | {
    "上架": "active",
    "在售": "active",
    "出售中": "active",
    "true": "active",
    "published": "active",
    "下架": "paused",
    "仓库中": "paused",
    "draft": "paused",
    "false": "paused",
    "删除": "gone",
    "已删除": "gone",
    "archived": "gone",
}
_ITEM_TYPES = {item.value: item.value for item in ItemType} | {
    "商品": "product",
    "文章": "article",
    "图文": "article",
    "post": "article",
    "视频": "video",
    "短视频": "video",
    "直播": "live",
    "直播间": "live",
    "livestream": "live",
}
_GENDERS = {"female": "female", "f": "female", "女": "female", "女士": "female", "male": "male", "m": "male"} | {
    "男": "male",
    "先生": "male",
    "男士": "male",
    "other": "other",
    "保密": "other",
    "未知": "other",
    "unknown": "other",
}
_EVENTS = {word: name.value for word, name in EVENT_OF_WORD.items()}
_SOURCES = {"merchant": "merchant", "商家": "merchant", "behaviour": "behaviour", "行为": "behaviour"}
_LICENCES = {licence.value: licence.value for licence in TextLicence} | {
    "自有": "own",
    "本店": "own",
    "本店所有": "own",
    "原创": "own",
    "可训练": "training",
    "可用于训练": "training",
    "允许训练": "training",
    "仅展示": "display",
    "仅供展示": "display",
    "display only": "display",
    "未知": "unknown",
    "不明": "unknown",
}
_AGES = (
    (18, AgeBand.UNDER_18),
    (25, AgeBand.FROM_18),
    (35, AgeBand.FROM_25),
    (45, AgeBand.FROM_35),
    (55, AgeBand.FROM_45),
    (150, AgeBand.FROM_55),
)
_BANDS = {band.value: band.value for band in AgeBand}

CHOICES: Mapping[tuple[ImportKind, str], Mapping[str, str]] = {
    (ImportKind.ORDERS, "state"): _ORDER_STATES,
    (ImportKind.PRODUCTS, "state"): _PRODUCT_STATES,
    (ImportKind.PRODUCTS, "item_type"): _ITEM_TYPES,
    (ImportKind.PRODUCTS, "licence"): _LICENCES,
    (ImportKind.REVIEWS, "licence"): _LICENCES,
    (ImportKind.QUESTIONS, "licence"): _LICENCES,
    (ImportKind.CUSTOMERS, "gender"): _GENDERS,
    (ImportKind.EVENTS, "name"): _EVENTS,
    (ImportKind.LABELS, "source"): _SOURCES,
}

_PROVINCES = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
]
_PROVINCE = re.compile(r"^(?:中国|中华人民共和国)?\s*(" + "|".join(_PROVINCES) + ")")
_CURRENCY_WORDS = {
    "人民币": "CNY",
    "元": "CNY",
    "¥": "CNY",
    "RMB": "CNY",
    "美元": "USD",
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
}


def to_choice(raw: object, known: Mapping[str, str]) -> str | BadCell | None:
    """One of the known words, by its own name."""
    text = clean_text(raw)
    if not text:
        return None
    found = known.get(text) or known.get(text.lower())
    if found is None:
        cure = did_you_mean(text.lower(), known, otherwise="Name it in the map, under [values.FIELD].")
        return BadCell("a word that the shop does not know here", cure)
    return found


def to_age_band(raw: object) -> str | BadCell | None:
    """A band, or the band of an age in years."""
    text = clean_code(raw).removesuffix("岁")
    if not text or text in _BANDS:
        return text or None
    if not text.isdecimal() or int(text) >= 150:
        return BadCell("neither an age band nor an age in years", f"Bands: {', '.join(_BANDS)}.")
    return next(band.value for limit, band in _AGES if int(text) < limit)


def to_region(raw: object) -> str | BadCell | None:
    """A province, never finer: of a Chinese address the province alone is kept."""
    text = clean_text(raw)
    found = _PROVINCE.match(text)
    if found:
        return found.group(1)
    if len(text) > 80:
        return BadCell("an address where a province is meant", "Map the column to `address`.")
    return text or None


def province_in(address: str) -> str:
    """The Chinese province that an address starts with, else nothing."""
    found = _PROVINCE.match(address)
    return found.group(1) if found else ""


def to_currency(raw: object) -> str | BadCell | None:
    """An ISO 4217 code."""
    text = clean_code(raw).upper()
    if not text:
        return None
    code = _CURRENCY_WORDS.get(text, text)
    try:
        exponent(code)
    except UnknownCurrency as error:
        return BadCell("no currency of ISO 4217", error.hint)
    return code


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def to_language(raw: object) -> str | BadCell | None:
    """A BCP 47 tag."""
    text = clean_code(raw).replace("_", "-")
    if text and not _LANGUAGE.fullmatch(text):
        return BadCell("no language tag", "Write zh, zh-Hant or en.")
    return text or None
