"""What is no record is counted apart in every format; what may be one lands."""

import io
import json

import pytest

SHEET = """
sources:
  - name: shop
    tables:
      - name: sales
        identifier: bronze_shop__sales
        config: {meta: {files: sales*}}
        columns:
          - {name: id, config: {meta: {required: true}}}
          - {name: name}
          - {name: amount}
          - {name: quantity}
          - {name: note}
      - name: loose
        identifier: bronze_shop__loose
        config: {meta: {files: loose*}}
        columns: [{name: region}, {name: person}, {name: amount}, {name: note}]
"""
HEADER = ("id", "name", "amount", "quantity", "note")
RECORDS = [("1", "Ada", "10.00", "3", "a"), ("2", "Bo", "30.00", "1", "b")]


def as_csv(rows, header=HEADER) -> bytes:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (header, *rows)]
    return ("\n".join(lines) + "\n").encode()


def as_json(rows, header=HEADER) -> bytes:
    records = [dict(zip(header, row, strict=True)) for row in rows]
    return json.dumps(records, ensure_ascii=False).encode()


def as_ndjson(rows, header=HEADER) -> bytes:
    records = json.loads(as_json(rows, header))
    return "\n".join(json.dumps(r, ensure_ascii=False) for r in records).encode()


def as_parquet(rows, header=HEADER) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    columns = {k: [cell or None for cell in column] for k, column in columns.items()}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


FORMATS = {
    "csv": as_csv, "json": as_json, "ndjson": as_ndjson, "parquet": as_parquet,
}  # fmt: skip


@pytest.fixture
def sheet(shop_in_tables):
    shop_in_tables.declare(SHEET)
    return shop_in_tables


TOTALS = [
    ("Total", "", "40.00", "4", ""),
    ("", "*Total*", "40.00", "4", ""),
    ("", "**Grand Total**", "40.00", "4", ""),
    ("", "--- Summe ---", "40,00", "4", ""),
    ("Gesamt: 7", "", "40.00", "", ""),
    ("", "Gesamt: 2", "40.00", "", ""),
    ("", "Gesamt: 2 Datensätze", "40.00", "4", ""),
    ("", "Total (12)", "40.00", "4", ""),
    ("", "TOTAL = 40", "40.00", "4", ""),
    ("Total (2)", "", "", "", ""),
    ("", "Total: 2", "", "", ""),
    ("", "Sous-total", "40.00", "4", ""),
    ("", "Zwischensumme", "40.00", "4", ""),
    ("", "Totale complessivo", "40.00", "4", ""),
    ("Average", "", "20.00", "2", ""),
    ("", "Average", "20", "2", ""),
    ("", "Mittelwert", "20.0", "2.0", ""),
    ("", "Moyenne", "20.00", "2.00", ""),
    ("Count", "", "2", "2", ""),
    ("", "Anzahl", "2", "2", "2"),
    ("", "Max", "30.00", "3", ""),
    ("", "Minimum", "10.00", "1", ""),
    ("", "Всего", "40.00", "4", ""),
    ("", "合計", "40.00", "4", ""),
    ("SUM 40", "", "40.00", "4", ""),
    ("", "Bo Total", "30.00", "1", ""),
]
REAL = [
    ("3", "Total", "40.00", "4", ""),
    ("3", "TotalEnergies", "40.00", "4", ""),
    ("", "Total Care", "40.00", "4", ""),
    ("", "Totally Bamboo", "40.00", "4", ""),
    ("3", "Total 90", "40.00", "4", ""),
    ("3", "Summe", "40.00", "4", "a person"),
    ("", "Summe", "40.00", "4", "a person"),
    ("", "Summe", "", "", ""),
    ("Summa Ltd", "", "41.00", "5", ""),
    ("", "Max", "20.00", "2", ""),
    ("3", "Max", "30.00", "3", ""),
    ("", "Average Joe", "20", "2", ""),
    ("", "Count Basie", "2", "2", ""),
    ("", "Jean Total", "30.00", "1", ""),
    ("", "Count", "17", "3", ""),
    ("Total", "", "", "", ""),
]


@pytest.mark.parametrize("kind", FORMATS)
def test_totals_are_set_apart_in_every_format(sheet, kind):
    for number, row in enumerate(TOTALS):
        name = f"sales_{number}.{kind}"
        outcome = sheet.land(name, FORMATS[kind]([*RECORDS, row]))
        assert (outcome.landed, outcome.rejected, outcome.separators) == (2, 0, 1), row
        (told,) = json.loads(sheet.files("set_apart")[-1][0])
        assert told["kind"] == "totals"
        assert all(cell in told["text"] for cell in row)
    assert set(sheet.rows("sales", "id, amount")) == {("1", "10.00"), ("2", "30.00")}
    sheet.check_counts()


