"""The worked examples of docs/examples: files in, ten answers out, from one build.

With `EXAMPLES=write` in the environment it writes the pages; otherwise they must be
what the build answers, and its figures those of the files, read by Python.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from typing import Any

import pytest

from scripts.ingest.sources import load_sources
from scripts.ingest.systems import SHIPPED, load_shapes
from scripts.ingest.systems.recognise import Catalogue
from scripts.settings import PROJECT

from .conftest import at_home
from .example_files import examples
from .example_questions import QUESTIONS
from .exports import DECIMALS, Export, number
from .warehouse import Project, Warehouse

pytestmark = pytest.mark.long

PAGES = PROJECT / "docs" / "examples"
EXAMPLES = examples()
NOTICE = (
    "<!-- Written by tests/python/warehouse/test_examples.py; mend that instead. -->"
)
TEN = 10
ASKED = {
    question: sql for asked in QUESTIONS.values() for question, sql in asked.items()
}
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def warehouse(
    project: Callable[[str], Project], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """All files, each in a folder of its system."""
    folder = tmp_path_factory.mktemp("examples") / "warehouse"
    with at_home():
        made = Warehouse(folder, project("sqlite"), "crm")
        for system, files in EXAMPLES.items():
            (made.inbox / system).mkdir(parents=True)
            for export in files:
                text = export.text.encode(export.encoding)
                (made.inbox / system / export.name).write_bytes(text)
        made.run_all()
        yield made


@pytest.fixture(scope="module")
def answers(warehouse: Warehouse) -> dict[str, dict[str, tuple[list[str], Rows]]]:
    """By system, the questions that have an answer: names of columns, and rows."""
    found: dict[str, dict[str, tuple[list[str], Rows]]] = {}
    with closing(sqlite3.connect(warehouse.database)) as db:
        for system in EXAMPLES:
            found[system] = {}
            for question, sql in ASKED.items():
                result = db.execute(sql.replace("{s}", system))
                rows = [tuple(row) for row in result.fetchall()]
                if rows and any(value is not None for row in rows for value in row):
                    names = [column[0] for column in result.description]
                    found[system][question] = names, rows
    return found


def test_each_system_that_ships_has_its_example() -> None:
    assert set(EXAMPLES) == {path.stem for path in SHIPPED.glob("*.yml")}
    assert {path.stem for path in PAGES.glob("*.md")} == set(EXAMPLES)


@pytest.mark.parametrize("system", EXAMPLES)
def test_the_page_is_what_the_build_answers(
    answers: dict[str, dict[str, tuple[list[str], Rows]]], system: str
) -> None:
    asked = answers[system]
    chosen = ten_of(asked)
    assert len(chosen) == TEN
    text = "\n".join(page(system, {question: asked[question] for question in chosen}))
    path = PAGES / f"{system}.md"
    if os.environ.get("EXAMPLES") == "write":
        PAGES.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def ten_of(answered: Collection[str]) -> list[str]:
    """Of each group in turn a question; of any file only if others are too few."""
    groups = [[q for q in asked if q in answered] for asked in QUESTIONS.values()]
    *of_records, of_files, always = groups
    in_turn = [q for asked in zip_longest(*of_records) for q in asked if q]
    chosen = {*[*in_turn, *of_files][: TEN - len(always)], *always}
    return [question for question in ASKED if question in chosen]


def page(system: str, asked: dict[str, tuple[list[str], Rows]]) -> Iterator[str]:
    """The lines of a page."""
    shapes = load_shapes(load_sources(), [SHIPPED])
    (name,) = {shape.system_title for shape in shapes if shape.system == system}
    yield from (NOTICE, "", f"# {name}: files in, ten answers out", "")
    yield (
        f"Files of `data/inbox/{system}/` with invented values, and what the warehouse "
        "answers."
    )
    for export in EXAMPLES[system]:
        yield from ("", f"`{export.name}`:", "", "```text")
        yield export.text.removeprefix("\ufeff").rstrip("\n")
        yield "```"
    for place, (question, (names, rows)) in enumerate(asked.items(), 1):
        yield from ("", "```sql", f"-- {place}. {question}")
        yield ASKED[question].strip().replace("{s}", system)
        yield from ("```", "```text", *table(names, rows), "```")
    yield ""


def table(names: list[str], rows: Rows) -> Iterator[str]:
    """Rows in columns, as the shell of SQLite shows them."""
    cells = [names, *([shown(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for place, row in enumerate(cells):
        pairs = zip(row, widths, strict=True)
        yield "  ".join(cell.ljust(width) for cell, width in pairs).rstrip()
        if place == 0:
            yield "  ".join("-" * width for width in widths)


def shown(value: Any) -> str:
    """A value on one line; a long one is cut."""
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


# -- figures: the same by Python, from the text of the files ------------------------


def told(export: Export) -> list[dict[str, str]]:
    """The records with the names of columns in place of headers."""
    rows = export.rows()
    sources = load_sources()
    catalogue = Catalogue(sources, load_shapes(sources, [SHIPPED]))
    found = catalogue.find(list(rows[0]), export.system, export.name)
    assert found.shape
    names: dict[str, str] = {}
    known = {simple(header): header for header in rows[0]}
    for column in found.shape.columns:
        headers = column.headers or ()
        given = next((known[simple(h)] for h in headers if simple(h) in known), None)
        if given is not None:
            names[column.name] = given
    return [{name: row[header] for name, header in names.items()} for row in rows]


def simple(header: str) -> str:
    """A header without case, blanks and punctuation."""
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def files_of(table_name: str) -> list[tuple[str, Export]]:
    return [
        (system, export)
        for system, files in EXAMPLES.items()
        for export in files
        if export.table == table_name
    ]


def test_all_records_have_landed(
    answers: dict[str, dict[str, tuple[list[str], Rows]]],
) -> None:
    for system, files in EXAMPLES.items():
        _, rows = answers[system]["What has landed, and as what?"]
        assert sorted((row[0], row[2], row[3]) for row in rows) == sorted(
            (export.name, export.table, len(export.rows())) for export in files
        )
        _, [counted] = answers[system]["Was anything lost?"]
        landed = sum(len(export.rows()) for export in files)
        beside = sum(export.beside for export in files)
        assert (counted[1], counted[2] + counted[3]) == (landed, beside)


def test_deals_are_worth_what_the_files_say(
    answers: dict[str, dict[str, tuple[list[str], Rows]]],
) -> None:
    pipelines: dict[str, dict[tuple[str, str | None], list[Decimal]]] = {}
    for system, export in files_of("crm.opportunities"):
        stages = pipelines.setdefault(system, defaultdict(list))
        codes = list(export.currencies())
        for record, code in zip(told(export), codes, strict=True):
            amount = number(record.get("amount", ""), export.mark)
            # HubSpot's stages name their pipeline
            stage = record["stage"].removesuffix(f" ({record.get('pipeline')})")
            stages[stage, code].append(amount or Decimal(0))
    assert len(pipelines) > 4
    for system, expected in pipelines.items():
        names, rows = answers[system]["What is in the pipeline, by stage?"]
        assert names[0] == "stage"
        found: dict[tuple[str, str | None], tuple[int, Decimal]] = {}
        for stage, _, _, code, count, amount in rows:
            before, so_far = found.get((stage, code), (0, Decimal(0)))
            found[stage, code] = before + count, so_far + Decimal(str(amount or 0))
        assert found == {
            key: (len(amounts), sum(amounts)) for key, amounts in expected.items()
        }, system


def test_what_is_weighted_is_weighted_by_the_files_own_chances(
    answers: dict[str, dict[str, tuple[list[str], Rows]]],
) -> None:
    # open ones with an amount, read by hand: HubSpot writes shares, the others percents
    expected = {
        "hubspot": {"EUR": (1, "2500.5", "2250.45")},
        "salesforce": {"EUR": (1, "1500.5", None), "USD": (1, "116001", "11600.1")},
        "pipedrive": {"EUR": (1, "1500", None)},
        "odoo": {None: (1, "1200.5", "720.3")},
    }
    for system, currencies in expected.items():
        _, rows = answers[system]["What is it worth, weighted by its chances?"]
        found = {
            code: (count, amount, weighted) for code, count, amount, weighted in rows
        }
        assert set(found) == set(currencies), system
        for code, (count, amount, weighted) in currencies.items():
            assert found[code][0] == count
            assert Decimal(str(found[code][1])) == Decimal(amount)
            if weighted is None:
                assert found[code][2] is None
            else:
                assert Decimal(str(found[code][2])).quantize(
                    Decimal("0.01"), ROUND_HALF_UP
                ) == Decimal(weighted)


def test_what_is_sold_is_what_the_orders_say(
    answers: dict[str, dict[str, tuple[list[str], Rows]]],
) -> None:
    """Read by hand: with tax and shipping, without refunds and what is not paid."""
    expected = {
        "shopify": [("EUR", 1, 1250), ("USD", 1, 5150)],
        "woocommerce": [("USD", 1, 4500)],  # order 302 is a refund
        "amazon": [("USD", 1, 5998 + 480)],  # the other one is pending
        "etsy": [("USD", 1, 104500)],  # a file of orders and one of their items
        "square": [("USD", 1, 2 * (900 + 72))],
        "xero": [("GBP", 1, 33000)],  # the total is on both lines
    }
    for system, sums in expected.items():
        currencies = {code: (count, minor) for code, count, minor in sums}
        _, rows = answers[system]["What was sold, by currency?"]
        found = {code: (count, minor) for code, count, minor in rows}
        if system in ("woocommerce", "square"):  # of no currency, but by setting
            assert sorted(found.values()) == sorted(currencies.values()), system
        else:
            assert found == currencies, system


def test_accounts_move_by_what_the_files_say(
    answers: dict[str, dict[str, tuple[list[str], Rows]]],
) -> None:
    checked = 0
    for system, export in files_of("commerce.balance_entries"):
        _, rows = answers[system]["How did the account move?"]
        found: dict[str | None, int] = defaultdict(int)
        for row in rows:
            found[row[2]] += row[4]
        assert found == export.sums(export.money["amount_minor"]), system
        checked += 1
    assert checked == 2


def test_payments_are_money_or_none(
    answers: dict[str, dict[str, tuple[list[str], Rows]]],
) -> None:
    """What was paid, read by hand: not failed, not a test, not only authorised."""
    question = "What was paid and given back, and what is no money?"
    expected = {
        "stripe": {"USD": 12900, "EUR": 4950, "JPY": 5000, "KWD": 1234},
        "paypal": {"USD": 125000},
        "square": {"USD": 124200},
        "shopify": {"USD": 5150},
    }
    for system, sums in expected.items():
        _, rows = answers[system][question]
        found = {row[1]: row[3] for row in rows if row[0] == "payment"}
        if system == "square":  # its file names no currency
            assert [*found.values()] == [*sums.values()]
        else:
            assert found == sums, system
    assert DECIMALS == {"JPY": 0, "KWD": 3}


def test_people_are_counted_once_each(
    answers: dict[str, dict[str, tuple[list[str], Rows]]],
) -> None:
    for table_name, question in (
        ("crm.contacts", "Whom do we know, and how are they reached?"),
        ("marketing.form_leads", "Who answered which form, and when?"),
        ("marketing.list_members", "Who is on the list?"),
        ("commerce.customers", "Which customers does the shop know?"),
    ):
        for system, export in files_of(table_name):
            _, rows = answers[system][question]
            assert len({row[0] for row in rows}) == len(rows) == len(export.rows())
