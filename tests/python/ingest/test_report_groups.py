"""Reports in groups: their totals are no records, and each record has its group."""

import csv
import io

import pytest

from .workbooks import book

DEALS = """
sources:
  - name: shop
    tables:
      - name: deals
        identifier: bronze_shop__deals
        config: {meta: {files: deals*}}
        columns:
          - {name: owner}
          - {name: id, config: {meta: {required: true}}}
          - {name: name}
          - {name: stage}
          - {name: amount, data_type: money}
          - {name: close_date, data_type: timestamp}
"""
HEADER = ("owner", "id", "name", "stage", "amount", "close_date")
SAM = [
    ("Sam Seller", "006Xy01", "Deal A", "Proposal", "1000", "2026-01-05"),
    ("", "006Xy02", "Deal B", "Closed Won", "500", "2026-01-06"),
]
RITA = [("Rita Reed", "006Xy03", "Deal C", "Proposal", "70", "2026-02-01")]
ALONE = ("", "006Xy04", "Deal D", "Proposal", "5", "2026-02-02")
GROUPED = {
    "a word": (
        [("Subtotal", "", "", "", "1500", "")],
        [("Subtotal", "", "", "", "70", "")],
        [("Total", "", "", "", "1570", "")],
    ),
    "two words, one in the column of identifiers": (
        [("Subtotal", "Sum", "", "", "1500", ""), ("", "Count", "2", "", "", "")],
        [("Subtotal", "Sum", "", "", "70", ""), ("", "Count", "1", "", "", "")],
        [("Total", "Sum", "", "", "1570", ""), ("", "Count", "3", "", "", "")],
    ),
    "sums, and counts below them": (
        [("Subtotal", "", "Sum", "", "1500", ""), ("", "", "Count", "2", "", "")],
        [("Subtotal", "", "Sum", "", "70", ""), ("", "", "Count", "1", "", "")],
        [("Total", "", "Sum", "", "1570", ""), ("", "", "Count", "3", "", "")],
    ),
    "counts as identifiers": (
        [("Subtotal", "2", "", "", "1500", "")],
        [("Subtotal", "1", "", "", "70", "")],
        [("Total", "3", "", "", "1570", "")],
    ),
    "counts alone": (
        [("Subtotal", "", "", "Count", "2", "")],
        [("Subtotal", "", "", "Count", "1", "")],
        [("Total", "", "", "Count", "3", "")],
    ),
    "names of groups": (
        [("Sam Seller Total", "", "", "", "1500", "")],
        [("Rita Reed Total", "", "", "", "70", "")],
        [("Grand Total", "", "", "", "1570", "")],
    ),
}


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows):
    return book([[cell or None for cell in row] for row in rows])


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}


@pytest.fixture
def report(shop_in_tables):
    shop_in_tables.declare(DEALS)
    return shop_in_tables


@pytest.mark.parametrize("kind", FORMATS)
def test_totals_of_groups_are_no_deals_and_no_owners(report, kind):
    for number, (sam, rita, both) in enumerate(GROUPED.values()):
        rows = [HEADER, *SAM, *sam, *RITA, *rita, *both]
        outcome = report.land(f"deals_{number}.{kind}", FORMATS[kind](rows))
        apart = len(sam + rita + both)
        assert (outcome.landed, outcome.separators) == (3, apart), rows
    assert set(report.rows("deals", "id, owner")) == {
        ("006Xy01", "Sam Seller"),
        ("006Xy02", "Sam Seller"),
        ("006Xy03", "Rita Reed"),
    }
    report.check_counts()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_word_in_the_column_of_dates(report, kind):
    for number, last in enumerate(
        [("", "", "", "", "1570", "Total"), ("", "", "", "", "", "Total")]
    ):
        rows = [HEADER, *SAM, *RITA, last]
        outcome = report.land(f"deals_{number}.{kind}", FORMATS[kind](rows))
        assert (outcome.landed, outcome.separators) == (3, 1), last


@pytest.mark.parametrize("kind", FORMATS)
def test_only_a_report_in_groups_is_filled(report, kind):
    rows = [HEADER, *SAM, *RITA, ALONE]
    report.land(f"deals.{kind}", FORMATS[kind](rows))
    assert {owner or "" for _, owner in report.rows("deals", "id, owner")} == {
        "Sam Seller",
        "Rita Reed",
        "",
    }
    # a total below all is of no group
    report.land(
        f"deals_2.{kind}", FORMATS[kind]([*rows, ("Total", *[""] * 3, "1575", "")])
    )
    assert len([o for _, o in report.rows("deals", "id, owner") if not o]) == 4
    # the mark of a sorted column
    header = ("owner  ↑", *HEADER[1:])
    report.land(f"deals_3.{kind}", FORMATS[kind]([header, *rows[1:]]))
    assert len([o for _, o in report.rows("deals", "id, owner") if not o]) == 4


