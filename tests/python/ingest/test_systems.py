"""Files of known systems: recognised by header, wherever they lie."""

import json
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from scripts.ingest import ingest
from scripts.ingest.errors import UsageError
from scripts.ingest.sources import load_sources
from scripts.ingest.systems import SHIPPED, load_shapes
from scripts.ingest.systems.recognise import Catalogue
from scripts.ingest.systems.schema import OfSystem
from scripts.ingest.systems.zones import known_zone
from scripts.settings import PROJECT

from .conftest import Shop

SYSTEM = """
system: acme
title: Acme CRM
settings: {probability: share, null_ids: ['000']}
tables:
  sold:
    into: shop.sales
    recognised_by: [[Record ID, Worth]]
    columns:
      id: [Record ID, Datensatz-ID]
      amount: [Worth, Wert]
    values: {note: sold}
  open:
    into: shop.sales
    columns: {id: [Record ID], amount: [Expected], note: [Remark]}
    also_has: [Pipeline]
"""


@pytest.fixture
def systems(shop: Shop) -> Path:
    folder = shop.folder / "systems"
    folder.mkdir()
    (folder / "acme.yml").write_text(SYSTEM, encoding="utf-8")
    return folder


def _run(shop: Shop, *folders: Path, **options):
    return shop.run(systems=folders, **options)


def test_a_row_has_the_first_value_under_any_header(shop: Shop, systems: Path):
    """Of columns declared so; what is beside stays in `_extra`, in every format."""
    declared = SYSTEM.replace(
        "columns: {id: [Record ID], amount: [Expected], note: [Remark]}",
        "columns: {id: [Record ID], amount: [Expected, Hoped],"
        " note: [Remark, Other, Third]}\n    first_filled: [note]",
    )
    (systems / "acme.yml").write_text(declared, encoding="utf-8")
    header = ["Record ID", "Third", "Expected", "Remark", "Hoped", "Other", "Pipeline"]
    rows = [
        ["a", "t", "1", "r", "2", "o", "p"],
        ["b", "t", "", " ", "2", "o", "p"],
        ["c", "t", "1", "", "2", "", "p"],
        ["d", "", "1", "", "2", "", "p"],
        ["e", "", "1", "", "2", 'a "b"', "p"],
    ]
    quoted = [[f'"{c.replace(chr(34), 2 * chr(34))}"' for c in row] for row in rows]
    text = "\n".join(map(",".join, [header, *quoted])) + "\n"
    shop.put("open.csv", text, "acme-csv")
    records = [dict(zip(header, row, strict=True)) for row in rows]
    shop.put("open.json", json.dumps(records), "acme-json")
    cells = "".join(
        f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in [header, *rows]
    )
    shop.put("open.xls", f"<html><table>{cells}</table></html>", "acme-html")
    assert _run(shop, systems).exit_code == 0
    found = shop.rows("sales", "id, nullif(amount, ''), nullif(note, '')")
    assert sorted(found, key=str) == [
        pair
        for pair in [
            ("a", "1", "r"), ("b", None, "o"), ("c", "1", "t"), ("d", "1", None),
            ("e", "1", 'a "b"'),
        ]
        for _ in range(3)
    ]  # fmt: skip
    extras = [json.loads(extra) for (extra,) in shop.rows("sales", "_extra")]
    assert {extra["Other"] or None for extra in extras} == {"o", 'a "b"', None}


