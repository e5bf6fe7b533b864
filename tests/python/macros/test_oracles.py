"""Macros against the libraries that know best, over thousands of made values."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
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
    """Letter by letter, in every script; İ is i, and ß is ẞ as on paper."""
    letters = [
        chr(code)
        for code in range(0x20, 0x20000)
        if not 0xD800 <= code < 0xE000 and chr(code) != "\x7f"
    ]
    lower = {c: "i" if c == "İ" else c.lower() for c in letters}
    upper = {c: "ẞ" if c == "ß" else c.upper() for c in letters}
    made = random.Random(1)
    for macro, pairs in (("lower_text", lower), ("upper_text", upper)):
        known = [c for c in letters if len(pairs[c]) == 1]
        cased = [c for c in known if pairs[c] != c]
        assert len(cased) > 1_300
        given = [*known, "Ẋ" * 300, "ẋ" * 300]
        for alphabet in (cased, [c for c in known if c < "Ѐ"]):
            given += ["".join(made.choices(alphabet, k=9)) for _ in range(999)]
        expected = ["".join(pairs[c] for c in word) for word in given]
        assert differences(given, expected, evaluate(macro, given)) == []


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


DATE_FORMS = {
    "mdy": [
        "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%b-%d", "%Y %b %d",
        "%Y %B {d}", "%Y, %B %d", "%m/%d/%Y", "{m}/{d}/%Y", "{m}/{d}/%y", "%m-%d-%Y",
        "%d %B %Y", "{d} %b %Y", "%d %b %y", "%d-%b-%Y", "%d-%b-%y", "{d}-%B-%Y",
        "%d.%b.%Y", "%d/%b/%Y", "%d%b%Y", "%d %b, %Y", "{d}. %B %Y", "{d}th of %B %Y",
        "%b %d, %Y", "%b. {d}, %Y", "%B {d}, %Y", "%B %d %Y", "%b-%d-%Y", "%b/%d/%Y",
        "%B {d}th, %Y", "%a, %d %b %Y", "%A %d %B %Y", "%A, %B {d}, %Y", "%a %b {d} %Y",
        "%a %d-%b-%Y", "%a. %b. {d}, %Y",
    ],
    "dmy": [
        "%d/%m/%Y", "{d}/{m}/%Y", "%d/%m/%y", "%d.%m.%Y", "{d}.{m}.%Y", "%d.%m.%y",
        "%d-%m-%Y", "%d-%m-%y", "%d %m %Y", "{d}. {m}. %Y", "%Y-%m-%d", "%d %b %Y",
        "%d. %B %Y", "%a %d/%m/%Y", "%A, %d.%m.%Y",
    ],
}  # fmt: skip
TIME_FORMS = [
    "", "", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S%p", "{h}:%M%p",
    "{h}%p", "{h} %p", "%Hh%M", "%H:%M:%S%z", "%H:%M:%S.%f %z", "%H:%M:%SZ",
    "%H:%M GMT", "%H:%M:%S UTC",
]  # fmt: skip
ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def written(moment: datetime, form: str) -> str:
    """Return strftime's text; {d}, {m} and {h} are numbers without a zero."""
    form = form.replace("{d}th", f"{{d}}{ORDINALS.get(moment.day, 'th')}")
    form = form.format(d=moment.day, m=moment.month, h=(moment.hour + 11) % 12 + 1)
    return moment.strftime(form)


def made_moments(order: str, seed: int) -> tuple[list[str], list[datetime]]:
    """Return moments of 1970 to 2068 as people and programs write them, and read."""
    made = random.Random(seed)
    given, read = [], []
    while len(given) < COUNT:
        zone = timezone(timedelta(minutes=made.randrange(-12 * 4, 14 * 4 + 1) * 15))
        moment = datetime(1970, 1, 2, tzinfo=zone) + timedelta(
            microseconds=made.randrange(10**9 * 3 * 10**6)
        )
        day, time = made.choice(DATE_FORMS[order]), made.choice(TIME_FORMS)
        if "%y" in day and not 1990 <= moment.year <= 2030:
            continue  # dateutil's pivot moves with the years
        gap = " "
        if day in ("%Y-%m-%d", "%Y/%m/%d") and time.startswith("%H:"):
            gap = made.choice(" T")
        elif "%b" in day.lower():
            gap = made.choice([" ", ", ", " at "])
        text = written(moment, day + gap * bool(time) + time)
        if not time.endswith(("UTC", "GMT", "Z")):  # zones of dateutil are upper case
            text = made.choice([text, text, text, text.upper(), text.lower()])
        given.append(text)
        # dateutil would take the day of 2024-05-01 for its month
        is_day_first = order == "dmy" and not day.startswith("%Y")
        read.append(date_parser.parse(text, dayfirst=is_day_first))
    return given, read


def utc_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.mark.parametrize("order", ["mdy", "dmy"])
def test_moments_equal_dateutil(evaluate: Evaluate, order: str) -> None:
    given, read = made_moments(order, seed=3)
    dates = [moment.date().isoformat() for moment in read]
    times = [utc_text(moment) for moment in read]
    output = evaluate("parse_date", given, date_order=order)
    assert differences(given, dates, output) == []
    output = evaluate("parse_timestamp", given, date_order=order)
    assert differences(given, times, output) == []


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
        number = Decimal(made.randrange(10 ** made.randint(1, 14))).scaleb(-digits)
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


@pytest.mark.parametrize(
    ("macro", "alphabet", "words"),
    [
        ("email_address", "aZ5._-+@ ", ["@gmail.com", "@GoogleMail.com", "@x.org"]),
        ("company_name_key", "aZ5 .&'", [" Inc", " ltd", " SpA", " and ", "Not "]),
        ("fold_text", "aZ5 .,-'é&", ["", "Ab", "ß"]),
    ],
)
def test_usual_values_take_a_shorter_way_to_the_same(
    evaluate: Evaluate, macro: str, alphabet: str, words: list[str]
) -> None:
    """A column takes the short way, anything else than a column the long one."""
    made = random.Random(5)
    given: list[str | None] = [None, "", " ", *HARD]
    for _ in range(COUNT):
        text = "".join(made.choices(alphabet, k=made.randrange(9)))
        given.append(text + made.choice(words) + made.choice(alphabet).strip())
        given.append("ab" + made.choice(words))
    short = evaluate(macro, given)
    long = evaluate(macro, given, on="(x)")
    assert differences(given, long, short) == []
