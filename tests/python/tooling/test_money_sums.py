"""No sum of money mixes currencies: whatever adds amounts up names the currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from scripts.dashboards import behinds
from scripts.settings import PROJECT

SUM = re.compile(r"\b(?:sum|avg|total)\s*\(", re.IGNORECASE)
MONEY = re.compile(
    r"\b\w*(?:_cents|_minor|amount|revenue|price|total_cost|incentive)\b", re.I
)
CURRENCY = re.compile(r"currency|source_amount is null", re.IGNORECASE)


def queries() -> Iterator[tuple[str, str]]:
    """Each query that people get, and where it stands; macros that give whole ones."""
    for pattern in (
        *("models/**/*.sql", "analyses/*.sql", "tests/singular/*.sql"),
        *("macros/metrics/*.sql", "packages/identity/macros/identity_review.sql"),
    ):
        for path in sorted(PROJECT.glob(pattern)):
            yield str(path.relative_to(PROJECT)), path.read_text("utf-8")
    for path in sorted(PROJECT.glob("dashboards/*.yml")):
        charts = yaml.safe_load(path.read_text("utf-8"))["charts"]
        for name, chart in charts.items():
            yield f"{path.name}: {name}", chart["query"]
            for behind in behinds(chart):
                yield f"{path.name}: {name}: rows", behind["query"]
    for path in (PROJECT / "README.md", *sorted(PROJECT.glob("docs/*.md"))):
        for number, block in enumerate(
            re.findall(r"```sql\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
        ):
            yield f"{path.name}: {number}", block
    summary = (PROJECT / "scripts/run/summary.py").read_text("utf-8")
    for query in re.findall(r'"(select [^"]*"\s*"[^"]*)"', summary):
        yield "scripts/run/summary.py", query


def mixed(query: str) -> bool:
    """Whether a query adds money up without a word about its currency."""
    bare = re.sub(r"--[^\n]*|\{#.*?#\}", "", query, flags=re.DOTALL)
    sums = any(MONEY.search(argument(bare, m.end())) for m in SUM.finditer(bare))
    return sums and not CURRENCY.search(bare)


def argument(text: str, at: int) -> str:
    """The text up to the parenthesis that closes the one before `at`."""
    depth = 1
    for place, sign in enumerate(text[at:], at):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return text[at:place]
    return text[at:]


def test_no_sum_mixes_currencies() -> None:
    found = {place for place, query in queries() if mixed(query)}
    assert found == set()


@pytest.mark.parametrize(
    ("query", "is_mixed"),
    [
        ("select sum(amount_cents) from fct_opportunities", True),
        ("select sum(case when is_won then amount_minor end) from deals", True),
        ("select a, -- by currency\nsum(total_minor) from fct_orders group by 1", True),
        ("select currency_code, sum(amount_minor) from deals group by 1", False),
        ("select sum(sale_count) from rpt_sales_daily", False),
        ("select sum(is_move), amount_cents from deals group by 2", False),
    ],
)
def test_a_mixed_sum_is_found(query: str, is_mixed: bool) -> None:
    assert mixed(query) is is_mixed
