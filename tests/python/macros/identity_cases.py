"""What the macros of identity make of each input, written by hand."""

from __future__ import annotations

from typing import Any

EMPTY = [(None, None), ("", None), ("   ", None)]

IDENTITY_CASES: list[tuple[str, dict[str, Any], list[tuple[Any, Any]]]] = [
    (
        "fold_text",
        {},
        [
            *EMPTY,
            ("Ann", "ann"),
            ("O'Neill-Smith, Jr.", "oneillsmithjr"),
            ("Müßiggang", "mussiggang"),
            ("ÉCOLE Œuvre", "ecoleoeuvre"),
            ("Łódź 7", "lodz7"),
            ("Αθήνα", "αθηνα"),
            ("北京", "北京"),
            ("-./&", None),
        ],
    ),
    (
        "name_key",
        {},
        [
            *EMPTY,
            ("Ann", "ann"),
            ("Dr. Ann", "ann"),
            ("Smith Jr.", "smith"),
            ("Smith, III", "smith"),
            ("Smith 3rd", "smith"),
            ("Dietz I", "dietz"),
            ("van den Berg", "vandenberg"),
            ("Zoë", "zoe"),
            ("Drake", "drake"),
        ],
    ),
    (
        "name_generation",
        {},
        [
            *EMPTY,
            ("Smith", None),
            ("Smith Jr.", "jr"),
            ("Smith, Sr", "sr"),
            ("Smith III", "iii"),
            ("Ivy Ives", None),
            ("Müller jr", "jr"),
            ("Dietz I", "sr"),
            ("Watson, 3rd", "iii"),
            ("Reed 2nd", "ii"),
            ("Neymar Junior", "jr"),
            ("West Ostrander", None),
        ],
    ),
    (
        "full_name_part",
        {"part": "first"},
        [
            *EMPTY,
            ("Ann Smith", "ann"),
            ("Smith, Ann", "ann"),
            ("Ann Maria Smith", "ann"),
            ("Dr. Ann Smith", "ann"),
            ("Plato", None),
            ("Zoë Ångström", "zoë"),
        ],
    ),
    (
        "full_name_part",
        {"part": "last"},
        [
            *EMPTY,
            ("Ann Smith", "smith"),
            ("Smith, Ann", "smith"),
            ("John Smith, Jr.", "smith"),
            ("Plato", "plato"),
            ("Zoë Ångström", "ångström"),
        ],
    ),
    (
        "email_address",
        {},
        [
            *EMPTY,
            ("Ann.Smith@X.com", "ann.smith@x.com"),
            ("ann+crm@x.com", "ann@x.com"),
            ("a.n.n+1@googlemail.com", "ann@gmail.com"),
            ("a.nn@GMAIL.com", "ann@gmail.com"),
            ("Ann <ann@x.com>", "ann@x.com"),
            ("mailto:ann@x.com", "ann@x.com"),
            ("ann@@x.com", "ann@x.com"),
            ("ann at x.com", None),
            ("@x.com", None),
            ("jürgen@müller.de", "jürgen@müller.de"),
        ],
    ),
    (
        "phone_digits",
        {},
        [
            ("4155550100.0", "155550100"),
            *EMPTY,
            ("+49 30 1234567", "301234567"),
            ("0049 (30) 123-4567", "301234567"),
            ("030/1234567", "301234567"),
            ("1 (202) 456-1111 x23", "024561111"),
            ("202.456.1111 ext. 5", "024561111"),
            ("456-1111", "4561111"),
            ("12345", None),
            ("0000000", None),
            ("123456789", None),
            ("none", None),
            ("٣٠ 7654321", "7654321"),
        ],
    ),
    (
        "text_digits",
        {},
        [*EMPTY, ("a1b2", "12"), ("none", None), ("٣1", "1")],
    ),
    (
        "date_digits",
        {},
        [
            *EMPTY,
            ("1984-06-22", "19840622"),
            ("19840622", "19840622"),
            ("06/22/1984", "19840622"),
            ("1984-60-22", "19846022"),
            ("unknown", None),
            ("日本", None),
        ],
    ),
]
