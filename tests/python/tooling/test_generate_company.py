"""The imaginary company: shapes of its systems, sound sums, and the traps by plan."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from scripts.ingest.sources import load_sources
from scripts.ingest.systems import SHIPPED, load_shapes
from scripts.ingest.systems.recognise import Catalogue
from scripts.settings import PROJECT
from tools.generate.__main__ import main
from tools.generate.company.enquiries import called
from tools.generate.company.identities import identities
from tools.generate.company.truth import Company

REAL = PROJECT.parent / "shared" / "data" / "exports" / "headers.json"
NAMED = {
    "unified_payments": "unified_payments",
    "Itemized_balance_change_from_activity_USD": "balance_itemized",
    "orders_export_1": "orders",
    "customers_export": "customers",
    "products_export": "products",
    "transactions_export_1": "transactions",
    "meta": "meta_lead_ads",
    "Cold rooms_Leads": "leads",
}
"""What is called otherwise in the list of real headers."""
Rows = list[dict[str, str]]


class Written:
    """The files, by delivery (1 or 2), system and name."""

    def __init__(self, folder: Path) -> None:
        self.texts: dict[tuple[int, str, str], str] = {}
        for path in sorted(folder.rglob("*.*")):
            number = 2 if "2025-06-27" in str(path.relative_to(folder)) else 1
            system = path.relative_to(folder).parts[0]
            if path.suffix == ".ZIP":
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        self.texts[number, system, name] = archive.read(name).decode()
            else:
                name = path.stem.removeprefix("hubspot-crm-exports-all-")
                name = name.split("-2025")[0].split("_2024")[0].split("_2025")[0]
                encoding = "utf-16" if system == "meta" else "utf-8"
                self.texts[number, system, name] = path.read_text(encoding=encoding)

    def rows(self, system: str, name: str, number: int = 2) -> Rows:
        text = self.texts[number, system, name]
        delimiter = "\t" if system == "meta" else ","
        file = io.StringIO(text, newline="")
        return list(csv.DictReader(file, delimiter=delimiter))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    arguments = ["--out", str(folder / "inbox"), "--scale", "0.01", "--seed", "3"]
    arguments += ["--company", "1", "--deliveries", "2"]
    assert main([*arguments, "--truth", str(folder / "truth.csv")]) == 0
    return folder


@pytest.fixture(scope="module")
def written(folder: Path) -> Written:
    crm = folder / "inbox" / "crm"
    for path in crm.iterdir():
        path.unlink()
    crm.rmdir()
    return Written(folder / "inbox")


def test_equal_seeds_give_equal_bytes(folder: Path, written: Written, tmp_path: Path):
    arguments = ["--out", str(tmp_path), "--scale", "0.01", "--seed", "3"]
    main([*arguments, "--company", "1", "--deliveries", "2"])
    for path in (folder / "inbox").rglob("*.*"):
        again = tmp_path / path.relative_to(folder / "inbox")
        assert again.read_bytes() == path.read_bytes(), path.name
    main(["--out", str(tmp_path / "8"), "--scale", "0.01", "--company", "1"])
    other = tmp_path / "8" / "shopify" / "2025-06-20" / "orders_export_1.csv"
    assert other.read_text() != written.texts[1, "shopify", "orders_export_1"]
    assert not list((tmp_path / "8").rglob("*2025-06-27*"))


@pytest.mark.skipif(not REAL.exists(), reason="without the headers of real exports")
def test_headers_are_those_of_the_systems(written: Written):
    real = json.loads(REAL.read_text(encoding="utf-8"))
    seen = set()
    for (_, system, name), text in written.texts.items():
        headers = headers_of(system, text)
        known = real[NAMED.get(system, system)].get(NAMED.get(name, name))
        if known is None:
            assert (system, name) == ("hubspot", "meetings")  # only documented
            continue
        # a column for each stage of each pipeline; own data of a payment
        more = [header for header in headers if header not in known["headers"]]
        expected = [h for h in known["headers"] if not h.startswith("<question")]
        if system == "typeform":  # the form's own questions are between its columns
            first, *rest = expected
            assert headers == [first, *more, *rest]
        else:
            for h in more:
                assert h.startswith("Date entered '") or "(metadata)" in h
        assert [h for h in headers if h not in more] == expected, (system, name)
        seen.add((system, name))
    assert len(seen) == 4 + 10 + 4 + 5 + 1 + 1


def headers_of(system: str, text: str) -> list[str]:
    delimiter = "\t" if system == "meta" else ","
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_every_file_is_recognised_wherever_it_lies(written: Written):
    sources = load_sources()
    catalogue = Catalogue(sources, load_shapes(sources, [SHIPPED]))
    for (_, system, name), text in written.texts.items():
        headers = headers_of(system, text)
        found = catalogue.find(headers, "any", "export")
        assert found.shape, (system, name, found.problem)
        assert found.shape.system == system


def test_nobody_real_can_be_reached(written: Written):
    for number, system, name in written.texts:
        for row in written.rows(system, name, number):
            for header, value in row.items():
                if "mail" in header.lower() and "@" in value:
                    assert value.lower().endswith(".example"), (system, name, value)


def salesforce_checksum(short: str) -> str:
    """By the published rule, the other way round than the generator works."""
    found = ""
    for start in (0, 5, 10):
        bits = "".join(
            "1" if c.isupper() else "0" for c in reversed(short[start : start + 5])
        )
        found += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[int(bits, 2)]
    return found


def test_identifiers_of_salesforce_are_sound(written: Written):
    known = {"000000000000000AAA"}
    links = defaultdict(set)
    for (number, system, name), text in written.texts.items():
        if system != "salesforce" or number == 1:
            continue
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        ids = [row["Id"] for row in rows]
        assert len({*ids}) == len(ids), name
        known |= {*ids}
        for row in rows:
            for header in ("OwnerId", "AccountId", "OpportunityId", "MasterRecordId"):
                if row.get(header):
                    links[header].add(row[header])
            assert len(row["Id"]) == 18
            assert row["Id"][15:] == salesforce_checksum(row["Id"][:15])
    for header, values in links.items():
        assert values <= known, header


def test_links_of_hubspot_lead_somewhere(written: Written):
    """But those to what has been deleted or merged since."""
    for number in (1, 2):
        companies = ids(written.rows("hubspot", "companies", number))
        gone = set()
        if number == 2:
            gone = ids(written.rows("hubspot", "contacts", 1)) - ids(
                written.rows("hubspot", "contacts", 2)
            )
            gone |= ids(written.rows("hubspot", "deals", 1)) - ids(
                written.rows("hubspot", "deals", 2)
            )
        people = ids(written.rows("hubspot", "contacts", number)) | gone
        deals = ids(written.rows("hubspot", "deals", number)) | gone
        for name in ("contacts", "deals", "calls", "meetings"):
            for row in written.rows("hubspot", name, number):
                for header, known in (
                    ("Associated Company IDs (Primary)", companies),
                    ("Associated Contact IDs", people),
                    ("Associated Deal IDs", deals),
                ):
                    given = {*row.get(header, "").split(";")} - {""}
                    assert given <= known, (name, header)


def ids(rows: Rows) -> set[str]:
    return {row["Record ID"] for row in rows}


def test_histories_end_in_the_state_of_the_deal(written: Written):
    last: dict[str, dict[str, str]] = {}
    for row in written.rows("salesforce", "OpportunityHistory.csv"):
        key = row["OpportunityId"]
        if key not in last or last[key]["CreatedDate"] < row["CreatedDate"]:
            last[key] = row
    deals = written.rows("salesforce", "Opportunity.csv")
    assert {row["Id"] for row in deals} == set(last)
    for deal in deals:
        for header in ("StageName", "Amount", "Probability", "CloseDate"):
            assert last[deal["Id"]][header] == deal[header]
        expected = Decimal(deal["Amount"]) * Decimal(deal["Probability"]) / 100
        assert abs(Decimal(deal["ExpectedRevenue"]) - expected) <= Decimal("0.005")
    stages = {
        row["OpportunityId"]: row["NewValue"]
        for row in written.rows("salesforce", "OpportunityFieldHistory.csv")
        if row["Field"] == "StageName"
    }
    assert stages
    assert all(last[key]["StageName"] == stage for key, stage in stages.items())
    for deal in written.rows("hubspot", "deals"):
        name = f"Date entered '{deal['Deal Stage']} ({deal['Pipeline']})'"
        dates = [v for h, v in deal.items() if h.startswith("Date entered") and v]
        assert deal[name] == max(dates)


def test_lines_of_a_deal_add_up(written: Written):
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in written.rows("salesforce", "OpportunityLineItem.csv"):
        total = Decimal(line["Quantity"]) * Decimal(line["UnitPrice"])
        assert total == Decimal(line["TotalPrice"])
        sums[line["OpportunityId"]] += total
    deals = written.rows("salesforce", "Opportunity.csv")
    with_lines = [deal for deal in deals if deal["HasOpportunityLineItem"] == "1"]
    assert len(with_lines) > 5
    assert {deal["Id"]: Decimal(deal["Amount"]) for deal in with_lines} == sums


def test_orders_add_up(written: Written):
    orders: dict[str, Rows] = defaultdict(list)
    for row in written.rows("shopify", "orders_export_1", 1):
        orders[row["Name"]].append(row)
    refunds: dict[str, Decimal] = defaultdict(Decimal)
    for row in written.rows("shopify", "transactions_export_1", 1):
        if row["Kind"] == "refund":
            refunds[row["Name"]] += Decimal(row["Amount"])
    for name, (first, *others) in orders.items():
        lines = sum(
            Decimal(row["Lineitem price"]) * int(row["Lineitem quantity"])
            for row in (first, *others)
        )
        assert Decimal(first["Subtotal"]) == lines - Decimal(first["Discount Amount"])
        parts = (first[part] for part in ("Subtotal", "Shipping", "Taxes"))
        assert Decimal(first["Total"]) == sum(map(Decimal, parts))
        assert not any(row["Total"] or row["Id"] for row in others)
        assert Decimal(first["Refunded Amount"]) == refunds[name]
    statuses = {rows[0]["Financial Status"] for rows in orders.values()}
    assert statuses >= {"paid", "partially_refunded", "refunded", "voided"}
    assert "authorized" in statuses
    assert {rows[0]["Currency"] for rows in orders.values()} == {"USD", "EUR"}
    assert any(rows[0]["Cancelled at"] for rows in orders.values())
    # by the clock of New York, that changes in March and in November
    offsets = {
        (r["Created at"][5:7], r["Created at"][-5:]) for r, *_ in orders.values()
    }
    assert {o for month, o in offsets if month in ("01", "02", "12")} == {"-0500"}
    assert {o for month, o in offsets if "04" <= month <= "10"} == {"-0400"}


def test_stripe_agrees_with_itself_and_the_shop(written: Written):
    payments = {
        row["id"]: row
        for number in (1, 2)
        for row in written.rows("stripe", "unified_payments", number)
    }
    balance = [
        row
        for number in (1, 2)
        for row in written.rows(
            "stripe", "Itemized_balance_change_from_activity_USD", number
        )
    ]
    charged = {
        r["source_id"]: r for r in balance if r["reporting_category"] == "charge"
    }
    money = {
        key: row
        for key, row in payments.items()
        if row["Status"] in ("Paid", "Refunded") and row["Mode"] == "Live"
    }
    assert set(charged) == set(money)
    assert {row["Status"] for row in payments.values()} == {
        *("Paid", "Refunded", "Failed", "Uncaptured")
    }
    assert {row["Mode"] for row in payments.values()} == {"Live", "Test"}
    for key, entry in charged.items():
        assert entry["gross"] == money[key]["Converted Amount"]
        assert entry["fee"] == money[key]["Fee"]
    # each payout is the sum of what it pays out
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for row in balance:
        if row["automatic_payout_id"] and row["reporting_category"] != "payout":
            paid[row["automatic_payout_id"]] += Decimal(row["net"])
    payouts = {
        row["id"]: Decimal(row["Amount"])
        for number in (1, 2)
        for row in written.rows("stripe", "payouts", number)
    }
    assert payouts
    assert payouts == paid
    # a charge for an order is the order's total
    orders = {
        row["Name"]: row
        for row in written.rows("shopify", "orders_export_1", 1)
        if row["Total"]
    }
    shared = [row for row in payments.values() if row["order_id (metadata)"]]
    assert len(shared) > 10
    for row in shared:
        if order := orders.get(f"#{row['order_id (metadata)']}"):
            assert row["Amount"] == order["Total"]
            assert row["Currency"].upper() == order["Currency"]


def test_the_traps_are_there(written: Written, folder: Path):
    accounts = written.rows("salesforce", "Account.csv")
    masters = {
        row["Id"]: row["MasterRecordId"]
        for row in accounts
        if row["IsDeleted"] == "1" and row["MasterRecordId"] != "000000000000000AAA"
    }
    assert any(into in masters for into in masters.values()), "a chain of merges"
    deals = written.rows("salesforce", "Opportunity.csv")
    assert sum(row["IsDeleted"] == "1" for row in deals) == 2
    assert sum(r["IsDeleted"] == "1" for r in written.rows(
        "salesforce", "Opportunity.csv", 1)) == 1  # fmt: skip
    gone = ids(written.rows("hubspot", "deals", 1)) - ids(
        written.rows("hubspot", "deals", 2)
    )
    merged = {
        former
        for row in written.rows("hubspot", "deals")
        for former in row["Merged object IDs"].split(";")
    } - {""}
    assert len(gone) == 2
    assert len(merged & gone) == 1
    assert {row["Pipeline"] for row in written.rows("hubspot", "deals")} == {
        *("Sales Pipeline", "Renewals")
    }
    owners = [
        {row["Deal owner"] for row in written.rows("hubspot", "deals", n)}
        for n in (1, 2)
    ]
    assert "Paula Hart" in owners[0] - owners[1]
    assert "Paula Hart-Vega" in owners[1] - owners[0]
    assert "Gwen Parry" in owners[1], "a former one, who is still named"
    users = {row["Name"]: row for row in written.rows("salesforce", "User.csv")}
    assert users["Gwen Parry"]["IsActive"] == "0"
    assert users["Paula Hart-Vega"]["Id"] in {row["OwnerId"] for row in deals}
    for rows, header, least in (
        (deals, "CurrencyIsoCode", 4),
        (written.rows("hubspot", "deals"), "Currency", 4),
        (written.rows("stripe", "subscriptions"), "Currency", 3),
    ):
        assert len({row[header] for row in rows}) >= least


def test_subscriptions_grow_shrink_end_and_come_back(written: Written):
    before, after = (
        {row["id"]: row for row in written.rows("stripe", "subscriptions", number)}
        for number in (1, 2)
    )

    def worth(row: dict[str, str]) -> Decimal:
        return Decimal(row["Amount"]) * int(row["Quantity"])

    both = [(before[key], after[key]) for key in before]
    assert any(worth(old) < worth(new) for old, new in both)
    assert any(worth(old) > worth(new) for old, new in both)
    statuses = {row["Status"] for row in after.values()}
    assert statuses >= {"active", "canceled", "past_due"}
    assert {row["Interval"] for row in after.values()} == {"month", "year"}
    ended = {r["Customer ID"]: r["Ended At (UTC)"] for r in after.values()}
    back = [
        row
        for row in after.values()
        if row["Status"] == "active" and ended.get(row["Customer ID"], "") == ""
    ]
    assert back
    people = [row["Customer ID"] for row in after.values()]
    assert len(people) > len({*people}), "one who came back"


def test_customers_are_in_several_systems_by_plan(folder: Path, written: Written):
    firms, people = defaultdict(set), defaultdict(set)
    for row in truth(folder):
        kind = row["record_id"].partition(":")[0]
        if kind == "company":
            firms[row["number"]].add(row["system"])
        if row["kind"] == "person":
            people[row["number"]].add((kind, row["system"]))
    assert len(firms) == 60
    both = sum(systems == {"hubspot", "salesforce"} for systems in firms.values())
    assert both == 20
    contacts = {("contact", "hubspot"), ("contact", "salesforce")}
    customer = ("shop_customer", "shopify")
    found = list(people.values())
    assert sum(customer in r and not r & contacts for r in found) == 24
    assert sum({("contact", "hubspot"), customer} <= r for r in found) > 10
    paying = {("contact", "salesforce"), ("shop_customer", "stripe")}
    assert sum(paying <= r for r in found) > 10
    assert any(len({s for _, s in r}) == 4 for r in found)
    # each way from one system into another is gone by somebody
    for kind in ("lead", "form_lead", "buyer", "shop_customer"):
        for other in ("contact", "shop_customer"):
            ways = [{k for k, _ in r} >= {kind, other} for r in found]
            assert sum(ways) > 1, (kind, other)
    strangers = [r for r in found if {k for k, _ in r} <= {"lead", "form_lead"}]
    assert len(strangers) > 15
    emails = {row["Email"] for row in written.rows("hubspot", "contacts", 1)}
    emails |= {row["Email"] for row in written.rows("salesforce", "Contact.csv")}
    customers = {row["Email"] for row in written.rows("shopify", "customers_export")}
    at_home = 6  # contacts who buy by their private mailbox
    assert len(customers & emails) == len(customers) - 24 - at_home


def test_looking_changes_nobody():
    """Exports and truth are written from one company, in any order."""
    company = Company(seed=3)
    before = list(identities(company)), called(company)
    assert (list(identities(company)), called(company)) == before


def test_an_address_is_of_one_person(folder: Path, written: Written):
    """By each record that shows it, in all systems: so truth has no contradictions."""
    number = {
        r["record_id"]: r["number"] for r in truth(folder) if r["kind"] == "person"
    }
    people = defaultdict(set)
    for kind, system, name, header, email in (
        ("contact", "hubspot", "contacts", "Record ID", "Email"),
        ("contact", "salesforce", "Contact.csv", "Id", "Email"),
        ("lead", "salesforce", "Lead.csv", "Id", "Email"),
        ("form_lead", "typeform", "responses", "#", "Email"),
        ("form_lead", "meta", "Cold rooms_Leads", "id", "email"),
        ("shop_customer", "shopify", "customers_export", "Customer ID", "Email"),
        ("shop_customer", "stripe", "customers", "id", "Email"),
    ):
        for row in written.rows(system, name):
            key = row[header].removeprefix("'").removeprefix("l:")
            if found := number.get(f"{kind}:{system}:{key}"):
                people[row[email].lower()].add(found)
    assert len(people) > 130
    assert all(len(numbers) == 1 for numbers in people.values())
    several = [email for email in people if email.endswith("@mail.example")]
    assert len(several) > 30


def truth(folder: Path) -> Rows:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_truth_names_each_record_that_is_delivered(folder: Path, written: Written):
    """And each once as a person, but for those who are merged before the delivery."""
    people = [r["record_id"] for r in truth(folder) if r["kind"] == "person"]
    assert len(people) == len({*people})
    delivered = set()
    for number in (1, 2):
        for kind, system, name, header in (
            ("contact", "hubspot", "contacts", "Record ID"),
            ("contact", "salesforce", "Contact.csv", "Id"),
            ("lead", "salesforce", "Lead.csv", "Id"),
            ("form_lead", "typeform", "responses", "#"),
            ("form_lead", "meta", "Cold rooms_Leads", "id"),
            ("shop_customer", "shopify", "customers_export", "Customer ID"),
            ("shop_customer", "stripe", "customers", "id"),
        ):
            for row in written.rows(system, name, number):
                if kind != "lead" or row["IsDeleted"] == "0":
                    key = row[header].removeprefix("'").removeprefix("l:")
                    delivered.add(f"{kind}:{system}:{key}")
    named = {record for record in people if not record.startswith("buyer:")}
    payers = {r.removeprefix("shop_customer:") for r in named if ":stripe:" in r}
    assert payers == {r[6:] for r in people if r.startswith("buyer:stripe:")}
    assert delivered <= named
    assert len(named - delivered) == 1
    orders = [
        row
        for number in (1, 2)
        for row in written.rows("shopify", "orders_export_1", number)
    ]
    buyers = {record for record in people if record.startswith("buyer:shopify:")}
    assert buyers == {f"buyer:shopify:{row['Email']}" for row in orders}
    customers = {row["Email"] for row in written.rows("shopify", "customers_export")}
    guests = {row["Email"] for row in orders} - customers
    assert len(guests) == 6 + 3  # contacts and strangers who order without a record


def test_leads_lead_to_their_own_contact(written: Written):
    """By the person's name, before or when the deal is entered."""
    contacts = {r["Id"]: r for r in written.rows("salesforce", "Contact.csv")}
    deals = {r["Id"]: r for r in written.rows("salesforce", "Opportunity.csv")}
    leads = written.rows("salesforce", "Lead.csv")
    converted = [row for row in leads if row["IsConverted"] == "1"]
    assert len(converted) == 6
    for row in converted:
        contact = contacts[row["ConvertedContactId"]]
        assert (row["FirstName"], row["LastName"]) == (
            contact["FirstName"],
            contact["LastName"],
        )
        assert row["ConvertedAccountId"] == contact["AccountId"]
        deal = deals[row["ConvertedOpportunityId"]]
        assert deal["ContactId"] == contact["Id"]
        assert row["CreatedDate"] < row["ConvertedDate"]
        assert row["ConvertedDate"][:10] == deal["CreatedDate"][:10]


@pytest.mark.long
def test_ten_times_as_much_is_ten_times_as_much(tmp_path: Path, written: Written):
    main(["--out", str(tmp_path), "--scale", "0.01", "--seed", "3", "--company", "10",
          "--systems", "hubspot", "stripe"])  # fmt: skip
    large = Written(tmp_path)
    assert {system for _, system, _ in large.texts} == {"crm", "hubspot", "stripe"}
    for system, name in (("hubspot", "deals"), ("stripe", "unified_payments")):
        rows = len(large.rows(system, name, 1)) / len(written.rows(system, name, 1))
        assert 9 < rows < 11
