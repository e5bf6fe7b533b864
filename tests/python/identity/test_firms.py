"""Companies with street and number: sites written twice, branches of one number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest

from tools.generate.labelled.names import Names
from tools.generate.labelled.slips import typo

from .conftest import Found

KINDS = {"name": "company", "address": "street", "zip": "postcode", "tel": "phone"}
FILLERS = 500
SHORT = (
    ("North", "N."), ("West", "W"), ("Avenue", "Ave"), ("Street", "St."),
    ("Boulevard", "Blvd"),
)  # fmt: skip

# By hand. Values are name, street, postcode, telephone.
SAME = {
    "street in short form, other name": [
        ("Ellington", "30 East 61st Street", "60637", "535-0650"),
        ("City Schools Ellington, Duke", "30 E. 61St St", "60637", "535 0650"),
    ],
    "street in short form, no number": [
        ("Keeper Institute", "2718 West Halloway Avenue", "60629", ""),
        ("Keeper Instiute", "2718 W. Halloway Ave", "", "434-8835"),
    ],
}
APART = {
    "number of the head office": [
        ("Neighborhood House Sepulveda", "1254 N Maplewood", "60622", "432-2213"),
        ("Neighborhood House Ramirez", "4414 N Christiana", "60625", "432-2213"),
        ("Neighborhood House Castanda", "4906 N Lawndale", "60625", "432-2213"),
        ("Neighborhood House Sanchez", "1914 N Sayre", "60707", "432-2213"),
    ],
    "two branches of one number": [
        ("Archdiocese St. Mary of the Lake", "1026 W. Buena Ave.", "", "281-0018"),
        ("Archdiocese St. Thomas", "4827 N. Kenmore", "60640", "281-0018"),
    ],
}


@pytest.fixture(scope="module")
def sites(resolve: Callable[..., Found]) -> Found:
    """The cases, among sites from which the weights are learned."""
    rows = [
        (f"{kind}:{name}:{at}", name if kind == "same" else f"{name}:{at}", *values)
        for kind, cases in (("same", SAME), ("apart", APART))
        for name, records in cases.items()
        for at, values in enumerate(records)
    ]
    return resolve(KINDS, [*rows, *fillers()])


def fillers() -> Iterator[tuple[str, ...]]:
    """Sites of one or two records, the second one in other words."""
    random, names = Random(8), Names(8)
    for at in range(FILLERS):
        name = f"{names.last()} {random.choice(names.trades)}"
        words = f"{random.choice(('North', 'West'))} {names.last()}"
        street = f"{random.randrange(1, 9999)} {words} {random.choice(SHORT[2:])[0]}"
        number = f"{random.randrange(2 * 10**6, 10**7)}"
        code = f"60{random.randrange(600, 660)}"
        yield f"{at}", f"F{at}", name, street, code, number
        if random.random() < 0.4:
            for long, short in SHORT:
                street = street.replace(long, short)
            other = typo(random, name) if random.random() < 0.5 else name.split()[0]
            code = code if random.random() < 0.7 else ""
            yield f"{at}b", f"F{at}", other, street, code, number


@pytest.mark.parametrize("case", SAME)
def test_one_site_is_merged(sites: Found, case: str) -> None:
    clusters = sites.cluster_of()
    assert clusters[f"same:{case}:0"] == clusters[f"same:{case}:1"]


@pytest.mark.parametrize("case", APART)
def test_branches_stay_apart(sites: Found, case: str) -> None:
    clusters = sites.cluster_of()
    ids = [f"apart:{case}:{at}" for at in range(len(APART[case]))]
    assert [clusters[record] for record in ids] == ids
