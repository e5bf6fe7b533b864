"""Charts of the morning page: what is drawn where, read from the SVG itself."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts import settings
from scripts.dashboards import DASHBOARDS
from scripts.morning import times
from scripts.morning.axes import BOTTOM, HEIGHT, TOP
from scripts.morning.charts import chart
from scripts.morning.encoding import NotDrawnError
from scripts.morning.figures import cell, number, short, ticks
from scripts.morning.write import write

from .pages import Card, Shown

MONTHS = {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth"}
AMOUNT = {"field": "amount", "type": "quantitative", "title": "amount"}
KIND = {"field": "kind", "type": "nominal"}


def drawn(rows: list[tuple], mark: str = "bar", names=None, **encoding) -> list:
    """The SVGs of a chart of month, amount, kind and currency."""
    columns = list(names or ("month", "amount", "kind", "currency"))
    records = [dict(zip(columns, row, strict=False)) for row in rows]
    for record in records:
        record |= {name: None for name in columns if name not in record}
    encoding = {"x": MONTHS, "y": AMOUNT} | encoding
    html = chart("T", {"mark": mark, "encoding": encoding}, columns, records)
    return [
        ElementTree.fromstring(svg)  # noqa: S314 (our own)
        for svg in re.findall(r"<svg viewBox.*?</svg>", html, re.DOTALL)
    ]


def bars(svg) -> dict[str, float]:
    """The height of each bar, in the units of the upright axis."""
    scale = units(svg)
    return {
        rect.find("title").text.rsplit(":", 1)[0]: float(rect.get("height")) / scale
        for rect in svg.iter("rect")
    }


def units(svg) -> float:
    """How long one unit of the upright axis is."""
    lines = [float(line.get("y1")) for line in svg.iter("line")]
    labels = [t.text for t in svg.iter("text") if t.get("class") == "end"][: len(lines)]
    low, high = (float(text.replace("−", "-")) for text in (labels[0], labels[-1]))
    assert (max(lines), min(lines)) == (HEIGHT - BOTTOM, TOP)
    return (max(lines) - min(lines)) / (high - low)


def test_bars_are_as_long_as_their_figures_and_as_far_apart_as_their_months():
    rows = [("2024-11", 40), ("2025-01", 20), ("2025-04", 8), ("2025-04", 4)]
    (svg,) = drawn(rows)
    assert bars(svg) == {
        "2024-11": pytest.approx(40, abs=0.5),
        "2025-01": pytest.approx(20, abs=0.5),
        "2025-04": pytest.approx(12, abs=0.5),
    }
    first, second, third = (float(rect.get("x")) for rect in svg.iter("rect"))
    assert (third - second) / (second - first) == pytest.approx(3 / 2, abs=0.02)


def test_parts_are_stacked_up_and_down_and_never_across_currencies():
    rows = [
        ("2025-01", 30, "in", "USD"), ("2025-01", 10, "more", "USD"),
        ("2025-01", -20, "out", "USD"), ("2025-01", 5, "in", "EUR"),
    ]  # fmt: skip
    dollars, euros = drawn(rows, color=KIND, row={"field": "currency"})
    assert {k: round(v) for k, v in bars(dollars).items()} == {
        "2025-01 in": 30, "2025-01 more": 10, "2025-01 out": 20
    }  # fmt: skip
    assert {k: round(v) for k, v in bars(euros).items()} == {"2025-01 in": 5}
    boxes = [
        (float(r.get("y")), float(r.get("y")) + float(r.get("height")))
        for r in dollars.iter("rect")
    ]
    into, more, out = boxes
    assert into[0] == pytest.approx(more[1], abs=0.2)  # one upon the other
    assert out[0] == pytest.approx(into[1], abs=0.2)  # below the line


def test_many_series_are_summed_as_others_or_left_to_the_figures():
    rows = [("2025-01", 40 - n, f"k{n}") for n in range(12)]
    (svg,) = drawn(rows, color=KIND)
    found = bars(svg)
    assert len(found) == 8
    others = sum(40 - n for n in range(7, 12))
    assert found["2025-01 others"] == pytest.approx(others, abs=0.5)
    columns = ["month", "amount", "kind"]
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    encoding = {"x": MONTHS, "y": AMOUNT, "color": KIND}
    html = chart("T", {"mark": "line", "encoding": encoding}, columns, records)
    assert len(re.findall("<circle", html)) == 8
    assert "Not drawn, but among the figures: 4 more." in html


@pytest.mark.parametrize(
    "domain, shades",
    [
        ([0, 50], "0146"),  # high is dark
        ([100, 70], "6666"),  # low is dark, as of scores
        (None, "0135"),  # up to the highest, 72
    ],
)
def test_a_field_is_as_dark_as_its_domain_says(domain, shades):
    columns = ["month", "kind", "amount"]
    rows = [
        dict(zip(columns, (f"m{n}", "k", value), strict=True))
        for n, value in enumerate([0, 7, 29, 48])
    ] + ([{"month": "m9", "kind": "k", "amount": 72}] if domain is None else [])
    colour = {"field": "amount", "type": "quantitative"}
    if domain:
        colour["scale"] = {"domain": domain}
    html = chart(
        "T",
        {
            "mark": "rect",
            "encoding": {
                "x": {"field": "month", "type": "ordinal"},
                "y": KIND,
                "color": colour,
            },
        },
        columns,
        rows,
    )
    assert "".join(re.findall(r'class="n h(\d)"', html))[:4] == shades


def test_what_has_no_time_is_said_and_not_drawn():
    columns = ["month", "amount"]
    rows = [{"month": m, "amount": 1} for m in ("2025-01", None, "undated", "2025-13")]
    html = chart(
        "T", {"mark": "bar", "encoding": {"x": MONTHS, "y": AMOUNT}}, columns, rows
    )
    assert "Without a time, not drawn: 3." in html
    assert html.count("<title>") == 1


@pytest.mark.parametrize(
    "display",
    [
        {},
        {"mark": "arc", "encoding": {"theta": AMOUNT}},
        {"mark": "bar", "encoding": {"x": MONTHS}},
        {"mark": "bar", "encoding": {"x": {"field": "no"}, "y": AMOUNT}},
        {"mark": "point", "encoding": {"x": AMOUNT, "y": AMOUNT}},
        {"mark": "rect", "encoding": {"x": MONTHS, "y": KIND}},
        {"mark": ["bar"], "encoding": {"x": MONTHS, "y": AMOUNT}},
        {"layer": []},
    ],
)
def test_what_is_not_drawn_is_refused(display):
    columns = ["month", "amount", "kind"]
    with pytest.raises(NotDrawnError):
        chart("T", display, columns, [{"month": "2025-01", "amount": 1, "kind": "x"}])


@pytest.mark.parametrize("unit, first, last", [
    ("month", "2025-01", "2025-01"), ("month", "2024-11", "2025-06"),
    ("month", "1999-02", "2031-12"), ("day", "2025-02-27", "2025-03-02"),
    ("day", "2025-01-01", "2025-12-31"), ("day", "2001-01-01", "2025-12-31"),
])  # fmt: skip
def test_an_axis_of_time_has_few_labels_in_order(unit, first, last):
    places = [times.place(text, unit) for text in (first, last)]
    assert [times.name(place, unit) for place in places] == [first, last]
    labels = times.labels(*places, unit)
    assert 1 <= len(labels) <= 6
    assert [at for at, _ in labels] == sorted(at for at, _ in labels)
    assert all(places[0] <= at <= places[1] for at, _ in labels)
    assert len({text for _, text in labels}) == len(labels)
    for at, text in labels:
        if unit == "month" and " " in text:
            day = date(at // 12, at % 12 + 1, 1)
            assert text == f"{day:%b %y}"


@pytest.mark.parametrize(
    "value, shown",
    [
        (0, "0"), (1234567, "1,234,567"), (1234.5, "1,234.50"), (0.005, "0.01"),
        (2.675, "2.68"), (99.999, "100"), (-0.004, "0"), (-1234.567, "−1,234.57"),
        (Decimal("10.10"), "10.1"), (1e15, "1,000,000,000,000,000"), (19.3, "19.3"),
        (float("nan"), "nan"), (True, "yes"), (None, '<span class="none">–</span>'),
        ("<b>", "&lt;b&gt;"), (b"\x00", "1 bytes"), ("x" * 999, "x" * 199 + "…"),
        ("a\x1b\u202eb", r"a\x1b\u202eb"), ("masked-0123456789abcdef", "masked-012345"),
    ],
)  # fmt: skip
def test_values_are_rounded_and_escaped(value, shown):
    assert cell(value) == shown


def test_columns_have_one_number_of_decimals():
    assert [number(v, 2) for v in (1, 0.004, -2.5)] == ["1.00", "0.00", "−2.50"]
    assert [short(v) for v in (950, 1000, 2_500_000)] == ["950", "1k", "2.5m"]


@pytest.mark.parametrize(
    "low, high", [(0, 1), (0, 87), (-30, 70), (92.31, 100), (0, 0), (5, 5), (0, 3e9)]
)
def test_ticks_span_what_they_measure(low, high):
    found = ticks(low, high)
    assert found[0] <= low and high <= found[-1]
    assert 2 <= len(found) <= 7
    steps = {round(b - a, 6) for a, b in pairwise(found)}
    assert len(steps) == 1 and steps.pop() > 0


# -- the leads, by hand ---------------------------------------------------------------

# day, leads, new, aged out, then high, medium, low as given and repaired, then
# matches: both, email, phone, conflict, none
DAYS = [
    ("2023-03-14", 10, 10, 0, 2, 3, 5, 2, 3, 5, 7, 1, 1, 0, 1),
    ("2023-03-15", 12, 3, 1, 0, 5, 7, 4, 4, 4, 9, 0, 1, 2, 0),
    ("2023-03-17", 8, 0, 4, 1, 1, 6, 1, 1, 6, 8, 0, 0, 0, 0),
]
COLUMNS = (
    "snapshot_date", "lead_count", "new_lead_count", "aged_out_count",
    "high_count", "medium_count", "low_count", "high_count_repaired",
    "medium_count_repaired", "low_count_repaired", "match_both_count",
    "match_email_count", "match_phone_count", "match_conflict_count",
    "match_none_count",
)  # fmt: skip
FAULTS = [
    (None, "data_2.csv", "column_constant", "is_set"),
    (None, "data_1.csv", "column_absent", "location"),
    (7, "data_1.csv", "zip_malformed", "zip"),
]


@pytest.fixture
def leads(tmp_path) -> dict[str, Card]:
    with closing(sqlite3.connect(tmp_path / "leads.db")) as db:
        db.execute(
            f"create table rpt_lead_quality_daily ({', '.join(COLUMNS)}, high_rate real"
            " as (1.0 * high_count / lead_count), high_rate_repaired real"
            " as (1.0 * high_count_repaired / lead_count))"
        )
        marks = ", ".join("?" * len(COLUMNS))
        db.executemany(
            f"insert into rpt_lead_quality_daily values ({marks})", DAYS[::-1]
        )
        db.execute(
            "create table rpt_lead_conversion_daily (snapshot_date, state, entry_month,"
            " lead_count, sold_count)"
        )
        db.executemany(
            "insert into rpt_lead_conversion_daily values (?, ?, ?, ?, ?)",
            [
                ("2023-03-17", "AZ", "2023-01", 6, 1),
                ("2023-03-17", "NV", "2023-01", 2, 1),
                ("2023-03-17", "NV", "2023-03", 4, 0),
                ("2023-03-15", "NV", "2023-03", 9, 9),
            ],
        )
        db.execute(
            "create table fct_row_errors (source_name default 'leads', table_name"
            " default 'snapshots', record, file_name, rule, column_name, loaded_at)"
        )
        for name in (
            *("fct_leads", "dim_organisations", "dim_people"),
            *("int_customers__events", "int_customers__steps"),
        ):
            db.execute(f"create table {name} (source_name)")
        db.execute(
            "create table fct_lead_snapshots (snapshot_date, state, lead_number,"
            " lead_quality_flag, lead_quality_flag_repaired, match_type)"
        )
        db.execute("create table dim_leads (lead_uuid, state)")
        db.execute(
            "create table dim_leads_history (lead_uuid, is_set_repaired, is_demo,"
            " has_been_sold, version_number, valid_from, state)"
        )
        db.execute(
            "create table rpt_funnel_by_source (first_source, customer_count,"
            " lead_count,"
            " qualified_count, deal_count, won_count, paid_count)"
        )
        db.executemany(
            "insert into dim_leads values (?, ?)",
            [("a", "AZ"), ("b", "AZ"), ("c", None)],
        )
        # b was at a demo once and is not any more
        db.executemany(
            "insert into dim_leads_history values (?, ?, ?, ?, 1, null, null)",
            [("a", 1, 1, 1), ("b", 1, 1, 0), ("b", 0, 0, 0), ("c", 1, 0, 0)],
        )
        db.executemany(
            "insert into rpt_funnel_by_source values (?, ?, ?, ?, ?, ?, ?)",
            [
                ("web", 6, 3, 2, 1, 1, 1),
                ("web", 2, 1, 0, 0, 0, 1),
                ("shop", 9, 0, 0, 0, 0, 9),
            ],
        )
        db.executemany(
            "insert into fct_row_errors (record, file_name, rule, column_name)"
            " values (?, ?, ?, ?)",
            FAULTS,
        )
        db.commit()
    (tmp_path / "boards").mkdir()
    shutil.copy(DASHBOARDS / "3_leads.yml", tmp_path / "boards")
    chosen = settings.Settings("dev", tmp_path, tmp_path / "leads.db")
    path = write(chosen, folder=tmp_path / "boards")
    assert isinstance(path, Path)
    return Shown(path).sections["Lead quality"]


def listed(card: Card, *columns: str) -> list[tuple]:
    heads, *rows = card.tables[-1]
    places = [heads.index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in rows]


def test_charts_of_leads_show_the_counts(leads):
    assert leads.metrics == {
        "Leads on the newest day": "8",
        "New that day": "0",
        "Of high quality that day, repaired": "12.5 %",
        "Of high quality that day, as given": "12.5 %",
        "Sold to, of all leads known with state and month": "16.7 %",
    }
    cards = leads.cards
    day = listed(cards["Leads by day and quality, repaired"], "day", "quality", "leads")
    assert day[:3] == [("2023-03-14", q, n) for q, n in zip(
        ("high", "medium", "low"), ("2", "3", "5"), strict=True)]  # fmt: skip
    assert [int(n) for _, _, n in day] == [n for d in DAYS for n in d[7:10]]
    share = listed(
        cards["Share of high quality in percent, as given and repaired"],
        *("day", "reading", "share"),
    )
    assert [row[1:] for row in share if row[0] == "2023-03-15"] == [
        ("as given", "0.0"),
        ("repaired", "33.3"),
    ]
    moved = listed(
        cards["New leads, and those no longer listed, since the first list"],
        *("day", "what", "leads"),
    )
    assert {row[0] for row in moved} == {"2023-03-15", "2023-03-17"}
    assert [row[1:] for row in moved if row[0] == "2023-03-15"] == [
        ("new", "3"),
        ("no longer listed", "−1"),
    ]
    all_ = dict(
        listed(cards["Known to the backend, records of all lists"], "how", "records")
    )
    assert all_ == {
        "by both": "24", "e-mail only": "1", "phone only": "2",
        "by both, of different leads": "2", "not known": "1",
    }  # fmt: skip
    assert listed(
        cards["Leads and sales by state, newest day"], "state", "percent"
    ) == [
        ("AZ", "16.7"),
        ("NV", "16.7"),
    ]
    conversion = cards["Sold to, in percent of the leads of a month of entry"]
    assert listed(conversion, "month", "leads", "percent") == [
        ("2023-01", "8", "25"),
        ("2023-03", "4", "0"),
    ]
    assert cards["What to distrust, of whole lists"].rows == [
        {"file": "data_2.csv", "rule": "column_constant", "column": "is_set"}
    ]
    steps = listed(cards["How far the leads of the lists come"], "step", "leads")
    assert steps == [
        ("1 listed", "3"), ("2 appointment set", "3"), ("3 demo", "2"),
        ("4 sold to", "1"),
    ]  # fmt: skip
    by_state = cards["The same by state, those of most leads first"].rows
    assert [list(row.values()) for row in by_state] == [
        ["AZ", "2", "2", "2", "1", "50"], ["unknown", "1", "1", "0", "0", "0"],
    ]  # fmt: skip
    title = "Customers of all systems by their first source"
    assert [list(row.values()) for row in cards[title].rows] == [
        ["web", "8", "4", "2", "1", "1", "2", "25"]
    ]


def test_a_series_has_its_colour_though_another_has_no_row():
    declared = KIND | {"sort": ["open", "in", "out"]}
    (svg,) = drawn([("2025-01", 30, "open"), ("2025-01", -5, "out")], color=declared)
    classes = [rect.get("class") for rect in svg.iter("rect")]
    assert [name for name in classes if name] == ["s0", "s2"]
    encoding = {"x": MONTHS, "y": AMOUNT, "color": declared}
    rows = [{"month": "2025-01", "amount": 3, "kind": "out"}]
    html = chart("T", {"mark": "bar", "encoding": encoding}, [*rows[0]], rows)
    legend = html.partition('class="legend')[2].partition("</ul>")[0]
    assert 'class="s2"' in legend and legend.count("<li>") == 1