@pytest.mark.parametrize("kind", FORMATS)
def test_records_that_look_like_totals_land(report, kind):
    rows = [
        HEADER,
        ("Ann", "1", "Deal A", "Proposal", "10", "2026-01-05"),
        ("Total", "2", "", "", "10", ""),  # a company or person of that name
        ("Total", "99", "Sum", "Proposal", "20", ""),
    ]
    outcome = report.land(f"deals.{kind}", FORMATS[kind](rows))
    assert (outcome.landed, outcome.separators) == (3, 0)


def under(heading, *more):
    """A report whose groups have a row above them, in the column of owners."""
    alone = ("",) * 4
    rows = [(heading("Sam Seller", 2), "", "", *(more or alone[:3]))]
    rows += [("", *row[1:]) for row in SAM]
    rows += [(heading("Rita Reed", 1), "", "", *(more or alone[:3]))]
    return [*rows, *[("", *row[1:]) for row in RITA]]


def many(n, noun="record"):
    return f"{n} {noun}" + ("" if n == 1 else "s")


HEADED = {
    "a count": under(lambda who, n: f"{who} ({many(n)})"),
    "its column": under(lambda who, n: f"Owner: {who} ({many(n, 'deal')})"),
    "a number": under(lambda who, n: f"{who} ({n})"),
    "a dash": under(lambda who, n: f"{who} - {many(n)}"),
    "another language": under(lambda who, n: f"{who} ({n} Datensätze)"),
    "sums": under(lambda who, n: f"{who} ({many(n)})", "", "99", ""),
    "a name alone": under(lambda who, n: who),
}
OWNERS = {
    ("006Xy01", "Sam Seller"),
    ("006Xy02", "Sam Seller"),
    ("006Xy03", "Rita Reed"),
}


def as_quoted_csv(rows):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize("write", [as_csv, as_quoted_csv, as_xlsx])
def test_a_row_above_a_group_is_no_deal_and_names_its_owner(report, write):
    kind = "xlsx" if write is as_xlsx else "csv"
    for number, (name, rows) in enumerate(HEADED.items()):
        outcome = report.land(f"deals_{number}.{kind}", write([HEADER, *rows]))
        assert (outcome.landed, outcome.rejected, outcome.separators) == (3, 0, 2), name
        assert {each["kind"] for each in outcome.apart} == {"group heading"}, name
        assert not any("differs" in each for each in outcome.apart), name
        file_id = outcome.file_id
        owners = {
            (id_, owner)
            for id_, owner, of in report.rows("deals", "id, owner, _file_id")
            if of == file_id
        }
        assert owners == OWNERS, name
    report.check_counts()


@pytest.mark.parametrize("write", [as_csv, as_quoted_csv, as_xlsx])
def test_a_row_above_a_group_in_another_column(report, write):
    kind = "xlsx" if write is as_xlsx else "csv"
    for number, at in enumerate((1, 3)):  # of identifiers, of stages
        heads = [[""] * 6, [""] * 6]
        heads[0][at], heads[1][at] = "Proposal (2 records)", "Closed Won (1 record)"
        rows = [HEADER, heads[0], *SAM, heads[1], *RITA]
        outcome = report.land(f"deals_{number}.{kind}", write(rows))
        assert (outcome.landed, outcome.separators) == (3, 2)
    assert {id_ for (id_,) in report.rows("deals", "id")} == {i for i, _ in OWNERS}


@pytest.mark.parametrize("kind", FORMATS)
def test_records_that_look_like_headings_land(report, kind):
    rows = [
        HEADER,
        ("", "1", "Team (5 people)", "", "", ""),
        ("Ann (2 records)", "2", "", "", "", ""),
        ("", "3", "Renewal (2)", "Proposal", "10", "2026-01-05"),
        ("", "Deal (2019)", "Vintage", "Proposal", "10", "2026-01-05"),
    ]
    outcome = report.land(f"deals.{kind}", FORMATS[kind](rows))
    assert (outcome.landed, outcome.separators) == (4, 0)
    owners = {owner or "" for (owner,) in report.rows("deals", "owner")}
    assert owners == {"", "Ann (2 records)"}
