"""Says of landed files what recognising their system would have said."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from .warehouse import Warehouse

KEYS = ("system_name", "id_scope", "notation")


def note(warehouse: Warehouse, file_name: str, **facts: Any) -> None:
    """Write system, scope of identifiers and notation of a file into the ledger."""
    if facts.get("notation") is not None:
        facts["notation"] = json.dumps(facts["notation"])
    values = [facts.get(key) for key in KEYS]
    sets = ", ".join(f"{key} = ?" for key in KEYS)
    update = f"update ingest_files set {sets} where file_name = ?"
    if warehouse.lake is None:
        assert warehouse.change(update, *values, file_name) == 1
        return
    ledger = warehouse.lake / "ledger" / "ingest_files.parquet"
    with duckdb.connect() as db:
        db.execute(f"create table ingest_files as from '{ledger}'")
        for key in KEYS:
            db.execute(f"alter table ingest_files alter {key} type varchar")
        db.execute(update, [*values, file_name])
        db.execute(f"copy ingest_files to '{ledger}' (format parquet)")