@pytest.mark.parametrize("column", ["id", "note", "colour"])
def test_a_column_of_one_header_is_none_to_fill(shop: Shop, systems: Path, column: str):
    declared = SYSTEM.rstrip() + f"\n    first_filled: [{column}]\n"
    (systems / "acme.yml").write_text(declared, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        _run(shop, systems)
    assert f"open: first_filled: {column} is a key, or has one" in str(refused.value)


FILES = "source_name, table_name, instance_name, system_name, shape_name, id_scope"


def test_a_file_lands_by_its_header_from_any_folder(shop: Shop, systems: Path):
    text = "Worth,Record ID,Colour\n7,a,red\n"
    shop.put("x.csv", text, "acme")
    shop.put("deep/er/y.csv", "Wert;Datensatz-ID\n8;b\n", "acme-emea")
    shop.put("z.csv", text, "other")
    shop.put("shop.csv", text, "shop")
    (shop.inbox / "top.csv").write_text(text, encoding="utf-8")
    assert _run(shop, systems).exit_code == 0
    assert sorted(shop.files(f"file_name, {FILES}")) == [
        ("deep/er/y.csv", "shop", "sales", "acme-emea", "acme", "sold", "acme-emea"),
        ("shop.csv", "shop", "sales", "shop", "acme", "sold", None),
        ("top.csv", "shop", "sales", "acme", "acme", "sold", "acme"),
        ("x.csv", "shop", "sales", "acme", "acme", "sold", "acme"),
        ("z.csv", "shop", "sales", "other", "acme", "sold", "other.acme"),
    ]
    assert sorted(shop.rows("sales", "id, amount, note, _extra")) == [
        ("a", "7", "sold", '{"Colour":"red"}'),
        *[("a", "7", "sold", '{"Colour":"red"}')] * 3,
        ("b", "8", "sold", None),
    ]
    ((notation,),) = {*shop.files("notation")}
    assert json.loads(notation) == {
        "probability": "share",
        "null_ids": ["000"],
        "delivery": "changes",
    }


def test_one_name_in_two_folders_is_two_files(shop: Shop, systems: Path):
    shop.put("x.csv", "Record ID,Worth\na,1\n", "acme-one")
    shop.put("x.csv", "Record ID,Worth\na,1\n", "acme-two")
    _run(shop, systems)
    assert _run(shop, systems).files("skipped") == 2
    assert shop.files("id_scope, landed_count") == [("acme-one", 1), ("acme-two", 1)]


ORDERS = (
    "Name,Financial Status,Currency,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Id\n"
    "#1001,paid,EUR,30.00,2026-01-05 09:00:00 +0000,1,Mug,30.00,5550000000001\n"
)


def test_an_export_of_a_crm_in_two_folders_is_said(tmp_path: Path) -> None:
    text = "Record ID,Deal Name,Deal Stage\n1,New,Won\n"
    for folder, more in (("north", ""), ("south", ""), ("west", "2,Old,Lost\n")):
        path = tmp_path / "inbox" / folder / "deals.csv"
        path.parent.mkdir(parents=True)
        path.write_text(text + more, encoding="utf-8")
    said = (
        "the same as north/deals.csv, byte for byte: two folders are two accounts, and "
        "its records count twice"
    )
    for is_dry in (True, False):
        made = ingest(tmp_path / "inbox", tmp_path / "x.db", dry_run=is_dry).outcomes
        assert [(o.status, said in o.remarks) for o in made] == [
            ("landed", False), ("landed", True), ("landed", False),
        ]  # fmt: skip


def test_an_export_of_a_shop_lands_from_one_folder(tmp_path: Path) -> None:
    """Byte for byte; another shop that numbers alike is one of its own."""
    for place, text in {
        "north/orders.csv": ORDERS,
        "south/orders_export.csv": ORDERS,
        "west/orders.csv": ORDERS.replace("5550000000001", "5550000000002"),
        # no orders, which is the same for all shops
        "east/none.csv": ORDERS.partition("\n")[0] + "\n",
        "far/none.csv": ORDERS.partition("\n")[0] + "\n",
    }.items():
        path = tmp_path / "inbox" / place
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    said = (
        "the same export as north/orders.csv, which has landed: it counts once, and "
        "this one is skipped"
    )
    for _ in range(2):
        dry = ingest(tmp_path / "inbox", tmp_path / "x.db", dry_run=True).outcomes
        made = ingest(tmp_path / "inbox", tmp_path / "x.db").outcomes
        for outcomes in (dry, made):
            assert [o.remarks for o in outcomes if o.label.startswith("south")] == [
                [said]
            ]
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        landed = db.execute(
            "select id_scope, landed_count from ingest_files order by 1"
        ).fetchall()
    assert landed == [
        ("east.shopify", 0), ("far.shopify", 0), ("north.shopify", 1),
        ("west.shopify", 1),
    ]  # fmt: skip
    # the first folder sends its next export, and the other one too
    for folder in ("north", "south"):
        path = tmp_path / "inbox" / folder / "orders_2.csv"
        path.write_text(ORDERS.replace("#1001", "#1002"), encoding="utf-8")
    made = ingest(tmp_path / "inbox", tmp_path / "x.db").outcomes
    assert [o.label for o in made if o.status == "landed"] == ["north/orders_2.csv"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)",
            "it is a Stripe balance history export: the balance history of the "
            "dashboard does not say what each entry is. Take the report that does: "
            "Reports, Balance change from activity, Itemised",
        ),
        (
            ",Date,Transaction Type,Num,Product/Service,Memo/Description,Qty,"
            "Sales Price,Amount,Balance",
            "it is a QuickBooks Online sales by customer, in detail export: it lists"
            " the lines of invoices and sales receipts, which are not what was paid. "
            "Take Reports, Transaction List by Date",
        ),
        (
            "Order Number,Order Status,Order Date,First Name (Billing),Email (Billing),"
            "Order Total Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost",
            "it is a WooCommerce orders of a plugin export: the plugin Advanced Order"
            " Export lets its user choose and name the columns. Take Analytics, Orders,"
            " Download; or declare its columns in config/systems/woocommerce.yml",
        ),
    ],
)
@pytest.mark.parametrize("folder", ["any", "stripe", "quickbooks", "woocommerce"])
def test_a_file_that_says_too_little_names_the_one_to_take(header, said, folder):
    sources = load_sources()
    find = Catalogue(sources, load_shapes(sources, [SHIPPED])).find
    assert find(header.split(","), folder, "export").problem == said


