"""Telephone numbers: a table by hand, and the phonenumbers library as oracle."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from typing import Any

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberType

from tests.python.macros.conftest import SqliteEngine
from tools import phone_plans

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
    ("US", "4155550100.0", "+14155550100"),
    ("US", "14155550100.0", "+14155550100"),
    ("DE", "3012345678.0", "+493012345678"),
    ("GB", "+442079460958.0", "+442079460958"),
    ("US", "415.555.010.0", "+14155550100"),
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
    ("US", "1-800-FLOWERS", "+18003569377"),
    ("US", "415-555-01000", None),
    ("US", "+1 415 555 010", None),
    ("US", "+44 20 7946", None),
    ("US", "+0 415 555 0100", None),
    ("US", "+999", None),
    ("US", "++1 415 555 0100", None),
    ("US", "415 555 0100 / 415 555 0101", None),
    ("US", "ann@example.com", None),
    ("US", "n/a", None),
    ("US", "٤١٥٥٥٥٠١٠٠", "+14155550100"),
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
    ("DE", "4930123456", "+494930123456"),
    ("FR", "06 12 34 56 78", "+33612345678"),
    ("FR", "+33 (0)6 12 34 56 78", "+33612345678"),
    ("AU", "(02) 5550 1234", "+61255501234"),
    ("AU", "0491 570 006", "+61491570006"),
    ("AU", "0011 1 415 555 0100", "+14155550100"),
    (None, "+1 415 555 0100", "+14155550100"),
    (None, "0044 20 7946 0958", "+442079460958"),
    (None, "415 555 0100", None),
    (None, "011 44 20 7946 0958", None),
    # Notations of other regions, from their regulators' documents.
    ("US", "1-800-GO-FEDEX", "+18004633339"),
    ("US", "+1 (415) 555-0100 ~ 7", "+14155550100"),
    ("US", "999-555-0100", None),
    ("US", "+44 12 3456", None),
    ("IT", "06 1234 5678", "+390612345678"),
    ("IT", "392 123 4567", "+393921234567"),
    ("AR", "011 15-2345-6789", "+5491123456789"),
    ("AR", "+54 9 11 2345-6789", "+5491123456789"),
    ("AR", "0221 15 512-3456", "+5492215123456"),
    ("BR", "(11) 96123-4567", "+5511961234567"),
    ("BR", "0 21 11 96123-4567", "+5511961234567"),
    ("BR", "00 15 1 415 555 2671", "+14155552671"),
    ("MX", "55 1234 5678", "+525512345678"),
    ("RU", "8 (912) 345-67-89", "+79123456789"),
    ("RU", "8 10 44 20 7946 0958", "+442079460958"),
    ("BY", "8 029 491-19-11", "+375294911911"),
    ("HU", "06 1 234 5678", "+3612345678"),
    ("JP", "０３-1234-5678", "+81312345678"),
    ("KR", "001 1 415 555 2671", "+14155552671"),
    ("SM", "0549 886377", "+3780549886377"),
    ("SM", "886377", "+3780549886377"),
    ("BB", "430-1234", "+12464301234"),
    ("DE", "Telefon: 030 / 1234-567 доб. 9", "+49301234567"),
    ("XX", "030 123456", None),
    (None, "+800 1234 5678", "+80012345678"),
]


@pytest.fixture
def e164(
    engine: SqliteEngine, render: Callable[..., str]
) -> Callable[[list[tuple[str | None, Any]]], list[Any]]:
    """`e164([(country, phone), …])` gives one output per pair."""

    def call(pairs: list[tuple[str | None, Any]]) -> list[Any]:
        expression = render("phone_e164", "phone", "country")
        rows = [[phone, country] for country, phone in pairs]
        return engine.evaluate(expression, rows, ["phone", "country"])

    return call


def test_phones_by_table(e164: Callable[..., list[Any]]) -> None:
    output = e164([(country, phone) for country, phone, _ in CASES])
    wrong = [
        (*case, found)
        for case, found in zip(CASES, output, strict=True)
        if case[2] != found
    ]
    assert wrong == []


def example_numbers() -> list[tuple[str | None, PhoneNumber]]:
    """Return the library's examples of all regions and kinds, with the region."""
    kinds = range(PhoneNumberType.VOICEMAIL + 1)
    found = [
        (region, phonenumbers.example_number_for_type(region, kind))
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in kinds
    ]
    found += [
        (None, phonenumbers.example_number_for_non_geo_entity(code))
        for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    ]
    return [(region, number) for region, number in found if number]


