import pytest

from scripts.ingest.headers import match, normal
from scripts.ingest.sources import Column

COLUMNS = [
    Column("id", aliases=("sale_id",)),
    Column("amount", aliases=("value", "total")),
    Column("job_status"),
]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Job Status", "jobstatus"),
        ("  job-status\t", "jobstatus"),
        ("JOB_STATUS.", "jobstatus"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("e\u0301tat", "\u00e9tat"),
        ("#", "#"),
        ("", ""),
    ],
)
def test_case_blanks_and_punctuation_do_not_count(header, expected):
    assert normal(header) == expected


def test_any_order_and_alias():
    found = match(["Total", "JOB STATUS", "Id"], COLUMNS)
    assert found.columns == {"id": 2, "amount": 0, "job_status": 1}
    assert found.renamed == {"amount": "Total"}
    assert found.extras == {}


def test_own_name_wins_over_an_earlier_alias():
    found = match(["total", "Amount", "value"], COLUMNS)
    assert found.columns == {"amount": 1}
    assert found.extras == {"total": 0, "value": 2}
    assert found.renamed == {}


def test_the_first_of_two_aliases_wins():
    found = match(["total", "value"], COLUMNS)
    assert found.columns == {"amount": 0}
    assert found.extras == {"value": 1}


def test_repeated_and_empty_headers_get_names_of_their_own():
    found = match(["id", "id", "x", "x", "", "x_2"], COLUMNS)
    assert found.columns == {"id": 0}
    assert list(found.extras.values()) == [1, 2, 3, 4, 5]
    names = list(found.extras)
    assert len(set(names)) == 5
    assert names[0] == "id_2"
    assert names[1] == "x"
    assert names[3] == "column_5"
    assert names[4] == "x_2"


def test_headers_of_punctuation_alone_are_not_the_same():
    assert match(["#"], [Column("%")]).columns == {}
    assert match(["%"], [Column("%")]).columns == {"%": 0}
