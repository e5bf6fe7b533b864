"""What the desk knows of the entities whose records are matched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """One entity of `vars: identity:`, with the names of its relations and columns."""

    name: str
    one: str
    """A golden record of it, in words; `two` of them may be one."""
    two: str
    golden: str
    """The column with the identifier of a golden record."""
    record: str
    """The column with that of a record in reports; the other's begins with other_."""
    id: str
    """The column with that of a record in int_<entity>__current."""
    table: str | None
    """The table of golden records, if there is one."""
    unit: str
    """The column by which facts lead to its customer: a person or organisation."""
    units: str
    """The query that gives the customer of the golden records wanted."""
    own: str | None = None
    """The column by which deals lead to a golden record itself."""

    def report(self, kind: str) -> str:
        """Return the name of one of its reports: review, merges or winners."""
        return f"rpt_{self.one}_{kind}"

    @property
    def current(self) -> str:
        """The relation with its records as they are now."""
        return f"int_{self.name}__current"

    @property
    def clustered(self) -> str:
        """The relation with the golden record of each record."""
        return f"int_{self.name}__clustered"


ASKED = "select value as golden_id, {unit} as unit_id from json_each(:ids)"
OF_RECORD = ASKED + " left join {bridge} as bridge on bridge.record_id = {record}"

ENTITIES = {
    entity.name: entity
    for entity in (
        Entity(
            *("contacts", "contact", "one person"),
            *("contact_id", "contact_record_id", "contact_id", "dim_contacts"),
            unit="person_id",
            units=OF_RECORD.format(
                unit="bridge.person_id",
                bridge="bridge_people_records",
                record="'contact:' || value",
            ),
            own="contact_id",
        ),
        Entity(
            *("companies", "company", "one company"),
            *("company_id", "company_record_id", "company_id", "dim_companies"),
            unit="organisation_id",
            units=OF_RECORD.format(
                unit="bridge.organisation_id",
                bridge="bridge_organisation_records",
                record="'company:' || value",
            ),
            own="company_id",
        ),
        Entity(
            *("leads", "lead", "one person"),
            *("primary_lead_number", "lead_number", "lead_number"),
            table=None,
            unit="person_id",
            units=OF_RECORD.format(
                unit="bridge.person_id",
                bridge="bridge_people_records",
                record="'call_centre:' || value",
            ),
        ),
        Entity(
            *("people", "person", "one person"),
            *("person_id", "record_id", "record_id", "dim_people"),
            unit="person_id",
            units=ASKED.format(unit="value"),
        ),
        Entity(
            *("organisations", "organisation", "one organisation"),
            *("organisation_id", "record_id", "record_id", "dim_organisations"),
            unit="organisation_id",
            units=ASKED.format(unit="value"),
        ),
    )
}
TABLES = {entity.table: entity for entity in ENTITIES.values() if entity.table}
"""By table of golden records, the entity."""
