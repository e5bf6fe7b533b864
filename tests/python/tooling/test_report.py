"""The report on the leads: what its charts show, and that the page is whole."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from html import escape
from pathlib import Path

import pytest

from scripts import settings
from scripts.report import charts
from scripts.report.__main__ import main
from scripts.warehouse import opened
from tools import screenshots

NOTEBOOK = settings.PROJECT / "analyses" / "leads.ipynb"

# day, leads, new, aged out, then high, medium, low as given and repaired, then
# matches: both, email, phone, conflict, none
DAYS = [
    ("2023-03-14", 10, 10, 0, 2, 3, 5, 2, 3, 5, 7, 1, 1, 0, 1),
    ("2023-03-15", 12, 3, 1, 0, 5, 7, 4, 4, 4, 9, 0, 1, 2, 0),
    ("2023-03-17", 8, 0, 4, 1, 1, 6, 1, 1, 6, 8, 0, 0, 0, 0),
]
FAULT = (
    '<img src="x" onerror="document.title=7">.csv',
    "column_constant",
    "is_set",
    "0 in all 12 records",
)


def make(path: Path, days: list[tuple]) -> Path:
    counts = [c for c in charts.COLUMNS if "rate" not in c]
    given = ["high_count", "medium_count", "low_count"]
    order = [c for c in counts if c not in given and "repaired" not in c]
    order[4:4] = [*given, *(f"{c}_repaired" for c in given)]
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            f"create table rpt_lead_quality_daily ({', '.join(order)}, high_rate real"
            " as (1.0 * high_count / lead_count), high_rate_repaired real"
            " as (1.0 * high_count_repaired / lead_count))"
        )
        marks = ", ".join("?" * len(order))
        db.executemany(f"insert into rpt_lead_quality_daily values ({marks})", days)
        db.execute(
            "create table fct_row_errors (source_name, table_name, record, file_name,"
            " rule, column_name, source_value, loaded_at)"
        )
        db.executemany(
            "insert into fct_row_errors"
            " values ('leads', 'snapshots', ?, ?, ?, ?, ?, 1)",
            [
                (None, *FAULT),
                (None, "data_1.csv", "column_absent", "location", None),
                (7, "data_1.csv", "zip_malformed", "zip", "123456"),
            ],
        )
        db.commit()
    return path


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return make(tmp_path / "warehouse.db", DAYS[::-1])


def shown(warehouse: Path) -> dict[str, charts.Chart]:
    with opened(settings.load(None, warehouse)) as db:
        return {chart.title: chart for chart in charts.charts(charts.days(db))}


def points(chart: charts.Chart, axis: str = "y") -> dict[str, list]:
    return {trace.name: list(trace[axis]) for trace in chart.figure.data}


def test_charts_show_the_counts(warehouse):
    found = shown(warehouse)
    dates = [day[0] for day in DAYS]
    matches = points(found["Match scenarios"], "x")
    assert matches == {"records": [24, 1, 2, 2, 1]}
    assert "29 of 30 records" in found["Match scenarios"].text
    assert points(found["Leads per day"]) == {"leads": [10, 12, 8]}
    assert points(found["Leads per day"], "x") == {"leads": dates}
    assert points(found["New leads"]) == {"new": [3, 0], "no longer listed": [-1, -4]}
    assert points(found["New leads"], "x")["new"] == dates[1:]
    assert points(found["Quality over time"]) == {
        "high": [2, 4, 1],
        "medium": [3, 4, 1],
        "low": [5, 4, 6],
    }
    assert points(found["High-quality trend"]) == {
        "repaired": [0.2, pytest.approx(1 / 3), 0.125],
        "as given": [0.2, 0.0, 0.125],
    }
    assert "On 1 of 3 days" in found["High-quality trend"].text


def test_the_page_holds_everything_and_asks_for_nothing(warehouse, tmp_path, capsys):
    page = tmp_path / "new" / "leads.html"
    assert main([str(page), "--db", str(warehouse)]) == 0
    assert capsys.readouterr().out == f"{page}\n"
    assert [p.stat().st_mode & 0o777 for p in (page, page.parent)] == [0o600, 0o700]
    html = page.read_text(encoding="utf-8")
    for title in shown(warehouse):
        assert f"<h2>{title}</h2>" in html
    assert "3 daily lists, of 2023-03-14 to 2023-03-17" in html
    assert html.count("Plotly.newPlot(") >= 5
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", html)
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert cells == [escape(FAULT[0]), *FAULT[1:]]


def test_the_page_runs_its_charts_and_nothing_else(warehouse, tmp_path):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    page = tmp_path / "leads.html"
    assert main([str(page), "--db", str(warehouse)]) == 0
    injected = page.read_text(encoding="utf-8").replace("<h1>", f"<h1>{FAULT[0]}")
    page.write_text(injected, encoding="utf-8")  # as if it had not been escaped
    shown = screenshots.look(page.as_uri(), "--dump-dom").decode()
    assert "<title>Lead quality" in shown
    assert shown.count('<g class="cartesianlayer">') == 5


def made(path: Path) -> None:
    """Write a database without marts."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table t (a)")


def test_nothing_to_report_is_one_line(tmp_path, capsys):
    empty = make(tmp_path / "empty.db", [])
    assert main([str(tmp_path / "x.html"), "--db", str(empty)]) == 3
    assert capsys.readouterr().err == "report: no daily list of leads has landed yet\n"
    assert main([str(tmp_path / "x.html"), "--db", str(tmp_path / "none.db")]) == 3
    assert "does not exist" in capsys.readouterr().err
    made(tmp_path / "other.db")
    assert main([str(tmp_path / "x.html"), "--db", str(tmp_path / "other.db")]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("no such table: rpt_lead_quality_daily; make build makes it")
    assert not (tmp_path / "x.html").exists()


def test_the_notebook_shows_the_same_charts(warehouse, monkeypatch, capsys):
    monkeypatch.setenv("WAREHOUSE_DB", str(warehouse))
    monkeypatch.chdir(settings.PROJECT)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    codes = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    names: dict[str, object] = {}
    figures = []
    for code in codes:
        if code.endswith(".figure"):
            figures.append(eval(code, names))  # noqa: S307 - our own notebook
        else:
            exec(code, names)  # noqa: S102
    assert [f.to_json() for f in figures] == [
        chart.figure.to_json() for chart in shown(warehouse).values()
    ]
    assert "0 in all 12 records" in capsys.readouterr().out
    assert all(not c.get("outputs") for c in cells)
