"""Amounts of money, read as the models read them.

What a value is worth say `plain_number` and `parse_minor` of packages/cleaning; how
a file writes decimals, `written_rows` and, for the sources `BY_FILE`,
`staged_records`. A test holds the signs and the values against these.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

from .sources import PROJECT, Table

Mark = Literal[".", ","]
BY_FILE = ("commerce", "marketing")
"""Sources whose models decide on the decimal mark once per file, not per column."""
DIGITS = 16
"""Digits that an amount in the minor unit of its currency can have."""
_SEVERAL = {
    "$": "usd cad aud nzd hkd sgd twd mxn clp cop ars",
    "¥": "jpy cny",
    "￥": "jpy cny",
    "kr": "sek nok dkk isk",
    "rs": "inr pkr lkr",
}
_ONE = {
    "eur": "€ euro euros €eur",
    "gbp": "£ £gbp",
    "cny": "元",
    "jpy": "円",
    "inr": "₹",
    "rub": "₽",
    "krw": "₩",
    "try": "₺",
    "uah": "₴",
    "ils": "₪",
    "vnd": "₫",
    "thb": "฿",
    "php": "₱",
    "ngn": "₦",
    "crc": "₡",
    "usd": "us$ $usd us",
    "aud": "a$ au$ $aud",
    "cad": "c$ ca$ $cad",
    "nzd": "nz$",
    "hkd": "hk$",
    "sgd": "s$",
    "brl": "r$",
    "mxn": "mx$",
    "sek": "skr",
    "dkk": "dkr",
    "nok": "nkr",
    "chf": "fr sfr",
    "pln": "zł",
    "czk": "kč",
    "huf": "ft",
    "ron": "lei",
    "bgn": "лв",
}
_CODES = (
    "usd eur gbp cad aud nzd chf jpy cny rmb inr sek nok dkk isk pln czk huf ron bgn "
    "brl mxn ars clp cop pen zar sgd hkd twd krw try ils rub uah thb vnd php idr myr "
    "aed sar qar kwd bhd egp mad ngn kes pkr lkr bdt btc"
)
SIGNS: dict[str, list[str]] = (
    {sign: codes.split() for sign, codes in _SEVERAL.items()}
    | {sign: [code] for code, signs in _ONE.items() for sign in signs.split()}
    | {code: [code] for code in _CODES.split()}
)
"""Signs and codes beside an amount, and the currencies that each can mean."""
_MORE = {
    "aed": "د.إ", "afn": "؋", "azn": "₼", "bhd": "د.ب", "dzd": "د.ج", "egp": "ج.م",
    "iqd": "د.ع ع.د", "jod": "د.ا د.أ", "kwd": "د.ك", "lbp": "ل.ل", "lyd": "د.ل ل.د",
    "mad": "د.م", "omr": "ر.ع", "qar": "ر.ق", "sar": "ر.س", "sdg": "ج.س",
    "syp": "ل.س", "tnd": "د.ت", "khr": "៛", "lak": "₭", "lkr": "රු", "kgs": "сом",
    "mkd": "ден", "mnt": "₮", "rsd": "рсд", "dop": "rd$", "nad": "n$", "top": "t$",
    "pen": "s/", "pab": "b/", "kes": "ksh", "zar": "r", "zmw": "zk", "mwk": "mk",
    "bam": "km", "aoa": "kz", "vuv": "vt", "bdt": "৳", "kzt": "₸", "ghs": "₵",
    "gel": "₾", "pyg": "₲", "twd": "nt$", "idr": "rp", "myr": "rm",
}  # fmt: skip
SHOWN: dict[str, list[str]] = (
    {sign: [code] for code, signs in _MORE.items() for sign in signs.split()}
    | {"us dollar": ["usd"], "₨": ["pkr", "inr", "lkr", "npr", "mur", "scr"]}
    | SIGNS
)
"""What shows the currency of a record, as `currency_of` knows it."""
AROUND = "0123456789.,:()+- \u00a0\u202f\u2009\u2019\u2212\u2013\u2014*\u200e\u200f"
"""What can stand around it."""

_BESIDE = re.escape("".join(sorted(set("".join(SIGNS)) | set(" ()+-"))))
_BESIDE = f"[a-z{_BESIDE}]*"
_PIECES = re.compile(
    rf"({_BESIDE})([.,]?[0-9](?:[0-9., ']*[0-9.,])?)"
    rf"(?:e([+-]?[0-9]{{1,3}}))?({_BESIDE})"
)
_WHOLE = re.compile(
    r"[0-9]*|[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+|(?: [0-9]{3})+"
    r"|(?:'[0-9]{3})+)|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
)
_NO_CENTS = re.compile(r"(?<=[0-9])([.,:])[-\u2013\u2014]{1,2}(?=[^-\u2013\u2014\d]*$)")
_ABBREVIATED = re.compile(r"(rs|kr|fr)\.")
_CHARACTERS = str.maketrans(
    {"\u2019": "'", "\u2212": "-", "\u200b": None, "\ufeff": None}
)
_PROTECTED = re.compile(r"=\"(.*)\"|\"([^\"]*)\"|'([-+0-9][^']*)'?|=([-+0-9 ().]+)")
_MISSING = re.compile(r"[-–—_]+|[?.]{1,3}|\*|#?n/a|n\.a\.?|na|null|none|nil|nan|\\n")
_AMBIGUOUS = re.compile(r"[^0-9]*[1-9][0-9]{0,2}[.,][0-9]{3}[^0-9.,:]*(?:[A-Za-z]\.)?")
_USUAL = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,2})?")
_INTEGER = re.compile(r"-?[0-9]{1,13}")
_MARKED = re.compile(
    r"([€$£]?) ?(-?)(?:"
    r"([1-9][0-9]{0,2}(?:(?:,[0-9]{3}){1,3}\.[0-9]{1,2}|(?:,[0-9]{3}){2,3})"
    r"|[0-9]{1,12}\.[0-9]{1,2})"
    r"|([1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){1,3},[0-9]{1,2}|(?:\.[0-9]{3}){2,3})"
    r"|[0-9]{1,12},[0-9]{1,2})"
    r"|([1-9][0-9]{0,2})([.,])([0-9]{3})"
    r") ?([€$£]?)"
)
"""The usual amounts with marks: of a point, of a comma, and of either."""
_BESIDE_NUMBER = "".join(SIGNS) + " ()+-\u00a0\u202f\u2009\u2212"
"""The characters that can be beside the digits of an amount, but its marks."""


def amount(text: str, mark: str = ".") -> Decimal | None:
    """An amount as people write it, None if it is none."""
    return signed_amount(text, mark)[0]


def signed_amount(text: str, mark: str = ".") -> tuple[Decimal | None, str]:
    """An amount, None if it is none, and the sign or code beside it, in lower case."""
    text = _ABBREVIATED.sub(r"\1", _tidy(text))
    if (no_cents := _NO_CENTS.search(text)) is not None:
        point = no_cents[1]
        if point == ":":
            point = "," if "." in text else "."
        text = f"{text[: no_cents.start()]}{point}00{text[no_cents.end() :]}"
    found = _PIECES.fullmatch(text) if len(text) <= 63 else None
    if found is None:
        return None, ""
    before, number, exponent, behind = found.groups()
    beside = f"{before}{behind}".replace(" ", "")
    word = beside.translate({ord(each): None for each in "()+-"}) if beside else ""
    if word and (
        word not in SIGNS or (number[0] == "." and re.search("[a-z]", before))
    ):
        return None, ""
    marks = len(beside) - len(word)
    is_negative = False
    if marks == 1 and ("-" in beside or "+" in before):
        is_negative = "-" in beside
    elif marks == 2 and "(" in before and ")" in behind:
        is_negative = True
    elif marks:
        return None, ""
    decimal = _decimal_mark_of(number, mark)
    if decimal is None:
        return None, ""
    whole, _, part = number.partition(decimal) if decimal else (number, "", "")
    power = int(exponent or 0)
    if (
        not _WHOLE.fullmatch(whole)
        or not (whole or part)
        or (part and not part.isdecimal())
        or abs(power) > 30
    ):
        return None, ""
    digits = re.sub("[., ']", "", whole)
    value = Decimal(f"{digits or 0}.{part or 0}e{power}")
    return (-value if is_negative else value), word


def _tidy(text: str) -> str:
    """A text on one line, in lower case, without what protects it in a spreadsheet."""
    text = " ".join(text.translate(_CHARACTERS).split()).lower()
    if text[:1] in ("=", '"', "'") and (found := _PROTECTED.fullmatch(text)):
        return next(each for each in found.groups() if each is not None).strip()
    return text


def _decimal_mark_of(number: str, usual: str) -> str | None:
    """The decimal mark in a number, empty if it has none, None if it is no number."""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        last = "." if number.rfind(".") > number.rfind(",") else ","
        return last if number.count(last) == 1 else None
    if points + commas != 1:
        return ""
    mark = "." if points else ","
    if mark != (usual or ".") and re.fullmatch(r"[^ ']*[.,][0-9]{3}", number):
        return ""
    return mark


@cache
def _decimals() -> dict[str, int]:
    """Decimals by the code of a currency."""
    seeds = PROJECT / (os.environ.get("WAREHOUSE_SEEDS") or "seeds")
    path = seeds / "reference" / "currencies.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: int(row["decimals"]) for row in csv.DictReader(lines)}


def written(value: Decimal, currency: str) -> str:
    """An amount for people, with the decimals of its currency, but two at least."""
    return f"{value:,.{max(2, _decimals().get(currency, 2))}f} {currency}".rstrip()


def code_of(given: str, usual: str = "") -> str:
    """The code of a currency that a sign or code means, as it is if it is neither.

    `usual`: the currency that a sign of several means, if it is one of them.
    """
    codes = SIGNS.get(given.strip().lower())
    if codes is None or len(codes) == 1:
        return (codes[0] if codes else given.strip()).upper()
    if usual.lower() in codes:
        return usual
    return codes[0].upper() if given.strip() in ("$", "¥", "￥") else ""


def currency_shown(text: str, usual: str = "") -> str | None:
    """The currency of a record by a code, a sign or an amount beside one.

    Empty if its text is no known currency, None if it is an amount alone.
    """
    bare = text.strip(AROUND)
    if not bare:
        return None
    if re.fullmatch(r"[A-Za-z]{3}", text):
        code = text.upper()
    else:
        codes = SHOWN.get(text.lower().strip(AROUND + "'"), [])
        several = len(codes) > 1
        if several and usual.lower() in codes:
            return usual
        is_clear = codes and (not several or bare in ("$", "¥", "￥"))
        code = codes[0].upper() if is_clear else ""
    return code if code in _decimals() else ""


def shown(text: str) -> set[str]:
    """The marks that a value shows to be the decimal mark of its column."""
    found: set[str] = set()
    bare = _ABBREVIATED.sub("", text.lower()).strip(_BESIDE_NUMBER)
    for mark, other in ((",", "."), (".", ",")):
        at, of_other = bare.rfind(mark), bare.find(other)
        if (
            (at >= 0 and len(bare) - at in (2, 3))
            or bare.startswith(f"0{mark}")
            or (at >= 0 and len(bare.partition(mark)[0]) > 3)
            or 0 <= of_other < at
            or bare.count(other) > 1
        ):
            found.add(mark)
    return found if found and _is_number(text) else set()


def shown_by_file(text: str) -> set[str]:
    """The same, for the sources that decide once per file."""
    found = {mark for mark, as_is in _SHOWN_BY_FILE.items() if as_is.search(text)}
    return found if found and _is_number(text) else set()


def _is_number(text: str) -> bool:
    """Whether it is a number in one of the notations: `Nr.5` and `2.5k` are none."""
    return any(amount(text, mark) is not None for mark in ".,")


_SHOWN_BY_FILE = {
    mark: re.compile(
        rf"[0-9][{mark}][0-9]{{1,2}}([^0-9.,].*)?$|^0[{mark}][0-9]"
        rf"|[0-9]{{4}}[{mark}][0-9]|[0-9][{other}][0-9]{{3}}[.,][0-9]"
    )
    for mark, other in ((",", "."), (".", ","))
}


@dataclass
class Decided:
    """The sums of a column once its whole file was seen."""

    totals: dict[str, Decimal]
    """Currency → total."""
    unread: int
    """Values that are not understood."""
    undecided: int
    """Amounts that could have thousands or decimals."""
    example: str
    """The first of these."""


class Sums:
    """The amounts of a column by currency, added up for each way to read them.

    They can be read with a decimal point, with a decimal comma and, where nothing
    decides, with what is the same in both. Which of them counts shows the whole file.
    """

    def __init__(self, table: Table, currency: str, has_signs: bool) -> None:
        said = dict(table.notation).get("decimal_mark")
        self._said = str(said or "")
        self._is_by_file = table.source in BY_FILE
        self._is_system = table.system is not None
        self._declared = table.decimal_mark
        self._currency, self._has_signs = currency, has_signs
        self._has_comma = "," in (self._said, self._declared)
        self._sums: dict[str, list[Decimal | None]] = {}
        self._unread = [0, 0, 0]
        self._undecided = 0
        self._example = ""
        self.shown: set[str] = set()

    def add(self, given: str, texts: Iterable[str]) -> None:
        """Add amounts with this text in the column of their currency."""
        code = code_of(given) if given.strip() else ""
        usual = code or self._currency
        # unless a comma is declared, a value with decimals is the same in each way
        is_cents = _decimals().get(usual, 2) == 2 and not self._has_comma
        fits = (_USUAL if is_cents else _INTEGER).fullmatch
        plain: list[str] = []
        others: list[str] = []
        for text in texts:
            (plain if fits(text) else others).append(text)
        if plain:
            self._add_plain(usual, plain)
            if "." not in self.shown and any("." in text for text in plain):
                self.shown.add(".")
        if is_cents and others:
            others = self._add_marked(code, others)
        for text in others:
            self._add(text, code)

    def _add_plain(self, currency: str, texts: Iterable[str]) -> None:
        total = sum(map(Decimal, texts), Decimal(0))
        for way in range(3):
            self._note(currency, way, total)

    def _add_marked(self, code: str, texts: Iterable[str]) -> list[str]:
        """Add usual amounts with marks, quicker than one by one, and give the rest."""
        added: dict[str, list[str]] = {}
        either: dict[tuple[str, int], list[str]] = {}
        rest: list[str] = []
        for text in texts:
            found = _MARKED.fullmatch(text)
            if found is None:
                rest.append(text)
                continue
            before, minus, pointed, comma, whole, mark, part, behind = found.groups()
            if before and behind:
                rest.append(text)
                continue
            sign = before or behind
            currency = code or self._by_sign(sign)
            if pointed:
                self.shown.add(".")
                number = pointed.replace(",", "")
            elif comma:
                self.shown.add(",")
                number = comma.replace(".", "").replace(",", ".")
            elif part[2] != "0":  # to be rounded
                rest.append(text)
                continue
            else:
                decimals, thousands = (0, 1) if mark == "." else (1, 0)
                cents = f"{minus}{whole}.{part}"
                either.setdefault((currency, decimals), []).append(cents)
                cents = f"{minus}{whole}{part}"
                either.setdefault((currency, thousands), []).append(cents)
                self._undecided += 1
                self._example = self._example or text.strip()
                continue
            added.setdefault(currency, []).append(minus + number)
        for currency, numbers in added.items():
            self._add_plain(currency, numbers)
        for (currency, way), numbers in either.items():
            self._note(currency, way, sum(map(Decimal, numbers), Decimal(0)))
        return rest

    def _add(self, text: str, code: str) -> None:
        if "," in text or "." in text:
            self.see(text)
        ways = [self._read(text, "."), self._read(text, ",")]
        ways.append(ways[0])
        if ways[0] == ways[1] == (None, "") and _MISSING.fullmatch(_tidy(text)):
            return
        is_undecided = bool(_AMBIGUOUS.fullmatch(text))
        for way, (value, word) in enumerate(ways):
            currency = code or self._by_sign(word)
            decimals = _decimals().get(currency, 2)
            if value is None or abs(value) >= Decimal(10) ** (DIGITS - decimals):
                self._unread[way] += 1
            elif way == 2 and is_undecided:
                self._undecided += 1
                self._example = self._example or text.strip()
            else:
                step = Decimal(1).scaleb(-decimals)
                self._note(currency, way, value.quantize(step, ROUND_HALF_UP))

    def see(self, text: str) -> None:
        """Take note of the decimal mark that a value shows, and add nothing."""
        self.shown |= shown_by_file(text) if self._is_by_file else shown(text)

    def _by_sign(self, sign: str) -> str:
        """The currency of an amount where no column says it."""
        if sign and self._has_signs:
            return code_of(sign, self._currency)
        return self._currency

    def _note(self, currency: str, way: int, value: Decimal) -> None:
        known = self._sums.setdefault(currency, [None, None, None])
        known[way] = (known[way] or Decimal(0)) + value

    def _read(self, text: str, mark: str) -> tuple[Decimal | None, str]:
        """Read a value of a column whose decimal mark was decided on."""
        if self._is_by_file:
            text = text.strip().lstrip("'")
            if text[:1] in ("=", '"'):  # these models take nothing else off
                return None, ""
            return signed_amount(_pointed(text) if mark == "," else text)
        declared = self._declared
        if mark != declared:
            text = text.replace(declared, "").replace(mark, declared)
        return signed_amount(text, declared)

    def decided(self, columns: Sequence[Sums]) -> Decided:
        """The sums, once all rows were seen, in a file with these columns of money."""
        found = self.shown
        if self._is_by_file:
            found = set().union(*(column.shown for column in columns))
            mark = self._said or (min(found) if len(found) == 1 else "")
        elif self._said or len(found) == 1:
            mark = self._said or min(found)
        else:
            mark = "" if self._is_system else self._declared
        way = {".": 0, ",": 1}.get(mark, 2)
        return Decided(
            {
                c: known
                for c, sums in self._sums.items()
                if (known := sums[way]) is not None
            },
            self._unread[way],
            0 if mark else self._undecided,
            self._example,
        )


def _pointed(text: str) -> str:
    """A value with a decimal comma as one with a point."""
    if text.count(",") == 1 and "." not in text:
        return text.replace(",", ".")
    if text.count(".") == 1 and "," not in text and _ends_in_three(text):
        return text.replace(".", "")
    return text


def _ends_in_three(text: str) -> bool:
    return bool(re.search(r"\.[0-9]{3}[^0-9.,:]*$", text))
