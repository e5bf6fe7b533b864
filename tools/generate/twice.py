"""Companies and contacts entered a second time, under another identifier."""

from __future__ import annotations

from random import Random

from tools.generate.crm import AS_OF, Record, timestamp
from tools.generate.labelled.slips import nickname, typo

TABLES = ("companies", "contacts")


def entered_twice(
    table: str, rows: list[Record], share: float, seed: int
) -> list[Record]:
    """Return second records of a share of the rows, written a little otherwise."""
    random = Random(f"twice-{table}-{seed}")
    if table not in TABLES:
        return []
    chosen = random.sample(rows, round(len(rows) * share))
    again = _company if table == "companies" else _contact
    return [
        again(random, row)
        | {"id": f"{row['id']}-{number}", "created_date": timestamp(AS_OF)}
        for number, row in enumerate(chosen, 1)
    ]


def _company(random: Random, row: Record) -> Record:
    name = row["name"].rsplit(" ", 1)[0]
    return row | {"name": random.choice((name, f"{name}, Inc.", typo(random, name)))}


def _contact(random: Random, row: Record) -> Record:
    first, last = nickname(random, row["first_name"]), row["last_name"]
    if random.random() < 0.4:
        last = typo(random, last)
    return row | {
        "first_name": first,
        "last_name": last,
        "email": random.choice((row["email"].upper(), row["email"], None)),
        "phone": row["phone"].replace("-", " "),
        "title": random.choice(("Head of Sales", "Buyer", row["title"])),
        "last_modified": timestamp(AS_OF),
    }
