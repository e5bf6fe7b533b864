"""A small warehouse of samples and odd records, and the answers it gives.

What the answers should be is worked out from the files, see `exports.py`.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT
from tests.python.conftest import by_one_process
from tools.generate.company.files import write as write_company
from tools.generate.company.truth import Company

from .company import CLOCK

FAR = "2099-01-01T00:00:00.000000"

# Beside clean samples: what has no code, no parent, no value or no sensible date.
ODD: dict[str, list[dict[str, Any]]] = {
    "companies": [
        {"id": "C-NEW", "name": "Never called", "is_customer": True},
        {"id": "C-ODD", "name": "Odd trade", "industry": "Space Mining"},
    ],
    "contacts": [{"id": "P-FAR", "email": "far@odd.example", "company_id": "C-NEW"}],
    "opportunities": [
        {
            **{"id": "O-PARKED", "company_id": "COMP001", "stage": "Parked"},
            **{"amount": 100, "product": "Basic", "probability": 50},
            **{"is_closed": False, "created_date": "2025-01-01T00:00:00"},
        },
        {
            **{"id": "O-GHOST", "company_id": "COMP001", "stage": "Parked"},
            **{"amount": 200, "product": "Pro", "probability": 0},
            **{"is_closed": True, "created_date": "2025-01-01T00:00:00"},
            **{"close_date": "2025-03-03T00:00:00", "forecast_category": "Commit"},
        },
        {"id": "O-BLANK", "company_id": "C-LOST", "stage": "Proposal"},
        {
            **{"id": "O-EARLY", "company_id": "C-ODD", "stage": "Closed Won"},
            **{"amount": 300, "product": "Pro", "probability": 100},
            **{"is_closed": True, "created_date": "2025-03-02T00:00:00"},
            **{"close_date": "2025-03-01T00:00:00"},
        },
        {
            **{"id": "O-CENTS", "company_id": "COMP001", "stage": "Proposal"},
            **{"amount": "0.29", "product": "Basic", "probability": 33},
            **{"is_closed": False, "created_date": "2025-01-01T00:00:00"},
            **{"close_date": "2025-04-04T00:00:00"},
        },
    ],
    "activities": [
        {
            **{"id": "A-FAR", "contact_id": "P-FAR", "opportunity_id": "O-PARKED"},
            **{"type": "call", "timestamp": FAR, "outcome": "Completed"},
        },
        {
            **{"id": "A-ODD", "contact_id": "P-LOST", "opportunity_id": "O-CENTS"},
            **{"type": "telepathy", "timestamp": "2025-05-05T00:00:00"},
        },
    ],
}


@pytest.fixture(scope="session")
def inbox(made_once: Path) -> Path:
    """Samples and odd records, then two deliveries in which deals move."""

    def make(folder: Path) -> None:
        inbox = folder / "inbox"
        command = [sys.executable, "-m", "tools.generate", "--out", str(inbox)]
        subprocess.run(
            [*command, "--dirt", "0", "--seed", "5"],
            cwd=PROJECT,
            check=True,
            capture_output=True,
        )
        for table, rows in ODD.items():
            (path,) = (inbox / "crm").glob(f"{table}.*")
            _append(path, rows)
        _move_deals(inbox / "crm")

    return by_one_process(made_once / "analyses_inbox", make) / "inbox"


def _append(path: Path, rows: list[dict[str, Any]]) -> None:
    if path.suffix == ".json":
        given = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(given + rows), encoding="utf-8")
        return
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header).writerows(rows)


def _move_deals(folder: Path) -> None:
    """Move three open deals on; then one of them back, and two again unchanged."""
    with (folder / "opportunities.csv").open(encoding="utf-8", newline="") as file:
        deals = [deal for deal in csv.DictReader(file) if deal["is_closed"] == "False"]
    before = deals[:3]
    won = {"stage": "Closed Won", "is_closed": "True", "probability": "100"}
    after = [deal | won for deal in before]
    _write(folder / "opportunities_2.csv", after)
    _write(folder / "opportunities_3.csv", [before[0], *after[1:]])


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="session")
def folder(made_once: Path, parsed: Callable[[Path], Path], inbox: Path) -> Path:
    """The folder of the warehouse and of what dbt keeps."""

    def make(folder: Path) -> None:
        parsed(folder / "target")
        database = folder / "warehouse.db"
        _run(["scripts.run", "--inbox", str(inbox), "--db", str(database)], folder)

    return by_one_process(made_once / "analyses", make)


@pytest.fixture(scope="session")
def warehouse(folder: Path) -> Iterator[sqlite3.Connection]:
    """The warehouse built from the inbox, opened for reading."""
    with _opened(folder / "warehouse.db") as db:
        yield db


@pytest.fixture(scope="session")
def company_folder(made_once: Path, parsed: Callable[[Path], Path]) -> Path:
    """The folder of the company's files, and of the warehouse built from them."""

    def make(folder: Path) -> None:
        for _ in write_company(Company(seed=0), folder / "inbox"):
            pass
        parsed(folder / "target")
        place = ["--inbox", str(folder / "inbox"), "--db", str(folder / "company.db")]
        _run(["scripts.run", *place], folder, {VARIABLE: CLOCK})

    return by_one_process(made_once / "analyses_company", make)


@pytest.fixture(scope="session")
def company_inbox(company_folder: Path) -> Path:
    """Two weeks of one company's HubSpot, Salesforce, Shopify and Stripe."""
    return company_folder / "inbox"


@pytest.fixture(scope="session")
def company_warehouse(company_folder: Path) -> Iterator[sqlite3.Connection]:
    """The warehouse built from the company's files, opened for reading."""
    with _opened(company_folder / "company.db") as db:
        yield db


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        yield db


@pytest.fixture(scope="session")
def company_answer(
    company_warehouse: sqlite3.Connection, queries: dict[str, str]
) -> Callable[[str], list[dict[str, Any]]]:
    """`company_answer(analysis)` gives its rows for the company, in order."""
    return lambda name: [dict(r) for r in company_warehouse.execute(queries[name])]


@pytest.fixture(scope="session")
def queries(made_once: Path, folder: Path) -> dict[str, str]:
    """The compiled SQL of every analysis, by name."""

    def make(_: Path) -> None:
        command = ["compile", "--quiet", "--select", "path:analyses"]
        _run(["scripts.dbt", *command], folder)

    by_one_process(made_once / "analyses_queries", make)
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in folder.glob("target/compiled/*/analyses/*.sql")
    }


def _run(
    module: list[str], folder: Path, settings: dict[str, str] | None = None
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=PROJECT,
        env=os.environ
        | {
            "WAREHOUSE_DB": str(folder / "warehouse.db"),
            "WAREHOUSE_DATA": str(folder),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_EXCLUDE_RESOURCE_TYPES": "test",  # answers are what is judged
        }
        | (settings or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def answer(
    warehouse: sqlite3.Connection, queries: dict[str, str]
) -> Callable[[str], list[dict[str, Any]]]:
    """`answer(analysis)` gives its rows, in order."""
    return lambda name: [dict(row) for row in warehouse.execute(queries[name])]
