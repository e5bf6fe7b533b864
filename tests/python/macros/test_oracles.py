"""Macros against the libraries that know best, over thousands of made values."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dateutil import parser as date_parser
from email_validator import EmailNotValidError, validate_email

from tests.python.macros.hard_emails import HARD, UNLIKE

Evaluate = Callable[..., list[Any]]
COUNT = 3000


def differences(given: list[Any], expected: list[Any], output: list[Any]) -> list[Any]:
    """The first few values on which the oracle and the macro disagree."""
    triples = zip(given, expected, output, strict=True)
    return [triple for triple in triples if triple[1] != triple[2]][:10]


def test_case_equals_python(evaluate: Evaluate) -> None:
    letters = [
        chr(code)
        for first, last in ((0x20, 0x7E), (0xA1, 0x17F), (0x386, 0x3CE), (0x400, 0x45F))
        for code in range(first, last + 1)
        if chr(code).isprintable()
    ]
    # One letter to one letter; these have no such pair or none in this range.
    lower = [c for c in letters if c not in "İ"]
    upper = [c for c in letters if c.upper().lower() == c and len(c.upper()) == 1]
    made = random.Random(1)
    for macro, alphabet, oracle in (
        ("lower_text", lower, str.lower),
        ("upper_text", upper, str.upper),
    ):
        given = [*alphabet, *("".join(made.choices(alphabet, k=9)) for _ in range(999))]
        # A sigma at the end of a word is another letter to Python.
        given = [word for word in given if "Σ" not in word[-1:]]
        expected = [oracle(word).replace("ς", "σ") for word in given]
        output = [word.replace("ς", "σ") for word in evaluate(macro, given)]
        assert differences(given, expected, output) == []


def email_oracle(value: str) -> str | None:
    """Lower case, but left as it is written otherwise."""
    try:
        validate_email(value.strip(), check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return value.strip().lower()


def is_valid(value: str) -> bool:
    return email_oracle(value) is not None


def test_hard_emails_equal_email_validator(evaluate: Evaluate) -> None:
    output = evaluate("clean_email", HARD)
    wrong = [
        (value, is_valid(value), found)
        for value, found in zip(HARD, output, strict=True)
        if is_valid(value) != (found is not None)
    ]
    assert wrong == []
    assert 80 < sum(map(is_valid, HARD)) < len(HARD) - 80


def test_known_differences_are_still_some(evaluate: Evaluate) -> None:
    output = evaluate("clean_email", UNLIKE)
    equal = [
        value
        for value, found in zip(UNLIKE, output, strict=True)
        if is_valid(value) == (found is not None)
    ]
    assert equal == []


def test_emails_equal_email_validator(evaluate: Evaluate) -> None:
    made = random.Random(2)
    pieces = [
        "a", "Ann", "x1", "0", ".", "..", "-", "--", "_", "+", "'", "@", "@@", " ",
        "com", ".com", ".de", ".c", ".1", "xn--bcher-kva.", "é", "ß", "Ж", "пример",
        "\"", "(", ",", "!", "#", "%", "/", "=", "{", "~", "b" * 33, "例",
    ]  # fmt: skip
    given = []
    for _ in range(COUNT):
        mailbox = "".join(made.choices(pieces, k=made.randint(1, 3)))
        domain = "".join(made.choices(pieces, k=made.randint(1, 3)))
        given.append(f"{mailbox}@{domain}{made.choice(['.com', '.de', '', '.рф'])}")
    given += [f"{made.choice('abc')}{i}.x@mail{i}.example.org" for i in range(500)]
    expected = [email_oracle(value) for value in given]
    assert 500 < sum(value is not None for value in expected) < COUNT
    assert differences(given, expected, evaluate("clean_email", given)) == []


DATE_FORMS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%m/%d/%Y", "%m-%d-%Y", "%d %B %Y", "%d %b %Y",
    "%d-%b-%Y", "%b %d, %Y", "%B %d %Y", "%a, %d %b %Y", "%A %d %B %Y", "%Y-%b-%d",
    "%m/%d/%y",
]  # fmt: skip
TIME_FORMS = [
    "%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S%p", "%H:%M:%S%z",
    "%H:%M:%S.%f %z", "%H:%M:%SZ",
]  # fmt: skip


def utc_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_dates_equal_dateutil(evaluate: Evaluate) -> None:
    made = random.Random(3)
    given = []
    for _ in range(COUNT):
        day = date(1970, 1, 1) + timedelta(days=made.randrange(36000))
        form = made.choice(DATE_FORMS)
        if form == "%m/%d/%y" and not 1990 <= day.year <= 2030:
            continue  # dateutil's pivot moves with the years
        given.append(day.strftime(form))
    expected = [date_parser.parse(value).date().isoformat() for value in given]
    assert differences(given, expected, evaluate("parse_date", given)) == []


def test_european_dates_equal_dateutil(evaluate: Evaluate) -> None:
    made = random.Random(4)
    forms = ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y"]
    given = [
        (date(1970, 1, 1) + timedelta(days=made.randrange(36000))).strftime(
            made.choice(forms)
        )
        for _ in range(COUNT)
    ]
    expected = [
        date_parser.parse(value, dayfirst=True).date().isoformat() for value in given
    ]
    output = evaluate("parse_date", given, date_order="dmy")
    assert differences(given, expected, output) == []


def test_timestamps_equal_dateutil(evaluate: Evaluate) -> None:
    made = random.Random(5)
    given = []
    for _ in range(COUNT):
        zone = timezone(timedelta(minutes=made.randrange(-12 * 4, 14 * 4 + 1) * 15))
        moment = datetime(1970, 1, 2, tzinfo=zone) + timedelta(
            microseconds=made.randrange(10**9 * 3 * 10**6)
        )
        form = made.choice(DATE_FORMS[:-1])
        separator = made.choice([" ", "T"]) if form in DATE_FORMS[:2] else " "
        given.append(moment.strftime(form + separator + made.choice(TIME_FORMS)))
    expected = [utc_text(date_parser.parse(value)) for value in given]
    assert differences(given, expected, evaluate("parse_timestamp", given)) == []


def test_impossible_days_are_refused(evaluate: Evaluate) -> None:
    given, expected = [], []
    for year in (1900, 2000, 2023, 2024):
        for month in range(14):
            for day in range(33):
                try:
                    text = date(year, month, day).isoformat()
                except ValueError:
                    text = None
                given += [
                    f"{year:04}-{month:02}-{day:02}",
                    f"{day}.{month}.{year}",
                    f"{year:04}-{month:02}-{day:02}T12:00:00.000000",
                ]
                expected += [text] * 3
    assert differences(given, expected, evaluate("parse_date", given)) == []
    expected = [text and f"{text}T00:00:00.000000Z" for text in expected]
    expected[2::3] = [text and text.replace("T00", "T12") for text in expected[2::3]]
    assert differences(given, expected, evaluate("parse_timestamp", given)) == []


def test_amounts_equal_decimal(evaluate: Evaluate) -> None:
    made = random.Random(6)
    given, expected = [], []
    for _ in range(COUNT):
        digits = made.randint(0, 5)
        number = Decimal(made.randrange(10 ** made.randint(1, 15))).scaleb(-digits)
        number *= made.choice([1, 1, -1])
        cents = number.scaleb(2).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        forms = [
            f"{number:f}",
            f"{number:e}",
            f"{number:,f}" if digits else f"{number:f}",
        ]
        if digits > 0:
            swapped = f"{number:,f}".translate(str.maketrans(",.", ".,"))
            forms.append(
                swapped if abs(number) >= 1000 or digits != 3 else f"{number:f}"
            )
        text = made.choice(forms)
        if number < 0 and made.random() < 0.3:
            text = f"({text[1:]})"
        text = made.choice(["", "$", "€ ", "USD "]) + text
        given.append(text)
        expected.append(int(cents))
    assert differences(given, expected, evaluate("parse_cents", given)) == []
