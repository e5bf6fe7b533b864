# ruff: noqa: E501  - rows of a file, as they are
"""The files of the worked examples: those of `exports`, and of further systems.

Of these no real file is known, so that they count in a folder of their system alone.
"""

from __future__ import annotations

from scripts.ingest.systems import SHIPPED

from .exports import EXPORTS, Export

GUESSED = [
    Export(
        "copper", "people.csv", "crm.contacts",
        "Copper ID,First Name,Last Name,Title,Company,Email,Phone,Owner,Date Created\n"
        "8801,Mara,Lindqvist,CEO,Alder Freight,mara@alder.example.com,+49 30 23125 100,Sam Seller,2026-01-05\n"
        "8802,Priya,Example,Buyer,Cobalt Analytics,priya@cobalt.example.com,(512) 555-0102,Rita Reed,2026-01-07\n",
        key="Copper ID",
    ),
    Export(
        "freshsales", "contacts.csv", "crm.contacts",
        "Record ID,First name,Last name,Job title,Account name,Email,Work number,Contact status,Sales owner,Created at\n"
        "501,Jonas,Weiß,VP Sales,Birch & Sons,jonas@birch.example.com,+44 20 7946 0101,Qualified,rita@example.com,2026/01/06\n"
        "502,Hana,Nosuch,Buyer,Birch & Sons,hana@birch.example.com,,New,rita@example.com,2026/01/09\n",
        key="Record ID",
    ),
    Export(
        "odoo", "crm.lead.csv", "crm.opportunities",
        "External ID,Opportunity,Customer,Contact Name,Expected Revenue,Stage,Probability,Created on,Expected Closing,Salesperson\n"
        "__export__.crm_lead_7,Racks for Leeds,Birch & Sons,Jonas Weiß,1200.50,Proposition,60,2026-01-09 09:14:00,2026-03-31,Rita Reed\n"
        "__export__.crm_lead_8,Racks for Berlin,Alder Freight,Mara Lindqvist,800.00,Won,100,2026-01-12 11:00:00,2026-02-10,Sam Seller\n",
        key="External ID", currency="", money={"amount_cents": "Expected Revenue"},
    ),
    Export(
        "suitecrm", "Accounts.csv", "crm.companies",
        "Name,ID,Website,Industry,Billing City,Billing Country,Office Phone,Assigned User,Date Created,Deleted\n"
        "Dune Solar,0a1b2c3d-0001,http://dune.example.org,Energy,Sevilla,Spain,,sam,2026-01-08 11:05:00,0\n"
        "Dune Solar Old,0a1b2c3d-0002,http://old.example.org,Energy,Sevilla,Spain,,sam,2025-01-08 11:05:00,1\n",
        key="ID",
    ),
    Export(
        "espocrm", "Account.csv", "crm.companies",
        "ID,Name,Website,Industry,Billing Address City,Billing Address Country,Assigned User,Created At\n"
        "65a1b2c3d4e5f6a70,Ember Foods,https://ember.example.com,Food,Portland,United States,Sam Seller,2026-01-09 11:42:00\n"
        "65a1b2c3d4e5f6a71,Fjord Timber,https://fjord.example.com,Construction,Toronto,Canada,Rita Reed,2026-01-10 08:00:00\n",
        key="ID",
    ),
    Export(
        "lusha", "contacts.csv", "marketing.list_members",
        "First Name,Last Name,Job Title,Company Name,Company Domain,Work Email,Direct Phone\n"
        "Aoife,Sample,CEO,Ember Foods,ember.example.com,aoife@ember.example.com,+1 503 555 0104\n"
        "Paul,Specimen,Buyer,Dune Solar,dune.example.org,paul@dune.example.org,\n",
        key="Work Email",
    ),
    Export(
        "excel", "Kunden 2026.csv", "commerce.customers",
        "Kundennr.;Firma;Ansprechpartner;E-Mail;Ort;Land;Seit;Umsatz\n"
        "K-7;Alder Freight GmbH;Mara Lindqvist;mara@alder.example.com;Berlin;Deutschland;05.01.2026;1.250,50\n"
        "K-8;Birch & Sons Ltd;Jonas Weiß;jonas@birch.example.com;Leeds;GB;31.01.2026;900,00\n",
        key="Kundennr.", currency="", mark=",", delimiter=";", encoding="cp1252",
        money={"total_spent_minor": "Umsatz"},
    ),
]  # fmt: skip


def system_of(export: Export) -> str:
    """The system that ships for a file: `zoho` for what is in `zoho_crm`."""
    return max(
        (
            path.stem
            for path in SHIPPED.glob("*.yml")
            if export.system.startswith(path.stem)
        ),
        key=len,
    )


def examples() -> dict[str, list[Export]]:
    """Files by the system that ships, those in one folder together."""
    found: dict[str, list[Export]] = {}
    for export in EXPORTS + GUESSED:
        files = found.setdefault(system_of(export), [])
        if not files or files[0].system == export.system:  # not the German PayPal
            files.append(export)
    return dict(sorted(found.items()))
