"""How files end: too early, or with lines below the table that are no records.

Many programs write no line end after the last record, so its absence says nothing
alone. It does if the last value is a part of what stands above it, or if the file is
as long as what programs write at once.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Generic, TypeVar

from .cells import Lost

BLOCK = 4096
PERHAPS = (
    "perhaps truncated: the last line does not end, and the {:,} bytes are a "
    f"multiple of {BLOCK:,}"
)
FEW = 3  # values that show what kind a column holds
MANY = 6  # values that show which words a column holds
_TIME = (
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?)"
)
_KINDS = tuple(
    (re.compile(whole), re.compile(part))
    for whole, part in (
        (r"\d{4}([./-])\d{1,2}\1\d{1,2}", r"[\d./-]+"),
        (rf"\d{{4}}([./-])\d{{1,2}}\1\d{{1,2}}{_TIME}", r"[\d./: T+ZAPMapm-]+"),
        (r"\d{1,2}([./-])\d{1,2}\1\d{4}", r"[\d./-]+"),
        (rf"\d{{1,2}}([./-])\d{{1,2}}\1\d{{4}}{_TIME}", r"[\d./: T+ZAPMapm-]+"),
        (r"[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}", r"[\da-fA-F-]+"),
        (r"[^@\s]+@[^@\s]+\.[^\W\d_]{2,}", r"\S+"),
        (r"https?://[^\s/.]+\.\S+", r"\S+"),
        (r"\D{0,4}\d[\d.,' ]*\.\d\d", r"\D{0,4}[\d.,' ]*"),
        (r"\D{0,4}\d[\d.,' ]*,\d\d", r"\D{0,4}[\d.,' ]*"),
        (r".*\)", r".*"),
        (r".*\}", r".*"),
        (r".*\]", r".*"),
        (r".*%", r"[\d., ]+"),
    )
)
_DATE = r"\d{4}([./-])\d{1,2}\1\d{1,2}"
_BROKEN = tuple(
    (re.compile(whole), re.compile(part))
    for whole, part in (
        (_DATE, r"\d{4}[./-](?:\d{1,2}(?:[./-]0?)?)?"),
        (r"\d{1,2}([./-])\d{1,2}\1\d{4}", r"\d{1,2}[./-](?:\d{1,2}(?:[./-]\d{0,3})?)?"),
        (rf"{_DATE}{_TIME}", r"\d{4}[./-][\d./-]{0,5}|[\d./-]{8,10}[T ][\d:]*:?"),
        (
            r"[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}",
            r"[\da-fA-F]{8}-[\da-f-]*",
        ),
        (r"[^@\s]+@[^@\s]+\.[^\W\d_]{2,}", r"[^@\s]+@(?:[^@\s.]*\.?|[^@\s]+\.)"),
        (r"https?://[^\s/.]+\.\S+", r"https?:/{0,2}(?:www\.?)?"),
    )
)
"""Kinds of which a part cannot be whole, so that one value above it is enough."""
_ENDLESS = re.compile(
    r"\d{4}-(?:\d\d?-)?|\d{4}-\d\d-\d\d[T ](?:\d\d:){0,2}|[^@\s]+@(?:[^@\s]+\.)?"
    r"|https?:/{0,2}"
)
"""What no whole value looks like, whatever is above it."""
_MARKERS = {"", "-", "--", "n/a", "na", "null", "none", "nan", "\\n", "unknown", "?"}


def is_round(size: int) -> bool:
    """Whether so many bytes are whole blocks, as of a copy that broke off."""
    return size > 0 and size % BLOCK == 0


def is_fragment(value: str, above: Iterable[str]) -> bool:
    """Whether a value is a part of what a column holds, by the values above it."""
    value = value.strip()
    known = [text for text in map(str.strip, above) if text.lower() not in _MARKERS]
    if value.lower() in _MARKERS or value in known:
        return False
    if len(known) < FEW:
        kinds = (part for whole, part in _BROKEN if all(map(whole.fullmatch, known)))
        part = next(kinds, None) if known else None
        return bool((part or _ENDLESS).fullmatch(value))
    if _is_short(value, known):
        return True
    for whole, part in _KINDS:
        if all(map(whole.fullmatch, known)):
            return not whole.fullmatch(value) and bool(part.fullmatch(value))
    return _is_broken_word(value, known)


def _is_short(value: str, known: list[str]) -> bool:
    """Whether all others have one length and shape, of which it has the beginning."""
    (longest,) = {len(text) for text in known} if _is_even(known) else (0,)
    if len(value) >= longest:
        return False
    shapes = {_shape(text) for text in known}
    if len(shapes) > 1:  # a hash, digits and letters as they come
        return longest >= 16 and all(map(str.isalnum, [*known, value]))
    (shape,) = shapes
    is_fixed = "0" in shape and (longest >= 8 or not shape.isalnum())
    return is_fixed and shape.startswith(_shape(value))


def _is_even(known: list[str]) -> bool:
    return len(set(map(len, known))) == 1


def _is_broken_word(value: str, known: list[str]) -> bool:
    """Whether the others are few words, and it is the beginning of one of them."""
    counts = Counter(known)
    if len(known) < MANY or 2 * len(counts) > len(known):
        return False
    return any(
        count > 1 and word.startswith(value) and word[len(value)].isalnum()
        for word, count in counts.items()
        if len(word) > len(value) and value[-1].isalnum()
    )


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", text))


# -- lines below and between records ------------------------------------------------

MOST_HELD = 1_000
SHOWN = 50
"""Records that show what a column holds."""
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_NUMERIC = re.compile(r"[^\w]*\w{0,3}[^\w]*\d[\d\W]*(?:[TZ]?[\d:.]*)\W*\w{0,3}\W*")
_LONGEST_NUMBER = 60
_LOST = re.compile(r"[-+]?\d(?:[.,]\d+)?[eE]\+?\d\d?")

Item = TypeVar("Item")


def _is_numeric(text: str) -> bool:
    """Whether a text is a number, perhaps with a sign or unit, or a date."""
    return len(text) <= _LONGEST_NUMBER and bool(_NUMERIC.fullmatch(text))


def lost_digits(value: str | None, title: str) -> str | None:
    """Why a value cannot be a key: a spreadsheet has taken digits from it."""
    if not value:
        return None
    if isinstance(value, Lost) or ("+" in value and _LOST.fullmatch(value.strip())):
        return f"{title} {value.strip()} has lost digits: export it again as text"
    return None


class Tail(Generic[Item]):
    """Rows of one text alone, held back until it shows what they are.

    Below the last record they are a footer, above another one a heading of a group,
    unless they have a key as records have it.

    `Totals.kind` finds footers and headings by their words first. Both are needed:
    words show what a row is wherever it is, also in a table without identifiers and
    in the last column of a line; without known words only the place shows it.
    """

    def __init__(self, width: int, keys: Collection[int] | None) -> None:
        self._width = width
        self._keys = keys or ()
        self._held: list[tuple[Item, str]] = []
        self._seen = 0
        self._have_blanks = self._have_none = False  # of the keys of records
        self._numeric: dict[int, bool] = {}

    @property
    def is_learning(self) -> bool:
        """Whether more records would show what columns hold."""
        return self._seen < SHOWN

    def is_odd(self, cells: Sequence[str | None]) -> bool:
        """Whether a row is one text, and may be no record."""
        if self._width < 3 or not self._keys or len(self._held) >= MOST_HELD:
            return False
        found = -1
        for at, cell in enumerate(cells):
            if cell and cell.strip():
                if found >= 0:  # a second one, as records have
                    return False
                found = at
        if found < 0:
            return False
        text = (cells[found] or "").strip()
        if found not in self._keys:
            return bool(_LETTER.search(text))
        return not self._is_key(text) or (not self._seen and not _DIGIT.search(text))

    def hold(self, cells: Sequence[str | None], item: Item) -> None:
        """Keep an odd row back."""
        key = "".join(cells[n] or "" for n in self._keys if n < len(cells))
        self._held.append((item, key.strip()))

    @property
    def is_holding(self) -> bool:
        """Whether rows wait."""
        return bool(self._held)

    def released(self) -> list[tuple[Item, bool]]:
        """The rows held back, now that it shows; and whether each is a record."""
        held, self._held = self._held, []
        return [(item, bool(key) and self._is_key(key)) for item, key in held]

    def _is_key(self, text: str) -> bool:
        """Whether it could be a key, by those of the records seen."""
        if not self._seen:
            return True
        has_blank = " " in text and not self._have_blanks and self._seen > 1
        lacks_digit = not self._have_none and not _DIGIT.search(text)
        return not (has_blank or lacks_digit)

    def learn(self, cells: Sequence[str | None]) -> None:
        """Note what a record has in its columns."""
        if self._seen >= SHOWN:
            return
        self._seen += 1
        for n in self._keys:
            key = (cells[n] or "").strip()
            self._have_blanks |= " " in key
            self._have_none |= bool(key) and not _DIGIT.search(key)
        for n, cell in enumerate(cells):
            if cell and cell.strip():
                is_number = _is_numeric(cell.strip())
                self._numeric[n] = is_number and self._numeric.get(n, True)

    def fits(self, cells: Sequence[str | None]) -> bool:
        """Whether a row has numbers where records have them."""
        filled = {n: cell.strip() for n, cell in enumerate(cells) if cell}
        numeric = [n for n in filled if self._numeric.get(n)]
        if numeric:
            return any(_is_numeric(filled[n]) for n in numeric)
        return not any(self._numeric.values())
