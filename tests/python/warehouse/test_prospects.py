"""Registers to organisations: shapes, history, findings, matches."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from .registers import (
    as_csv,
    changing,
    deliver,
    histories,
    lead,
    nevada,
    real,
    texas,
)
from .test_engines import first_difference
from .warehouse import ENGINES, Warehouse

New = Callable[..., Warehouse]
HISTORY = """
    select company, valid_from, license_status, first_name || ' ' || last_name
    from dim_prospective_orgs order by company, version_number
"""


@pytest.fixture
def domain() -> str:
    """Return the domain whose models are built."""
    return "prospects"


def of_domain(warehouse: Warehouse) -> dict:
    """Return the rows of the domain's relations."""
    return {
        name: rows
        for name, rows in warehouse.relations().items()
        if "prospect" in name or "salesforce" in name or name == "fct_row_errors"
    }


def versions(warehouse: Warehouse) -> dict[str, list[tuple]]:
    """Return what histories() works out, as built."""
    found: dict[str, list[tuple]] = {}
    for company, *version in warehouse.query(HISTORY):
        found.setdefault(company, []).append(tuple(version))
    return found


def findings(warehouse: Warehouse, *but: str) -> set[tuple]:
    """Return (rule, column, value) of the findings about rows, not about files."""
    rows = warehouse.query(
        "select rule, column_name, source_value from fct_row_errors"
        " where source_name = 'prospects' and record is not null"
    )
    return {row for row in rows if row[0] not in but}


@pytest.mark.long
def test_the_real_files(new_warehouse: New, real_exports: Path) -> None:
    """127 organisations, each apart by phone and street; no lead is one of them."""
    built = [new_warehouse(engine) for engine in ENGINES]
    for warehouse in built:
        real(warehouse, real_exports)
        warehouse.run()
    one, *others = map(of_domain, built)
    for other in others:
        assert first_difference(one, other) is None
    orgs = one["dim_prospective_orgs"]
    assert len(orgs) == 127
    assert len({(row["phone"], row["address1"]) for row in orgs}) == 127
    assert len({row["phone"] for row in orgs}) == 123
    assert one["rpt_prospect_lead_matches"] == []
    assert len(one["rpt_new_prospects"]) == 127
    for row in orgs:
        assert row["city"] and row["zip"].isdecimal() and len(row["zip"]) == 5
        assert "," not in row["address1"] and "STE" not in row["address1"].split()
        assert not row["address1"].upper().endswith(row["city"])
        assert "\n" not in repr(list(row.values()))
    by_register = {
        name: [row for row in orgs if row["source_register"].startswith(name)]
        for name in ("nv", "ok", "tx")
    }
    assert [len(rows) for rows in by_register.values()] == [70, 28, 29]
    assert all(row["license_number"][0] == "K" for row in by_register["ok"])
    assert all(row["schedule"].startswith("Mon ") for row in by_register["ok"])
    # all four flags of one row are N
    aged = [row for row in orgs if row["ages_served"]]
    assert len(aged) == 28 + 28
    assert all(row["min_age"] < row["max_age"] for row in aged)
    # the last two columns of register 2 hold what belongs elsewhere
    misplaced = [
        row for row in one["fct_row_errors"] if row["rule"] == "value_misplaced"
    ]
    assert len(misplaced) == 28 + 26
    assert sum(row["accepts_financial_aid"] or 0 for row in by_register["ok"]) == 17


@pytest.mark.long
def test_history_whatever_the_order(new_warehouse: New) -> None:
    """Ten deliveries in order, out of order and twice give what they say."""
    delivered = list(changing(seed=1, days=10))
    expected = histories(delivered)
    assert sum(len(found) for found in expected.values()) > 20
    shuffled = delivered.copy()
    random.Random(2).shuffle(shuffled)
    built = []
    for order in (delivered, shuffled):
        warehouse = new_warehouse()
        for number, (date, rows) in enumerate(order):
            deliver(warehouse, **{f"nv_{date}": as_csv(rows)})
            warehouse.land()  # one by one: a run would put them in order
            if number in (4, 9):
                warehouse.build_models()
        assert versions(warehouse) == expected
        built.append(warehouse)
    again = built[1]
    before = again.content()
    for date, rows in delivered:
        deliver(again, **{f"nv_{date}": as_csv(rows)})
        deliver(again, **{f"nv_again_{date}": as_csv(rows)})
    again.run()
    assert versions(again) == expected
    assert len(before["dim_prospective_orgs"]) == sum(map(len, expected.values()))
    currents = "select count(*) from dim_prospective_orgs where is_current"
    assert again.value(currents) == len(expected)


