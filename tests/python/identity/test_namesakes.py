"""Two records that share a name and nothing else: one person or two?"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from .conftest import CONTACT, Found

pytestmark = pytest.mark.long

# By hand: what the second record of each name has, and whether that is enough for two
# persons in a file of few records, and in one of many (None: as the weights say).
FIRST = ("Quillon Labs", "{0}@quillon.example", "+49 30 5551234", "Bremen")
SECOND = {
    "all differs": (("Ambit Werke", "{0}@ambit.example", "+49 89 7771234", ""), 1, 1),
    "no number": (("Ambit Werke", "{0}@ambit.example", "", ""), 1, None),
    "no firm": (("", "{0}@ambit.example", "+49 89 7771234", ""), 1, None),
    "no mailbox": (("Ambit Werke", "", "+49 89 7771234", ""), 1, None),
    "another town": (("", "{0}@ambit.example", "", "Ulm"), 1, 0),
    "another mailbox": (("", "{0}@ambit.example", "", ""), 0, 0),
    "another number": (("", "", "+49 89 7771234", ""), 0, 0),
    "the same number": (
        ("Ambit Werke", "{0}@ambit.example", "+49 30 5551234", ""), 0, 0,
    ),
}  # fmt: skip
NAMES = [
    ("Isolde", "Brandtner"), ("Tomas", "Zelinka"), ("Josefine", "Acostanza"),
    ("Walter", "Grimsby"), ("Clara", "Vossberg"), ("Pieter", "Maesen"),
    ("Nadia", "Ferrovia"), ("Oscar", "Raymundo"),
]  # fmt: skip


def rows(records: int) -> Iterator[tuple[str, ...]]:
    """The pairs among strangers with names of their own."""
    made = random.Random(records)
    for (first, last), (case, (second, *_)) in zip(NAMES, SECOND.items(), strict=True):
        mailbox = f"{first}.{last}".lower()
        number = FIRST[2][:-4] + str(made.randint(1000, 9999))
        for at, values in enumerate((FIRST, second)):
            firm, mail, phone, city = values
            phone = number if phone == FIRST[2] else phone
            firm = f"{firm} {last}" if firm else ""
            person = f"{case}:{at}"
            yield (
                *(person, person, first, last, firm),
                *(mail.format(mailbox), phone, city),
            )
    letters = "bdfgklmnprstvw"
    for at in range(records - 2 * len(SECOND)):
        first, last, firm = (
            "".join(made.choice(letters) + made.choice("aeiou") for _ in range(4))
            for _ in range(3)
        )
        person = f"stranger:{at}"
        mail, phone = f"{first}@{firm}.example", f"+49 40 {made.randint(10**6, 10**7)}"
        yield person, person, first, last, firm, mail, phone, "Kiel"


@pytest.mark.parametrize("records", [60, 1100])
def test_a_name_alone_needs_more_the_fewer_records_there_are(
    resolve: Callable[..., Found], records: int
) -> None:
    found = resolve(CONTACT, rows(records))
    clusters = found.cluster_of()
    apart = {case: clusters[f"{case}:0"] != clusters[f"{case}:1"] for case in SECOND}
    expected = {case: two[records > 1000] for case, (_, *two) in SECOND.items()}
    judged = {case: apart[case] for case, two in expected.items() if two is not None}
    assert judged == {case: bool(expected[case]) for case in judged}
    assert len(set(clusters.values())) == records - list(apart.values()).count(False)


def test_what_is_kept_apart_is_for_review(resolve: Callable[..., Found]) -> None:
    """Between .05 and .95 a pair is shown to a person."""
    found = resolve(CONTACT, rows(60))
    seen = found.query(
        "select a.record_id from labelled__pairs as p"
        " inner join labelled_records as a on p.record_a = a.record_number"
        " where p.probability between 0.05 and 0.7"
    )
    assert {name.rpartition(":")[0] for (name,) in seen} == {
        case for case, (_, few, _) in SECOND.items() if few
    }


def of_few_names(countries: int, records: int) -> Iterator[tuple[str, ...]]:
    """Strangers with few names for each country, of whom little else is known."""
    made = random.Random(1)

    def word(syllables: int = 3) -> str:
        return "".join(
            made.choice("bdfgklmnprstvwz") + made.choice("aeiou")
            for _ in range(syllables)
        )

    names = [
        ([word() for _ in range(15)], [word(4) for _ in range(60)])
        for _ in range(countries)
    ]
    for at in range(records):
        first, last = (made.choice(kind) for kind in made.choice(names))
        firm = word(4)
        number = f"+49 40 {made.randint(10**6, 10**7)}"
        yield (
            *(f"R{at}", f"R{at}", first, last),
            firm if made.random() < 0.7 else "",
            f"{first}@{firm}.example" if made.random() < 0.5 else "",
            number if made.random() < 0.4 else "",
            word(4) if made.random() < 0.5 else "",
        )


def test_names_of_one_country_come_together(resolve: Callable[..., Found]) -> None:
    """Whole names are twenty times as common as first and last names say."""
    given = list(of_few_names(20, 2000))
    assert len({row[2:4] for row in given}) < len(given) - 80
    clusters = resolve(CONTACT, given).cluster_of()
    assert len(set(clusters.values())) >= len(given) - 2


# By hand: what the second record of a task has, and whether it is another office's.
TASK = (
    "Accounts",
    "Payable",
    "{0} Werke",
    "pay@{0}.example",
    "+49 30 555{1}",
    "Bremen",
)
OFFICES = {
    "two offices": (("{0} Werke", "pay@{0}.example", "+49 89 777{1}", "Ulm"), True),
    "a new number": (
        ("{0} Werke", "pay@{0}.example", "+49 89 777{1}", "Bremen"),
        False,
    ),
    "a new town": (("{0} Werke", "pay@{0}.example", "+49 30 555{1}", "Ulm"), False),
    "no number": (("{0} Werke", "pay@{0}.example", "", "Ulm"), False),
    "another mailbox": (
        ("{0} Werke", "post@{0}.example", "+49 89 777{1}", "Ulm"),
        True,
    ),
}


def test_offices_share_the_mailbox_of_a_task(resolve: Callable[..., Found]) -> None:
    firms = dict(
        zip(OFFICES, ("zelka", "brumo", "fendig", "oltra", "quast"), strict=True)
    )
    given = list(rows(60))
    for at, (case, (second, _)) in enumerate(OFFICES.items()):
        for number, values in enumerate((TASK[2:], second)):
            filled = (v.format(firms[case], 1000 + at) for v in values)
            given.append(
                (f"task {case}:{number}", f"task {case}:{number}", *TASK[:2], *filled)
            )
    clusters = resolve(CONTACT, given).cluster_of()
    assert {c: clusters[f"task {c}:0"] != clusters[f"task {c}:1"] for c in OFFICES} == {
        case: is_other for case, (_, is_other) in OFFICES.items()
    }
