"""Telephone numbers: a table by hand, and the phonenumbers library as oracle."""

from __future__ import annotations

import ast
import csv
import random
from collections.abc import Callable
from typing import Any

import phonenumbers
import pytest

from tests.python.macros.conftest import ROOT, SqliteEngine

COLUMNS = [
    "calling_code",
    "trunk_prefix",
    "national_length_min",
    "national_length_max",
    "exit_code",
]
COUNTRIES = ["US", "CA", "GB", "DE", "FR", "AU"]

CASES = [
    ("US", None, None),
    ("US", "", None),
    ("US", "  ", None),
    ("US", "+1-555-543-7400", "+15555437400"),
    ("US", "(415) 555-0100", "+14155550100"),
    ("US", "415.555.0100", "+14155550100"),
    ("US", "1 415 555 0100", "+14155550100"),
    ("US", "14155550100", "+14155550100"),
    ("US", "415/555-0100 x123", "+14155550100"),
    ("US", "415-555-0100 ext. 5", "+14155550100"),
    ("US", "415-555-0100 #5", "+14155550100"),
    ("US", "tel:+1-415-555-0100;ext=5", "+14155550100"),
    ("US", "Tel: 415-555-0100", "+14155550100"),
    ("US", "415\u00a0555\u20110100", "+14155550100"),
    ("US", "\u202a+1 415 555 0100\u202c", "+14155550100"),
    ("US", "011 44 20 7946 0958", "+442079460958"),
    ("US", "0044 20 7946 0958", "+442079460958"),
    ("US", "+44 (0)20 7946 0958", "+442079460958"),
    ("US", "+44 020 7946 0958", "+442079460958"),
    ("US", "(+44) 20 7946 0958", "+442079460958"),
    ("US", "+39 06 1234 5678", "+390612345678"),
    ("US", "+39 (0)6 1234 5678", "+390612345678"),
    ("US", "011 39 (0)6 1234 5678", "+390612345678"),
    ("US", "+43 (0)1 234567", "+431234567"),
    ("US", "555-0100", None),
    ("US", "115-555-0100", None),
    ("US", "1-800-FLOWERS", None),
    ("US", "415-555-01000", None),
    ("US", "+1 415 555 010", None),
    ("US", "+44 20 7946", None),
    ("US", "+0 415 555 0100", None),
    ("US", "+999", None),
    ("US", "++1 415 555 0100", None),
    ("US", "415 555 0100 / 415 555 0101", None),
    ("US", "ann@example.com", None),
    ("US", "n/a", None),
    ("US", "٤١٥٥٥٥٠١٠٠", None),
    ("CA", "416-555-0100", "+14165550100"),
    ("GB", "020 7946 0958", "+442079460958"),
    ("GB", "(020) 7946 0958", "+442079460958"),
    ("GB", "2079460958", "+442079460958"),
    ("GB", "442079460958", "+442079460958"),
    ("GB", "7946 0958", None),
    ("GB", "00 1 415 555 0100", "+14155550100"),
    ("DE", "030 123456", "+4930123456"),
    ("DE", "030/1234-567", "+49301234567"),
    ("DE", "0151 12345678", "+4915112345678"),
    ("DE", "123456", None),
    ("DE", "4930123456", None),
    ("FR", "06 12 34 56 78", "+33612345678"),
    ("FR", "+33 (0)6 12 34 56 78", "+33612345678"),
    ("AU", "(02) 5550 1234", "+61255501234"),
    ("AU", "0491 570 006", "+61491570006"),
    ("AU", "0011 1 415 555 0100", "+14155550100"),
    (None, "+1 415 555 0100", "+14155550100"),
    (None, "0044 20 7946 0958", "+442079460958"),
    (None, "415 555 0100", None),
    (None, "011 44 20 7946 0958", None),
]


@pytest.fixture(scope="module")
def plans() -> dict[str | None, list[str | None]]:
    """The arguments of phone_e164 by country, as the seed has them."""
    with (ROOT / "seeds/reference/countries.csv").open(encoding="utf-8") as lines:
        rows = {row["country_code"]: row for row in csv.DictReader(lines)}
    return {None: [None] * 5} | {
        country: [rows[country][column] for column in COLUMNS] for country in COUNTRIES
    }


