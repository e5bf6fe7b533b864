"""A finding that a later declaration has mended goes with the next run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .test_increments import ON_EACH
from .warehouse import Warehouse

SYSTEM = """
system: {name}
evidence: seen
{settings}
tables:
  deals:
    into: crm.opportunities
    key: [id]
    recognised_by: [[Deal No, {name} worth]]
    columns: {{id: [Deal No], amount: ["{name} worth"]{columns}}}
"""
FOUND = """
select files.instance_name from int_operations__findings as findings
inner join stg_ingest__files as files on findings.file_id = files.file_id
where findings.rule = 'currency_unsaid' order by 1
"""


@ON_EACH
def test_a_currency_that_is_declared_later_is_said(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By its system, or by the header of a column that has a value in the file."""
    folder = tmp_path / "config" / "systems"
    folder.mkdir(parents=True)
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(folder.parent))
    warehouse = new_warehouse(engine)
    names = ["said", "zoned", "headed", "blank", "left"]

    def declare(name: str, columns: str = "", settings: str = "") -> None:
        text = SYSTEM.format(name=name, columns=columns, settings=settings)
        (folder / f"{name}.yml").write_text(text)

    def found() -> list[str]:
        warehouse.land()
        warehouse.build("--select", "stg_ingest__files", "int_operations__*")
        return [name for (name,) in warehouse.query(FOUND)]

    for name in names:
        declare(name)
        place = warehouse.inbox / name
        place.mkdir()
        code = "" if name == "blank" else "EUR"
        text = f"Deal No,{name} worth,Coin\n1,7.50,{code}\n2,8.00,\n"
        (place / "x.csv").write_text(text)
    assert found() == sorted(names)
    declare("said", settings="settings: {currency: EUR}")
    declare("zoned", settings="settings: {time_zone: Europe/Berlin}")
    declare("headed", ", currency: [Coin]")
    declare("blank", ", currency: [Coin]")
    assert found() == ["blank", "left", "zoned"]
    declare("said")  # and it comes back
    assert found() == ["blank", "left", "said", "zoned"]
