"""Text out of bytes: byte order marks, encodings, bytes that are no text.

A byte that cannot be decoded becomes one lone surrogate, as does a NUL. So
the parsers see ordinary characters, the record around them keeps its shape,
and no such record can slip into the database unnoticed.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from ..files import Content

CHUNK = 1 << 15  # small enough to stay in the processor's cache
NUL = "\udd00"
CTRL_Z = "\x1a"
END = (NUL, CTRL_Z)
PADDED = "truncated: the file ends with {:,} NUL bytes"
CUT_CHARACTER = "truncated: the file ends within a character"
ONLY_NULS = "nothing but NUL bytes"
_BAD_BYTE = 0xDC00

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16, so it goes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def _keep_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(_BAD_BYTE + byte) for byte in bad), error.end


KEEP = "ingest.keep"
codecs.register_error(KEEP, _keep_bad_bytes)

ENOUGH = 100
"""Characters beyond ASCII after which a text is UTF-8 whatever follows."""
_NOT_WESTERN = {0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xFF}
"""Bytes that are nothing in cp1252, or the rarest of letters."""
_HIGH = re.compile("[^\x00-\x7f]")


def encoding_of(parts: Iterable[bytes]) -> str:
    """What bytes without a byte order mark are written in, by all of them.

    UTF-16 has zeros at every other place. Bytes that are no UTF-8 are cp1252, but
    damage where characters of UTF-8 are beside them, or where cp1252 has no letter.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(KEEP)
    good, bad = 0, 0
    is_begun = is_western = False
    for part in parts:
        if not is_begun and (found := _utf_16(part[:4096])):
            return found
        is_begun = True
        if part.isascii() and not decoder.getstate()[0]:
            continue
        high = _HIGH.findall(decoder.decode(part))
        wrong = [ord(c) - _BAD_BYTE for c in high if _is_bad_byte(c)]
        good, bad = good + len(high) - len(wrong), bad + len(wrong)
        is_western = bad > 10 * good and _NOT_WESTERN.isdisjoint(wrong)
        if (bad and not _NOT_WESTERN.isdisjoint(wrong)) or good > max(ENOUGH, bad):
            return "utf-8"
    return "cp1252" if is_western else "utf-8"


def _utf_16(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, by where the zeros are."""
    pairs = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    least = max(2, pairs // 5)
    if second >= least and first * 100 <= pairs:
        return "utf-16-le"
    if first >= least and second * 100 <= pairs:
        return "utf-16-be"
    return None


class Text:
    """The text of a byte stream, in chunks which never split a CRLF.

    A Ctrl-Z at its end, by which DOS marked it, is left out, and so are NULs;
    `padding` counts those, unless they follow a Ctrl-Z.
    """

    padding = 0
    is_marked = False
    """Whether a Ctrl-Z says that this is the end."""
    is_cut = False
    """Whether the last character lacks bytes."""
    size: int
    """Bytes read so far."""

    def __init__(
        self, content: Content, encoding: str, may_be_western: bool = False
    ) -> None:
        """Without a mark the text is in `encoding`; if that is UTF-8 its bytes decide.

        JSON is never in cp1252, so `may_be_western` is for other texts.
        """
        head = content.stream.read(4)
        self.size = len(head)
        self.encoding = encoding
        for mark, name in MARKS:
            if head.startswith(mark):
                self.encoding, head = name, head[len(mark) :]
                break
        else:
            if encoding == "utf-8":
                self.encoding = _guessed(content, head, may_be_western)
        self.is_guessed = self.encoding == "cp1252" != encoding
        self._head = head
        self._stream = content.stream

    def chunks(self) -> Iterator[str]:
        """Chunks of text, none empty; NUL and bad bytes as lone surrogates."""
        marks, nuls = "", 0  # left out if nothing else follows
        for text in self._decoded():
            if marks or nuls:
                if not text.strip(NUL):
                    nuls += len(text)
                    continue
                for start in range(0, nuls, CHUNK):
                    yield marks + NUL * min(CHUNK, nuls - start)
                    marks = ""
                text, marks, nuls = marks + text, "", 0
            if text[-1] in END:
                bare = text.rstrip(NUL)
                nuls = len(text) - len(bare)
                text = bare.rstrip(CTRL_Z)
                marks = bare[len(text) :]
            if text:
                yield text
        self.is_marked = bool(marks)
        self.padding = 0 if marks else nuls

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding)(KEEP)
        data, held = self._stream.read(CHUNK), ""
        self.size += len(data)
        data = self._head + data
        while data:
            text = held + decoder.decode(data)
            held = text[-1:] if text.endswith("\r") else ""
            text = text[:-1] if held else text
            if text:
                yield text.replace("\0", NUL) if "\0" in text else text
            data = self._stream.read(CHUNK)
            self.size += len(data)
        self.is_cut = bool(decoder.getstate()[0])
        text = held + decoder.decode(b"", True)
        if text:
            yield text.replace("\0", NUL)


def _guessed(content: Content, head: bytes, may_be_western: bool) -> str:
    """The encoding by all bytes of a content, without losing the place in it."""
    if not may_be_western:
        return encoding_of([head])
    if content.again:
        with content.again() as other:
            return encoding_of(iter(partial(other.stream.read, CHUNK), b""))
    if not content.stream.seekable():
        return "utf-8"
    place = content.stream.tell()
    rest = iter(partial(content.stream.read, CHUNK), b"")
    found = encoding_of(chain([head + content.stream.read(CHUNK)], rest))
    content.stream.seek(place)
    return found


def is_clean(text: str) -> bool:
    """Whether the text can be stored as it is."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def problem(text: str, encoding: str) -> str | None:
    """Why the text cannot be stored, or None if it can.

    Names the setting that may be the cure.
    """
    if is_clean(text) and "\0" not in text:
        return None
    if NUL in text or "\0" in text:
        return "NUL character"
    bad = next(c for c in text if "\ud800" <= c <= "\udfff")
    if _is_bad_byte(bad):
        reason = f"invalid {encoding} (byte 0x{ord(bad) - _BAD_BYTE:02x})"
        hint = "; is it written in `encoding: cp1252`?"
        return reason + (hint if encoding == "utf-8" else "")
    return f"not a character: lone surrogate \\u{ord(bad):04x}"


def _is_bad_byte(character: str) -> bool:
    return _BAD_BYTE <= ord(character) <= _BAD_BYTE + 0xFF


def printable(text: str) -> str:
    """The text with bad bytes written as `\\xNN`, NUL as `\\x00`."""
    return text if is_clean(text) and "\0" not in text else _escape(text)


def _escape(text: str) -> str:
    def written(found: re.Match[str]) -> str:
        character = found.group()
        if character == NUL:
            return "\\x00"
        if _is_bad_byte(character):
            return f"\\x{ord(character) - _BAD_BYTE:02x}"
        return f"\\u{ord(character):04x}"

    return _SURROGATE.sub(written, text).replace("\0", "\\x00")


def line_breaks(text: str, start: int, end: int) -> int:
    """Number of line breaks (LF, CRLF or CR) in a part of a text."""
    breaks = text.count("\n", start, end)
    returns = text.count("\r", start, end)
    return breaks + (returns and returns - text.count("\r\n", start, end))