def test_a_folder_like_the_name_of_a_system_is_said(shop: Shop, systems: Path):
    shop.put("x.csv", "a,b\n1,2\n", "acne")
    (outcome,) = _run(shop, systems).outcomes
    assert "; did you mean acme?" in (outcome.reason or "")


def test_a_folder_that_names_a_system_is_not_asked_for_it(shop: Shop, systems: Path):
    shop.put("x.csv", "a,b\n1,2\n", "acme")
    shop.put("y.csv", "a\n1\n", "acme-emea")
    shop.put("z.csv", "\x01a|\x02b\n1|2\n", "acme")
    reasons = [str(outcome.reason) for outcome in _run(shop, systems).outcomes]
    assert [reason.partition(";")[0] for reason in reasons] == [
        "it is no Acme CRM export that is known"
    ] * 3
    ends = [reason.partition("; ")[2] for reason in reasons]
    assert "its content is no text and no known format" in ends
    assert not any("did you mean" in reason for reason in reasons)
    assert any(reason.endswith("; it has one column only (a)") for reason in reasons)


def test_a_guess_counts_where_the_folder_or_the_user_names_the_system(
    shop: Shop, systems: Path
):
    text = (systems / "acme.yml").read_text(encoding="utf-8")
    (systems / "acme.yml").write_text(f"evidence: guessed\n{text}", encoding="utf-8")
    shop.put("x.csv", "Record ID,Worth\na,1\n", "Acme CRM")
    shop.put("x.csv", "Record ID,Worth\nb,1\n", "other")
    _run(shop, systems)
    assert shop.files("instance_name, status, reason") == [
        ("Acme CRM", "landed", None),
        (
            *("other", "refused"),
            "looks like an Acme CRM sold export, as far as is known: "
            "put it into a folder named acme",
        ),
    ]
    own = shop.folder / "own"
    own.mkdir()
    (own / "acme.yml").write_text("system: acme\nevidence: seen\n")
    _run(shop, systems, own)
    assert shop.files("instance_name, status")[2:] == [("other", "landed")]


