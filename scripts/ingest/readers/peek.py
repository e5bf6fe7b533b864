"""What a content is, and which headers it has, before its table is known."""

import codecs
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

from ..containers import is_office
from ..errors import Refusal
from ..files import ZIP_MAGIC, Content, archive_of, begins, sought
from .base import EMPTY
from .envelope import CONTAINERS
from .layout import DELIMITERS, Score, layout_of, named_delimiter
from .text import KEEP, MARKS, NUL, encoding_of

TEXTS = ("csv", "tsv")
HEAD = 1 << 18
"""Bytes of a text that are looked at."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROTECTED = "protected by a password: save it without one"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FEW = 20
"""Records of JSON whose keys are taken for headers."""
_JSON = re.compile(r'\s*(?:\[\s*[\[{\]]|\{\s*["}])')
_MARKUP = re.compile(
    r"\s*<(?:!doctype|html|\?xml|table|head|body|meta|style|!--|div)", re.I
)
_OTHERS = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"7z\xbc\xaf": "a 7z file: unpack it",
    b"Rar!": "a RAR file: unpack it",
    **{b"BZh%d1AY&SY" % n: "a bzip2 file: unpack it" for n in range(1, 10)},
    b"\xfd7zXZ\x00": "an xz file: unpack it",
    b"\x28\xb5\x2f\xfd": "a Zstandard file: unpack it",
    b"SQLite format 3": "an SQLite database",
}
_space = cast("Callable[[str, int], re.Match[str]]", re.compile(r"[\s,]*").match)
"""Matches always, if only what is empty."""
_decode = json.JSONDecoder().raw_decode


class Head(NamedTuple):
    """What a content begins with, or a sheet of it."""

    kind: str
    """Which reader reads it: `csv`, `tsv`, `json`, `parquet`, `xlsx`, `sheets` (other
    workbooks) or `html`."""
    headers: tuple[str, ...]
    """As written; of JSON the keys of the first records."""
    line: int = 1
    """Line, or row, of the header."""
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    """Name of the sheet, for the reader of a workbook."""


def peek(content: Content, score: Score | None = None) -> list[Head]:
    """The header of a content, or of each visible sheet that holds anything.

    `score` counts how many of some headers are known; with it the header is found
    below title lines that look like one. Raises Refusal for what cannot be read.
    """
    start = begins(content)
    if not start:
        raise Refusal(EMPTY)
    for magic, what in _OTHERS.items():
        if start.startswith(magic):
            raise Refusal(f"it is {what}, not a table")
    if start.startswith(b"PAR1"):
        return [_of_parquet(content)]
    if start.startswith(ZIP_MAGIC):
        return _of_archive(content, score)
    if start.startswith(OLE):
        return _of_ole(content, score)
    return _of_text(content, score)


def _of_text(content: Content, score: Score | None) -> list[Head]:
    raw = _read(content, HEAD)
    encoding, mark = next(((n, m) for m, n in MARKS if raw.startswith(m)), ("", b""))
    raw = raw[len(mark) :]
    encoding = encoding or encoding_of([raw])
    text = codecs.getincrementaldecoder(encoding)(KEEP).decode(raw).lstrip("\ufeff")
    if not text.strip("\0 \t\r\n"):
        raise Refusal("nothing but NUL bytes" if "\0" in text else EMPTY)
    if _JSON.match(text):
        return [Head("json", tuple(_keys(text, score)), 1, None, encoding)]
    if _MARKUP.match(text):
        from .html import heads

        return _again(content, score, heads)
    text = text.replace("\0", NUL)  # as the reader does
    lines = io.StringIO(text, newline="").readlines()
    named = named_delimiter(lines)
    above = 0 if named is None else 1
    delimiters = named or DELIMITERS
    found = layout_of(lines[above:], delimiters, score)
    if found is None:
        raise Refusal(EMPTY)
    kind = "tsv" if found.delimiter == "\t" else "csv"
    line = above + found.start + 1
    return [Head(kind, tuple(found.header), line, found.delimiter, encoding)]


def _read(content: Content, most: int) -> bytes:
    parts, size = [], 0
    while size < most and (part := content.stream.read(most - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _keys(text: str, score: Score | None) -> list[str]:
    """The keys of the first records: of the list that holds most known ones."""
    best: tuple[int, int, list[str]] = (-1, 0, [])
    for preference, keys in _lists(text):
        known = score(keys) if score else 0
        best = max(best, (known, preference, keys), key=lambda each: each[:2])
    return best[2]


def _lists(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lists of records in the text, the envelope's own keys too: rank and keys."""
    at = _space(text, 0).end()
    opens = text[at : at + 1]
    if opens == "[":
        yield 1, _of_records(text, at + 1)
        return
    yield 0, _of_records(text, at)
    for found in re.finditer(r'"((?:[^"\\]|\\.)*)"\s*:\s*\[\s*(?=\{)', text):
        keys = _of_records(text, found.end())
        yield 1 + (found[1].lower() in CONTAINERS), keys


def _of_records(text: str, at: int) -> list[str]:
    keys: dict[str, None] = {}
    for _ in range(FEW):
        at = _space(text, at).end()
        if text[at : at + 1] != "{":
            break
        try:
            record, at = _decode(text, at)
        except (ValueError, RecursionError):
            break
        for key, value in record.items():
            keys[key] = None
            if isinstance(value, dict) and key in ("properties", "fields"):
                keys.update(dict.fromkeys(value))
    return list(keys)


def _of_parquet(content: Content) -> Head:
    from .parquet import schema_of

    return Head("parquet", tuple(schema_of(content)))


def _of_archive(content: Content, score: Score | None) -> list[Head]:
    with sought(content.stream) as file, archive_of(file) as archive:
        names = {name.lower() for name in archive.namelist()}
        if "xl/workbook.xml" in names:
            from .xlsx import heads

            return heads(archive, score)
        is_sheets = "xl/workbook.bin" in names or _is_ods(archive)
        is_other = is_office(archive)
    if is_sheets:
        from .sheets import heads as other_heads

        return _again(content, score, other_heads)
    if is_other:
        raise Refusal("it is an office document, not a workbook: export it as CSV")
    raise Refusal("it is a ZIP file: unpack it")


def _is_ods(archive: zipfile.ZipFile) -> bool:
    if "mimetype" not in archive.namelist():
        return False
    with archive.open("mimetype") as file:
        return b"opendocument.spreadsheet" in file.read(200)


def _of_ole(content: Content, score: Score | None) -> list[Head]:
    tail = b""
    while part := content.stream.read(HEAD):
        if _ENCRYPTED in tail + part:
            raise Refusal(PROTECTED)
        tail = part[-len(_ENCRYPTED) :]
    from .sheets import heads

    return _again(content, score, heads)


def _again(
    content: Content,
    score: Score | None,
    heads: Callable[[Content, Score | None], list[Head]],
) -> list[Head]:
    """The headers of a content of which something has been read."""
    if content.again is None:
        content.stream.seek(0)
        return heads(content, score)
    with content.again() as other:
        return heads(other, score)
