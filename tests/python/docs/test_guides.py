"""The guides: links lead somewhere, commands exist, the worked example works."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from scripts.ingest import schema
from scripts.settings import PROJECT

PAGES = sorted(
    path for pattern in ("*.md", "docs/**/*.md") for path in PROJECT.glob(pattern)
)
NAMES = [str(path.relative_to(PROJECT)) for path in PAGES]
EXAMPLE = (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")
DOMAIN = (PROJECT / "docs" / "adding-a-domain.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^`([^`]+/[^`]+)`:\n\n```\w+\n(.*?)^```", re.S | re.M)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_exist(page):
    text = page.read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for folder, name in re.findall(r"python -m (scripts|tools)\.(\w+)", text):
        module = PROJECT / folder / name
        assert module.with_suffix(".py").exists() or (module / "__main__.py").exists()


def test_the_list_of_tables_names_every_mart_and_counts_the_analyses():
    tables = (PROJECT / "docs" / "tables.md").read_text(encoding="utf-8")
    for path in (PROJECT / "models" / "marts").glob("*/*.sql"):
        assert f"`{path.stem}`" in tables
    analyses = list((PROJECT / "analyses").glob("*.sql"))
    assert "twenty-two questions" in tables
    assert len(analyses) == 22


def test_the_readme_is_short():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 170


def test_every_setting_is_explained():
    settings = re.findall(r"^\| `(\w+)` \|", EXAMPLE, re.MULTILINE)
    kinds = (schema.OfSource, schema.OfTable, schema.OfColumn)
    known = set().union(*(kind.model_fields for kind in kinds))
    assert set(settings) == known
    assert len(settings) == len(set(settings))


@pytest.fixture(scope="module")
def built(tmp_path_factory, parsed):
    """A copy of the project with the files of both examples, run as they say.

    Gives the database and what the run printed.
    """
    project = tmp_path_factory.mktemp("example")
    for name in (
        *("models", "macros", "dbt_packages", "seeds", "scripts", "tests/generic"),
    ):
        shutil.copytree(PROJECT / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, project / name)
    blocks = [BLOCK.findall(guide) for guide in (EXAMPLE, DOMAIN)]
    assert [len(found) for found in blocks] == [3, 13]
    for name, text in blocks[0] + blocks[1]:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        encoding = "cp1252" if path.suffix == ".csv" else "utf-8"
        path.write_text(text, encoding=encoding)
    judged = re.search(
        r"below `vars: domains:`\n\n```yaml\n(.*?)^```", DOMAIN, re.S | re.M
    )
    settings = project / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    assert text.count("\n  domains:\n") == 1
    settings.write_text(text.replace("  domains:\n", f"  domains:\n{judged[1]}"))
    environment = {k: v for k, v in os.environ.items() if "WAREHOUSE_" not in k}
    environment |= {"DBT_TARGET_PATH": str(parsed(project / "target"))}
    environment |= {"DBT_EXCLUDE_RESOURCE_TYPES": "test"}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.run"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with closing(sqlite3.connect(project / "data" / "warehouse.db")) as db:
        yield db, done.stdout


@pytest.fixture
def example(built):
    return built[0]


@pytest.mark.long
def test_example_lands_and_is_cleaned(example):
    rows = example.execute(
        """
        select
            invoice_id, source_company_id, invoice_date, amount_cents, is_paid,
            _findings ->> '$[0].rule', _line, _delivered_at
        from stg_billing__invoices
        order by _row_id
        """
    ).fetchall()
    day = "2025-06-30T00:00:00.000000Z"
    assert rows == [
        ("2025-001", "COMP000", "2025-06-03", 120050, 1, None, 2, day),
        ("2025-002", "COMP001", "2025-06-17", 8000, 0, None, 3, day),
        ("2025-003", "COMP001", None, 9990, 0, "date_unreadable", 4, day),
    ]


@pytest.mark.long
def test_what_nobody_judges_is_no_clean_bill(built):
    """Of the first example nobody unions the findings: no score, and it is said."""
    db, said = built
    lines = [line.strip() for line in said.splitlines()]
    assert (
        "Findings  not judged: billing.invoices (see docs/adding-a-domain.md)" in lines
    )
    assert re.search(r"\bbilling not judged, ", said)
    assert "not judged: billing.invoices" in lines
    rows = db.execute(
        "select level, score, validity_score, status, unjudged_table_count"
        " from rpt_data_quality where source_name = 'billing' and level <> 'column'"
        " and is_latest"
    ).fetchall()
    nothing = (None, None, "not judged", 1)
    assert sorted(rows) == [("source", *nothing), ("table", *nothing)]
    # the number of all is that of what is judged, and says what it leaves out
    whole = db.execute(
        "select score, unjudged_table_count from rpt_data_quality"
        " where level = 'warehouse' and is_latest"
    ).fetchall()
    (support,) = db.execute(
        "select score from rpt_data_quality"
        " where level = 'source' and source_name = 'support' and is_latest"
    ).fetchone()
    assert whole == [(support, 1)]
    conserved = db.execute(
        "select landed_count, error_count, current_count from rpt_record_conservation"
        " where source_name = 'billing'"
    )
    assert conserved.fetchall() == [(3, None, None)]


@pytest.mark.long
def test_a_domain_by_its_guide(built):
    """One mart, its findings, scores and the conservation of its records."""
    db, said = built
    assert db.execute("select * from fct_tickets order by 1").fetchall() == [
        ("T1", "Door sticks", "A1", "Ann Day", "A1", "2025-06-02", 1, 2),
        ("T2", "Lost key", None, None, "A9", None, 2, 2),
        ("T3", "Lamp", "A2", "Bob Lee", "A2", "2025-06-03", 3, 2),
    ]
    found = db.execute(
        "select file_name, line, record_id, rule, column_name, source_value"
        " from fct_row_errors order by rule"
    ).fetchall()
    ticket = ("tickets.csv", 3, "T2")
    assert found == [
        (*ticket, "date_unreadable", "opened", "2025-06-31"),
        (*ticket, "reference_unknown", "agent_id", "A9"),
    ]
    assert "1  error     reference_unknown (tickets)\n" in said
    # two of the twelve values of the tickets are at fault, of the agents none
    (score,) = db.execute(
        "select score from rpt_data_quality where source_name = 'support'"
        " and level = 'source'"
    ).fetchone()
    assert score == pytest.approx((100 * 10 / 12 + 100) / 2, abs=0.01)
    conserved = db.execute(
        "select table_name, landed_count, current_count from rpt_record_conservation"
        " where source_name = 'support' order by 1"
    )
    assert conserved.fetchall() == [("agents", 2, 2), ("tickets", 3, 3)]


def test_guide_to_registers_lists_what_there_is():
    guide = (PROJECT / "docs" / "adding-a-register.md").read_text(encoding="utf-8")
    macros = PROJECT / "macros" / "registers"
    targets = (macros / "register_targets.sql").read_text(encoding="utf-8")
    listed = guide.partition("Targets:")[2].partition("| Transform")[0]
    assert re.findall(r"`(\w+)`", listed)[:32] == re.findall(r"'(\w+)',", targets)
    transforms = (macros / "register_transforms.sql").read_text(encoding="utf-8")
    rows = guide.partition("| Transform")[2].partition("\n\n")[0]
    named = [
        name
        for row in rows.splitlines()[2:]
        for name in re.findall(r"`(\w+)`", row.split("|")[1])
    ]
    assert sorted(named) == sorted(re.findall(r"^ +'(\w+)': \{", transforms, re.M))