@pytest.mark.long
def test_an_increment_equals_a_full_build(new_warehouse: New) -> None:
    """Two builds, one on the other engine, and one anew: cell for cell."""
    built = [new_warehouse(engine) for engine in ENGINES]
    for warehouse in built:
        for date, rows in changing(seed=3, days=2):
            faults = [nevada(50, Address="somewhere"), nevada(51), nevada(51)]
            deliver(warehouse, **{f"nv_{date}": as_csv(rows + faults)})
            deliver(warehouse, **{f"tx_{date}": as_csv([texas(1, Capacity=date)])})
            warehouse.land()
            if warehouse.engine == "sqlite":
                warehouse.build_models()
        if warehouse.engine != "sqlite":
            warehouse.build_models()
    one, *others = map(of_domain, built)
    built[0].build_models("--full-refresh")
    for other in (of_domain(built[0]), *others):
        assert first_difference(one, other) is None


@pytest.mark.long
def test_the_shape_of_a_file_is_no_change(warehouse: Warehouse) -> None:
    """Columns in another order, headers in other letters, one more column."""
    rows = [nevada(1), nevada(2)]
    deliver(warehouse, nv_2024_01_01=as_csv(rows))
    turned = [dict(reversed(row.items())) for row in rows]
    deliver(warehouse, nv_2024_02_01=as_csv(turned))
    renamed = [{key.upper().replace(" ", "_"): row[key] for key in row} for row in rows]
    deliver(warehouse, nv_2024_03_01=as_csv([{"Extra": "1"} | row for row in renamed]))
    warehouse.run()
    assert warehouse.value("select count(*) from dim_prospective_orgs") == 2


@pytest.mark.long
def test_a_change_back_is_a_version(warehouse: Warehouse) -> None:
    for month, status in enumerate(("Active", "Expired", "Active"), start=1):
        deliver(
            warehouse, **{f"nv_2024-{month:02}-01": as_csv([nevada(Status=status)])}
        )
        warehouse.run()
    found = warehouse.query(
        "select version_number, license_status, substr(valid_from, 1, 10),"
        " substr(valid_to, 1, 10), is_current from dim_prospective_orgs order by 1"
    )
    assert found == [
        (1, "Active", "2024-01-01", "2024-02-01", 0),
        (2, "Expired", "2024-02-01", "2024-03-01", 0),
        (3, "Active", "2024-03-01", None, 1),
    ]


def test_rows_without_a_phone_and_with_one_key(warehouse: Warehouse) -> None:
    """Licence, then name and ZIP, stand in for a phone; one key counts once."""
    rows = [
        nevada(1, Phone=""),
        nevada(2, Phone="", **{"Credential Number": ""}),
        nevada(3, Phone="", **{"Credential Number": "", "Address": "1 ELM ST"}),
        nevada(4, Status="Expired"),
        nevada(4),
    ]
    for day in ("01", "02"):
        deliver(warehouse, **{f"nv_2024-05-{day}": as_csv(rows)})
        warehouse.run()
    assert warehouse.query(
        "select org_id, license_status from dim_prospective_orgs order by 1"
    ) == [
        ("nv_child_care:+17024560004/104 ELM ST", "Active"),
        ("nv_child_care:license/1001-22", "Active"),
        ("nv_child_care:sunny days 2/89015", "Active"),
    ]
    assert findings(warehouse, "value_unreadable") >= {
        ("id_missing", "org_id", "Sunny Days 3"),
        (
            "org_repeated_in_file",
            "org_id",
            "nv_child_care:+17024560004/104 ELM ST",
        ),
    }
    conserved = warehouse.query(
        "select landed_count, error_count, current_count, superseded_count,"
        " unchanged_count from rpt_record_conservation"
        " where source_name = 'prospects' and table_name = 'registers'"
    )
    assert conserved == [(10, 4, 3, 0, 3)]


