"""A register that nobody has seen goes in by YAML and seed alone, and a mapping
that cannot be right stops its own register only."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.ingest import ingest

from .registers import as_csv, deliver, nevada
from .warehouse import Warehouse

DECLARATION = """
              or_child_care:
                files: [or_*]
                state: OR
                encoding: cp1252
                delimiter: ";"
                required: [Contact, Site Phone]
"""
MAPPINGS = """\
or_child_care,company,Facility | Facility Name,text,
or_child_care,phone,Site Phone,phone,
or_child_care,first_name,Contact,person_first,
or_child_care,last_name,Contact,person_last,
or_child_care,address1,Location,address_street,
or_child_care,address2,Location,address_unit,
or_child_care,city,Location,address_city,
or_child_care,zip,Location,address_zip,
or_child_care,state,Location,address_state,
or_child_care,license_type,License,license_type,
or_child_care,license_number,License,license_number,
or_child_care,license_renewed,Renewed,date,Renewed on
or_child_care,ages_served,Ages,ages,
or_child_care,min_age,Ages,min_age,
or_child_care,max_age,Ages,max_age,
or_child_care,accepts_financial_aid,Subsidy,yes_no,
or_child_care,language,Language 1; Language 2,join,/
or_child_care,curriculum_type,In woods; Montessori; Steiner,labels,Forest; Montessori
"""
HEADERS = "Ages;Subsidy;Contact;Facility;Site Phone;Location;License;Renewed"
FILE = f"""\
{HEADERS};Language 1;Language 2;In woods;Montessori;Steiner
6 weeks - 5 years;Y;Núñez, Zoë;Little Ñandú;(503) 456-0001;\
12 Oak Ave, Suite 5, Salem, OR 97301;Center - R12A;Renewed on 3/4/2024;\
English;Spanish;Y;no;yes
School-age;N;Ann & Bob Day;Day Care;503.456.0002;\
9 Elm St Portland OR 97201;Home - 77;;English;;N;;
"""
EXPECTED = [
    ("Day Care", "+15034560002", "Ann & Bob", "Day", "9 Elm St", None, "Portland")
    + ("97201", "OR", "Home", "77", None, "school_age", 60, 155, 0, "English")
    + (None,),
    ("Little Ñandú", "+15034560001", "Zoë", "Núñez", "12 Oak Ave", "Suite 5", "Salem")
    + ("97301", "OR", "Center", "R12A", "2024-03-04", "6 weeks - 5 years", 1, 71, 1)
    + ("English/Spanish", "Forest, Steiner"),
]


@pytest.fixture
def domain() -> str:
    """Return the domain whose models are built."""
    return "prospects"


@pytest.fixture
def with_oregon(editable_project: Path) -> Path:
    """Return the project with a fourth register."""
    path = editable_project / "models/staging/prospects/_prospects__sources.yml"
    text = path.read_text()
    place = text.index("        columns:\n          - name: register")
    path.write_text(text[:place] + DECLARATION.lstrip("\n") + text[place:])
    add_mappings(editable_project, MAPPINGS)
    return editable_project


def add_mappings(project: Path, rows: str) -> None:
    """Append rows to the seed of mappings."""
    path = project / "seeds/prospects/register_mappings.csv"
    path.write_text(path.read_text() + rows)


def land(warehouse: Warehouse, project: Path) -> dict[str, str]:
    """Ingest by the declarations of `project`; return what became of the files."""
    summary = ingest(
        warehouse.inbox,
        warehouse.database,
        lake=warehouse.lake,
        declarations=project / "models/staging",
    )
    return {o.label: o.reason or o.status for o in summary.outcomes}


@pytest.mark.long
def test_a_fourth_register(warehouse: Warehouse, with_oregon: Path) -> None:
    """Other headers, order, encoding and delimiter, and a combined name."""
    deliver(warehouse, nv_1=as_csv([nevada()]))
    file = warehouse.inbox / "prospects" / "or_2024-05-01.csv"
    file.write_bytes(FILE.encode("cp1252"))
    assert [o.status for o in warehouse.land().outcomes] == ["landed", "refused"]
    land(warehouse, with_oregon)
    warehouse.reparse()
    warehouse.build_with_seeds()
    assert (
        warehouse.query(
            "select company, phone, first_name, last_name, address1, address2, city,"
            " zip, state, license_type, license_number, license_renewed, ages_served,"
            " min_age, max_age, accepts_financial_aid, language,"
            " curriculum_type"
            " from dim_prospective_orgs where source_register = 'or_child_care'"
            " order by company"
        )
        == EXPECTED
    )
    refused = "select status from fct_ingest_files where file_name like '%or_2024%'"
    assert warehouse.query(refused + " order by 1") == [("landed",), ("refused",)]
    mended = "select count(*) from fct_row_errors where rule = 'file_refused'"
    assert warehouse.query(mended) == [(0,)]


def test_a_register_without_mapping_is_refused(
    warehouse: Warehouse, with_oregon: Path
) -> None:
    seed = with_oregon / "seeds/prospects/register_mappings.csv"
    seed.write_text(seed.read_text().replace(MAPPINGS, ""))
    deliver(warehouse, nv_1=as_csv([nevada()]), or_1="Contact;Site Phone\na;b\n")
    assert land(warehouse, with_oregon) == {
        "prospects/nv_1.csv": "landed",
        "prospects/or_1.csv": "register or_child_care has no mapping",
    }


@pytest.mark.long
def test_a_faulty_mapping_stops_its_register_only(
    warehouse: Warehouse, with_oregon: Path
) -> None:
    """Each fault is named with its row; a column that comes later ends it, and one
    that is left out is told of."""
    add_mappings(
        with_oregon,
        "or_child_care,schedule,Days,text,\n"
        "tx_child_care,colour,City,text,\n"
        "tx_child_care,title,City,magic,\n"
        "tx_child_care,phone,City,phone,\n",
    )
    deliver(warehouse, nv_1=as_csv([nevada()]))
    folder = warehouse.inbox / "prospects"
    (folder / "or_2024-05-01.csv").write_bytes(FILE.encode("cp1252"))
    (folder / "tx_1.csv").write_text("Operation Name,Address,Phone,City\na,b,c,d\n")
    land(warehouse, with_oregon)
    warehouse.reparse()
    warehouse.build_with_seeds()
    count = "select source_register, count(*) from dim_prospective_orgs group by 1"
    assert warehouse.query(count) == [("nv_child_care", 1)]
    found = warehouse.query(
        "select rule, source_value from fct_row_errors where rule like 'mapping%'"
    )
    start = "register_mappings: "
    assert set(found) >= {
        ("mapping_column_unknown", start + "or_child_care, schedule, Days, text"),
        ("mapping_target_unknown", start + "tx_child_care, colour, City, text"),
        ("mapping_transform_unknown", start + "tx_child_care, title, City, magic"),
        ("mapping_target_repeated", start + "tx_child_care, phone, City, phone"),
    }
    # the column comes: what had landed before comes in too
    text = FILE.replace("Subsidy", "Colour").replace("Facility", "Facility Name")
    head, *rows = text.splitlines()
    later = "\n".join([head + ";Days", rows[1] + ";Mon to Fri"]) + "\n"
    (folder / "or_2024-06-01.csv").write_bytes(later.encode("cp1252"))
    land(warehouse, with_oregon)
    warehouse.build_with_seeds()
    assert warehouse.query(
        "select company, version_number, schedule from dim_prospective_orgs"
        " where source_register = 'or_child_care' order by 1, 2"
    ) == [
        ("Day Care", 1, None),
        ("Day Care", 2, "Mon to Fri"),
        ("Little Ñandú", 1, None),
    ]
    assert warehouse.query(
        "select rule, severity, column_name from fct_row_errors"
        " where file_name like '%or_2024-06-01.csv' and record is null order by 1"
    ) == [
        ("column_unexpected", "info", "Colour"),
        ("mapped_column_absent", "error", "Subsidy"),
    ]