def test_two_systems_in_one_folder_keep_their_identifiers_apart(
    shop: Shop, systems: Path
):
    (systems / "zeta.yml").write_text(
        "system: zeta\ntables: {bills: {into: shop.sales, columns: "
        "{id: Bill, amount: Sum}, recognised_by: [[Bill, Sum]]}}"
    )
    shop.put("1.csv", "Record ID,Worth\n1001,1\n", "exports")
    shop.put("2.csv", "Bill,Sum\n1001,2\n", "exports")
    _run(shop, systems)
    assert shop.files("system_name, id_scope") == [
        ("acme", "exports.acme"),
        ("zeta", "exports.zeta"),
    ]
    assert shop.rows("sales", "id, amount") == [("1001", "1"), ("1001", "2")]


def test_a_sources_own_folder_leaves_identifiers_as_they_are(shop: Shop, systems: Path):
    shop.put("any.csv", "Record ID,Worth\n1001,1\n", "shop")
    _run(shop, systems)
    assert shop.files("instance_name, system_name, id_scope") == [
        ("shop", "acme", None)
    ]


def test_a_file_that_fits_two_systems_is_decided_by_the_folder_or_by_nobody(
    shop: Shop, systems: Path
):
    (systems / "zeta.yml").write_text(
        SYSTEM.replace("system: acme", "system: zeta").replace("Acme", "Zeta")
    )
    for folder in ("zeta-2", "acme", "exports"):
        shop.put("x.csv", "Record ID,Worth\na,1\n", folder)
    _run(shop, systems)
    assert shop.files("instance_name, system_name, reason") == [
        ("acme", "acme", None),
        (
            *("exports", None),
            "may be an Acme CRM sold export or a Zeta CRM sold export: "
            "put it into a folder named acme or zeta",
        ),
        ("zeta-2", "zeta", None),
    ]


def test_what_a_source_declares_itself_is_not_touched(shop: Shop, systems: Path):
    shop.put("sales.csv", "id,total\na,1\n")
    _run(shop, systems)
    assert shop.files(f"{FILES}, notation") == [
        ("shop", "sales", "shop", None, None, None, None)
    ]