@pytest.fixture(scope="module")
def made() -> dict[bool, list[tuple[str | None, PhoneNumber]]]:
    """Numbers that begin like an example and end at random, by their validity."""
    choose = random.Random(7)
    found: dict[bool, list[tuple[str | None, PhoneNumber]]] = {True: [], False: []}
    for _, example in example_numbers():
        stem = phonenumbers.national_significant_number(example)
        for _ in range(5):
            kept = choose.randrange(min(5, len(stem)))
            digits = stem[:kept] + "".join(
                choose.choices("0123456789", k=len(stem) - kept)
            )
            number = PhoneNumber(
                example.country_code,
                int(digits),
                italian_leading_zero=digits.startswith("0"),
                number_of_leading_zeros=len(digits) - len(digits.lstrip("0")),
            )
            region = phonenumbers.region_code_for_number(number)
            is_valid = phonenumbers.is_valid_number(number)
            found[is_valid].append((None if region == "001" else region, number))
    return found


FORMATS = phonenumbers.PhoneNumberFormat


def test_phones_equal_phonenumbers(
    e164: Callable[..., list[Any]],
    made: dict[bool, list[tuple[str | None, PhoneNumber]]],
) -> None:
    """999 of 1000 valid numbers of all regions, however they are written."""
    pairs, expected = [], []
    for region, number in example_numbers() + made[True]:
        texts = [
            (region if region and at % 2 else None, form)
            for at, form in enumerate(
                (FORMATS.INTERNATIONAL, FORMATS.E164, FORMATS.RFC3966)
            )
        ]
        texts += [(region, FORMATS.NATIONAL)] * (region is not None)
        for country, form in texts:
            pairs.append((country, phonenumbers.format_number(number, form)))
            expected.append(phonenumbers.format_number(number, FORMATS.E164))
        if region:
            exit_code = PhoneMetadata.metadata_for_region(region).international_prefix
            if exit_code.isdigit():
                pairs.append((region, exit_code + expected[-1][1:]))
                expected.append(expected[-1])
    wrong = [
        triple
        for triple in zip(pairs, expected, e164(pairs), strict=True)
        if triple[1] != triple[2]
    ]
    assert len({country for country, _ in pairs}) == 246
    assert len(pairs) > 15_000
    assert len(wrong) * 1000 <= len(pairs), wrong[:10]


def test_numbers_of_no_plan_are_refused(
    e164: Callable[..., list[Any]],
    made: dict[bool, list[tuple[str | None, PhoneNumber]]],
) -> None:
    """Most of what is not valid is NULL, and what nobody can have is always."""
    refused = [
        found is None
        for found in e164(
            [
                (None, phonenumbers.format_number(number, FORMATS.E164))
                for _, number in made[False]
            ]
        )
    ]
    assert len(refused) > 1000
    assert sum(refused) / len(refused) > 0.8
    choose = random.Random(9)
    unused = [
        (None, f"+{code}{choose.randrange(10**8, 10**9)}")
        for code in range(20, 1000)
        if not any(
            str(code).startswith(str(known)) or str(known).startswith(str(code))
            for known in phonenumbers.COUNTRY_CODE_TO_REGION_CODE
        )
    ]
    assert set(e164(unused)) == {None}


def test_phones_are_never_wrong(e164: Callable[..., list[Any]]) -> None:
    """Digits at random: nothing, or what phonenumbers reads, if that is valid."""
    choose = random.Random(8)
    pairs = []
    for _ in range(4000):
        digits = "".join(choose.choices("0123456789", k=choose.randint(3, 14)))
        front = choose.choice(["", "+", "0", "1", "00", "011", "+44", "+49 0", "+1"])
        pairs.append((choose.choice(COUNTRIES), front + digits))
    wrong = []
    for (country, text), found in zip(pairs, e164(pairs), strict=True):
        try:
            parsed = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            expected = phonenumbers.format_number(parsed, FORMATS.E164)
            if found != expected:
                wrong.append((country, text, expected, found))
    assert wrong == []


def test_seeds_are_those_of_the_library() -> None:
    """Whoever updates the library makes the seeds anew."""
    for name, (rows, columns) in phone_plans.SEEDS.items():
        with (phone_plans.FOLDER / f"{name}.csv").open(encoding="utf-8") as lines:
            header, *found = csv.reader(lines)
        assert header == columns
        assert found == [[str(value) for value in row] for row in rows()]
