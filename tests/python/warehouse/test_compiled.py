"""What models are compiled to is the same in every build of one project."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
from dbt.adapters.sqlite_strict.connections import add_functions
from dbt.adapters.sqlite_strict.functions import Database

from .compiled import Kept
from .deliveries import company, contact
from .warehouse import Warehouse


@pytest.mark.long
def test_data_do_not_change_the_sql(warehouse: Warehouse) -> None:
    def compiled() -> Kept:
        warehouse._compiled = {}
        warehouse.build_models()
        return warehouse._compiled

    empty = compiled()
    warehouse.deliver("companies.json", [company("C1")])
    warehouse.deliver("contacts.json", [contact("P1"), contact("P2", email="x")])
    warehouse.land()
    assert compiled() == empty
    assert len(empty) > 50


def test_sqlite_prepares_no_query_for_long(warehouse: Warehouse) -> None:
    """It does so anew for each use of a common table expression, and for all within:
    what is used many times is a model of its own. Seconds of CPU, of which most take
    some hundredths."""
    took = {}
    compiled = dict(warehouse._compiled)
    functions = compiled.pop("functions")
    with closing(sqlite3.connect(warehouse.database, factory=Database)) as db:
        add_functions(db)
        for name, (code, _) in compiled.items():
            if name.startswith("model.") and "-- step" not in code:
                for function in functions[name]:
                    db.define_sql_function(*function)
                began = time.process_time()
                db.execute(f"explain {code}").close()
                took[name] = time.process_time() - began
    assert len(took) > 150
    assert {name: spent for name, spent in took.items() if spent > 0.5} == {}
