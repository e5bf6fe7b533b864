"""Text from outside, made fit for a console, a log or one line of a message."""

import re

# Control characters, line and paragraph separators, marks that turn the direction
# of writing, and surrogates, which are no characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""The text on one line, what cannot be printed written as `\xNN` or `\uNNNN`.

    A byte of a file name that is no UTF-8 is written as that byte.
    """
    return _UNPRINTABLE.sub(_escaped, text)


def printable_json(line: str) -> str:
    """A line of JSON, with escapes for what cannot be printed."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", line)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    if 0xDC80 <= code <= 0xDCFF:  # how Python carries a byte that is no text
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"
