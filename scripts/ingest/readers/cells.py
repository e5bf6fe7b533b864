"""What numbers of a workbook are: dates, times, shares, codes, by their format."""

import re
from datetime import date, timedelta
from functools import lru_cache

PLAIN, DATE, TIME, DATETIME, ELAPSED, PERCENT = (
    "plain", "date", "time", "datetime", "elapsed", "percent",
)  # fmt: skip
EXACT = 15
"""Digits that a number of a workbook keeps."""
LATEST = 2_958_465  # 9999-12-31
LONGEST = 1e99
"""What is above it is the number of nothing."""
_BUILT_IN = {
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), TIME),
    22: DATETIME,
    46: ELAPSED,
}
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_ZEROS = re.compile(r"0{2,}")
_INTEGER = re.compile(r"-?\d{1,15}")
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}")


class Lost(str):
    """A number with more digits than a workbook keeps, as it is written."""

    __slots__ = ()

    @property
    def rounded(self) -> str:
        """It with the digits that were kept, in the form of numbers that lost some.

        >>> Lost("120256789012345678").rounded, Lost("6.4e12").rounded
        ('1.20256789012346E+17', '6.4E+12')
        """
        if abs(float(self)) < 10**11:  # as an invalid date
            return str(self)
        digits, exponent = f"{float(self):.{EXACT - 1}E}".split("E")
        return f"{digits.rstrip('0').rstrip('.')}E{exponent}"


def kind_of(number: int, code: str | None) -> str:
    """What a number format shows: a kind, or `00000` for as many digits."""
    if code is None:
        return _BUILT_IN.get(number, PLAIN)
    code = _NOT_FORMAT.sub("", code.split(";")[0]).strip().lower()
    if re.search(r"\[[hms]+\]", code):
        return ELAPSED
    if code.endswith("%"):
        return PERCENT
    if _ZEROS.fullmatch(code):
        return code
    if code == "general" or not re.search(r"[ymdhs]", code):
        return PLAIN
    has_day = bool(re.search(r"[yd]", code)) or "mmm" in code
    has_time = bool(re.search(r"[hs]", code))
    if has_day and has_time:
        return DATETIME
    return DATE if has_day or not has_time else TIME


def number_text(text: str, kind: str = PLAIN, is_1904: bool = False) -> str:
    """A number as text: digits as written up to 15 of them, dates in ISO form."""
    if kind == PLAIN:
        if _INTEGER.fullmatch(text):
            return text
        return _exact(text)
    if kind == PERCENT:
        return _percent(text)
    if kind[0] == "0":
        digits = _exact(text)
        return digits.zfill(len(kind)) if digits.isdigit() else digits
    return _time(text, kind, is_1904) or _exact(text)


def _exact(text: str) -> str:
    """A number without an exponent, and without what binary fractions add."""
    if _DECIMAL.fullmatch(text) and len(text.strip("-0.")) <= EXACT + 1:
        return text.rstrip("0").rstrip(".")
    try:
        value = float(text)
    except ValueError:
        return text
    whole = text.lstrip("-")
    if whole.isdigit() or value != value or abs(value) >= 1e300:
        return Lost(text)
    shown = format(value, f".{EXACT}g")
    if "e" not in shown:
        return shown
    if abs(value) >= 10**EXACT:
        return Lost(text)
    return format(value, ".20f").rstrip("0").rstrip(".")


def _percent(text: str) -> str:
    try:
        value = float(text) * 100
    except ValueError:
        return text
    shown = format(value, ".12g")
    return f"{shown}%" if "e" not in shown else text


def _time(text: str, kind: str, is_1904: bool) -> str | None:
    try:
        serial = float(text)
    except ValueError:
        return None
    if not 0 <= serial <= LATEST:
        return None
    days, thousandths = divmod(round(serial * 86_400_000), 86_400_000)
    if kind == ELAPSED:
        return _clock(days * 86_400_000 + thousandths)
    if days == 0 and kind == TIME:
        return _clock(thousandths)
    day = _day(days, is_1904)
    if day is None:
        return None
    if kind == DATE and not thousandths:
        return day
    return f"{day}T{_clock(thousandths)}"


def _clock(thousandths: int) -> str:
    seconds, rest = divmod(thousandths, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    shown = f"{hours:02d}:{minutes:02d}:{seconds:02d}"
    return f"{shown}.{rest:03d}" if rest else shown


@lru_cache(10_000)
def _day(serial: int, is_1904: bool) -> str | None:
    """The day of a serial number; 1900 had no 29th of February, but Excel has."""
    if is_1904:
        first = date(1904, 1, 1)
    elif serial in (0, 60):
        return None
    else:
        first = date(1899, 12, 31 if serial < 60 else 30)
    try:
        return (first + timedelta(days=serial)).isoformat()
    except OverflowError:
        return None
