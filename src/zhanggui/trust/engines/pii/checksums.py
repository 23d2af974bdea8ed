"""Check digits: of a resident's identity number (GB 11643-1999) and of a payment card (ISO/IEC 7812-1, Luhn)."""

from __future__ import annotations

from operator import mul

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_REGIONS = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DOUBLED = str.maketrans("0123456789", "0246813579")
_FOREIGN_PERMANENT = "9"
_YEARS = range(1880, 2100)
_MASTERCARD_2 = range(2221, 2721)
_JCB = range(3528, 3590)
_UNIONPAY_LIKE = ("62", "81", "601", "603", "604", "690755", "685800", "9558", "9559")
_OTHER_16 = ("51", "52", "53", "54", "55", "65", "644", "645", "646", "647", "648", "649")
_MAESTRO = ("5018", "5020", "5038", "56", "57", "58", "6304", "67")
_LONG = _UNIONPAY_LIKE + _MAESTRO
_SIXTEEN = ("4", *_OTHER_16)
_DINERS = ("300", "301", "302", "303", "304", "305", "36", "38", "39")


def is_id18(digits: str) -> bool:
    """Whether 17 digits and a digit or X are an identity number: region, a day that exists, check digit."""
    if digits[:2] not in _REGIONS and digits[0] != _FOREIGN_PERMANENT:
        return False
    if int(digits[6:10]) not in _YEARS or not _is_day(digits[10:12], digits[12:14]):
        return False
    return _CHECKS[sum(map(mul, map(int, digits[:17]), _WEIGHTS)) % 11] == digits[17].upper()


def is_id15(digits: str) -> bool:
    """Whether 15 digits may be an identity number of the first generation, which has no check digit."""
    return digits[:2] in _REGIONS and digits[2:4] != "00" and _is_day(digits[8:10], digits[10:12])


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits begin as an issuer's do, have that issuer's length and pass Luhn."""
    return _has_issuer(digits, len(digits)) and luhn(digits)


def luhn(digits: str) -> bool:
    """Whether the last digit is right by ISO/IEC 7812-1."""
    return sum(map(int, digits[::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def _has_issuer(digits: str, length: int) -> bool:
    if 16 <= length <= 19 and digits.startswith(_LONG):
        return True
    if length == 16:
        first = int(digits[:4])
        return digits.startswith(_SIXTEEN) or first in _MASTERCARD_2 or first in _JCB
    if length == 15:
        return digits.startswith(("34", "37"))
    if length == 14:
        return digits.startswith(_DINERS)
    return length in (13, 19) and digits[0] == "4"


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= _MONTH_DAYS[int(month) - 1]
