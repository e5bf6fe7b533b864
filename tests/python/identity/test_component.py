"""Contacts of several tools: who is merged, who is not, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from scripts.generate.labelled.contacts import Contacts
from scripts.identity_eval import metrics

from .conftest import CONTACT, Found

FILLERS = 600

# By hand: groups of records of one person, then what must stay apart. Values are
# first name, last name, company, e-mail, phone, city.
SAME = {
    "typo and reformatted phone": [
        ("Margaret", "Oakhurst", "Tidewell Labs", "m.oakhurst@tidewell.io",
         "+49 30 5551234", "Bremen"),
        ("Margaret", "Oakhrust", "Tidewell Labs, Inc.", "", "(030) 555-1234", "Bremen"),
    ],
    "nickname": [
        ("Robert", "Fenwick", "Quillon", "r.fenwick@quillon.com", "", "Leeds"),
        ("Bob", "Fenwick", "Quillon Ltd", "R.Fenwick+news@quillon.com", "", ""),
    ],
    "swapped names": [
        ("Isolde", "Brandtner", "Hexa Kraft", "", "+43 1 9988776", "Graz"),
        ("Brandtner", "Isolde", "Hexa Kraft GmbH", "isolde@hexakraft.at",
         "0043 1 9988776", ""),
    ],
    "moved job, same private mailbox": [
        ("Tomas", "Zelinka", "Ostrava Steel", "zelinka1971@gmail.com", "", "Brno"),
        ("Tomas", "Zelinka", "Praha Foundry", "z.elinka1971@googlemail.com", "",
         "Prague"),
    ],
}  # fmt: skip
APART = {
    "colleagues with one switchboard": [
        ("Anna", "Koch", "Nordlicht", "anna@nordlicht.de", "+49 40 7000", "Kiel"),
        ("Jens", "Petersen", "Nordlicht", "jens@nordlicht.de", "+49 40 7000", "Kiel"),
        ("Ulf", "Hansen", "Nordlicht", "ulf@nordlicht.de", "+49 40 7000", "Kiel"),
        ("Maike", "Lorenz", "Nordlicht", "", "+49 40 7000", "Kiel"),
    ],
    "father and son": [
        ("Walter", "Grimsby Sr.", "Grimsby & Sons", "walter@grimsby.com",
         "+1 412 555 0101", "Erie"),
        ("Walter", "Grimsby Jr.", "Grimsby & Sons", "walter2@grimsby.com",
         "+1 412 555 0101", "Erie"),
    ],
    "one office mailbox": [
        ("Clara", "Voss", "Ambit", "info@ambit.eu", "", "Ghent"),
        ("Pieter", "Maes", "Ambit", "info@ambit.eu", "", "Ghent"),
    ],
    "one web domain": [
        ("Lena", "Adler", "Falke Print", "lena.adler@falke.de", "", "Ulm"),
        ("Lena", "Busch", "Falke Print", "lena.busch@falke.de", "", "Ulm"),
    ],
    "test address": [
        ("Oscar", "Ray", "Delta Nine", "test@test.com", "", ""),
        ("Nadia", "Ferro", "Kappa Four", "test@test.com", "", ""),
    ],
    "nothing but junk": [
        ("", "", "", "", "0000000", ""),
        ("n/a", "-", "", "none", "0000000", ""),
        ("", "", "", "", "", ""),
        ("", "", "", "", "123456789", ""),
    ],
}  # fmt: skip


def rows() -> list[tuple[str, ...]]:
    """The cases, among contacts from which the weights are learned."""
    made = [
        (f"{kind}:{name}:{at}", name if kind == "same" else f"{name}:{at}", *values)
        for kind, cases in (("same", SAME), ("apart", APART))
        for name, records in cases.items()
        for at, values in enumerate(records)
    ]
    contacts = Contacts(11, FILLERS)
    places = [contacts.columns.index(name) for name in CONTACT]
    for row in contacts.rows():
        made.append((row[0], row[1], *(row[place] for place in places)))
    return made


@pytest.fixture(scope="module")
def found(resolve: Callable[..., Found]) -> Found:
    return resolve(CONTACT, rows())


@pytest.mark.parametrize("case", SAME)
def test_one_person_is_merged(found: Found, case: str) -> None:
    clusters = found.cluster_of()
    ids = [f"same:{case}:{at}" for at in range(len(SAME[case]))]
    assert {clusters[record] for record in ids} == {ids[0]}


@pytest.mark.parametrize("case", APART)
def test_several_persons_stay_apart(found: Found, case: str) -> None:
    clusters = found.cluster_of()
    ids = [f"apart:{case}:{at}" for at in range(len(APART[case]))]
    assert [clusters[record] for record in ids] == ids


def test_generated_contacts_are_found(found: Found) -> None:
    figures = metrics.measure(found.made.connect)
    assert figures["clusters_f1"] > 0.9
    assert figures["clusters_precision"] > 0.95


def test_the_candidates_are_those_of_brute_force(found: Found) -> None:
    """Each pair of each block that is not too large, once."""
    blocks: dict[str, list[int]] = defaultdict(list)
    limits: dict[str, int] = {}
    for key, record, limit in found.query(
        "select block_key, record_number, block_limit from labelled__keys"
    ):
        blocks[key].append(record)
        limits[key] = limit
    expected = {
        pair
        for key, members in blocks.items()
        if len(members) <= limits[key]
        for pair in combinations(sorted(members), 2)
    }
    pairs = found.query("select record_a, record_b from labelled__candidates")
    assert len(pairs) == len(expected)
    assert set(pairs) == expected


def test_the_clusters_are_those_of_brute_force(found: Found) -> None:
    """Mutually best clusters are merged while their average weight allows it."""
    weights = {
        (a, b): max(-3000, min(3000, weight))
        for a, b, weight in found.query(
            "select record_a, record_b, weight from labelled__pairs"
        )
    }
    numbers = [n for (n,) in found.query("select record_number from labelled__records")]
    assert partition(merged(numbers, weights)) == partition(
        [
            [n for (n,) in group]
            for group in grouped(
                found.query("select cluster_id, record_number from labelled__clusters")
            )
        ]
    )


def grouped(pairs: list[tuple[Any, int]]) -> list[list[tuple[int]]]:
    groups: dict[Any, list[tuple[int]]] = defaultdict(list)
    for key, number in pairs:
        groups[key].append((number,))
    return list(groups.values())


def partition(groups: list[list[int]]) -> set[frozenset[int]]:
    return {frozenset(group) for group in groups}


def merged(numbers: list[int], weights: dict[tuple[int, int], int]) -> list[list[int]]:
    """Agglomerate in rounds, recomputing every average from single pairs."""
    promising = {n for pair, w in weights.items() if w >= 200 for n in pair}
    clusters = {n: [n] for n in numbers}
    linked = {pair for pair in weights if pair[0] in promising and pair[1] in promising}
    while True:
        root = {n: key for key, members in clusters.items() for n in members}
        totals: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for a, b in linked:
            one, other = sorted((root[a], root[b]))
            if one != other:
                totals[one, other][0] += weights[a, b]
                totals[one, other][1] += 1
        choices: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for (one, other), (total, count) in totals.items():
            pairs = len(clusters[one]) * len(clusters[other])
            average = (total - 400 * (pairs - count)) / pairs
            if average >= 200:
                choices[one].append((-average, other))
                choices[other].append((-average, one))
        best = {key: min(options)[1] for key, options in choices.items()}
        joins = [(a, b) for a, b in best.items() if a < b and best.get(b) == a]
        if not joins:
            return list(clusters.values())
        for kept, gone in joins:
            clusters[kept] += clusters.pop(gone)
