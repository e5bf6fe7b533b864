"""Write the report on the leads: `python -m scripts.report [FILE]`."""

from __future__ import annotations

import argparse
import secrets
import sys
from html import escape
from pathlib import Path
from typing import Any

from scripts import settings
from scripts.command import CommandError, command, fail
from scripts.warehouse import Warehouse, opened

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lead quality</title>
<script nonce="{nonce}">{plotly}</script>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; color: #222 }}
h1, h2 {{ line-height: 1.2 }}
h2 {{ margin-top: 2.5rem }}
table {{ border-collapse: collapse }}
td, th {{ padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top }}
</style>
</head>
<body>
<h1>Lead quality</h1>
<p>{days} daily lists, of {first} to {last}.</p>
{sections}
<h2>What to distrust</h2>
{faults}
</body>
</html>
"""


class EmptyReportError(CommandError):
    """No list has landed; the message is one line for the user."""


def page(warehouse: Warehouse) -> str:
    """Return the page, whole: it needs no other file and no network.

    Raises EmptyReportError, and QueryError if the warehouse cannot answer.
    """
    from plotly.offline import get_plotlyjs

    from scripts.report.charts import charts, days, faults

    listed = days(warehouse)
    if not listed:
        raise EmptyReportError("no daily list of leads has landed yet")
    nonce = secrets.token_urlsafe(16)  # no script runs that came with the data
    sections = [
        f"<h2>{escape(chart.title)}</h2>\n<p>{escape(chart.text)}</p>\n"
        + chart.figure.to_html(
            full_html=False,
            include_plotlyjs=False,
            div_id=f"chart_{number}",
            config={"displayModeBar": False},
        ).replace("<script", f'<script nonce="{nonce}"')
        for number, chart in enumerate(charts(listed))
    ]
    return PAGE.format(
        days=len(listed),
        first=escape(str(listed[0]["snapshot_date"])),
        last=escape(str(listed[-1]["snapshot_date"])),
        nonce=nonce,
        plotly=get_plotlyjs(),
        sections="\n".join(sections),
        faults=_table(faults(warehouse)),
    )


def _table(rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return "<p>No list differs from the days before it as a whole.</p>"
    header = ("File", "Rule", "Column", "Found")
    lines = ["<tr>" + "".join(f"<th>{name}</th>" for name in header) + "</tr>"]
    for row in rows:
        cells = "".join(f"<td>{escape(str(value or ''))}</td>" for value in row)
        lines.append(f"<tr>{cells}</tr>")
    return "<table>\n" + "\n".join(lines) + "\n</table>"


@command("report")
def main(arguments: list[str] | None = None) -> int:
    """Write the page; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.report",
        description="Write the report on the leads as a page with charts.",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        default=settings.PROJECT / "target" / "leads.html",
        help="page to write (default: target/leads.html)",
    )
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        with opened(
            settings.load(options.target, options.db, existing=True)
        ) as warehouse:
            html = page(warehouse)
    except ImportError as error:
        needs = "pip install -r requirements-report.txt"
        return fail("report", f"{error.name} is not installed: {needs}", 2)
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(html, encoding="utf-8")
    print(options.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
