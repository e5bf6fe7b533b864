"""Files of systems are in the order of the dates in their names, where declared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .test_full_pictures import BUILT, FULL
from .test_increments import ON_EACH
from .warehouse import Warehouse

SYSTEM = FULL.replace("settings: {delivery: full}\n", "")
DATED = r"""
system: portal
settings: {delivery_time: {file_name: '(?P<date>\d{4}-\d\d-\d\d)'}}
"""


@pytest.fixture
def config(own_systems: Path) -> Path:
    """Return the user's folder, which knows a system."""
    (own_systems / "portal.yml").write_text(SYSTEM)
    return own_systems


def deliver(warehouse: Warehouse, name: str, record: str) -> None:
    """Deliver a file of one prospect."""
    place = warehouse.inbox / "acme"
    place.mkdir(exist_ok=True)
    text = f"Prospect No,Prospect Title\n{record[0]},{record[1:]}\n"
    (place / f"{name}.csv").write_text(text)


@ON_EACH
def test_a_delivery_time_of_a_system_orders_what_landed(
    new_warehouse: Callable[[str], Warehouse], engine: str, config: Path
) -> None:
    """Declared in config/, for files of before and after."""
    warehouse = new_warehouse(engine)
    titles = "select title from int_crm_leads__versioned where row_status = 'current'"

    def run() -> str:
        warehouse.land()
        warehouse.build("--select", *BUILT)
        ((title,),) = warehouse.query(titles)
        return str(title)

    for name, title in [("d-2026-11-20", "a"), ("d-2026-11-27", "b")]:
        deliver(warehouse, name, f"1{title}")
        assert run() == title
    deliver(warehouse, "d-2026-11-13", "1c")
    assert run() == "c"
    (config / "portal2.yml").write_text(DATED)
    assert run() == "b"
    deliver(warehouse, "d-2026-11-26", "1d")
    assert run() == "b"
    deliver(warehouse, "d-2026-11-28", "1e")
    assert run() == "e"
    # a name without a date is as new as its arrival, and the clock shows 2026-01
    deliver(warehouse, "undated", "1f")
    assert run() == "e"
    delivered = dict(
        warehouse.query("select file_name, delivered_at from stg_ingest__files")
    )
    assert delivered["d-2026-11-13.csv"][:10] == "2026-11-13"
    assert delivered["undated.csv"] is None
