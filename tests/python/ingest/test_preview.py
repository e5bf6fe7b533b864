"""What a file is said to hold, to be held against the screen of its system."""

import json
from datetime import date
from pathlib import Path

import pytest

from scripts.ingest import preview
from scripts.ingest.sources import load_sources
from scripts.ingest.systems import load_shapes
from scripts.settings import PROJECT

from .conftest import Shop

DECLARATION = """
sources:
  - name: shop
    config: {meta: {any_folder: true, currency: USD}}
    tables:
      - name: sales
        identifier: bronze_shop__sales
        config: {meta: {files: sales*}}
        columns:
          - {name: id, config: {meta: {required: true}}}
          - {name: amount, data_type: money}
          - {name: currency, config: {meta: {optional: true}}}
          - {name: base_amount, data_type: money, config: {meta: {optional: true}}}
          - {name: base_currency, config: {meta: {optional: true}}}
          - {name: sold_on, data_type: date}
          - {name: ends_on, data_type: date, config: {meta: {optional: true}}}
"""
SYSTEM = """
system: acme
title: Acme CRM
tables:
  deals:
    into: shop.sales
    recognised_by: [[Nr, Worth]]
    columns:
      id: Nr
      amount: Worth
      currency: Money
      base_amount: Ours
      sold_on: When
      ends_on: Until
"""


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("2026-03-07 22:14", "", date(2026, 3, 7)),
        ("20260307", "", date(2026, 3, 7)),
        ("2026-02-30", "", None),
        ("03/07/2026", "mdy", date(2026, 3, 7)),
        ("03.07.26", "dmy", date(2026, 7, 3)),
        ("03/07/2026", "", None),
        ("03.07.2026", "", date(2026, 7, 3)),
        ("03.07.2026", "mdy", date(2026, 7, 3)),
        ("25/04/2026", "mdy", date(2026, 4, 25)),
        ("04/25/2026", "dmy", date(2026, 4, 25)),
        ("04/04/2026", "", date(2026, 4, 4)),
        ("45631", "", date(2024, 12, 5)),
        ("Jun 8, 2025 10:23:05 PM PDT", "", date(2025, 6, 8)),
        ("November 27, 2026 3:04 PM", "", date(2026, 11, 27)),
        ("soon", "", None),
    ],
)
def test_days(text: str, order: str, found: date | None):
    assert preview.day(text, order) == found


@pytest.fixture
def previewed(shop: Shop):
    """What a run, and a dry run, say of a file of Acme's."""
    shop.declare(DECLARATION)
    folder = shop.folder / "systems"
    folder.mkdir()
    (folder / "acme.yml").write_text(SYSTEM, encoding="utf-8")

    def previewed(text: str, name: str = "acme/x.csv") -> str:
        path: Path = shop.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        (dry,) = shop.run(systems=[folder], dry_run=True).outcomes
        (outcome,) = shop.run(systems=[folder]).outcomes
        assert dry.seen == outcome.seen
        path.unlink()
        return outcome.seen

    return previewed


def test_money_is_added_up_by_currency_and_dates_give_a_period(previewed):
    assert previewed(
        "When,Money,Worth,Nr,Ours\n"
        "2026-03-07,eur,80500.50,a,90000\n"
        "2026-01-05 10:00,USD,116001,b,116001\n"
        ",,-1.5,c,\n"
        "2026-02-01,EUR,much,d,\n"
    ) == (
        "Acme CRM deals, 4 records by Nr; When 2026-01-05 to 2026-03-07; "
        "Worth -1.50, 80,500.50 EUR, 116,001.00 USD; "
        "Ours 206,001.00; Worth: 1 value not understood"
    )


def test_one_of_several_columns_of_a_key_is_not_named_as_the_key():
    """QuickBooks' list is not kept apart by the kind of the transaction alone."""
    shapes = load_shapes(load_sources(), [PROJECT / "systems"])
    (listed,) = (shape for shape in shapes if shape.shape == "transaction_list")
    seen = preview.Looker(listed, ["kind", "amount"]).finish({})
    assert seen.lines(2)[0] == "QuickBooks Online transaction list, 2 records"


