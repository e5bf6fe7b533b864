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
    # a word, and nothing that could be compared
    ("Total", "", "", "", ""),
    ("", "Summe", "", "", ""),
    ("*Gesamt:*", " ", "", "-", ""),
    ("Anzahl", "", "", "", ""),
    ("", "", "", "", "Durchschnitt"),
]
REAL = [
    ("3", "Total", "40.00", "4", ""),
    ("3", "TotalEnergies", "40.00", "4", ""),
    ("", "Total Care", "40.00", "4", ""),
    ("", "Totally Bamboo", "40.00", "4", ""),
    ("3", "Total 90", "40.00", "4", ""),
    ("3", "Summe", "40.00", "4", "a person"),
    ("", "Summe", "40.00", "4", "a person"),
    ("Summa Ltd", "", "41.00", "5", ""),
    ("", "Max", "20.00", "2", ""),
    ("3", "Max", "30.00", "3", ""),
    ("", "Average Joe", "20", "2", ""),
    ("", "Count Basie", "2", "2", ""),
    ("", "Jean Total", "30.00", "1", ""),
    ("", "Count", "17", "3", ""),
    ("", "Max", "", "", ""),  # a name as well
    ("Total", "", "", "", "a note"),
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


def written(rows, kind) -> bytes:
    return FORMATS[kind](rows)


COUNTED = [
    ("2 deals", "", "", "", ""),
    ("2 deals", "", "40.00", "4", ""),
    ("", "2 Deals", "40.00", "", ""),
    ("(2 rows)", "", "", "", ""),
    ("2 records found", "", "40.00", "", ""),
    ("Rows: 2", "", "", "", ""),
    ("Number of deals: 2", "", "", "", ""),
    ("Total deals", "", "2", "", ""),
    ("2 Datensätze", "", "40.00", "", ""),
    ("2 Zeilen insgesamt", "", "", "", ""),
    ("2 enregistrements", "", "40,00", "", ""),
    ("2 registros", "", "", "", ""),
    ("2 righe", "", "", "4", ""),
    ("2 rekordów", "", "", "4", ""),
    ("2 записей", "", "40.00", "", ""),
    ("2 件", "", "40.00", "", ""),
    ("Total general", "", "40.00", "4", ""),
    ("Grand Totals (2 records)", "", "", "", ""),
]
FOOTERS = [
    "Confidential Information - Do Not Distribute",
    "CONFIDENTIAL",
    "Company confidential",
    "Copyright (c) 2000-2024 someone, inc. All rights reserved.",
    "© 2024 Acme GmbH",
    "Generated by Ann Smith 11/28/2026 3:27 PM",
    "Report generated on 2024-01-05",
    "*** End of report ***",
    "Page 1 of 3",
    "Vertraulich",
    "Erstellt am 28.11.2026 von Anna",
    "Seite 1 von 2",
    "Généré par Anne le 28/11/2026",
    "Confidentiel - ne pas diffuser",
    "Generado por Ana",
    "Página 1 de 2",
    "Generato da Anna",
    "Gegenereerd door Anna",
    "Wygenerowano przez Anna",
    "Сформировано 28.11.2026",
    "作成日 2026-11-28",
]
NAMES = [
    ("3", "Total Wine", "1.00", "1", ""),
    ("", "Total Wine", "40.00", "4", ""),
    ("3", "2 deals", "40.00", "4", ""),
    ("3", "Confidential", "", "", ""),
    ("", "3 Suisses", "77.00", "1", ""),
    ("3", "7 Eleven", "", "", ""),
    ("", "Confidential Catering", "", "", ""),
    ("", "Copyright Clearance Center", "", "", ""),
    ("3", "Generated by Ann", "", "", ""),
    ("", "Page One", "", "", ""),
    ("2 deals", "Ann", "40.00", "4", "x"),
    ("Generated Corp", "", "", "", ""),
]


@pytest.mark.parametrize("kind", FORMATS)
def test_counts_and_footers_are_set_apart_in_every_format(sheet, kind):
    for number, row in enumerate(COUNTED):
        outcome = sheet.land(f"sales_{number}.{kind}", written([*RECORDS, row], kind))
        assert (outcome.landed, outcome.separators) == (2, 1), row
        assert [each["kind"] for each in outcome.apart] == ["totals"], row
        assert "differs" not in outcome.apart[0], row
    for number, text in enumerate(FOOTERS):
        for at in (0, 1):
            row = ["", "", "", "", ""]
            row[at] = text
            name = f"sales_{at}_{number}.{kind}"
            outcome = sheet.land(name, written([*RECORDS, row], kind))
            assert (outcome.landed, outcome.separators) == (2, 1), row
            assert outcome.apart[0]["kind"] == "report footer"
            assert outcome.apart[0]["text"].count(text.replace('"', "")) == 1
    sheet.check_counts()


@pytest.mark.parametrize("kind", FORMATS)
def test_records_named_like_totals_and_footers_land(sheet, kind):
    for row in NAMES:
        outcome = sheet.land(f"sales_{kind}.{kind}", written([*RECORDS, row], kind))
        assert (outcome.landed, outcome.separators) == (3, 0), row
    sheet.check_counts()


def test_lines_of_a_footer_have_no_delimiters(sheet):
    lines = ["", "Grand Totals (2 records)", *FOOTERS, '"(2 rows)"', "2 deals"]
    body = as_csv(RECORDS).decode() + "\n".join(lines)
    for end in ("", "\n", "\n3,Cy,1,1,c\n"):
        outcome = sheet.land(f"sales{len(end)}.csv", body + end)
        assert (outcome.landed, outcome.rejected) == (2 + (len(end) > 1), 0)
        assert outcome.separators == len(lines) - 1
    sheet.check_counts()


def test_a_footer_in_the_middle_of_a_large_file(sheet):
    record = ("{}", "Ada", "1.00", "1", "a")
    rows = [tuple(cell.format(n) for cell in record) for n in range(9000)]
    for text in ("4000 deals", "Confidential", "Generated by Ann"):
        rows.insert(4000, (text, "", "", "", ""))
    outcome = sheet.land("sales.csv", as_csv(rows))
    assert (outcome.landed, outcome.separators) == (9000, 3)


DIFFERING = [
    (("Total", "", "41.00", "4", ""), [("amount", "41.00", "40.00")], "+1"),
    (("Total", "", "40.00", "9", ""), [("quantity", "9", "4")], "+5"),
    (("Summe", "", "39,50", "", ""), [("amount", "39,50", "40.00")], "-0.5"),
    (
        ("Total", "", "1,041.00", "5", ""),
        [("amount", "1,041.00", "40.00"), ("quantity", "5", "4")],
        "+1001",
    ),
    (("3 deals", "", "40.00", "", ""), [("records", "3", "2")], "+1"),
    (("Grand Totals (5700 records)", "", "", "", ""), [("records", "5700", "2")], ""),
    (("Total", "", "(40.00)", "", ""), [("amount", "(40.00)", "40.00")], "-80"),
]
FITTING = [
    ("Total", "", "40.00", "4", ""),
    ("Total", "", "40", "2", ""),  # a number of records
    ("Total", "", "20.00", "4", ""),  # a mean
    ("Total (2024)", "", "40.00", "4", ""),
    ("Total", "", "EUR 40,00", "4", ""),
]


@pytest.mark.parametrize("kind", FORMATS)
def test_totals_that_differ_from_the_records_are_said(sheet, kind):
    for row, wanted, more in DIFFERING:
        for place in (2, 0):  # below the records, and above them
            rows = [*RECORDS[:place], row, *RECORDS[place:]]
            outcome = sheet.land(f"sales_{place}.{kind}", written(rows, kind))
            assert (outcome.landed, outcome.separators) == (2, 1), row
            (apart,) = outcome.apart
            found = [(d["column"], d["value"], d["sum"]) for d in apart["differs"]]
            assert found == wanted, row
            (said,) = [r for r in outcome.remarks if "totals differ" in r]
            assert all(text in said for text in (*wanted[0], more))
    for row in FITTING:
        outcome = sheet.land(f"sales_fit.{kind}", written([*RECORDS, row], kind))
        assert (outcome.separators, "differs" in outcome.apart[0]) == (1, False), row


@pytest.mark.parametrize("kind", FORMATS)
def test_totals_of_groups_that_fit_are_not_said_to_differ(sheet, kind):
    def total(name, amount):
        return (name, "", amount, "", "")

    def record(n, amount):
        return (str(n), "x", amount, "1", "")

    rows = [
        total("Total", "1.036,50"),
        record(1, "1.000,00"), record(2, "0,50"), total("Subtotal", "1.000,50"),
        record(3, "5,00"), total("Subtotal", "5,00"), total("Total", "1.005,50"),
        record(4, "7,00"), total("Subtotal", "7,00"), record(5, "8,00"),
        record(6, "16,00"), total("Subtotal", "24,00"), total("Total", "31,00"),
        total("Grand total", "1.036,50"), total("Subtotal", "1"),
    ]  # fmt: skip
    outcome = sheet.land(f"sales.{kind}", written(rows, kind))
    assert (outcome.landed, outcome.separators) == (6, 9)
    assert [a["text"] for a in outcome.apart if "differs" in a] == [
        outcome.apart[-1]["text"]
    ]


def test_whole_thousands_may_be_written_either_way(sheet):
    rows = [("1", "a", "500", "1", ""), ("2", "b", "1.234", "1", "")]
    total = ("Total", "", "1.734", "2", "")
    outcome = sheet.land("sales.csv", as_csv([*rows, total]))
    assert (outcome.separators, "differs" in outcome.apart[0]) == (1, False)


REPORT = '"id","name","amount","quantity","note"\n"1","Ada","10","3","a"\n'
SAID = '"Copyright (c) 2000-2026 x.com, inc. All rights reserved."\n'


@pytest.mark.parametrize(
    "footer",
    [
        f'\n"All deals"\n{SAID}"Generated By:  Sam 1/2/2026"\n"Alder Freight"\n',
        f'\n"Pipeline"\n{SAID}"Confidential Information - Do Not Distribute"\n"Alder"',
        f'\nPipeline\n{SAID}"Alder Freight"',
        f'"All deals"\n{SAID}"Alder Freight"\n',
        '\n"Pipeline"\n"Generated By:  Sam 1/2/2026"\n"Alder Freight"',
    ],
)
def test_the_name_of_a_report_is_part_of_its_footer(read, footer):
    found = read(REPORT + footer)
    assert found.rejected == []
    assert found.ids == ["1"]
    lines = len([line for line in footer.split("\n") if line])
    assert found.separators == lines
    assert {each["kind"] for each in found.reader.apart} == {"report footer"}


def test_one_word_above_a_record_is_rejected_as_before(read):
    found = read(REPORT + "\nPipeline\n" + '"2","Bo","1","1","b"\n')
    assert found.ids == ["1", "2"]
    assert [reason for _, _, reason, _ in found.rejected] == [
        "expected 5 fields, found 1"
    ]


def test_the_name_of_a_report_without_a_key_is_part_of_its_footer(shop):
    shop.declare(SHEET)
    shop.put("loose.csv", f'region,person,amount,note\nN,Ada,1,\n\n"All"\n{SAID}')
    (outcome,) = shop.run().outcomes
    assert (outcome.landed, outcome.rejected, outcome.separators) == (1, 0, 2)
