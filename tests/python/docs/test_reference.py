"""The reference pages are what the command writes, and nothing is left out."""

from __future__ import annotations

import csv

import pytest
import yaml

from scripts.settings import PROJECT
from tools import docs

SCHEMA = "docs/reference/schema.md"


@pytest.fixture(scope="module")
def manifest(parsed, tmp_path_factory):
    folder = parsed(tmp_path_factory.mktemp("target"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("WAREHOUSE_TARGET", "WAREHOUSE_DB", "WAREHOUSE_LAKE"):
            patch.setenv(name, "")
        place = str(folder / "partial_parse.msgpack")
        patch.setenv("DBT_PARTIAL_PARSE_FILE_PATH", place)
        return docs.parse()


@pytest.fixture(scope="module")
def pages(manifest):
    return docs.pages(manifest)


def declared_models():
    """Models with described columns, as the YAML of the marts has them."""
    for path in (PROJECT / "models" / "marts").glob("*/*.yml"):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from declared.get("models", [])


def section(page, title):
    """The lines below a heading of the third level."""
    return page.split(f"\n### {title}\n")[1].split("\n## ")[0].split("\n### ")[0]


def test_committed_pages_are_current(pages):
    committed = {name: (PROJECT / name).read_text(encoding="utf-8") for name in pages}
    assert committed == pages, "run: python -m tools.docs"
    stale = {f"docs/reference/{p.name}" for p in (PROJECT / "docs/reference").iterdir()}
    assert stale <= set(pages)


def test_schema_has_every_column_with_type_and_reference(pages):
    for model in declared_models():
        rows = section(pages[SCHEMA], model["name"]).splitlines()
        shown = [row.split(" | ") for row in rows if row.startswith("| `")]
        assert [(row[0], row[1]) for row in shown] == [
            (f"| `{column['name']}`", column["data_type"])
            for column in model["columns"]
        ]
        for column, row in zip(model["columns"], shown, strict=True):
            for constraint in column.get("constraints", []):
                if constraint["type"] == "foreign_key":
                    parent = constraint["to"].removeprefix("ref('").removesuffix("')")
                    assert f"`{parent}.{constraint['to_columns'][0]}`" in row[2]
                if constraint["type"] == "primary_key":
                    assert row[2] == "primary key"
            assert row[3].strip(" |")


def test_diagram_has_every_reference_between_marts(pages):
    drawn = pages[SCHEMA].count("--o{ ")
    models = {model["name"]: model for model in declared_models()}
    references = [
        column["name"]
        for model in models.values()
        for column in model["columns"]
        for constraint in column.get("constraints", [])
        if constraint["type"] == "foreign_key"
        and constraint["to"].removeprefix("ref('").removesuffix("')") in models
        and column["name"] != "_file_id"
    ]
    assert drawn == len(references) > 0


def test_every_rule_and_every_macro_that_reads_values_is_shown(pages, manifest):
    page = pages["docs/reference/cleaning-rules.md"]
    with (PROJECT / "seeds/quality/rules.csv").open(encoding="utf-8", newline="") as f:
        for rule in csv.DictReader(f):
            assert f"| `{rule['rule']}` | {rule['quality_dimension']} |" in page
    reading = tuple(f"macros/{folder}/" for folder in docs.READING)
    shown = [
        macro.name
        for macro in manifest.macros.values()
        if macro.original_file_path.startswith(reading) and "__" not in macro.name
    ]
    assert len(shown) > 20
    for name in shown:
        assert f"\n### {name}\n" in page
