"""Stages, sources, products and rates of the imaginary company."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A stage of a pipeline; the probability is in percent."""

    name: str
    probability: int
    is_closed: bool = False

    @property
    def is_won(self) -> bool:
        """Whether a deal in it has been won."""
        return self.is_closed and self.probability == 100


PIPELINES = {
    "Sales Pipeline": (
        Stage("Appointment Scheduled", 20),
        Stage("Qualified To Buy", 40),
        Stage("Contract Sent", 90),
        Stage("Closed Won", 100, is_closed=True),
        Stage("Closed Lost", 0, is_closed=True),
    ),
    "Renewals": (
        Stage("Renewal due", 50),
        Stage("Offer sent", 75),
        Stage("Terms agreed", 95),
        Stage("Renewed", 100, is_closed=True),
        Stage("Not renewed", 0, is_closed=True),
    ),
}
"""Of HubSpot: its own pipeline, and one with stages of the company's own."""

SALESFORCE_STAGES = (
    Stage("Prospecting", 10),
    Stage("Qualification", 25),
    Stage("Proposal/Price Quote", 65),
    Stage("Negotiation/Review", 80),
    Stage("Closed Won", 100, is_closed=True),
    Stage("Closed Lost", 0, is_closed=True),
)
FORECASTS = {10: "Pipeline", 25: "Pipeline", 65: "BestCase", 80: "Forecast"}
"""Probability of an open stage of Salesforce → forecast category."""

SOURCES = {
    "hubspot": ("Organic Search", "Paid Search", "Referrals", "Offline Sources"),
    "salesforce": ("Web", "Trade Show", "Partner Referral", "Purchased List"),
}
CAMPAIGNS = ("Cold chain fair 2025", "Spring letter 2025", "Partner days 2024")

RATES = {
    "USD": 1.0,
    "CAD": 0.73,
    "GBP": 1.28,
    "EUR": 1.09,
    "AUD": 0.66,
    "JPY": 0.0067,
}
"""Dollars for one of a currency, as the systems convert."""

PRODUCTS = (
    (
        "sensor-indoor",
        "Sensor, indoor",
        "Sensors",
        (("White", 8_900), ("Black", 8_900)),
    ),
    ("sensor-cold", "Sensor, cold room", "Sensors", (("-30 °C", 14_900),)),
    ("gateway", "Gateway", "Gateways", (("EU plug", 39_900), ("US plug", 39_900))),
    ("battery", "Battery, 4 pieces", "Parts", (("Lithium", 1_250),)),
    ("bracket", 'Bracket "Flat"', "Parts", (("Steel", 750), ("Brass", 1_150))),
    ("gift-card", "Gift card", "Gift cards", (("50", 5_000), ("100", 10_000))),
)
"""Handle, title, type, and variants with their price in cents."""

PLANS = {
    "price_basic_month": ("Basic", "month", 1_900),
    "price_team_month": ("Team", "month", 4_900),
    "price_site_month": ("Site", "month", 12_900),
    "price_team_year": ("Team", "year", 49_900),
}
"""Plan → product, interval, price of a seat in cents of the dollar or euro."""
