"""A system that the user declares in a folder of their own, from file to mart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .warehouse import ENGINES, Warehouse

SYSTEM = """
system: kontor
title: Kontor
settings: {date_order: dmy, decimal_mark: ",", currency: EUR, probability: share,
           id_prefixes: [K-], null_ids: ["0"], links: ids}
tables:
  firmen:
    into: crm.companies
    recognised_by: [[Firma Nr, Firmenname]]
    columns: {id: [Firma Nr], name: [Firmenname], country: [Land]}
  chancen:
    into: crm.opportunities
    recognised_by: [[Chance Nr, Volumen]]
    columns:
      id: [Chance Nr]
      name: [Betreff]
      company_id: [Firma Nr]
      amount: [Volumen]
      stage: [Schritt]
      probability: [Aussicht]
      close_date: [Abschluss]
    also_has: [Notiz]
  zahlungen:
    into: commerce.payments
    recognised_by: [[Zahlung Nr, Brutto]]
    columns: {payment_id: [Zahlung Nr], created_at: [Tag], amount: [Brutto],
              status: [Stand]}
"""
FILES = {
    "firmen.csv": "Firma Nr;Firmenname;Land\nK-1;Alder GmbH;DE\nK-2;Birch AG;CH\n",
    "liste.csv": (
        "Chance Nr;Betreff;Firma Nr;Volumen;Schritt;Aussicht;Abschluss;Notiz\n"
        "K-10;Neubau;K-1;1.234,50;Fast da;1;05/04/2026;x\n"
        'K-11;Umbau;K-2;12.50;Proposal;0,25;12/31/2026;\n'
        "K-12;Abriss;0;2.500;Proposal;0,5;31/01/2026;\n"
    ),
    "geld.csv": (
        "Zahlung Nr;Tag;Brutto;Stand\n"
        'P1;05/04/2026;"1.234,50";bezahlt\nP2;31/01/2026;12.50;bezahlt\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_an_own_system_reaches_the_marts(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = tmp_path / "config"
    (config / "systems").mkdir(parents=True)
    (config / "systems" / "kontor.yml").write_text(SYSTEM, encoding="utf-8")
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(config))
    warehouse = new_warehouse(engine)
    folder = warehouse.inbox / "kontor"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    warehouse.domain = "crm"
    outcomes = {o.label: (o.status, o.landed) for o in warehouse.land().outcomes}
    assert outcomes == {
        "kontor/firmen.csv": ("landed", 2),
        "kontor/liste.csv": ("landed", 3),
        "kontor/geld.csv": ("landed", 2),
    }
    warehouse.build_models("staging.commerce", "intermediate.commerce", "fct_payments")
    assert warehouse.query(
        "select opportunity_id, opportunity_name, company_id, amount_cents,"
        " currency_code, probability, close_date from fct_opportunities order by 1"
    ) == [
        ("kontor:10", "Neubau", "kontor:1", 123450, "EUR", 100, "2026-04-05"),
        ("kontor:11", "Umbau", "kontor:2", 1250, "EUR", 25, "2026-12-31"),
        ("kontor:12", "Abriss", None, 250000, "EUR", 50, "2026-01-31"),
    ]
    assert warehouse.query(
        "select company_id, company_name, country_code from dim_companies order by 1"
    ) == [("kontor:1", "Alder GmbH", "DE"), ("kontor:2", "Birch AG", "CH")]
    assert warehouse.query(
        "select payment_id, amount_minor, currency_code, substr(created_at, 1, 10)"
        " from fct_payments order by 1"
    ) == [
        ("kontor:P1", 123450, "EUR", "2026-04-05"),
        ("kontor:P2", 1250, "EUR", "2026-01-31"),
    ]
    # what contradicts its declaration is read as it must be; what could be either
    # is found
    assert {
        (rule, record, column)
        for rule, record, column in warehouse.findings()
        if rule.endswith("_ambiguous")
    } == {
        ("amount_ambiguous", "kontor:12", "amount"),
        ("date_ambiguous", "kontor:10", "close_date"),
    }
