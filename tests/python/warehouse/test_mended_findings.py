"""A finding that a later declaration has mended goes with the next run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
    own_systems: Path,
) -> None:
    """By its system, or by the header of a column that has a value in the file."""
    warehouse = new_warehouse(engine)
    names = ["said", "zoned", "headed", "blank", "left"]

    def declare(name: str, columns: str = "", settings: str = "") -> None:
        text = SYSTEM.format(name=name, columns=columns, settings=settings)
        (own_systems / f"{name}.yml").write_text(text)

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


DEALS = """
system: acme
evidence: seen
settings: {currency: EUR}
tables:
  deals:
    into: crm.opportunities
    key: [id]
    recognised_by: [[Deal No, Title, Step]]
    columns:
      id: [Deal No]
      name: [Title]
      stage: [Step]
      owner_name: [Boss]
      pipeline: [Pipe]
      amount: [Wert]
"""
RENAMED = """
select files.instance_name, findings.rule, findings.source_value
from int_operations__findings as findings
inner join stg_ingest__files as files on findings.file_id = files.file_id
where findings.column_name = 'amount' and findings.rule <> 'currency_unsaid'
order by 1
"""


@ON_EACH
def test_an_amount_that_went_is_a_warning_where_headers_are_new(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    own_systems: Path,
) -> None:
    """Its new name may be one of these, until it is declared or comes again."""
    (own_systems / "acme.yml").write_text(DEALS)
    warehouse = new_warehouse(engine)

    def found(**files: str) -> list[tuple[str, str, str | None]]:
        for name, lines in files.items():
            place = warehouse.inbox / name
            place.mkdir(exist_ok=True)
            (place / f"{len(list(place.iterdir()))}.csv").write_text(lines)
        warehouse.land()
        warehouse.build("--select", "stg_ingest__files", "int_operations__*")
        return warehouse.query(RENAMED)

    known = "Deal No,Title,Step,Boss,Pipe"
    before = f"{known},Wert\n1,A,B,C,D,7.50\n"
    empty = f"{known},Wert\n1,A,B,C,D,\n"
    assert found(renamed=before, went=before, never=empty, again=before) == []
    after = f"{known},Wert (netto),Größe\n1,A,B,C,D,7.50,3\n"
    bare = f"{known}\n1,A,B,C,E\n"
    expected = [
        ("again", "amount_absent", "perhaps now: Wert (netto), Größe"),
        ("never", "column_absent", None),
        ("renamed", "amount_absent", "perhaps now: Wert (netto), Größe"),
        ("went", "column_absent", None),
    ]
    assert found(renamed=after, went=bare, never=after, again=after) == expected
    expected[0] = ("again", "column_absent", None)
    assert found(again=before.replace("7.50", "8")) == expected
    (own_systems / "acme.yml").write_text(
        DEALS.replace("[Wert]", "[Wert, Wert (netto)]")
    )
    assert found() == [("went", "column_absent", None)]
