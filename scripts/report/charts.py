"""The charts, each made of the rows of `rpt_lead_quality_daily`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from scripts.warehouse import Warehouse

Day = dict[str, Any]

COLUMNS = (
    "snapshot_date", "lead_count", "new_lead_count", "aged_out_count",
    "high_count", "medium_count", "low_count", "high_rate",
    "high_count_repaired", "medium_count_repaired", "low_count_repaired",
    "high_rate_repaired", "match_both_count", "match_email_count",
    "match_phone_count", "match_conflict_count", "match_none_count",
)  # fmt: skip
FAULTS = """
select file_name, rule, column_name, source_value
from fct_row_errors
where source_name = 'leads' and table_name = 'snapshots' and record is null
    and rule not in ('column_absent', 'column_unexpected')
order by loaded_at, file_name, rule, column_name
"""
# Told apart by those who do not see red and green as two, too (Okabe and Ito).
BLUE, ORANGE, GREY, GREEN = "#0072b2", "#e69f00", "#999999", "#009e73"
QUALITIES = {"high": BLUE, "medium": ORANGE, "low": GREY}
MATCHES = {
    "both": "by e-mail and telephone",
    "email": "by e-mail alone",
    "phone": "by telephone alone",
    "conflict": "by both, to different leads",
    "none": "not at all",
}


@dataclass(frozen=True)
class Chart:
    """A chart with its title, and what it shows in one sentence."""

    title: str
    text: str
    figure: go.Figure


def days(warehouse: Warehouse) -> list[Day]:
    """Return what is known of each day, in order; raises QueryError."""
    sql = f"select {', '.join(COLUMNS)} from rpt_lead_quality_daily"
    rows = warehouse.rows(f"{sql} order by snapshot_date")
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def faults(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """Return the faults of whole lists: file, rule, column, what was found."""
    return warehouse.rows(FAULTS)


def charts(days: list[Day]) -> list[Chart]:
    """Return the charts of the report, in its order."""
    make: tuple[Callable[[list[Day]], Chart], ...] = (
        match_scenarios,
        leads_per_day,
        new_leads,
        quality_over_time,
        high_quality_trend,
    )
    return [chart(days) for chart in make]


def match_scenarios(days: list[Day]) -> Chart:
    """How the records of all lists were found in the backend."""
    counts = {m: sum(day[f"match_{m}_count"] for day in days) for m in MATCHES}
    figure = _figure("records (logarithmic)", None)
    figure.add_bar(
        x=list(counts.values()),
        y=[MATCHES[match] for match in counts],
        text=[f"{count:,}" for count in counts.values()],
        orientation="h",
        marker_color=BLUE,
        name="records",
    )
    figure.update_xaxes(type="log")
    figure.update_yaxes(autorange="reversed")
    total = sum(counts.values())
    known = total - counts["none"]
    text = f"The backend knows {known:,} of {total:,} records"
    if counts["conflict"]:
        text += (
            f". In {counts['conflict']:,}, e-mail and telephone belong to different "
            "leads: the e-mail counts"
        )
    return Chart("Match scenarios", f"{text}.", figure)


def leads_per_day(days: list[Day]) -> Chart:
    """How many leads each list holds."""
    figure = _figure(None, "leads")
    figure.add_bar(
        x=_x(days), y=_y(days, "lead_count"), marker_color=BLUE, name="leads"
    )
    last = days[-1]
    text = f"The last list, of {last['snapshot_date']}, holds {last['lead_count']:,}."
    return Chart("Leads per day", text, figure)


def new_leads(days: list[Day]) -> Chart:
    """Who came and who went between one list and the next."""
    later = days[1:]  # in the first list all are new
    figure = _figure(None, "leads")
    figure.add_bar(
        x=_x(later), y=_y(later, "new_lead_count"), marker_color=GREEN, name="new"
    )
    figure.add_bar(
        x=_x(later),
        y=[-count for count in _y(later, "aged_out_count")],
        marker_color=GREY,
        name="no longer listed",
    )
    figure.update_layout(barmode="relative")
    new, gone = (sum(_y(later, f"{c}_count")) for c in ("new_lead", "aged_out"))
    text = f"Since the first list {new:,} leads came and {gone:,} left the lists."
    return Chart("New leads", text, figure)


def quality_over_time(days: list[Day]) -> Chart:
    """The leads of each day by quality, repaired."""
    figure = _figure(None, "leads")
    for quality, colour in QUALITIES.items():
        figure.add_bar(
            x=_x(days),
            y=_y(days, f"{quality}_count_repaired"),
            marker_color=colour,
            name=quality,
        )
    figure.update_layout(barmode="stack")
    text = (
        "High: an appointment is set and the product was demonstrated; medium: one "
        "of the two; low: neither. Where a list's mark of being set is at fault, "
        "the appointment itself counts."
    )
    return Chart("Quality over time", text, figure)


def high_quality_trend(days: list[Day]) -> Chart:
    """The share of leads of high quality, as given and repaired."""
    figure = _figure(None, "share of leads")
    for suffix, name, colour, dash in (
        ("_repaired", "repaired", BLUE, "solid"),
        ("", "as given", ORANGE, "dot"),
    ):
        figure.add_scatter(
            x=_x(days),
            y=_y(days, f"high_rate{suffix}"),
            mode="lines+markers",
            line={"color": colour, "dash": dash},
            name=name,
        )
    figure.update_yaxes(tickformat=".1%", rangemode="tozero")
    apart = sum(day["high_count"] != day["high_count_repaired"] for day in days)
    text = "What the lists say and what is repaired agree on every day."
    if apart:
        text = f"On {apart} of {len(days)} days the lists themselves tell otherwise."
    return Chart("High-quality trend", text, figure)


def _x(days: list[Day]) -> list[Any]:
    return _y(days, "snapshot_date")


def _y(days: list[Day], column: str) -> list[Any]:
    return [day[column] for day in days]


def _figure(x_title: str | None, y_title: str | None) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        template="plotly_white",
        height=380,
        margin={"l": 60, "r": 20, "t": 20, "b": 40},
        legend={"orientation": "h", "y": 1.1},
        xaxis_title=x_title,
        yaxis_title=y_title,
        hovermode="x unified" if x_title is None else "closest",
    )
    return figure
