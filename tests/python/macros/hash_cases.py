"""Digests, and the forms of what is hashed: (input, expected), by macro and settings.

Digests are Python's own, forms are written by hand from what their users publish.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode, urlsafe_b64encode
from typing import Any

WORDS = [
    *("", " ", "a", "ann@example.com", "+14155550123", "4155550123"),
    *("Zoë 北京 😀", "ANN@EXAMPLE.COM", "x" * 500, "it's", "\u00e9", "e\u0301"),
]
ALGORITHMS = ("md5", "sha1", "sha256")
"""Those that every engine has."""


def digest(text: str, algorithm: str) -> str:
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()


def raw(text: str, algorithm: str) -> bytes:
    return bytes.fromhex(digest(text, algorithm))


def written(algorithm: str) -> list[tuple[Any, Any]]:
    """One digest as programs write it."""
    hexadecimal = digest("ann@example.com", algorithm)
    data = bytes.fromhex(hexadecimal)
    base64 = b64encode(data).decode()
    return (
        [
            (value, hexadecimal)
            for value in (
                hexadecimal,
                hexadecimal.upper(),
                f"  {hexadecimal} ",
                f"0x{hexadecimal.upper()}",  # SQL Server
                f"0X{hexadecimal}",
                f"\\x{hexadecimal}",  # PostgreSQL
                data.hex("-").upper(),  # .NET
                data.hex(":"),
                data.hex(" "),
                base64,
                f" {base64} ",
                urlsafe_b64encode(data).decode(),
            )
        ]
        + [
            (value, None)
            for value in (
                hexadecimal[:-1],
                hexadecimal + "0",
                hexadecimal[:-1] + "g",
                base64[:-1],
                base64 + "=",
                base64[:5] + "!" + base64[6:],
                base64[:5] + "=" + base64[6:],
                base64.rstrip("=")[:-1]
                + "B"
                + "=" * base64.count("="),  # bits to spare
                data.hex("-")[:-1] + "g",
                data.hex("-").replace("-", ":", 1),
                data.hex("."),
                f"1x{hexadecimal}",
                f"sha1:{hexadecimal}",
            )
        ]
    )


def many(algorithm: str) -> list[tuple[Any, Any]]:
    """Base64 of many digests, so that each of its letters is read at each place."""
    return [
        (b64encode(raw(str(n), algorithm)).decode(), digest(str(n), algorithm))
        for n in range(400)
    ]


HASH_CASES: list[tuple[str, dict[str, Any], list[tuple[Any, Any]]]] = [
    *(
        (
            "hashed",
            {"algorithm": algorithm},
            [(None, None), *((word, digest(word, algorithm)) for word in WORDS)],
        )
        for algorithm in ALGORITHMS
    ),
    (
        "clean_hash",
        {},
        [
            *((b64encode(raw("", name)).decode(), None) for name in ALGORITHMS),
            *((digest("", name).upper(), None) for name in (*ALGORITHMS, "sha512")),
            *(pair for name in (*ALGORITHMS, "sha512") for pair in written(name)),
            *(pair for name in (*ALGORITHMS, "sha512") for pair in many(name)),
            ("=" * 28, None),
            ("A" * 28, None),
            ("é" * 27 + "=", None),
        ],
    ),
    (
        "hash_form",
        {"form": "lower"},
        [
            (None, None),
            ("", None),
            ("  ", None),
            ("ann@example.com", "ann@example.com"),
            (" Ann@Example.COM ", "ann@example.com"),
            ("ann.lee+shop@gmail.com", "ann.lee+shop@gmail.com"),
            ("ZOË@BÜCHER.DE", "zoë@bücher.de"),
            ("пётр@ПОЧТА.рф", "пётр@почта.рф"),
        ],
    ),
    (
        "hash_form",
        {"form": "upper"},
        [
            (None, None),
            ("", None),
            (" ", None),
            ("ann@example.com", "ANN@EXAMPLE.COM"),
            ("zoë@bücher.de", "ZOË@BÜCHER.DE"),
        ],
    ),
    (
        "hash_form",
        {"form": "google"},
        [
            (None, None),
            ("", None),
            (" ", None),
            ("a.n.n@gmail.com", "ann@gmail.com"),
            ("A.N.N@GMail.com", "ann@gmail.com"),
            ("a.nn+shop.x@gmail.com", "ann+shopx@gmail.com"),
            ("a.nn@googlemail.com", "ann@googlemail.com"),
            ("a.nn@example.com", "a.nn@example.com"),
            ("a.nn@gmail.com.au", "a.nn@gmail.com.au"),
            ("a.nn@mail.gmail.com", "a.nn@mail.gmail.com"),
            ("zoë.x@bücher.de", "zoë.x@bücher.de"),
        ],
    ),
    (
        "hash_form",
        {"form": "uid2"},
        [
            (None, None),
            ("", None),
            (" ", None),
            ("a.n.n+shop.x@gmail.com", "ann@gmail.com"),
            ("ann+a+b@gmail.com", "ann@gmail.com"),
            ("a.nn+x@googlemail.com", "a.nn+x@googlemail.com"),
            ("a.nn+x@example.com", "a.nn+x@example.com"),
            ("zoë.x+y@bücher.de", "zoë.x+y@bücher.de"),
        ],
    ),
    *(
        (
            "hash_form",
            {"form": form},
            [(None, None), ("", None), (" ", None), ("4155550123", None)]
            + [(number, forms[place]) for number, *forms in (
                ("+14155550123", "+14155550123", "14155550123", "4155550123",
                 "14155550123"),
                ("+442079460123", "+442079460123", "442079460123", "2079460123",
                 "02079460123"),
                ("+4915112345678", "+4915112345678", "4915112345678", "15112345678",
                 "015112345678"),
                ("+33142345678", "+33142345678", "33142345678", "142345678",
                 "0142345678"),
                # the 0 of Italy belongs to the number, Spain and Denmark have none
                ("+390612345678", "+390612345678", "390612345678", "0612345678",
                 "0612345678"),
                ("+34912345678", "+34912345678", "34912345678", "912345678",
                 "912345678"),
                ("+4532123456", "+4532123456", "4532123456", "32123456", "32123456"),
                ("+3612345678", "+3612345678", "3612345678", "12345678",
                 "0612345678"),
                ("+74951234567", "+74951234567", "74951234567", "4951234567",
                 "84951234567"),
                ("+353851234567", "+353851234567", "353851234567", "851234567",
                 "0851234567"),
                # what dials a carrier is no part of it
                ("+5511961234567", "+5511961234567", "5511961234567", "11961234567",
                 "011961234567"),
                ("+50683123456", "+50683123456", "50683123456", "83123456",
                 "83123456"),
            )],
        )
        for place, form in enumerate(("e164", "digits", "national", "trunk"))
    ),
]  # fmt: skip