@pytest.mark.parametrize("kind", FORMATS)
def test_what_may_be_a_record_lands_in_every_format(sheet, kind):
    for row in REAL:
        outcome = sheet.land(f"sales_{kind}.{kind}", FORMATS[kind]([*RECORDS, row]))
        assert (outcome.landed, outcome.separators) == (3, 0), row
    sheet.check_counts()


@pytest.mark.parametrize("kind", FORMATS)
def test_totals_of_groups_and_of_all(sheet, kind):
    header = ("region", "person", "amount", "note")
    rows = [
        ("North", "Ada", "10.00", ""),
        ("North", "Bo", "30.00", ""),
        ("North Total", "", "40.00", ""),
        ("South", "Cy", "5.00", ""),
        ("South", "Total", "6.00", ""),  # a person of that name
        ("South Total", "", "11.00", ""),
        ("West", "Di", "7.50", ""),
        ("Subtotal", "", "7.50", ""),
        ("Total", "Ed", "7.50", ""),  # of a region of that name
        ("Total", "", "66.00", ""),
        ("Average", "", "11.00", ""),
        ("Count", "", "6", ""),
    ]
    outcome = sheet.land(f"loose.{kind}", FORMATS[kind](rows, header))
    assert sheet.rows("loose", "person") == [
        (p,) for p in ["Ada", "Bo", "Cy", "Total", "Di", "Ed"]
    ]
    assert (outcome.landed, outcome.separators) == (6, 6)
    sheet.check_counts()


@pytest.mark.parametrize("kind", FORMATS)
def test_many_totals_of_groups(sheet, kind):
    rows = []
    for group in range(200):
        rows += [(f"G{group}", f"p{n}", "1.10", "") for n in range(150)]
        rows.append(("Subtotal", "", "165.00", ""))
    outcome = sheet.land(
        f"loose.{kind}", FORMATS[kind](rows, ("region", "person", "amount", "note"))
    )
    assert (outcome.landed, outcome.separators) == (30_000, 200)
    assert outcome.remarks[0].endswith("totals, no record (and 99 more at least)")
    sheet.check_counts()


BLANKS = [
    ("", "", "", "", ""),
    (" ", "\t", "  ", "", " "),
    ("", "", "\u00a0", "\u3000", ""),
    ("\u200b", "", "", "", "\ufeff"),
]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("many", [1, 20_000])
def test_rows_of_blanks_are_set_apart(sheet, kind, many):
    rows = [RECORDS[0]] * many + BLANKS[:2] + [RECORDS[1]] + BLANKS * 60
    outcome = sheet.land(f"sales.{kind}", FORMATS[kind](rows))
    assert (outcome.landed, outcome.rejected) == (many + 1, 0)
    assert outcome.separators == 242
    place = "line" if kind != "parquet" else "record"
    assert outcome.remarks[0].startswith(place)
    assert "empty row, no record (and 99 more at least)" in outcome.remarks[0]
    sheet.check_counts()


BLANK_ROWS = [
    "{0}{0}{0}{0}",
    "{0}{0}",
    "{0} {0}{0}{0}{0}{0}{0}",
    '" "{0}""{0}"  "{0}{0}',
    " {0}  {0} {0} {0} ",
    "\u00a0{0}{0}{0}{0}",
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_blank_rows_of_spreadsheets(sheet, delimiter):
    written = delimiter.replace("\t", "\\t")
    settings = f'{{files: sales*, delimiter: "{written}"}}'
    sheet.declare(SHEET.replace("{files: sales*}", settings))
    record = delimiter.join(("{}", "Ada", "10.00", "3", "a"))
    for number, blank in enumerate(BLANK_ROWS):
        blank = blank.format(delimiter)
        lines = [delimiter.join(HEADER), record.format(1), blank, record.format(2)]
        for end, landed in (("", 2), ("\r\n", 2), ("\n" + record.format(3) + "\n", 3)):
            name = f"sales_{number}_{len(end)}.csv"
            outcome = sheet.land(name, "\n".join([*lines, blank]) + end)
            assert (outcome.rejected, outcome.cut_reason) == (0, None), lines
            assert (outcome.landed, outcome.separators) == (landed, 2), lines
    sheet.check_counts()


def test_a_file_of_blank_rows_alone(sheet):
    outcome = sheet.land("sales.csv", as_csv(BLANKS))
    assert (outcome.landed, outcome.rejected, outcome.separators) == (0, 0, 4)
    assert outcome.cut_reason is None