@pytest.fixture
def e164(
    engine: SqliteEngine, render: Callable[..., str], plans: dict[str | None, Any]
) -> Callable[[list[tuple[str | None, Any]]], list[Any]]:
    """`e164([(country, phone), …])` gives one output per pair."""

    def call(pairs: list[tuple[str | None, Any]]) -> list[Any]:
        expression = render("phone_e164", "phone", *COLUMNS)
        rows = [[phone, *plans[country]] for country, phone in pairs]
        return engine.evaluate(expression, rows, ["phone", *COLUMNS])

    return call


def test_phones_by_table(e164: Callable[..., list[Any]]) -> None:
    output = e164([(country, phone) for country, phone, _ in CASES])
    wrong = [
        (*case, found)
        for case, found in zip(CASES, output, strict=True)
        if case[2] != found
    ]
    assert wrong == []


def national_numbers(country: str, made: random.Random) -> list[str]:
    """Valid national numbers of the country, found by trial."""
    code = phonenumbers.country_code_for_region(country)
    example = [
        phonenumbers.example_number_for_type(country, kind)
        for kind in (
            phonenumbers.PhoneNumberType.FIXED_LINE,
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.TOLL_FREE,
        )
    ]
    numbers = []
    while len(numbers) < 120:
        stem = phonenumbers.national_significant_number(made.choice(example))
        kept = made.randint(2, 4)
        tail = "".join(made.choices("0123456789", k=len(stem) - kept))
        number = phonenumbers.PhoneNumber(code, int(stem[:kept] + tail))
        if phonenumbers.is_valid_number_for_region(number, country):
            numbers.append(number)
    return numbers


def test_phones_equal_phonenumbers(
    e164: Callable[..., list[Any]], plans: dict[str | None, Any]
) -> None:
    made = random.Random(7)
    pairs, expected = [], []
    formats = phonenumbers.PhoneNumberFormat
    for country in COUNTRIES:
        shortest, longest = map(int, plans[country][2:4])
        for number in national_numbers(country, made):
            digits = phonenumbers.national_significant_number(number)
            if not shortest <= len(digits) <= longest:
                continue
            forms = [
                (country, phonenumbers.format_number(number, formats.NATIONAL)),
                (country, phonenumbers.format_number(number, formats.RFC3966)),
                (None, phonenumbers.format_number(number, formats.INTERNATIONAL)),
                (None, phonenumbers.format_number(number, formats.E164)),
                (country, f"{plans[country][1]}{digits}"),
            ]
            forms += [
                (other, f"{plans[other][4]} {number.country_code} {digits}")
                for other in COUNTRIES
            ]
            for region, text in forms:
                pairs.append((region, text))
                found = phonenumbers.parse(text, region)
                expected.append(phonenumbers.format_number(found, formats.E164))
    assert len(pairs) > 5000
    triples = zip(pairs, expected, e164(pairs), strict=True)
    assert [triple for triple in triples if triple[1] != triple[2]][:10] == []


def test_phones_are_never_wrong(e164: Callable[..., list[Any]]) -> None:
    """Digits at random: nothing, or what phonenumbers reads, if that is valid."""
    made = random.Random(8)
    pairs = []
    for _ in range(4000):
        digits = "".join(made.choices("0123456789", k=made.randint(3, 14)))
        front = made.choice(["", "+", "0", "1", "00", "011", "+44", "+49 0", "+1"])
        pairs.append((made.choice(COUNTRIES), front + digits))
    wrong = []
    for (country, text), found in zip(pairs, e164(pairs), strict=True):
        try:
            parsed = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        # Other plans are not known yet: whether +53 0 has a 0 too many.
        known = parsed.country_code in (1, 33, 44, 49, 61)
        if found and known and phonenumbers.is_valid_number(parsed):
            expected = phonenumbers.format_number(
                parsed, phonenumbers.PhoneNumberFormat.E164
            )
            if found != expected:
                wrong.append((country, text, expected, found))
    assert wrong == []


def test_calling_codes_repeat_the_seed(
    render: Callable[..., str], plans: dict[str | None, Any]
) -> None:
    seed = {
        (plan[0], plan[1], int(plan[2]), int(plan[3]))
        for country, plan in plans.items()
        if country
    }
    plans_of_macro = ast.literal_eval(render("calling_codes"))
    macro = {tuple(plan.values()) for plan in plans_of_macro}
    assert macro == seed
