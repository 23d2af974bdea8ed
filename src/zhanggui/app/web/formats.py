"""Figures, money and times as a reader of one language writes them. Times are shown in the shop's own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

from zhanggui.kernel.money import exponent, format_money

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EM DASH}"
_KILO = 1000
_DAY = {"zh": "M月d日", "en": "d MMM"}
_DAY_OF_YEAR = {"zh": "y年M月d日", "en": "d MMM y"}


@lru_cache(maxsize=4096)
def _day(language: str, at: date, *, has_year: bool) -> str:
    """A list says the same few days again and again, and babel reads its pattern anew for each."""
    pattern = _DAY_OF_YEAR if has_year else _DAY
    return str(dates.format_date(at, pattern[language], locale=_locale(language)))


@cache
def _locale(language: str) -> Locale:
    return Locale("zh", script="Hans") if language == "zh" else Locale("en")


@dataclass(frozen=True, slots=True)
class Formats:
    """How one reader sees figures.

    Args:
        language: `zh` or `en`.
        zone: the shop's time zone.
        currency: the shop's, for amounts that name none.
        now: the moment of the request, to decide whether a year must be said.
    """

    language: str
    zone: ZoneInfo
    currency: str
    now: datetime

    @property
    def locale(self) -> Locale:
        """Babel's."""
        return _locale(self.language)

    def money(self, minor: int | None, currency: str = "", *, is_signed: bool = False, is_whole: bool = False) -> str:
        """An amount in minor units: `¥1,234.50`, rounded to whole units with `is_whole`; a dash for None."""
        if minor is None:
            return NOTHING
        code = currency or self.currency
        # Inside one shop its own money needs no country: ¥ in English too.
        words = "zh" if code == self.currency == "CNY" else self.language
        unit = 10 ** exponent(code) if is_whole else 1
        rounded = round(minor / unit) * unit
        shown = format_money(abs(rounded), code, words)
        whole = shown.rpartition(".")[0] if unit > 1 else shown
        sign = MINUS if rounded < 0 else "+" if is_signed and rounded > 0 else ""
        return f"{sign}{whole}"

    def number(self, value: float | None, digits: int = 0) -> str:
        """A figure with its groups: `12,345`; a dash for None."""
        if value is None:
            return NOTHING
        return f"{abs(value):,.{digits}f}" if value >= 0 else f"{MINUS}{abs(value):,.{digits}f}"

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share of one as a percentage; a dash for None."""
        return NOTHING if share is None else f"{self.number(share * 100, digits)}%"

    def bytes(self, count: int) -> str:
        """The size of a file: `330 B`, `12.3 kB`, `4.0 MB`."""
        if count < _KILO:
            return f"{count} B"
        return f"{count / _KILO:.1f} kB" if count < _KILO**2 else f"{self.number(count / _KILO**2, 1)} MB"

    def compact(self, value: float) -> str:
        """A figure for an axis: 万 and 亿 in Chinese, k and M in English."""
        return str(numbers.format_compact_decimal(value, format_type="short", locale=self.locale, fraction_digits=1))

    def tongue(self, tag: str) -> str:
        """A language by its name in the reader's: `zh-Hans` is 中文 or Chinese; a tag nobody knows stays as it is."""
        name = self.locale.languages.get(tag.partition("-")[0].lower(), tag)
        return str(name)

    def local(self, moment: datetime) -> datetime:
        """The moment in the shop's zone."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(self.zone)

    def day(self, moment: datetime | date) -> str:
        """A day: `11月21日`, with its year when that is another."""
        at = self.local(moment).date() if isinstance(moment, datetime) else moment
        return _day(self.language, at, has_year=at.year != self.local(self.now).year)

    def weekday(self, moment: datetime | date) -> str:
        """`周六`, `Sat`."""
        at = self.local(moment).date() if isinstance(moment, datetime) else moment
        return str(dates.format_date(at, "EEE", locale=self.locale))

    def clock(self, moment: datetime) -> str:
        """`14:20`."""
        return f"{self.local(moment):%H:%M}"

    def time(self, moment: datetime | None) -> str:
        """A day and its time: `11月21日 14:20`; a dash for None."""
        return NOTHING if moment is None else f"{self.day(moment)} {self.clock(moment)}"

    def time_ms(self, at_ms: int | None) -> str:
        """`time` of epoch milliseconds."""
        return NOTHING if at_ms is None else self.time(datetime.fromtimestamp(at_ms / 1000, UTC))

    def iso(self, moment: datetime) -> str:
        """For the `datetime` of a `time` element."""
        return self.local(moment).isoformat(timespec="seconds")

    def ago(self, moment: datetime) -> str:
        """`3 分钟前`, `3 minutes ago`; what was just now is a second ago, and not "in 0 seconds"."""
        passed: timedelta = moment - self.now
        if abs(passed) < timedelta(seconds=1):
            passed = timedelta(seconds=-1)
        return str(dates.format_timedelta(passed, add_direction=True, locale=self.locale))