def test_values_that_cannot_be_read_are_reported(warehouse: Warehouse) -> None:
    deliver(
        warehouse,
        nv_2024_05_01=as_csv(
            [
                nevada(1, **{"Expiration Date": "13/45/23"}),
                nevada(2, Address="9 DEER RUN NOWHERE FLATS, NV 89015"),
                nevada(3, State="UT"),
                nevada(4, Phone="call us"),
            ]
        ),
        tx_2024_05_01=as_csv(
            [texas(1, Capacity="many", **{"Email Address": "a@"}), texas(2, Zip="7")]
        ),
    )
    warehouse.run()
    assert findings(warehouse) == {
        ("date_unreadable", "certificate_expiration_date", "13/45/23"),
        ("city_unknown", "city", "9 DEER RUN NOWHERE FLATS, NV 89015"),
        ("state_contradicts_register", "state", "UT"),
        ("phone_unreadable", "phone", "call us"),
        ("number_unreadable", "capacity", "many"),
        ("email_malformed", "email", "a@"),
        ("value_unreadable", "zip", "7"),
    }


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("nv_1", "", "empty file"),
        ("nv_2", "Name,Address,Phone\n", "empty: a header"),
        ("nv_3", "Name,Phone\na,b\n", "required column Address is missing"),
        ("ca_1", "Name,Address,Phone\na,b,c\n", "no table of prospects takes"),
    ],
)
def test_bad_files_are_refused_and_others_land(
    warehouse: Warehouse, name: str, content: str, reason: str
) -> None:
    deliver(warehouse, **{name: content, "tx_good": as_csv([texas()])})
    outcomes = {o.label: o for o in warehouse.land().outcomes}
    assert outcomes[f"prospects/{name}.csv"].status == "refused"
    assert reason in outcomes[f"prospects/{name}.csv"].reason
    assert outcomes["prospects/tx_good.csv"].landed == 1


def test_matches_with_leads(warehouse: Warehouse) -> None:
    """A name and something else make a lead known; one of either nobody."""
    known = {"street": "", "city": "", "postal_code": "", "phone": "", "email": ""}
    deliver(
        warehouse,
        tx_2024_05_01=as_csv([texas(number) for number in range(1, 10)]),
        salesforce_leads=as_csv(
            [
                lead("1", **known | {"phone": "(214) 456-0001"}, company="Lone Star 1"),
                lead(
                    "2",
                    **known | {"mobile_phone": "+1 214 456 0002"},
                    company="LONE STAR 2, Inc.",
                ),
                lead(
                    "3", **known | {"email": "star3@example.com"}, company="Lone Star 3"
                ),
                lead(
                    "4",
                    **known | {"street": "204 Oak Street", "postal_code": "75201-1234"},
                    company="Lone Star 4",
                ),
                # the number, the house or the name alone
                lead("5", **known | {"phone": "214-456-0005"}),
                lead("6", street="206 Oak St", postal_code="75201", city="Dallas"),
                lead("7", company="Lone Star 7", **known),
                lead(
                    "8", company="Lone Star 8", phone="214-456-0008", is_deleted="TRUE"
                ),
            ]
        ),
    )
    warehouse.run()
    assert warehouse.query(
        "select record_id, org_company, probability > .7"
        " from rpt_prospect_lead_matches order by 1"
    ) == [(f"prospect_lead:{n}", f"Lone Star {n}", 1) for n in range(1, 5)]
    assert warehouse.query("select company from rpt_new_prospects order by 1") == [
        (f"Lone Star {number}",) for number in range(5, 10)
    ]
    # a newer state of the lead counts
    deliver(
        warehouse,
        salesforce_leads_2=as_csv(
            [
                lead(
                    "1",
                    phone="512-456-0001",
                    last_modified_date="2024-06-01 00:00:00",
                )
            ]
        ),
    )
    warehouse.run()
    assert warehouse.value("select count(*) from rpt_prospect_lead_matches") == 3
