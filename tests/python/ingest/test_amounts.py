"""The sums that a run prints of a file are those of the values that staging reads."""

import ast
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from pathlib import Path

import jinja2
import pytest

from scripts.ingest import amounts, ingest, records
from tests.python.macros.cases import CASES

PROJECT = Path(__file__).resolve().parents[3]
PARSED = [
    (text, settings.get("decimal_mark", "."), cents)
    for macro, settings, cases in CASES
    if macro == "parse_cents"
    for text, cents in cases
    if text and text.strip()
]
DECLARATION = """
sources:
  - name: {source}
    config: {{meta: {{any_folder: true{settings}}}}}
    tables:
      - name: deals
        identifier: bronze_deals
        config: {{meta: {{files: deals*}}}}
        columns:
          - {{name: id, config: {{meta: {{required: true}}}}}}
          - {{name: amount, data_type: money}}
          - {{name: fee, data_type: money, config: {{meta: {{optional: true}}}}}}
          - {{name: currency, config: {{meta: {{optional: true}}}}}}
"""
SYSTEM = """
system: acme
title: Acme CRM
{settings}
tables:
  deals:
    into: {source}.deals
    recognised_by: [[Nr, Worth]]
    columns: {{id: Nr, amount: Worth, fee: Fee, currency: Money}}
"""


@pytest.mark.parametrize(("text", "mark", "cents"), PARSED)
def test_a_value_is_read_as_the_macro_reads_it(text, mark, cents):
    value = amounts.amount(text, mark)
    if value is not None and abs(value) >= 10**14:  # more digits than the macro takes
        value = None
    if value is not None:
        value = int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert value == cents


def test_signs_are_those_of_the_macro():
    folder = PROJECT / "packages" / "cleaning" / "macros" / "cleaning"
    text = (folder / "currency_signs.sql").read_text(encoding="utf-8")
    found = {}

    def returned(value):
        found.update(value)
        return ""

    text = text[text.index("{% macro currencies_by_sign()") :]
    template = jinja2.Environment(  # noqa: S701
        extensions=["jinja2.ext.do"]
    ).from_string(text + "{{ currencies_by_sign() }}", {"return": returned})
    template.render()
    assert len(found) > 50
    assert found == amounts.SIGNS


def test_sources_that_decide_by_file_are_those_staged_so():
    staging = PROJECT / "models" / "staging"
    found = {
        source
        for file in staging.rglob("*.sql")
        for source in re.findall(r"staged_records\('(\w+)'", file.read_text("utf-8"))
    }
    assert found == set(amounts.BY_FILE)


def test_what_shows_a_currency_is_that_of_the_macro():
    text = (PROJECT / "macros" / "records" / "currency_of.sql").read_text("utf-8")
    more = ast.literal_eval(re.search(r"dict\((\{.*?\}),", text, re.DOTALL)[1])
    assert len(more) > 40
    assert more | amounts.SIGNS == amounts.SHOWN
    assert set(chain(*more.values())) <= {c.lower() for c in amounts._decimals()}


def test_rows_share_what_the_models_say():
    folder = PROJECT / "macros" / "records"
    text = (folder / "record_settings.sql").read_text("utf-8")
    text = re.search(r"set known = (\{.*?\n\}) -%}", text, re.DOTALL)[1]
    settings = eval(text, {"none": None})  # noqa: S307
    for name, own in settings.items():
        assert records.SIGNS.get(name, ("amount",)) == tuple(
            own.get("signs", ["amount"])
        )
        carries = "currency" in own.get("carried", ())
        assert records.GROUP.get(name, ()) == (tuple(own["group"]) if carries else ())
    assert set(settings["payments"]["currencies"]) == records.OTHER


SHOP = (
    "Name,Financial Status,Currency,Subtotal,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount,Id\n"
    # one order with its total on each line, one with it on the first
    "#1,paid,EUR,30.00,0.00,30.00,2026-01-05 09:00:00 +0000,1,Mug,10.00,4.00,91\n"
    "#1,paid,EUR,30.00,0.00,30.00,2026-01-05 09:00:00 +0000,1,Cup,20.00,4.00,91\n"
    "#2,paid,KWD,7.500,0.000,7.500,2026-01-06 09:00:00 +0000,1,Mug,2.500,0.000,92\n"
    "#2,,,,,,,1,Cup,5.000,,\n"
    # of a currency that nothing knows
    "#3,paid,QQQ,5.00,0.00,5.00,2026-01-06 09:00:00 +0000,1,Mug,5.00,0.00,93\n"
)  # fmt: skip


def test_an_order_is_added_up_once(tmp_path):
    """2 orders of 30.00 and 7.500, whatever lines they have, and 5.00 of none."""
    place = tmp_path / "inbox" / "shopify" / "orders_export_1.csv"
    place.parent.mkdir(parents=True)
    place.write_text(SHOP, encoding="utf-8")
    (outcome,) = ingest(tmp_path / "inbox", tmp_path / "x.db", dry_run=True).outcomes
    totals = outcome.preview.totals
    assert totals["Total"] == {
        "EUR": Decimal("30.00"), "KWD": Decimal("7.500"), "": Decimal("5.00"),
    }  # fmt: skip
    assert totals["Refunded Amount"]["EUR"] == Decimal("4.00")
    # a line without a currency has that of its order
    assert totals["Lineitem price"] == {
        "EUR": Decimal("30.00"), "KWD": Decimal("7.500"), "": Decimal("5.00"),
    }  # fmt: skip


