"""Records for tests: good ones, of which a test changes what it is about."""

from __future__ import annotations

from typing import Any


def company(key: str = "C1", **changes: Any) -> dict[str, Any]:
    """Return a company without a fault."""
    return {
        "id": key,
        "name": f"Company {key}",
        "domain": f"{key.lower()}.example.com",
        "industry": "Retail",
        "size": "11-50",
        "country": "US",
        "created_date": "2024-01-01T08:00:00.000001",
        "is_customer": "True",
        "annual_revenue": "1000000",
    } | changes


def contact(key: str = "P1", **changes: Any) -> dict[str, Any]:
    """Return a contact without a fault, of company C1."""
    return {
        "id": key,
        "email": f"{key.lower()}@c1.example.com",
        "first_name": "Ann",
        "last_name": f"Person {key}",
        "title": "CEO",
        "company_id": "C1",
        "phone": "+1 202 456 1111",
        "status": "Lead",
        "created_date": "2024-01-02T08:00:00.000001",
        "last_modified": "2024-01-03T08:00:00.000001",
    } | changes


def opportunity(key: str = "O1", **changes: Any) -> dict[str, Any]:
    """Return an open opportunity without a fault, of contact P1."""
    return {
        "id": key,
        "name": f"Deal {key}",
        "contact_id": "P1",
        "company_id": "C1",
        "amount": "1500.50",
        "stage": "Proposal",
        "product": "Pro",
        "probability": "40",
        "created_date": "2024-02-01T08:00:00.000001",
        "close_date": "2024-06-30T00:00:00",
        "is_closed": "False",
        "forecast_category": "Pipeline",
    } | changes


def activity(key: str = "A1", **changes: Any) -> dict[str, Any]:
    """Return an activity without a fault, with contact P1 for opportunity O1."""
    return {
        "id": key,
        "contact_id": "P1",
        "opportunity_id": "O1",
        "type": "call",
        "subject": f"Call {key}",
        "timestamp": "2024-03-01T08:00:00.000001",
        "duration_minutes": "30",
        "outcome": "Completed",
        "notes": "Went well",
    } | changes