def test_the_order_of_day_and_month_is_what_the_file_shows(previewed):
    said = previewed("Nr,Worth,When\na,1,03/07/2026\nb,1,14/07/2026\n")
    assert "When 2026-07-03 to 2026-07-14" in said
    said = previewed("Nr,Worth,When\na,1,03/07/2026\nb,1,04/07/2026\n", "acme/y.csv")
    assert "When: day and month cannot be told apart" in said


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["03.08.2026", "04.09.2026"], "When 2026-08-03 to 2026-09-04; Worth 2.00"),
        # another column of the file decides, 13 is no month
        (["03/08/2026;13/08/2026", "04/09/2026;"], "When 2026-08-03 to 2026-09-04; Wo"),
        (["03/08/2026;08/13/2026", "04/09/2026;"], "When 2026-03-08 to 2026-04-09; Wo"),
        # and it does not where the column shows the order itself
        (["13/08/2026;08/13/2026", "04/09/2026;"], "When 2026-08-13 to 2026-09-04; Wo"),
        (["03/08/2026", "04/04/2026"], "When 2026-04-04 to 2026-04-04; When: day and"),
        (["03/08/2026", "soon"], "apart; Worth 2.00; When: 1 value not understood"),
        (["later", "soon"], "by Nr; Worth 2.00; When: 2 values not understood"),
        (
            ["24-05-06 ", "2026-01-01"],
            "When 2026-01-01 to 2026-01-01; Worth 2.00; When: 1 v",
        ),
    ],
)
def test_days_are_read_by_what_the_whole_file_shows(previewed, dates, said):
    rows = "".join(
        f"{at};1;{day if ';' in day else day + ';'}\n" for at, day in enumerate(dates)
    )
    found = previewed("Nr;Worth;When;Until\n" + rows)
    assert said in found
    assert "0 values" not in found
    assert ("cannot be told apart" in found) == ("03/08/2026" in dates)


def test_a_sources_own_file_has_its_declared_currency(previewed):
    assert previewed("id,amount,sold_on\na,5,2026-01-01\n", "shop/sales.csv") == (
        "sales of shop, 1 record by id; sold_on 2026-01-01 to 2026-01-01; "
        "amount 5.00 USD"
    )


def test_a_large_file_is_looked_at_in_a_dry_run_alone(shop: Shop, monkeypatch):
    monkeypatch.setattr("scripts.ingest.reading.SMALL", 10)
    shop.declare(DECLARATION)
    shop.put("sales.csv", "id,amount\na,5\n")
    (dry,) = shop.run(dry_run=True).outcomes
    assert "amount 5.00 USD" in dry.seen
    (outcome,) = shop.run().outcomes
    assert outcome.seen == (
        "sales of shop, 1 record; not totalled, for it is large: a dry run does it"
    )


UNSAID = "nothing says the currency of {}: name it as `currency` in the settings of"


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Nr,Worth,When\n1,,2026-01-05\n2,7.50,2026-01-05\n", "Worth"),
        ("Nr,Worth,Money\n1,7.50,\n2,8,\n", "Worth"),
        ('Nr,Worth\n1,"(1,234.50)"\n', "Worth"),
        ("Nr,Worth,Money\n1,7.50,\n2,8,EUR\n", None),  # an order's lines
        ("Nr,Worth\n1,€ 7.50\n2,USD 8\n", None),
        ("Nr,Worth\n1,0.00\n2,\n", None),
        ("Nr,Worth,Ours\n1,,7.50\n", None),  # the owner's currency, not the record's
    ],
)
def test_amounts_of_no_currency_are_a_fault_of_the_file(shop, text, header):
    shop.declare(DECLARATION.replace(", currency: USD", ""))
    systems = shop.folder / "systems"
    systems.mkdir()
    (systems / "acme.yml").write_text(SYSTEM, encoding="utf-8")
    shop.put("x.csv", text, "acme")
    (outcome,) = shop.run(systems=[systems]).outcomes
    ((faults,),) = shop.files("faults")
    if header is None:
        assert faults is None
        return
    assert any(r.startswith(UNSAID.format(header)) for r in outcome.remarks)
    assert json.loads(faults) == [
        {"rule": "currency_unsaid", "column": "amount", "value": header, "line": None}
    ]


@pytest.mark.parametrize("setting", ["currency: EUR", "title: no"])
def test_a_currency_that_is_set_is_said(shop, setting):
    systems = shop.folder / "systems"
    systems.mkdir()
    settings = f"settings: {{{setting}}}\n" if "currency" in setting else ""
    (systems / "acme.yml").write_text(settings + SYSTEM, encoding="utf-8")
    shop.declare(DECLARATION.replace(", currency: USD", ""))
    shop.put("x.csv", "Nr,Worth\n1,7\n", "acme")
    shop.run(systems=[systems])
    ((faults,),) = shop.files("faults")
    assert (faults is None) == bool(settings)
