"""What can happen to the bytes of a file on its way."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

Record = dict[str, str]
Mutation = Callable[[bytes, Random], bytes]
LINES = ("csv", "tsv", "json", "ndjson")
"""Formats that are written one record a line."""
SPECIAL = (b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\0", b"\\", b"{", b"[", b"}")


def written(records: list[Record], kind: str) -> bytes:
    """Write records in a format, one a line where it has lines."""
    if kind == "parquet":
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(records), buffer)
        return buffer.getvalue()
    if kind in ("csv", "tsv"):
        text = io.StringIO()
        mark = "\t" if kind == "tsv" else ","
        writer = csv.DictWriter(
            text, list(records[0]), delimiter=mark, lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(records)
        return text.getvalue().encode()
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    if kind == "ndjson":
        return "\n".join([*lines, ""]).encode()
    return ("[" + ",\n".join(lines) + "]\n").encode()


def damaged_line(content: bytes, random: Random) -> tuple[bytes, int]:
    """Damage one line behind the first two; return the bytes and its number."""
    lines = content.split(b"\n")
    number = random.randrange(2, len(lines) - 2)
    lines[number] = random.choice(IN_LINE)(lines[number], random)
    return b"\n".join(lines), number


def mutated(content: bytes, random: Random) -> bytes:
    """Apply one to three mutations."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        content = random.choice(ANYWHERE)(content, random)
    return content


def _at(content: bytes, random: Random) -> int:
    return random.randrange(len(content) + 1)


def flip(content: bytes, random: Random) -> bytes:
    """Change some bytes."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 5) if changed else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def flip_one(content: bytes, random: Random) -> bytes:
    """Change one byte of a line, to no end of the line."""
    at = random.randrange(max(1, len(content)))
    byte = random.choice([b for b in range(256) if b not in (10, 13)])
    return content[:at] + bytes([byte]) + content[at + 1 :]


def put_in(content: bytes, random: Random) -> bytes:
    """Put in a character that has a meaning."""
    at = _at(content, random)
    return content[:at] + random.choice(SPECIAL) + content[at:]


def put_in_quote(content: bytes, random: Random) -> bytes:
    """Put in a quote."""
    at = _at(content, random)
    return content[:at] + b'"' + content[at:]


def take_out(content: bytes, random: Random) -> bytes:
    """Take out some bytes."""
    at = _at(content, random)
    return content[:at] + content[at + random.randint(1, 20) :]


def cut(content: bytes, random: Random) -> bytes:
    """Cut the end off, or the beginning."""
    at = _at(content, random)
    return content[:at] if random.random() < 0.8 else content[at:]


def double(content: bytes, random: Random) -> bytes:
    """Double all of it, or a part."""
    if random.random() < 0.5:
        return content + content
    start, end = sorted((_at(content, random), _at(content, random)))
    return content[:end] + content[start:]


def recode(content: bytes, random: Random) -> bytes:
    """Write it in another encoding, with or without its mark."""
    text = content.decode("utf-8", "replace")
    if random.random() < 0.3:
        return random.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE)) + content
    name = random.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "cp500", "utf-7"))
    return text.encode(name, "replace")


def huge_field(content: bytes, random: Random) -> bytes:
    """Put in a field longer than any."""
    at = _at(content, random)
    long = random.choice((b"x", b"9", b'"', b"\xc3\xa9", b"\\", b"[", b'{"a":'))
    return content[:at] + long * random.choice((400, 5_000, 140_000)) + content[at:]


def many_columns(content: bytes, random: Random) -> bytes:
    """Make the first lines very wide."""
    lines = content.split(b"\n")
    wide = b",".join(b"c%d" % n for n in range(random.choice((50, 2_000))))
    for number in range(min(len(lines), random.choice((1, 1, 3)))):
        lines[number] += b"," + wide
    return b"\n".join(lines)


def nested(content: bytes, random: Random) -> bytes:
    """Put nested JSON where a value is."""
    depth = random.choice((3, 400, 3_000))
    deep = b"[" * depth + b"1" + b"]" * depth
    if random.random() < 0.5:
        deep = b'{"a":' * depth + b"1" + b"}" * depth
    at = content.find(b": ", _at(content, random)) + 2
    end = min(content.find(mark, at) % (len(content) + 1) for mark in (b",", b"}"))
    return content[:at] + deep + content[max(at, end) :]


def odd_value(content: bytes, random: Random) -> bytes:
    """Put in a value that readers stumble over."""
    value = random.choice(
        (
            b'"\\ud800"',
            b"NaN",
            b"-Infinity",
            b"9" * 400,
            b"1e999",
            b'"\\u0000"',
            b"\xef\xbb\xbf",
            b"\xed\xa0\x80",
            "\u2028\u202e\u0085".encode(),
            b"null",
            b"{}",
            b"=cmd|'/c calc'!A1",
        )
    )
    at = content.find(random.choice((b",", b": ", b"\n")), _at(content, random)) + 1
    return content[:at] + value + content[at:]


def wrong_magic(content: bytes, random: Random) -> bytes:
    """Begin as a file of another kind does."""
    magic = random.choice(
        (b"\x1f\x8b", b"PAR1", b"PK\x03\x04", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0")
        + (b"SQLite format 3\0", b"<html>", b"BZh9", b"{", b"[", b"sep=;\n")
    )
    return magic + (content if random.random() < 0.5 else content[len(magic) :])


def line_ends(content: bytes, random: Random) -> bytes:
    """End lines in other ways, or put in empty ones."""
    ends = (b"\r", b"\r\n", b"\r\r\n", b"\n\n", b"\n \n", b"\0\n")
    return content.replace(b"\n", random.choice(ends))


def shuffle_lines(content: bytes, random: Random) -> bytes:
    """Bring lines into another order."""
    lines = content.split(b"\n")
    random.shuffle(lines)
    return b"\n".join(lines)


def repeat_header(content: bytes, random: Random) -> bytes:
    """Have the first line again, or without it, or an empty file."""
    first, _, rest = content.partition(b"\n")
    return random.choice(
        (first + b"\n" + content, rest, first, b"", b"\n", rest + b"\n" + first)
    )


def other_delimiter(content: bytes, random: Random) -> bytes:
    """Part fields by something else."""
    return content.replace(b",", random.choice((b";", b"|", b"\t", b", ")))


def noise(content: bytes, random: Random) -> bytes:
    """Replace a part by random bytes."""
    at = _at(content, random)
    put = random.randbytes(random.randrange(200))
    return content[:at] + put + content[at + len(put) :]


def zipped(content: bytes, random: Random) -> bytes:
    """Compress once more, or as several members, or torn."""
    whole = gzip.compress(content, mtime=0)
    return random.choice(
        (
            whole,
            whole + whole,
            whole[: len(whole) // 2],
            whole[:-4],
            whole + b"behind it",
            zlib.compress(content),
        )
    )


IN_LINE: list[Mutation] = [flip_one, put_in_quote, take_out]
ANYWHERE: list[Mutation] = [
    *(flip, put_in, take_out, cut, double, recode, huge_field, many_columns, nested),
    *(odd_value, wrong_magic, line_ends, shuffle_lines, repeat_header),
    *(other_delimiter, noise, zipped),
]
