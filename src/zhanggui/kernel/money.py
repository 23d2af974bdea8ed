"""Money: integers of minor units plus an ISO 4217 currency. Rounded half-even, once; shared without losing a unit.

Exponents: ISO 4217:2015 list one (minor units "E"), as amended to 2025.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Self

from .errors import InvalidInput, did_you_mean

_CURRENCIES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS = "CLF UYW"

_EXPONENTS = (
    dict.fromkeys(_CURRENCIES.split(), 2)
    | dict.fromkeys(_NO_DECIMALS.split(), 0)
    | dict.fromkeys(_THREE_DECIMALS.split(), 3)
    | dict.fromkeys(_FOUR_DECIMALS.split(), 4)
)

_AMOUNT = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")
_EXACT = Context(prec=60)
LARGEST_MINOR = 2**53
"""Beyond this a JSON reader loses digits."""

# CLDR 46: what a reader of Chinese or English sees; other currencies show their code.
_SIGNS = {
    "zh": {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$", "KRW": "￦"},
    "en": {"CNY": "CN¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "TWD": "NT$", "KRW": "₩"},
}


class BadAmount(InvalidInput):
    """A text that is no exact decimal amount, or one too large to count."""

    code = "money.bad_amount"


class UnknownCurrency(InvalidInput):
    """No such currency in ISO 4217."""

    code = "money.unknown_currency"

    @classmethod
    def named(cls, seen: str) -> Self:
        """Name the nearest code."""
        hint = did_you_mean(seen.upper(), _EXPONENTS, otherwise="Write the three letters of ISO 4217, such as CNY.")
        return cls(f"{seen!r} is no currency of ISO 4217.", hint=hint)


def exponent(currency: str) -> int:
    """Digits after the point: 2 for CNY, 0 for JPY, 3 for KWD.

    Raises:
        UnknownCurrency: the code is not in the list.
    """
    if currency not in _EXPONENTS:
        raise UnknownCurrency.named(currency)
    return _EXPONENTS[currency]


def to_minor(amount: str | Decimal, currency: str) -> int:
    """Minor units of an exact decimal amount, rounded half-even once: `to_minor("0.125", "CNY")` is 12.

    Args:
        amount: digits with an optional sign and point (no thousands separators: their meaning differs by country).
        currency: ISO 4217.

    Raises:
        BadAmount: not a decimal, or beyond 2**53 minor units.
        UnknownCurrency: the code is not in the list.
    """
    text = format(amount, "f") if isinstance(amount, Decimal) else amount.strip()
    if _AMOUNT.fullmatch(text) is None:
        raise BadAmount(f"{text!r} is no amount.", hint="Write digits with a point, such as 12.50, and no currency.")
    scaled = _EXACT.scaleb(Decimal(text), exponent(currency))
    minor = int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_EVEN, context=_EXACT))
    if abs(minor) > LARGEST_MINOR:
        raise BadAmount(f"{text} {currency} is more than can be counted exactly.", hint="Check the column's unit.")
    return minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """The exact amount in major units: `to_decimal(1250, "CNY")` is `Decimal("12.50")`."""
    return _EXACT.scaleb(Decimal(minor), -exponent(currency))


def shares(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights so that the parts sum to it exactly (largest remainder, Hamilton's method).

    Args:
        total_minor: what is divided; a negative amount gives the mirror image of the positive one.
        weights: non-negative, not all zero. Of equal remainders the earlier gets the unit.

    Raises:
        ValueError: no weight is positive, or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(f"weights must be non-negative and not all zero, not {list(weights)[:10]}")
    if total_minor < 0:
        return [-part for part in shares(-total_minor, weights)]
    parts = [total_minor * weight // whole for weight in weights]
    left = total_minor - sum(parts)
    order = sorted(range(len(weights)), key=lambda n: -(total_minor * weights[n] % whole))
    for n in order[:left]:
        parts[n] += 1
    return parts


def format_money(minor: int, currency: str, language: str = "zh") -> str:
    """The amount as a reader expects it: `¥1,234.50` in Chinese, `CN¥1,234.50` in English."""
    digits = exponent(currency)
    signs = _SIGNS["zh" if language.split("-")[0] == "zh" else "en"]
    sign = signs.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    return f"{'-' if minor < 0 else ''}{sign}{abs(to_decimal(minor, currency)):,.{digits}f}"
