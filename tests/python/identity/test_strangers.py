"""Nobody stands twice: whatever strangers share, hardly any of them are merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import pytest

from tools.generate.labelled import firms, strangers

from .conftest import Found

pytestmark = pytest.mark.long

EACH = 240
"""Records of each set; all sets of persons are one file, as are those of firms."""


@pytest.fixture(scope="module")
def persons(resolve: Callable[..., Found]) -> Found:
    return resolve(strangers.FIELDS, together(strangers.CLEAN, strangers.Strangers))


@pytest.fixture(scope="module")
def companies(resolve: Callable[..., Found]) -> Found:
    return resolve(firms.FIELDS, together(firms.CLEAN, firms.Firms))


def together(
    kinds: dict, make: Callable, seed: int = 0, each: int = EACH
) -> list[tuple[str, ...]]:
    return [
        (f"{kind}:{row[0]}", f"{kind}:{row[1]}", *row[2:])
        for seed, kind in enumerate(kinds, seed)
        for row in make(kind, seed, each).rows()
    ]


def merged_away(found: Found) -> Counter[str]:
    """Return for each set how many records were merged into another one."""
    clusters = defaultdict(list)
    for record, cluster in found.cluster_of().items():
        clusters[cluster].append(record)
    return Counter(
        record.partition(":")[0]
        for members in clusters.values()
        for record in members[1:]
    )


@pytest.mark.parametrize("kind", strangers.CLEAN)
def test_persons_stay_apart(persons: Found, kind: str) -> None:
    """Relatives may have first names so alike that they are taken for slips."""
    most = {"couples": 3, "families": 3}.get(kind, 0)
    assert merged_away(persons)[kind] <= most


def numbered() -> Iterator[tuple[str, ...]]:
    """Patients with titles, four of each house, whose numbers follow each other."""
    made = strangers.Strangers("numbered", 300, 0)
    titles = ("Dr. med.", "Prof. Dr.", "Frau", "Dr. med. dent.")
    for house in range(60):
        last, line, town = made.names.last(), made.number(), made.home().city
        firsts = dict.fromkeys(made.names.first() for _ in range(4))
        for at, first in enumerate(firsts):
            name = f"{made.random.choice(titles)} {first} {last}"
            record = f"R{house}-{at}"
            yield record, record, name, line, town, f"PT-{4 * house + at:05}"


def test_the_next_number_is_another_person(resolve: Callable[..., Found]) -> None:
    kinds = {
        "name": "full_name", "tel": "phone", "town": "city", "number": "identifier",
    }  # fmt: skip
    found = resolve(kinds, numbered())
    names = found.query("select first_name from labelled__records")
    assert not {"dr", "med", "dent"} & {name for (name,) in names}
    assert merged_away(found).total() == 0


MISSING = {
    "first_name": {"families": 30},  # of one mailbox, landline and house
    "last_name": {"franchises": 1},  # two Johns with info@ of one branch
    "email": {},
    "born": {},
}
"""A column that no file has, and how many of which set are merged for it at most."""


@pytest.fixture(scope="module")
def few() -> list[tuple[str, ...]]:
    return together(strangers.CLEAN, strangers.Strangers, seed=200, each=60)


@pytest.mark.parametrize("column", MISSING)
def test_persons_stay_apart_where_a_column_is_missing(
    resolve: Callable[..., Found], few: list[tuple[str, ...]], column: str
) -> None:
    kinds = {name: kind for name, kind in strangers.FIELDS.items() if name != column}
    at = strangers.Strangers.columns.index(column)
    found = resolve(kinds, [row[:at] + row[at + 1 :] for row in few])
    merged = merged_away(found)
    allowed = MISSING[column]
    assert all(count <= allowed.get(kind, 0) for kind, count in merged.items()), merged


def registered() -> Iterator[tuple[str, ...]]:
    """Towns of one name in several states, and funds of one house, without domains."""
    made = firms.Firms("countries", 300, 0)
    for town in range(40):
        city = f"{made.names.last()}ville"
        for at, state in enumerate(
            made.random.sample(("OH", "IL", "TX", "GA", "NY"), 3)
        ):
            row = f"City of {city}", made.random.choice(made.names.streets), city, state
            yield f"T{town}-{at}", f"T{town}-{at}", *row, ""
        house, street = made.names.last(), made.random.choice(made.names.streets)
        for at, numeral in enumerate(("I", "II", "III", "VIII")):
            row = (
                f"{house} Real Estate Opportunity Fund {numeral} LP",
                street,
                city,
                "OH",
            )
            yield f"F{town}-{at}", f"F{town}-{at}", *row, f"+1 415 55{town:02}{town:03}"


def test_towns_and_funds_stay_apart(resolve: Callable[..., Found]) -> None:
    kinds = {
        "name": "company", "street": "street", "city": "city", "state": "region",
        "tel": "phone",
    }  # fmt: skip
    assert merged_away(resolve(kinds, registered())).total() == 0


@pytest.mark.parametrize("kind", firms.CLEAN)
def test_companies_stay_apart(companies: Found, kind: str) -> None:
    assert merged_away(companies)[kind] == 0


def test_one_mailbox_of_two_is_for_review(persons: Found) -> None:
    """Couples of one mailbox lie between the probabilities of a review."""
    pairs = persons.query(
        "select a.f_email from (select email as f_email, record_number from"
        " labelled__records where record_id like 'couples:%') as a"
        " inner join labelled__records as b on b.email = a.f_email"
        " and a.record_number < b.record_number"
        " inner join labelled__pairs as p on p.record_a = a.record_number"
        " and p.record_b = b.record_number"
        " where p.probability between 0.05 and 0.95"
    )
    assert len(pairs) > EACH / 2 * 0.9