def test_an_alias_and_a_notation_given_later_count_for_what_landed(
    shop: Shop, systems: Path
):
    shop.put("x.csv", "Record ID,Expected,Pipeline,Size\na,1,p,9\n", "acme")
    _run(shop, systems)
    assert shop.rows("sales", "id, note") == [("a", None)]
    own = shop.folder / "own"
    own.mkdir()
    (own / "mine.yml").write_text(
        "system: acme\nsettings: {probability: percent}\n"
        "tables: {open: {columns: {note: [Size]}, settings: {currency: EUR}}}\n"
    )
    summary = _run(shop, systems, own)
    assert summary.amended == ["bronze_shop__sales"]
    assert shop.rows("sales", "id, note, _extra") == [("a", "9", '{"Pipeline":"p"}')]
    ((notation, amended),) = shop.files("notation, amended_at")
    assert json.loads(notation)["probability"] == "percent"
    assert json.loads(notation)["currency"] == "EUR"
    assert _run(shop, systems, own).amended == []
    assert shop.files("amended_at") == [(amended,)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("system: A b", "expected lower case letters, digits and _, not 'A b'"),
        ("system: a\ntabels: {}", "key tabels is not known"),
        ("system: a", "expected tables, settings or evidence"),
        ("system: a\ntables: {t: {}}", "t: 'into' is missing"),
        (
            "system: a\ntables: {t: {into: shop.sale, columns: {}}}",
            "t: into: shop.sale is not a declared table; did you mean shop.sales?",
        ),
        (
            "system: a\ntables: {t: {into: shop.sales, columns: {name: [x]}}}",
            "t: shop.sales has no column name",
        ),
        (
            "system: a\ntables: {t: {into: shop.sales, columns: {note: [x]}}}",
            "t: its key id has no headers",
        ),
        (
            "system: a\ntables: {t: {into: shop.sales, columns: {id: A b, note: ab}}}",
            "t: header ab of note already means id",
        ),
        (
            "system: a\nsettings: {date_order: ymd}",
            "settings: date_order: expected mdy, dmy, not 'ymd'",
        ),
        (
            "system: a\nsettings: {currency: EURO}",
            "settings: currency: expected a code of three letters such as EUR, "
            "not 'EURO'",
        ),
        (
            "system: acmee\nsettings: {currency: EUR}",
            "no system is named acmee; did you mean acme?; a further one needs tables",
        ),
        (
            "system: zzz\nsettings: {currency: EUR}",
            "no system is named zzz; a further one needs tables",
        ),
        (
            "system: a\ntables: {t: {delivery: full}}",
            "tables: t: key delivery is not known (known: ",
        ),
        ("system: [", " line 2: "),
        ("system: 2025-13-45", "month must be in 1..12"),
        ("system: " + "[" * 20_000, "bad.yml"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_file_and_key(
    shop: Shop, systems: Path, tmp_path: Path, text: str, problem: str
):
    (tmp_path / "bad.yml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        load_shapes(load_sources(shop.declarations), [systems, tmp_path])
    assert str(raised.value).startswith(f"{tmp_path}/bad.yml")
    assert problem in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_json_schema_takes_what_ships_and_marks_a_typo():
    validator = Draft202012Validator(OfSystem.json_schema())
    files = sorted(SHIPPED.glob("*.yml"))
    assert files
    for path in files:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert not list(validator.iter_errors(document)), path
        assert document["system"] == path.stem
    document["tables"] = {"t": {"intoo": "crm.contacts"}}
    assert "intoo" in next(validator.iter_errors(document)).message


@pytest.mark.parametrize(
    ("headers", "folder", "shape"),
    [
        (["Record ID", "Deal Name", "Amount", "Stage"], "any", "deals"),
        (["Record ID", "Deal Name"], None, "deals"),
        (["Datensatz-ID", "Vorname", "Nachname", "E-Mail"], "x", "contacts"),
        (["Record ID", "Colour", "Associated Contact IDs", "B", "C"], "hubspot", None),
        (["Name", "Colour"], "hubspot", None),
    ],
)
def test_hubspot(headers, folder, shape):
    sources = load_sources()
    catalogue = Catalogue(sources, load_shapes(sources, [SHIPPED]))
    found = catalogue.find(headers, folder, "export")
    assert (found.shape and found.shape.shape) == shape


def test_a_generic_file_lands_from_a_folder_of_any_name(tmp_path: Path):
    for folder in ("acme", "crm"):
        (tmp_path / "inbox" / folder).mkdir(parents=True)
        (tmp_path / "inbox" / folder / "contacts.csv").write_text(
            "id,email,first_name,phone\n1,a@b.example,Ann,5550100\n"
        )
    db = tmp_path / "x.db"
    ingest(tmp_path / "inbox", db)
    shop = Shop.__new__(Shop)
    shop.db = db
    assert shop.files("source_name, instance_name, system_name, id_scope") == [
        ("crm", "acme", None, "acme"),
        ("crm", "crm", None, None),
    ]


@pytest.mark.parametrize("extra", ["", "Hue,"])
@pytest.mark.parametrize("last", [True, False])
def test_one_header_may_fill_an_identifier_and_its_list(
    tmp_path: Path, extra: str, last: bool
):
    """The contacts of a deal, first or last of its columns, beside unknown ones."""
    header = f"Record ID,Deal Name,{extra}Deal Stage,Amount,Pipeline"
    row = f"7,Big,{extra and 'red,'}Won,9,default"
    links = "Associated Contact IDs", '"51;52"'
    text = "\n".join(
        f"{given},{link}" if last else f"{link},{given}"
        for given, link in zip((header, row), links, strict=True)
    )
    (tmp_path / "inbox" / "hubspot").mkdir(parents=True)
    (tmp_path / "inbox" / "hubspot" / "deals.csv").write_text(text + "\n")
    db = tmp_path / "x.db"
    assert ingest(tmp_path / "inbox", db).exit_code == 0
    with closing(sqlite3.connect(db)) as opened:
        assert opened.execute(
            "select id, contact_id, contact_ids, amount, pipeline"
            " from bronze_crm__opportunities"
        ).fetchall() == [("7", "51;52", "51;52", "9", "default")]


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        (
            ["Deal Name", "Deal Stage", "Amount", "Close Date", "Deal owner"],
            "looks like a HubSpot deals export without Record ID: "
            "add this column and export it again",
        ),
    ],
)
def test_the_nearest_shape_is_named(headers, problem):
    sources = load_sources()
    catalogue = Catalogue(sources, load_shapes(sources, [PROJECT / "systems"]))
    assert catalogue.find(headers, "x", "x").problem == problem


@pytest.mark.parametrize(
    ("folder", "headers", "problem"),
    [
        # of a folder that is named already, it is not said again
        (
            "excel-emea",
            ["Nr", "Name", "E-Mail", "Telefon", "letzter Kauf", "Bemerkung"],
            "looks like a Hand-made lists list of notes export, but most of its "
            "columns are of no table",
        ),
        # a folder that would not help is not named, nor is a column of a guess
        (
            "messy",
            ["Nr", "Name", "E-Mail", "Telefon", "letzter Kauf", "Bemerkung"],
            None,
        ),
        (
            "partner",
            ["Lfd Nr", "Firma", "Ansprechpartner", "Mail", "Ort", "Status"],
            None,
        ),
        (
            "excel",
            ["Lfd Nr", "Firma", "Ansprechpartner", "Mail", "Ort", "Status"],
            "looks like a Hand-made lists list of customers export without "
            "Kundennr.: add this column and export it again",
        ),
    ],
)
def test_the_advice_on_a_guess_helps(folder, headers, problem):
    sources = load_sources()
    catalogue = Catalogue(sources, load_shapes(sources, [PROJECT / "systems"]))
    assert catalogue.find(headers, folder, "x").problem == problem


@pytest.mark.parametrize("folder", ["crm", "misc"])
def test_a_file_without_a_required_column_is_of_no_other_table(folder):
    """Deals without a company are no companies, which would take the file."""
    sources = load_sources()
    catalogue = Catalogue(sources, load_shapes(sources, [PROJECT / "systems"]))
    headers = ["id", "name", "stage", "amount", "currency"]
    assert catalogue.find(headers, folder, "opportunities_a").shape is None


def test_headers_that_a_system_is_known_to_have_are_no_news(
    shop: Shop, systems: Path
) -> None:
    (systems / "acme.yml").write_text(
        SYSTEM.replace("[Pipeline]", "[Pipeline, 'Date entered *']")
    )
    header = "Record ID,Expected,Pipeline,Date entered 'Won (Sales)',Colour,Pipeline"
    shop.put("x.csv", f"{header}\na,1,p,2026-01-05,red,q\n", "acme")
    (outcome,) = _run(shop, systems).outcomes
    assert outcome.extra == ["Colour"]
    assert "not declared, kept in _extra: Colour" in outcome.remarks
    known = ["Pipeline", "Date entered 'Won (Sales)'", "Pipeline_2"]
    assert shop.files("extra_columns, known_columns") == [
        ('["Colour"]', json.dumps(known, separators=(",", ":")))
    ]
    # what the user adds later counts for what has landed, and may be a column
    own = shop.folder / "own"
    own.mkdir()
    (own / "acme.yml").write_text(
        "system: acme\ntables: {open: {also_has: [Colour], columns: {note: Pipeline}}}"
    )
    shop.put("x.csv", f"{header}\na,1,p,2026-01-05,red,q\n", "acme")
    _run(shop, systems, own)
    known = ["Colour", "Date entered 'Won (Sales)'", "Pipeline_2"]
    ((extra, found),) = shop.files("extra_columns, known_columns")
    assert (extra, sorted(json.loads(found))) == (None, sorted(known))
    assert shop.rows("sales", "note") == [("p",)]


def test_a_second_header_of_a_column_is_known(shop: Shop, systems: Path) -> None:
    shop.put("x.csv", "Record ID,Worth,Wert\na,1,2\n", "acme")
    (outcome,) = _run(shop, systems).outcomes
    assert (outcome.extra, shop.files("known_columns")) == ([], [('["Wert"]',)])
    assert shop.rows("sales", "amount") == [("1",)]


def test_a_kind_of_file_that_is_not_read_is_recognised(
    shop: Shop, systems: Path
) -> None:
    (systems / "acme.yml").write_text(
        SYSTEM + "  tickets:\n    not_read: service is no part of this\n"
        "    recognised_by: [[Ticket, Priority]]\n    columns: {id: Ticket}\n"
    )
    shop.put("a.csv", "Ticket,Priority\n1,high\n", "any")
    shop.put("b 2.csv", "Ticket,Colour\n1,red\n", "any")
    _run(shop, systems)
    assert [reason for (reason,) in shop.files("reason")] == [
        "it is an Acme CRM tickets export: service is no part of this",
        "any is not a declared source (declared: shop); its header is of no known "
        "export (2 columns between commas: Ticket, Colour): "
        "`make source FILE='b 2.csv'` drafts a declaration",
    ]


def test_the_command_that_drafts_a_declaration_names_where_the_file_lies(
    shop: Shop, systems: Path
) -> None:
    """In a folder that stays as it is, and where an inbox puts what it refuses."""
    shop.put("o'b 2.csv", "Ticket,Colour\n1,red\n", "any")
    for archive, place in [
        (None, shop.inbox / "any" / "o'b 2.csv"),
        (shop.data, shop.data / "refused" / "any" / "o'b 2.csv"),
    ]:
        run = _run(shop, systems, archive_to=archive)
        (remark, *_) = run.outcomes[0].remarks
        command = remark.rpartition(": `")[2].partition("` drafts")[0]
        *make, file = shlex.split(command)
        assert (make, file) == (["make", "source"], f"FILE={place}")
        assert place.is_file()
    assert all(str(shop.folder) not in reason for (reason,) in shop.files("reason"))


@pytest.mark.parametrize(
    ("zone", "known"),
    [
        ("UTC", "UTC"),
        ("+02:00", "+02:00"),
        ("Europe/Vienna", "Europe/Berlin"),
        ("US/Eastern", "America/New_York"),
        ("Asia/Kolkata", "+05:30"),
        ("America/Bogota", "-05:00"),
        ("Europe/Lisbon", "Europe/London"),
        ("Australia/Sydney", None),  # summer begins elsewhere in the year
        ("Middle/Earth", None),
        ("EST5", None),
    ],
)
def test_a_system_may_name_its_time_zone(zone: str, known: str | None) -> None:
    if known is None:
        with pytest.raises(ValueError, match=zone.split("/")[0]):
            known_zone(zone)
    else:
        assert known_zone(zone) == known


def test_the_amount_of_close_is_the_one_that_people_read(tmp_path):
    """`value` is in cents, as its API has it, beside `value_formatted`."""
    folder = tmp_path / "inbox" / "close"
    folder.mkdir(parents=True)
    (folder / "opps.csv").write_text(
        "id,lead_id,lead_name,value,value_currency,value_formatted,status_label\n"
        "oppo_1,lead_1,Alder,50000,USD,$500,Won\n"
        'oppo_2,lead_2,Birch,123450,USD,"$1,234.50",Open\n'
    )
    db = tmp_path / "x.db"
    (outcome,) = ingest(tmp_path / "inbox", db).outcomes
    assert outcome.landed == 2
    with closing(sqlite3.connect(db)) as conn:
        rows = conn.execute("select id, amount, _extra from bronze_crm__opportunities")
        assert [(key, amount) for key, amount, _ in rows] == [
            ("oppo_1", "$500"), ("oppo_2", "$1,234.50"),
        ]  # fmt: skip
    assert "1,734.50 USD" in outcome.seen
