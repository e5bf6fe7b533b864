"""Lines of `accepted_findings.csv` and `mapped_files.csv`: a wrong one is named."""

from __future__ import annotations

import pytest

from scripts import seeds
from scripts.desk import accepted
from scripts.desk.lines import LineError
from scripts.desk.unknown_files import pattern

HEADER = "rule,source_name,table_name,record_id,source_value,record,accepted_until\n"
GOOD = "email_malformed,crm,contacts,P1,a at b,,2026-12-31\n"
FINDING = {
    **{"rule": "email_malformed", "source_name": "crm", "table_name": "contacts"},
    **{"column_name": "email", "record_id": "P1", "source_value": "a at b"},
    **{"file_name": "c.csv", "record": 7, "line": 8},
}
NAMED = {
    "rule": "email_malformed",
    "source_name": "crm",
    "table_name": "contacts",
    "column_name": "email",
}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("email_malformd,crm,contacts,,,,", "unknown; did you mean email_malformed?"),
        (",crm,contacts,,,,", "rule '' is unknown"),
        ("id_missing,crm,contacts,,,,31.12.2026", "accepted_until must be a day"),
        ("id_missing,crm,contacts,,,,2026-02-30", "accepted_until must be a day"),
        ("id_missing,,contacts,P1,,,", "record_id needs source_name and table_name"),
        ("id_missing,crm,contacts,,,7,", "record needs file_name"),
        ("id_missing,crm,contacts,,,x,", "record needs file_name"),
        # dbt reads it as an empty one, which is for any value
        ("id_missing,crm,contacts,P1,Null,,", "'Null' reads as an empty one"),
    ],
)
def test_a_wrong_acceptance_is_refused_with_its_line(tmp_path, line, said):
    path = tmp_path / "accepted_findings.csv"
    path.write_text(HEADER + GOOD)
    assert seeds.prepare(tmp_path) != "seeds"
    path.write_text(f"{HEADER}{GOOD}{GOOD}{line}\n")  # twice the same does no harm
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(tmp_path)
    assert str(refused.value).startswith(f"{path}: line 4: ")
    assert said in str(refused.value)


def test_a_mapped_file_needs_all_its_parts(tmp_path):
    path = tmp_path / "mapped_files.csv"
    path.write_text("file_name,system_name,table_name\na,hubspot,\n")
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(tmp_path)
    assert str(refused.value) == f"{path}: line 2: table_name is empty"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, {"record_id": "P1", "source_value": "a at b"}),
        ({"source_value": None}, {"record_id": "P1"}),
        # what a line of CSV, or dbt, does not keep as it is
        ({"source_value": " a"}, {"record_id": "P1"}),
        ({"source_value": "a\r\nb"}, {"record_id": "P1"}),
        ({"source_value": "NULL"}, {"record_id": "P1"}),
        ({"source_value": "x" * 501}, {"record_id": "P1"}),
        (
            {"record_id": None},
            {"file_name": "c.csv", "record": "7", "source_value": "a at b"},
        ),
        ({"record_id": " P1", "record": None}, {"file_name": "c.csv"}),
    ],
)
def test_a_finding_is_named_by_what_stays(changes, line):
    found = accepted.of_finding(FINDING | changes)
    if changes.get("record_id", "P1") != "P1" and "source_value" not in changes:
        line = {"source_value": "a at b"} | line
    assert found == NAMED | line
    assert accepted.is_like(found, FINDING | changes)
    assert not accepted.is_like(found, FINDING | changes | {"rule": "email_shared"})
    other = FINDING | changes | {"record_id": "P2", "record": 9, "file_name": "d.csv"}
    assert not accepted.is_like(found, other)


def test_a_code_is_accepted_whichever_record_has_it_first():
    code = {"rule": "code_unknown", "column_name": "stage", "source_value": "Almost"}
    found = accepted.of_finding(FINDING | code)
    assert found == NAMED | code
    assert accepted.is_like(found, FINDING | code | {"record_id": "P2"})


def test_what_nothing_names_cannot_be_accepted():
    nameless = {"record_id": None, "file_name": "\t"}
    with pytest.raises(LineError, match="neither record nor file"):
        accepted.of_finding(FINDING | nameless)
    with pytest.raises(LineError, match="of no table"):
        accepted.of_rule(None, None, "file_refused", "file")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop/orders_2026-03-01.csv", "shop/orders_*.csv"),
        ("shop/orders 01.03.2026.csv", "shop/orders *.csv"),
        ("shop/20260301_120000.csv", "shop/*_*.csv"),
        ("shop/q1 [final]*?.csv", "shop/q1 ?final]??.csv"),
        ("a/x.zip!b/Account 2026-03.csv", "a/x.zip!b/Account *.csv"),
    ],
)
def test_a_pattern_is_for_the_files_of_other_days(name, expected):
    assert pattern(name) == expected
