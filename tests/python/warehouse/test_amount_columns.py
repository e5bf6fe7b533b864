"""What a run says of a column of amounts is what the models make of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from .test_increments import ON_EACH
from .warehouse import Warehouse

SYSTEM = """
system: acme
evidence: seen
tables:
  deals:
    into: crm.opportunities
    key: [id]
    recognised_by: [[Deal No, Worth]]
    columns: {id: [Deal No], amount: [Worth], currency: [Money]}
  paid:
    into: commerce.payments
    key: [payment_id]
    recognised_by: [[Payment No, Paid]]
    columns: {payment_id: [Payment No], amount: [Paid], currency: [Money]}
  {points}:
    into: crm.opportunities
    key: [id]
    recognised_by: [[Point No, Worth]]
    columns: {id: [Point No], amount: [Worth], currency: [Money]}
    settings: {decimal_mark: '.'}
"""
COLUMNS: list[tuple[str, str | None, int]] = [
    # values, their total, and how many of them could be read both ways
    # a number with cents decides
    ("12.500,00 1.250", "13750.00", 0),
    ("12,500.00 1,250", "13750.00", 0),
    ("12.500,00 1.250 k.A.", "13750.00", 0),
    ("12.500 1.250 7,5", "13757.50", 0),
    ("1.000.000 1.250", "1001250.00", 0),
    ("€_12,50 1.250", "1262.50", 0),
    ("12,50_zł 1.250", "1262.50", 0),
    ("1.250 12,50_kr.", "1262.50", 0),
    ("1,250 Rs._12.50", "1262.50", 0),
    ("1.250 (12,50)", "1237.50", 0),
    ("1.250 0,125", "1250.13", 0),
    ("1.250 '12,50", "1262.50", 0),
    ("1500,000 1.250", "2750.00", 0),
    # text does not
    ("12.500 1.250 Nr.5", None, 2),
    ("12.500 1.250 ca.50", None, 2),
    ("12.500 1.250 2.5k", None, 2),
    ("12.500 1.250 k.A.", None, 2),
    ("12.500 1.250_kr.", None, 2),
    ("12.500 1.250 Abschlag_5.5%", None, 2),
    ("12.500 1.250 1.2_Mio", None, 2),
    ("12.500 1.250 13.09.2026", None, 2),
    ("12.500 1.250 v1.2.3", None, 2),
    ("12.500 1.250 7 n.a.", "7.00", 2),
    # numbers that contradict each other
    ("1.50 2,50 1.500", "4.00", 1),
]
POINTS = [
    ("1.500 2,5", "4.00", 0),
    ("1.500 2.5", "4.00", 0),
    ("1,500 2.5", "1502.50", 0),
]
"""Of a system that says it writes a point."""


@pytest.fixture
def config(own_systems: Path) -> Path:
    """Return the user's folder, which knows the system."""
    (own_systems / "acme.yml").write_text(SYSTEM.replace("{points}", "points"))
    return own_systems


@ON_EACH
def test_a_run_and_the_models_read_the_same(
    new_warehouse: Callable[[str], Warehouse], engine: str, config: Path
) -> None:
    """Each column is a file in a folder of its own: totals and what is undecided."""
    warehouse = new_warehouse(engine)
    expected = {}
    for header, columns in [
        ("Deal No;Worth;Money", COLUMNS),
        ("Payment No;Paid;Money", COLUMNS),
        ("Point No;Worth;Money", POINTS),
    ]:
        for at, (values, total, undecided) in enumerate(columns):
            folder = f"{header.split()[0].lower()}{at}"
            (warehouse.inbox / folder).mkdir()
            rows = [
                f"{number};{value.replace('_', ' ')};EUR"
                for number, value in enumerate(values.split())
            ]
            text = "\n".join([header, *rows, ""])
            (warehouse.inbox / folder / "x.csv").write_text(text, encoding="utf-8")
            expected[folder] = values, total, undecided
    previews = {
        outcome.label.split("/")[0]: outcome.preview
        for outcome in warehouse.land().outcomes
    }
    warehouse.build("--select", "stg_ingest__files", "stg_crm__opportunities",
                    "stg_commerce__payments")  # fmt: skip
    said, made = {}, {}
    for folder, (values, *_) in expected.items():
        preview = previews[folder]
        assert preview is not None
        (totals,) = preview.totals.values() or [{}]
        undecided = sum(count for count, _ in preview.undecided.values())
        total = totals.get("EUR")
        said[folder] = values, None if total is None else f"{total:.2f}", undecided
    for table, amount in [
        ("stg_crm__opportunities", "amount_cents"),
        ("stg_commerce__payments", "amount_minor"),
    ]:
        for folder, total, undecided in warehouse.query(
            f"select instance_name, sum({amount}), sum("
            "case when _findings like '%amount_ambiguous%'"
            f" and {amount} is null then 1 else 0 end)"
            f" from {table} inner join stg_ingest__files on _file_id = file_id"
            " group by instance_name"
        ):
            text = None if total is None else f"{Decimal(int(total)) / 100:.2f}"
            made[folder] = expected[folder][0], text, undecided
    assert said == expected
    assert made == expected
