# ruff: noqa: E501
"""Exports of systems whose cells are empty, and what these must not become."""

from __future__ import annotations

from collections.abc import Callable

from .warehouse import Warehouse

FIRST = {
    "portal/contacts.csv": """\
Record ID,First Name,Last Name,Email,Lifecycle Stage,Primary Associated Company ID,Merged Contact IDs
1,Ann,Ash,ann@ash.example,opportunity,,
2,Bob,Bay,bob@bay.example,subscriber,71,;7; ;8;
""",
    "portal/companies.csv": """\
Record ID,Company name,Number of Employees,Merged Company IDs
70,Ash,120,
71,Bay,"1,001",""
72,Cod,11-50,
""",
    "portal/deals.csv": """\
Record ID,Deal Name,Deal Stage,Amount,Currency,Associated Contact IDs
10,No contact,Open,5,EUR,
11,Bob's,Open,6,EUR,;2;
12,Was another,Open,7,EUR,8
""",
    "pipedrive/deals.csv": """\
Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Probability,Deal - Stage,Deal - Status,Deal - Expected close date,Deal - Update time
1,One,100,EUR,,Quali,Open,2026-12-24,2025-10-01 10:00:00
2,Two,200,EUR,40,Quali,Open,2026-12-24,2025-10-01 10:00:00
4,Bolt,700,EUR,,Quali,Deleted,,2025-10-01 10:00:00
""",
}
LATER = {
    "pipedrive/deals-2.csv": """\
Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status,Deal - Won time,Deal - Lost time,Deal - Update time
1,One,100,EUR,Quali,Open,,,2025-11-01 10:00:00
2,Two,200,EUR,Quali,Won,2025-11-02 10:00:00,,2025-11-03 10:00:00
""",
}
DEALS = """
select
    opportunity_id, probability, weighted_amount_minor, close_date,
    expected_close_date, actual_close_date
from fct_opportunities where opportunity_id like 'pipedrive:%' order by 1
"""


def test_blank_cells_become_nothing(new_warehouse: Callable[[], Warehouse]) -> None:
    warehouse = new_warehouse()
    for files in (FIRST, LATER):
        for name, text in files.items():
            path = warehouse.inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        warehouse.run()
    scope = "portal.hubspot:"
    assert warehouse.query(
        "select opportunity_id, contact_id, source_contact_id from fct_opportunities"
        f" where opportunity_id like '{scope}%' order by 1"
    ) == [
        (f"{scope}10", None, None),
        (f"{scope}11", f"{scope}2", f"{scope}2"),
        (f"{scope}12", f"{scope}2", f"{scope}8"),
    ]
    assert warehouse.query(
        "select alias_id, contact_id from bridge_contact_aliases"
        f" where alias_id like '{scope}%' order by 1"
    ) == [(f"{scope}7", f"{scope}2"), (f"{scope}8", f"{scope}2")]
    assert warehouse.query(
        "select contact_id, status, company_id from dim_contacts order by 1"
    ) == [(f"{scope}1", "Qualified", None), (f"{scope}2", "Lead", f"{scope}71")]
    assert warehouse.query(
        "select company_id, size_band from dim_companies order by 1"
    ) == [(f"{scope}70", "51-200"), (f"{scope}71", "1000+"), (f"{scope}72", "11-50")]
    # what a later file lacks is as it was; a deal that its system calls deleted is gone
    assert warehouse.query(DEALS) == [
        ("pipedrive:1", None, None, "2026-12-24", "2026-12-24", None),
        ("pipedrive:2", 40.0, 8000, "2025-11-02", "2026-12-24", "2025-11-02"),
    ]
    found = {(rule, column) for rule, _, column in warehouse.findings()}
    assert not [rule for rule, _ in found if rule == "reference_unknown"]
    assert {c for rule, c in found if rule == "code_unknown"} <= {"stage"}
