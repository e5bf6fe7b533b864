"""Who is one across CRM, shop, forms and lists, against the truth of the generator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import pytest

from tools.generate.company.enquiries import called
from tools.generate.company.files import write as write_company
from tools.generate.company.identities import identities
from tools.generate.company.truth import Company
from tools.generate.leads import Leads
from tools.generate.leads import write as write_leads

from .conftest import Fill
from .warehouse import THOROUGH, Warehouse

pytestmark = pytest.mark.long

FOUND, WRONG = 0.97, 0.005
"""Of the pairs that are one at least this share is linked, of the linked ones at most
this one is wrong."""
COMPANIES = {"sample": (0, 1), "seed 8": (8, 1)}
if THOROUGH:
    COMPANIES |= {"seed 3": (3, 1), "four times": (5, 4)}
"""Seed and scale of each."""
BRIDGES = {
    "person": ("bridge_people_records", "person_id"),
    "organisation": ("bridge_organisation_records", "organisation_id"),
}
HASHED = ("call_centre", "backend")
Pair = tuple[str, str]


class Shares(NamedTuple):
    """How well records are linked."""

    found: float
    wrong: float


@dataclass
class Truth:
    """Of a company by kind: number of the person or firm, and system, of a record."""

    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    systems: dict[str, str] = field(default_factory=dict)


def callers(company: Company) -> Leads:
    """Lists of a call centre on which some of the company's people are."""
    people = called(company)
    return Leads(company.seed, 3 * len(people), days=2, known=people)


def truth_of(company: Company) -> Truth:
    found = Truth({"person": {}, "organisation": {}})
    for kind, number, system, record in identities(company, callers(company)):
        found.numbers[kind][record] = number
        found.systems[record] = system
    return found


@dataclass
class Linked:
    """A company in a warehouse, and who is who."""

    truth: Truth
    clusters: dict[str, dict[str, str]]
    """By kind: record → identifier of the person or organisation."""

    def numbers(self, kind: str) -> dict[str, int]:
        """Of each record that is there its number in truth.

        A record that truth has no number for is of nobody else.
        """
        known = self.truth.numbers[kind]
        strangers = (r for r in self.clusters[kind] if r not in known)
        return known | {record: -n for n, record in enumerate(strangers, 1)}

    def pairs(self, kind: str) -> Iterator[Pair]:
        """Records of different systems that are one in truth."""
        numbers, clusters = self.numbers(kind), self.clusters[kind]
        for group in grouped((r, numbers[r]) for r in clusters):
            for one, other in combinations(sorted(group), 2):
                if self.truth.systems.get(one) != self.truth.systems.get(other):
                    yield one, other

    def missed(self, kind: str) -> list[Pair]:
        """Those of them that are not linked."""
        found = self.clusters[kind]
        return [pair for pair in self.pairs(kind) if found[pair[0]] != found[pair[1]]]

    def linked(self, kind: str) -> Iterator[Pair]:
        """Records that are linked."""
        for group in grouped(self.clusters[kind].items()):
            yield from combinations(sorted(group), 2)

    def wrong(self, kind: str) -> list[Pair]:
        """Those of them that are not one in truth."""
        numbers = self.numbers(kind)
        return [p for p in self.linked(kind) if numbers[p[0]] != numbers[p[1]]]

    def shares(self, kind: str) -> Shares:
        """The share of pairs that is found, and of linked ones that is wrong."""
        count = sum(1 for _ in self.pairs(kind))
        linked = sum(1 for _ in self.linked(kind))
        return Shares(
            1 - len(self.missed(kind)) / count, len(self.wrong(kind)) / linked
        )


def grouped(pairs: Iterable[tuple[str, object]]) -> Iterable[list[str]]:
    """The records of each group, of record and group."""
    found: dict[object, list[str]] = defaultdict(list)
    for record, group in pairs:
        found[group].append(record)
    return found.values()


@pytest.fixture(scope="module", params=COMPANIES)
def linked(
    request: pytest.FixtureRequest, looked_at: Callable[[Fill, str], Warehouse]
) -> Linked:
    """The company in a warehouse, with what links its records."""
    company = Company(*COMPANIES[request.param])

    def fill(warehouse: Warehouse) -> None:
        for _ in write_company(company, warehouse.inbox):
            pass
        for _ in write_leads(callers(company), warehouse.inbox / "leads"):
            pass
        warehouse.land()
        warehouse.build("--select", *(f"+{bridge}" for bridge, _ in BRIDGES.values()))

    warehouse = looked_at(fill, "sqlite")
    truth = truth_of(company)
    clusters = {
        kind: {
            record: cluster
            for record, cluster in warehouse.query(
                f"select record_id, {key} from {bridge}"
            )
            # but leads with one's address and another's telephone: nobody can tell
            if record in truth.systems or record.split(":")[0] not in HASHED
        }
        for kind, (bridge, key) in BRIDGES.items()
    }
    return Linked(truth, clusters)


@pytest.mark.parametrize("kind", BRIDGES)
def test_one_customer_is_found_and_no_other(linked: Linked, kind: str) -> None:
    found, wrong = linked.shares(kind)
    assert found >= FOUND, linked.missed(kind)[:20]
    assert wrong <= WRONG, linked.wrong(kind)[:20]


def test_every_record_is_somebody(linked: Linked) -> None:
    """But those that their own system has merged away."""
    missing = Counter(
        record.rpartition(":")[0]
        for kind, numbers in linked.truth.numbers.items()
        for record in numbers.keys() - linked.clusters[kind].keys()
    )
    assert missing <= Counter(
        {
            "contact:hubspot": 2,
            "contact:salesforce": 1,
            "company:salesforce": 2,
        }
    )