@pytest.fixture
def summed(shop):
    """What a run says of the amounts of a file of a system."""

    def summed(values, source="crm", settings="", declared="", heads="Nr;Worth;Money"):
        own = heads.startswith("id;")
        shop.declare(DECLARATION.format(source=source, settings=declared))
        folder = shop.folder / "systems"
        folder.mkdir()
        system = SYSTEM.format(source=source, settings=settings)
        (folder / "acme.yml").write_text(system, encoding="utf-8")
        rows = "".join(f"{at};{value}\n" for at, value in enumerate(values))
        name = f"{source}/deals.csv" if own else "acme/x.csv"
        path = shop.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{heads}\n{rows}", encoding="utf-8")
        (outcome,) = shop.run(systems=[folder]).outcomes
        return outcome.seen.partition("; ")[2]

    return summed


OPEN = "{} undecided, thousands or decimals in {}?"
ONE, TWO = OPEN.format("1 amount", "{}"), OPEN.format("2 amounts", "{}")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        # the other values of the file show the decimal comma
        (
            ["1.234,56 €;EUR", "12.500,00 €;EUR", "800,00 €;EUR", "1.500;CHF"],
            "Worth 1,500.00 CHF, 14,534.56 EUR",
        ),
        (["1.500;EUR", "2.750;EUR"], f"Worth: {TWO.format('1.500')}"),
        (["1,500;EUR", "$2,750;USD"], f"Worth: {TWO.format('1,500')}"),
        (["1,500;EUR", "7;EUR"], f"Worth 7.00 EUR; Worth: {ONE.format('1,500')}"),
        (["1.000.000,00;EUR", "12;EUR"], "Worth 1,000,012.00 EUR"),
        (["1.000.000;EUR", "1.500;EUR"], "Worth 1,001,500.00 EUR"),
        (
            [f"{value};EUR" for value in ["1e3", "(500.00)", "500-", "12k", "abc"]]
            + ["1.2 Mio €;EUR"],
            "Worth 0.00 EUR; Worth: 3 values not understood",
        ),
        (["12k;EUR"], "Worth: 1 value not understood"),
        (["5;EUR", "n/a;EUR", "-;EUR", ";EUR"], "Worth 5.00 EUR"),
        # a point before cents makes a comma one of thousands, and the other way
        (["1,500;EUR", "0.50;EUR"], "Worth 1,500.50 EUR"),
        (["1.500;EUR", "0,5;EUR"], "Worth 1,500.50 EUR"),
        (["1.500;EUR", "0.125;EUR"], "Worth 1.63 EUR"),  # 1.500 + 0.13
        (["1500.000;EUR", "1,500;EUR"], "Worth 3,000.00 EUR"),
        # both marks are shown: what could be either is left out
        (
            ["1.50;EUR", "2,50;EUR", "1.500;EUR"],
            f"Worth 4.00 EUR; Worth: {ONE.format('1.500')}",
        ),
        (["12,34,567;INR", "1,500;INR"], "Worth 1,236,067.00 INR"),
        (["1'234.50;CHF", "1’234.50;CHF", "CHF 500.-;CHF"], "Worth 2,969.00 CHF"),
        # the currency is that of the column, else of the sign
        (["€ 7,50;", "USD 8;", "5;"], "Worth 5.00, 7.50 EUR, 8.00 USD"),
        (["€ 7.50;usd", "1;€"], "Worth 1.00 EUR, 7.50 USD"),
        # each amount is rounded to the minor unit of its currency
        (["1.005;EUR", "1.005;EUR", "0.50;EUR"], "Worth 2.52 EUR"),  # 1.01 twice
        (["8.6150;EUR", "8.6150;EUR", "0.5;JPY"], "Worth 17.24 EUR, 1.00 JPY"),
        (["8.6150;KWD", "8.6150;KWD"], "Worth 17.230 KWD"),
        (
            ["99999999999999999;EUR", "1;EUR"],
            "Worth 1.00 EUR; Worth: 1 value not understood",
        ),
    ],
)
def test_a_column_is_summed_as_it_is_read(summed, values, said):
    assert summed(values) == said


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        # the system says how it writes what could be read both ways
        (["1.500;"], {"settings": "settings: {decimal_mark: ','}"}, "Worth 1,500.00"),
        (["1.500;"], {"settings": "settings: {decimal_mark: '.'}"}, "Worth 1.50"),
        (
            ["1.500;", "2,5;"],
            {"settings": "settings: {decimal_mark: '.'}"},
            "Worth 4.00",
        ),
        # a source's own file is as declared, where the column shows nothing else
        (["1.500;"], {"heads": "id;amount;currency"}, "amount 1.50"),
        (
            ["1.500;", "1;"],
            {"heads": "id;amount;currency", "declared": ", decimal_mark: ','"},
            "amount 1,501.00",
        ),
        (
            ["1,500;", "1.50;"],
            {"heads": "id;amount;currency", "declared": ", decimal_mark: ','"},
            "amount 1,501.50",
        ),
        # one column does not decide for another, but in sources that say so
        (
            ["1.500;2,50"],
            {"heads": "Nr;Worth;Fee"},
            f"Fee 2.50; Worth: {ONE.format('1.500')}",
        ),
        (
            ["1.500;2,50"],
            {"heads": "Nr;Worth;Fee", "source": "commerce"},
            "Worth 1,500.00; Fee 2.50",
        ),
        (
            ["1.500;", "2,5;"],
            {"source": "commerce", "settings": "settings: {decimal_mark: '.'}"},
            "Worth 4.00",
        ),
        (
            ["1.500;", "2;"],
            {"source": "commerce", "heads": "id;amount;currency"},
            f"amount 2.00; amount: {ONE.format('1.500')}",
        ),
    ],
)
def test_what_is_said_of_a_file_counts_where_its_values_show_nothing(
    summed, values, options, said
):
    assert summed(values, **options) == said
