"""Contacts of several tools: who is merged, who is not, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from itertools import combinations
from typing import Any

import pytest

from tools.generate.labelled.contacts import Contacts
from tools.identity_eval import metrics, project

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
    "married, with the mailbox of before": [
        ("Elena", "Adolph", "Aurich Motoren", "elena.scheel@aurich.de", "", "Soest"),
        ("Elena", "Scheel", "Aurich Motoren GmbH", "escheel80@orange.fr",
         "+49 389 8705291", "Soest"),
    ],
    "slips in first name and firm, two mailboxes and numbers": [
        ("Josefine", "Acostanza", "Moore Print", "jose_acosta@aol.com",
         "+1 302 326 4498", "Salem"),
        ("Joseifne", "Acostanza", "Moore Prnt Co", "josefinea@mooreprint.com",
         "+1 960 677 2755", "Salem"),
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
    "mailboxes of a first name and an initial": [
        ("Christoph", "Trupp", "Scheibe Pharma", "christopht@scheibe.de", "", "Jena"),
        ("Christoph", "Hering", "Scheibe Pharma", "christophh@scheibe.de", "", "Jena"),
    ],
    "one first name, a mailbox that has both last names": [
        ("Marie", "Lenz", "Ostwald", "marie.lenz.brandt@ostwald.de", "", "Bonn"),
        ("Marie", "Brandt", "Ostwald", "marie@ostwald.de", "", "Bonn"),
    ],
    "nothing but junk": [
        ("", "", "", "", "0000000", ""),
        ("n/a", "-", "", "none", "0000000", ""),
        ("", "", "", "", "", ""),
        ("", "", "", "", "123456789", ""),
    ],
}  # fmt: skip

# Decided by hand, against what the records say.
DECIDED = {
    "twins": [
        ("Pavla", "Krizova", "Vltava Glass", "pavla@vltava.cz", "+420 601111222", ""),
        ("Pavla", "Krizova", "Vltava Glass", "pavla@vltava.cz", "+420 601111222", ""),
    ],
    "married": [
        ("Ruth", "Ellison", "Mossgate", "ruth.ellison@mossgate.org", "", ""),
        ("Ruth", "Tanaka", "Birchfield", "rtanaka@birchfield.net", "", ""),
    ],
}  # fmt: skip
OVERRIDES = """\
labelled,decided:twins:0,decided:twins:1,same,Ann,2025-01-01,one address
labelled,decided:twins:1,decided:twins:0,different,Ann,2025-02-01,twins after all
labelled,decided:married:0,decided:married:1,same,Ann,2025-02-01,she married
"""
# A later delivery: another record of one who is known, and one of a stranger.
LATER = [
    ("later:0", "", "Rob", "Fenwcik", "Quillon", "r.fenwick@quillon.com", "", "Leeds"),
    ("later:1", "", "Sunniva", "Aasen", "Fjordkraft", "", "", "Bergen"),
]


def rows() -> list[tuple[str, ...]]:
    """The cases, among contacts from which the weights are learned."""
    made = [
        (f"{kind}:{name}:{at}", name if kind == "same" else f"{name}:{at}", *values)
        for kind, cases in (("same", SAME), ("apart", APART), ("decided", DECIDED))
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
    return resolve(CONTACT, rows(), overrides=OVERRIDES)


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


def test_people_decide(found: Found) -> None:
    """The latest decision on a pair wins, in whatever order it names them."""
    clusters = found.cluster_of()
    assert clusters["decided:twins:0"] != clusters["decided:twins:1"]
    assert clusters["decided:married:0"] == clusters["decided:married:1"]


def test_generated_contacts_are_found(found: Found) -> None:
    """Of so few records, those who moved are left to a person."""
    figures = metrics.measure(found.made.connect)
    assert figures["clusters_f1"] > 0.94
    assert figures["clusters_precision"] > 0.99


def test_a_name_alone_needs_more(found: Found) -> None:
    """Of pairs whose names are all that agrees none is merged below .8."""
    pairs = found.query(
        "select pattern, weight from labelled__pairs where decision = ''"
    )
    alone = [
        weight
        for pattern, weight in pairs
        if pattern[0] == "-" and not set(pattern[3:]) - set("-do")
    ]
    assert not [w for w in alone if metrics.DEFAULT_THRESHOLD <= w < 200]
    assert max(alone) >= 200
    assert metrics.DEFAULT_THRESHOLD - 1 in alone  # of what would have been merged


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
    promising = {
        n for pair, w in weights.items() if w >= metrics.DEFAULT_THRESHOLD for n in pair
    }
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
            average = (total - 340 * (pairs - count)) / pairs
            if average >= metrics.DEFAULT_THRESHOLD:
                choices[one].append((-average, other))
                choices[other].append((-average, one))
        best = {key: min(options)[1] for key, options in choices.items()}
        joins = [(a, b) for a, b in best.items() if a < b and best.get(b) == a]
        if not joins:
            return list(clusters.values())
        for kept, gone in joins:
            clusters[kept] += clusters.pop(gone)


TABLES = ("records", "values", "keys", "candidates", "weights", "adjusted")
TABLES += ("pairs", "clusters")


@pytest.mark.long
def test_engines_agree(found: Found, resolve: Callable[..., Found]) -> None:
    other = resolve(CONTACT, rows(), "duckdb", OVERRIDES)
    for table in TABLES:
        listed = f"select * from labelled__{table}"
        assert comparable(found.query(listed)) == comparable(other.query(listed)), table


def test_large_record_numbers_are_no_obstacle(resolve: Callable[..., Found]) -> None:
    """DuckDB refuses a product beyond 32 bits: record numbers of larger files."""

    def number(made: project.Project) -> None:
        with closing(made.connect()) as db:
            db.execute(
                "update labelled_records set record_number = 2000000000 + record_number"
            )

    few = [row for at, row in enumerate(rows()) if at < 60]
    assert resolve(CONTACT, few, "duckdb", landed=number).cluster_of()


def comparable(rows: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Return rows without what engines write differently: types of numbers."""
    return {
        tuple(
            round(float(value), 9) if isinstance(value, (int, float)) else value
            for value in row
        )
        for row in rows
    }


def test_a_delivery_touches_what_it_reaches(found: Found) -> None:
    """Last, because it changes what is found."""
    before = found.cluster_of()
    weights = found.query("select * from labelled__weights order by 1, 2, 3, 4")
    with closing(found.made.connect()) as db, db:
        (last,) = db.execute("select count(*) from labelled_records").fetchone()
        db.executemany(
            f"insert into labelled_records values ({', '.join('?' * 11)})",
            [(last + at, *row, None, 2) for at, row in enumerate(LATER, 1)],
        )
    project.build(found.made)
    assert found.query("select count(*) from labelled__clusters") == [
        (last + len(LATER),)
    ]
    after = found.cluster_of()
    assert after.pop("later:0") == before["same:nickname:0"]
    assert after.pop("later:1") == "later:1"
    assert after == before
    assert found.query("select * from labelled__weights order by 1, 2, 3, 4") == weights
    rewritten = found.query(
        "select record_id from labelled__clusters where latest_file_id = 2"
    )
    assert {record.partition(":")[0] for (record,) in rewritten} == {"same", "later"}
