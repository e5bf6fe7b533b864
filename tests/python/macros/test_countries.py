"""The seeds of countries against faker's list and their own promises."""

from __future__ import annotations

import csv

from faker.providers.date_time import Provider

from tests.python.macros.conftest import ROOT


def read(name: str) -> list[dict[str, str]]:
    path = ROOT / "seeds" / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_codes_are_those_of_iso() -> None:
    codes = [row["country_code"] for row in read("countries")]
    assert len(codes) == len(set(codes)) == 249
    assert {country.alpha_2_code for country in Provider.countries} <= set(codes)


def test_synonyms_find_codes_and_names() -> None:
    found = {
        row["source_value"]: row["country_code"] for row in read("country_synonyms")
    }
    for row in read("countries"):
        code = row["country_code"]
        assert found[code.lower()] == code
        assert found[row["country_name"].lower()] == code
    for country in Provider.countries:
        assert found[country.alpha_3_code.lower()] == country.alpha_2_code
    by_hand = {
        "uk": "GB", "england": "GB", "great britain": "GB", "u.k.": "GB",
        "usa": "US", "u.s.": "US", "united states of america": "US",
        "deutschland": "DE", "frankreich": "FR", "allemagne": "DE",
        "holland": "NL", "españa": "ES", "espana": "ES", "schweiz": "CH",
        "south korea": "KR", "turkey": "TR", "czech republic": "CZ",
    }  # fmt: skip
    assert {value: found[value] for value in by_hand} == by_hand


def test_synonyms_are_unique_and_lower_case() -> None:
    values = [row["source_value"] for row in read("country_synonyms")]
    assert len(values) == len(set(values))
    assert [value for value in values if value != value.lower().strip()] == []
    codes = {row["country_code"] for row in read("countries")}
    assert {row["country_code"] for row in read("country_synonyms")} <= codes
