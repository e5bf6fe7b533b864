"""Encodings and compression, through every reader of text."""

import gzip

import pytest

CSV = "id,amount,note\r\n1,é😀,a\r\n2,\u0130ß,b\r\n"
JSON = '[{"id":"1","amount":"é😀"},\n{"id":"2","amount":"\u0130ß"}]'
VALUES = [("1", "é😀"), ("2", "\u0130ß")]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
    ],
)
@pytest.mark.parametrize(("content", "kind"), [(CSV, "csv"), (JSON, "json")])
def test_byte_order_marks_win(read, encoding, name, content, kind):
    found = read(content.encode(encoding), kind)
    assert found.values("id, amount") == VALUES
    assert found.values("_line") == ([(2,), (3,)] if kind == "csv" else [(1,), (2,)])
    assert found.reader.encoding == name


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_utf_16_of_both_byte_orders(read, mark):
    codec = "utf-16-be" if mark == b"\xfe\xff" else "utf-16-le"
    content = mark + (CSV * 1000).replace("\r\n", "\n").encode(codec)
    found = read(content)
    assert len(found.rows) == 2000
    assert found.separators == 999  # the repeated headers
    assert found.rows[0]["amount"] == found.rows[2]["amount"] == "é😀"


def test_utf_16_with_half_a_character(read):
    content = b"\xff\xfe" + "id,note\n1,a\n2,".encode("utf-16-le")
    content += b"\x00\xdc" + "b\n3,c\n4,d".encode("utf-16-le") + b"x"
    found = read(content)
    assert found.values("id, note") == [("1", "a"), ("3", "c")]
    assert [(r[0], r[2][:18]) for r in found.rejected] == [
        (3, "invalid utf-16-le "),
        (5, "invalid utf-16-le "),
    ]


def test_bytes_that_the_encoding_lacks(read):
    found = read(b"id;note\n1;\x80\n2;\x81\n3;x\n", "csv", "western")
    assert found.values("id, note") == [("1", "€"), ("3", "x")]
    assert found.rejected == [(3, 3, "invalid cp1252 (byte 0x81)", "2;\\x81")]


@pytest.mark.parametrize("name", ["sales.csv.gz", "sales.csv", "SALES.CSV.GZ"])
def test_gzip_is_seen_from_the_content(shop, name):
    outcome = shop.land(name, gzip.compress(CSV.encode(), mtime=0))
    assert (outcome.status, outcome.landed) == ("landed", 2)
    assert shop.files("byte_count") == [(len(CSV.encode()),)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id,amount\n1,2\n", "named .gz, but the content is not gzip"),
        (gzip.compress(CSV.encode(), mtime=0)[:12], "the gzip file is truncated"),
        (
            gzip.compress(b"id\n1\n", mtime=0)[:-8] + b"\0" * 8,
            "the gzip file is corrupt: CRC check failed",
        ),
        (b"", "empty file"),
        (gzip.compress(b"", mtime=0), "empty file"),
    ],
)
def test_gzip_that_cannot_be_read_lands_nothing(shop, content, reason):
    outcome = shop.land("sales.csv.gz", content)
    assert outcome.status == "refused"
    assert outcome.reason.startswith(reason)
    assert shop.rows("sales") == []
    assert shop.files("status, reason")[0][1].startswith(reason)
