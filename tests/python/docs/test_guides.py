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

from scripts.ingest import sources
from scripts.settings import PROJECT

PAGES = sorted(
    path for pattern in ("*.md", "docs/**/*.md") for path in PROJECT.glob(pattern)
)
NAMES = [str(path.relative_to(PROJECT)) for path in PAGES]
EXAMPLE = (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")


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
    for name in re.findall(r"python -m scripts\.(\w+)", text):
        module = PROJECT / "scripts" / name
        assert module.with_suffix(".py").exists() or (module / "__main__.py").exists()


def test_readme_names_every_mart_and_counts_the_analyses():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for path in (PROJECT / "models" / "marts").glob("*/*.sql"):
        assert f"`{path.stem}`" in readme
    analyses = list((PROJECT / "analyses").glob("*.sql"))
    assert "eleven questions" in readme
    assert len(analyses) == 11


def test_every_setting_is_explained():
    settings = re.findall(r"^\| `(\w+)` \|", EXAMPLE, re.MULTILINE)
    known = sources.TABLE_KEYS | sources.SOURCE_ONLY | sources.COLUMN_KEYS
    assert set(settings) == known
    assert len(settings) == len(set(settings))


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """A copy of the project with the files of the example, run as it says."""
    project = tmp_path_factory.mktemp("example")
    for name in ("models", "macros", "seeds", "scripts", "tests/generic"):
        shutil.copytree(PROJECT / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, project / name)
    blocks = re.findall(r"^`([^`]+/[^`]+)`:\n\n```\w+\n(.*?)^```", EXAMPLE, re.S | re.M)
    assert len(blocks) == 3
    for name, text in blocks:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        encoding = "cp1252" if path.suffix == ".csv" else "utf-8"
        path.write_text(text, encoding=encoding)
    environment = {k: v for k, v in os.environ.items() if "WAREHOUSE_" not in k}
    for command in (
        ["scripts.ingest"],
        ["dbt.cli.main", "build", "--select", "+stg_billing__invoices"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    with closing(sqlite3.connect(project / "data" / "warehouse.db")) as db:
        yield db


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
