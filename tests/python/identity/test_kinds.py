"""Other records than contacts entered twice: persons, addresses, and no duplicates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tools.generate.crm import Crm
from tools.generate.labelled.persons import Addresses, Persons
from tools.identity_eval import metrics

from .conftest import Found

PLACE = ("Larkspur", "40217", "OR")
# By hand. Values are first name, last name, number, street, text, city, postcode,
# region, date of birth, identifier.
SAME = {
    "slip in the date of birth": [
        ("Hedwig", "Zaleski", "", "", "", "", "", "", "19540317", ""),
        ("Hedwig", "Zaleski", "", "", "", "", "", "", "19540371", ""),
    ],
    "day and month turned": [
        ("Hedwig", "Zalewska", "", "", "", "", "", "", "19540307", ""),
        ("Hedvig", "Zalewska", "", "", "", "", "", "", "19540703", ""),
    ],
    "slips in all but the address": [
        ("Ambrose", "Feathers", "77", "tanglewood rise", "", *PLACE, "", "7340951"),
        ("Ambose", "Faethers", "77", "tanglewood rise", "", *PLACE, "", "7340915"),
    ],
}
APART = {
    "neighbours": [
        (
            "Ottilie",
            "Brandauer",
            "12",
            "kestrel row",
            "",
            *PLACE,
            "19610102",
            "5550001",
        ),
        ("Ignatius", "Quarmby", "14", "kestrel row", "", *PLACE, "19830909", "6120773"),
    ],
    "two in one house": [
        ("Leopold", "Varga", "3", "heron close", "", *PLACE, "", "4410020"),
        ("Philippa", "Stanhope", "3", "heron close", "", *PLACE, "", "8876531"),
    ],
    "one town, nothing else": [
        ("Cuthbert", "Aldous", "", "", "", *PLACE, "", ""),
        ("Seraphina", "Mott", "", "", "", *PLACE, "", ""),
    ],
}


@pytest.fixture(scope="module")
def addresses(resolve: Callable[..., Found]) -> Found:
    """The cases, among records from which the weights are learned."""
    rows = [
        (f"{kind}:{name}:{at}", name if kind == "same" else f"{name}:{at}", *values)
        for kind, cases in (("same", SAME), ("apart", APART))
        for name, records in cases.items()
        for at, values in enumerate(records)
    ]
    return resolve(Addresses.fields, [*rows, *Addresses(3, 800).rows()])


@pytest.mark.parametrize("case", SAME)
def test_one_person_is_merged(addresses: Found, case: str) -> None:
    clusters = addresses.cluster_of()
    assert clusters[f"same:{case}:0"] == clusters[f"same:{case}:1"]


@pytest.mark.parametrize("case", APART)
def test_several_persons_stay_apart(addresses: Found, case: str) -> None:
    clusters = addresses.cluster_of()
    assert clusters[f"apart:{case}:0"] != clusters[f"apart:{case}:1"]


def test_addresses_are_found(addresses: Found) -> None:
    figures = metrics.measure(addresses.made.connect)
    assert figures["clusters_f1"] > 0.99
    assert figures["clusters_precision"] > 0.99


def test_persons_are_found_and_the_scores_mean_something(
    resolve: Callable[..., Found],
) -> None:
    """Of pairs that are given a probability no fewer are true, or hardly."""
    found = resolve(Persons.fields, Persons(5, 600).rows())
    figures = metrics.measure(found.made.connect)
    assert figures["clusters_f1"] > 0.98
    assert figures["clusters_precision"] > 0.99
    for start, pairs, true in figures["calibration"]:
        assert pairs < 20 or true / pairs > start - 0.1, start
    # the threshold that labels would choose is no extreme probability; below lie
    # only pairs that rules hold apart
    assert figures["best_threshold"] < 0.98


def test_nobody_is_merged_where_nobody_stands_twice(
    resolve: Callable[..., Found],
) -> None:
    """Of ten thousand contacts, hundreds have the name of another one elsewhere."""
    made = Crm(4)
    made.add("companies", 2_000)
    kinds = {
        "first_name": "first_name", "last_name": "last_name",
        "company_id": "company_id", "email": "email", "phone": "phone",
    }  # fmt: skip
    contacts = made.add("contacts", 10_000)
    rows = [(row["id"], row["id"], *(row[name] for name in kinds)) for row in contacts]
    names = {(row["first_name"], row["last_name"]) for row in contacts}
    assert len(names) < 9_900

    clusters = resolve(kinds, rows).cluster_of()
    assert [pair for pair in clusters.items() if pair[0] != pair[1]] == []
