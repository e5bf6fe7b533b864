"""Whether a file that does not end with a line end seems to end too early.

Many programs write no line end after the last record, so its absence says nothing
alone. It does if the last value is a part of what stands above it, or if the file is
as long as what programs write at once.
"""

import re
from collections import Counter
from collections.abc import Iterable

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
_MARKERS = {"", "-", "--", "n/a", "na", "null", "none", "nan", "\\n", "unknown", "?"}


def is_round(size: int) -> bool:
    """Whether so many bytes are whole blocks, as of a copy that broke off."""
    return size > 0 and size % BLOCK == 0


def is_fragment(value: str, above: Iterable[str]) -> bool:
    """Whether a value is a part of what a column holds, by the values above it."""
    value = value.strip()
    known = [text for text in map(str.strip, above) if text.lower() not in _MARKERS]
    if len(known) < FEW or value.lower() in _MARKERS or value in known:
        return False
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
