"""What is tested, described, contracted and declared."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from scripts.ingest.schema import OfColumn, OfSource, OfTable

from .conftest import IN_TREE, LOOKED_UP, ROOT, hold, layer_of

IDENTITY = [
    f"int_{entity}__{step}"
    for entity in ("companies", "contacts", "leads", "organisations", "people")
    for step in ("blocked", "learned", "counted", "compared", "weighted", "adjusted")
    + ("paired",)
]


def has_physical_key(model):
    """Whether the table itself holds its key, by its contract or a unique index."""
    columns = model["columns"].values()
    constraints = [c for column in columns for c in column["constraints"]]
    return model["config"]["materialized"] != "view" and (
        "primary_key" in {c["type"] for c in model["constraints"] + constraints}
        or any(index.get("unique") for index in model["config"].get("indexes") or [])
    )


def test_every_model_has_one_primary_key(project):
    """In its contract, by an index that the build holds, or tested; never both."""
    found = []
    for key, model in project.models.items():
        metadata = [test.get("test_metadata") or {} for test in project.tests_of(key)]
        is_tested = "is_primary_key" in {test.get("name") for test in metadata}
        if is_tested == has_physical_key(model):
            found.append(model["name"])
    looked_at = {"rpt_reconciliation": "a look adds up all rows: by tests alone"}
    identity = dict.fromkeys(IDENTITY, "tests/python/identity compares it whole")
    hold(found, identity | looked_at)


def test_every_source_has_freshness(project):
    hold(
        (
            key
            for key, source in project.sources.items()
            if not source["loaded_at_field"]
            or not (source["freshness"] or {}).get("warn_after", {}).get("count")
        ),
        {
            "source.revenue_warehouse.ingest.ingest_rejects": (
                "a delivery without rejects is a good one"
            )
        },
    )


def test_models_seeds_and_sources_are_described(project):
    described = project.nodes("model", "seed") | project.sources
    hold(key for key, node in described.items() if not node["description"].strip())


def test_declared_columns_are_described(project):
    described = project.nodes("model", "seed") | project.sources
    hold(
        f"{key}.{column['name']}"
        for key, node in described.items()
        for column in node["columns"].values()
        if not column["description"].strip()
    )


def test_repeated_descriptions_are_blocks(project):
    """A text that three columns have stands once, in models/*.md."""
    described = project.nodes("model", "seed") | project.sources
    columns = [c for node in described.values() for c in node["columns"].values()]
    uses = Counter(" ".join(column["description"].split()) for column in columns)
    hold(
        text
        for column in columns
        for text in [" ".join(column["description"].split())]
        if uses[text] >= 3 and not column["doc_blocks"]
    )


def test_declared_columns_are_the_columns(project, columns):
    """All of what users see; inner models need not repeat what is said elsewhere."""
    found = []
    for key, node in project.nodes("model", "seed").items():
        if key in columns:
            declared = set(node["columns"])
            there = set(columns[key])
            is_seen = node["resource_type"] == "seed" or layer_of(node) == "marts"
            if is_seen:
                missing = there - declared
                found += [f"{node['name']}.{n} is not declared" for n in missing]
            found += [f"{node['name']}.{n} does not exist" for n in declared - there]
    hold(found)


def is_public(name: str, macro: dict) -> bool:
    """Neither the form of one engine nor a materialization, which dbt calls."""
    return "__" not in name and not name.startswith("materialization_")


def test_macros_are_described_with_a_usage_line(project):
    hold(
        f"{macro['original_file_path']}: {name}"
        for name, macro in project.macros.items()
        if is_public(name, macro)
        for usage in [name.removeprefix("test_")]
        if not re.search(rf"\b{usage}\b", macro["description"])
    )


def test_every_macro_is_used(project):
    """By SQL, by YAML, by a command or as the guide shows; tests of it do not count."""
    of_dbt = {
        macro["name"].partition("__")[2] or macro["name"]
        for macro in project.manifest["macros"].values()
        if macro["package_name"].startswith("dbt")
    }
    users: dict[str, list[str]] = {"": []}  # the forms for all engines, by one name
    for name, macro in project.macros.items():
        one = re.sub(
            "^(test_|((sqlite|spark)(_strict)?|duckdb|postgres|default)__)", "", name
        )
        users.setdefault(one, []).append(macro["macro_sql"])
    for kinds in ("models/**/*.yml", "seeds/**/*.yml", "dbt_project.yml",
                  "scripts/**/*.py", "docs/adding-a-domain.md"):  # fmt: skip
        users[""] += [path.read_text(encoding="utf-8") for path in ROOT.glob(kinds)]
    users[""] += [node["raw_code"] for node in project.nodes("model").values()]
    no_word = re.compile(
        r"\{#.*?#\}|\b((sqlite|spark)(_strict)?|duckdb|postgres|default)__", re.DOTALL
    )
    words = {
        one: set(re.findall(r"\w+", no_word.sub(" ", " ".join(texts))))
        for one, texts in users.items()
    }
    hold(
        one
        for one in users.keys() - of_dbt - {""}
        if not one.startswith("materialization_")
        and not any(one in there for user, there in words.items() if user != one)
    )


def test_macro_arguments_are_those_of_the_signature(project):
    found = []
    for name, macro in project.macros.items():
        if not is_public(name, macro):
            continue
        head = re.search(r"\{%-?\s*(?:macro|test)\s+\w+\((.*?)\)\s*-?%\}",
                         macro["macro_sql"], re.DOTALL)  # fmt: skip
        given = re.findall(r"(?:^|,)\s*(\w+)", re.sub(r"\[.*?\]", "", head.group(1)))
        declared = {a["name"]: a["description"] for a in macro["arguments"]}
        if list(declared) != given or not all(declared.values()):
            found.append(f"{macro['original_file_path']}: {name}({', '.join(given)})")
    hold(found)


def test_a_file_is_named_after_a_macro_in_it(project):
    """Engine forms and helpers stand with the macro that they serve, or alone."""
    files: dict[str, set[str]] = {}
    for name, macro in project.macros.items():
        names = files.setdefault(macro["original_file_path"], set())
        names |= {name, name.removeprefix("test_"), name.partition("__")[2]}
    hold(
        (
            path
            for path, names in files.items()
            if path.rsplit("/", 1)[1].removesuffix(".sql") not in names
        ),
        {
            "macros/materializations/batches.sql": "what the adapters ask",
            "macros/steps/materialization.sql": "a materialization",
            "macros/normalization/phone_parts.sql": "what all phone macros share",
        },
    )


def test_public_models_are_contracted_marts(project):
    models = (
        "int_prospects__distinct_records",
        "int_owners__named",
        "int_campaigns__named",
        "int_deal_stages__seen",
    )
    merged = dict.fromkeys(models, "merge needs the key it is merged by")
    found = (
        model["name"]
        for model in project.models.values()
        if (model["access"] == "public") != (layer_of(model) == "marts")
        or (model["access"] == "public") != model["config"]["contract"]["enforced"]
    )
    hold(found, merged)


# What `pii` of a column says, see docs/maintenance.md.
PII = (True, False, "drop", "codes")
LIMITED_BY_TYPE = {"bigint", "double", "boolean", "date", "timestamp"}
OURS = "text of this project, in whatever row"
FROM_LOOKUP = "a column of a lookup, or one whose own table limits it to codes"


def pii_of(column: dict) -> bool | str | None:
    return column["config"]["meta"].get("pii")


def test_public_columns_say_whether_they_are_personal(project):
    """Else they are masked in shared copies: `config: {meta: {pii: …}}`."""
    hold(
        f"{model['name']}.{name}: {pii_of(column)}"
        for model in project.models.values()
        if model["access"] == "public"
        for name, column in model["columns"].items()
        if layer_of(model) == "marts" and pii_of(column) not in PII
    )


def test_text_that_stays_in_shared_copies_is_limited(project):
    """A delivery must not be able to put a text of its own into it."""
    limited = {"foreign_key": "to", "check": "expression"}
    found = {
        f"{model['name']}.{name}" if name in ("domain", "status", "rule") else name
        for model in project.models.values()
        if layer_of(model) == "marts"
        for name, column in model["columns"].items()
        if pii_of(column) is False
        and column["data_type"] not in LIMITED_BY_TYPE
        and not any(
            re.search(r"^ref\(|\bin \(", constraint[limited[constraint["type"]]])
            for constraint in column["constraints"]
            if constraint["type"] in limited
        )
    }
    lookups = ("disposition_group", "error_description", "finding_description")
    lookups += ("severity", "quality_dimension", "worst_rule", "match_type")
    lookups += ("lead_quality_flag", "lead_quality_flag_repaired")
    lookups += ("rpt_company_winners.rule", "rpt_contact_winners.rule")
    lookups += ("fct_run_findings.rule", "rpt_findings.rule")
    lookups += ("rpt_person_winners.rule", "rpt_organisation_winners.rule")
    ours = ("entry_month", "sales_month", "mrr_month", "weekday_name", "row_status")
    ours += ("change", "money_month", "touch_month", "cohort_month")
    ours += ("customer_kind", "first_touch_kind", "whitespace_kind")
    ours += ("field", "finding", "missing_columns", "source_register")
    ours += ("movement_month", "close_month", "expected_month", "period_kind")
    ours += ("outcome", "dimension", "measure", "change_kind", "phase")
    ours += ("record_kind", "system_name", "table_name")
    ours += ("conversation_type", "conversation_state", "responsible")
    ours += ("model_name", "node_name", "test_name", "test_type", "layer")
    for runs in ("fct_model_runs", "fct_test_results"):
        ours += (f"{runs}.domain", f"{runs}.status")
    hold(found, dict.fromkeys(lookups, FROM_LOOKUP) | dict.fromkeys(ours, OURS))


def test_marts_have_a_group(project):
    hold(
        m["name"]
        for m in project.models.values()
        if layer_of(m) == "marts" and not m["config"]["group"]
    )


def test_contracted_tables_have_a_primary_key(project):
    hold(
        model["name"]
        for model in project.models.values()
        if model["config"]["contract"]["enforced"]
        and model["config"]["materialized"] != "view"
        and not has_physical_key(model)
    )


# [rule, column, …] of row_findings, and 'rule' as rule
RULE_IN_CALL = re.compile(r"\[\s*'(\w+)',\s*'\w+',")
RULE_AS_COLUMN = re.compile(r"'(\w+)' as rule\b|\brule = '(\w+)'")


def rules_of(code: str) -> set[str]:
    names = {name for match in RULE_AS_COLUMN.findall(code) for name in match if name}
    if "row_findings(" in code:
        # the lists of read_columns stand before it, and name macros
        names |= set(RULE_IN_CALL.findall(code.split("row_findings(", 1)[1]))
    return names


@pytest.fixture(scope="module")
def rules() -> set[str]:
    with (ROOT / "seeds/quality/rules.csv").open(encoding="utf-8") as file:
        return {row["rule"] for row in csv.DictReader(file)}


def test_rules_are_those_of_the_seed(project, rules):
    code = {m["name"]: m["raw_code"] for m in project.models.values()}
    assert rules_of(code["stg_crm__contacts"])
    assert rules_of(code["int_crm__findings"])
    hold(f"{name}: {rule}" for name in code for rule in rules_of(code[name]) - rules)


def test_every_rule_is_used(project, rules):
    code = "\n".join(
        [model["raw_code"] for model in project.models.values()]
        + [macro["macro_sql"] for macro in project.macros.values()]
    )
    hold(rule for rule in rules if f"'{rule}'" not in code)


LEDGER_META = {"primary_key", "references", "required", "index"}


def test_meta_keys_of_sources_are_known(project):
    found = []
    for key, source in project.sources.items():
        of_column = (
            LEDGER_META
            if source["source_name"] == "ingest"
            else set(OfColumn.model_fields)
        )
        of_source, of_table = set(OfSource.model_fields), set(OfTable.model_fields)
        found += [f"{key}: {k}" for k in set(source["source_meta"]) - of_source]
        found += [
            f"{key}: {k}" for k in set(source["config"]["meta"]) - of_source - of_table
        ]
        found += [
            f"{key}.{name}: {k}"
            for name, column in source["columns"].items()
            for k in set(column["config"]["meta"]) - of_column
        ]
    hold(found)


# dbt takes any key, so a typo passes unnoticed; this is what we use.
CONFIG = {"meta", "group", "enabled", "materialized", "indexes", "contract", "access"}
CONFIG |= {
    "post-hook",
    "on_schema_change",
    "incremental_strategy",
    "merge_exclude_columns",
    "golden_of",
    "loses_rows",
    "only_with",
    "rebuild_at_size_of",
    "unique_key",
    "grants",
    "persist_docs",
}
TESTS = {"name", "arguments", "config", "description"}
KNOWN = {
    "file": {"version", "models", "sources", "seeds", "macros", "groups", "exposures"}
    | {"unit_tests"},
    "models": {"name", "description", "config", "columns", "constraints", "data_tests"},
    "seeds": {"name", "description", "config", "columns", "data_tests"},
    "sources": {"name", "description", "loader", "schema", "config", "tables"},
    "tables": {"name", "identifier", "description", "config", "columns", "data_tests"},
    "columns": {"name", "description", "data_type", "constraints", "data_tests"}
    | {"config"},
    "constraints": {"type", "name", "columns", "expression", "to", "to_columns"},
    "macros": {"name", "description", "arguments", "config", "docs"},
    "arguments": {"name", "type", "description"},
    "groups": {"name", "description", "owner"},
    "exposures": {"name", "label", "type", "maturity", "url", "description"}
    | {"depends_on", "owner", "config"},
    "unit_tests": {"name", "description", "model", "given", "expect", "overrides"}
    | {"config"},
}
CONFIGS = {
    "models": CONFIG,
    "seeds": {"indexes", "column_types", "enabled", "meta", "group"},
    "sources": {"meta", "loaded_at_field", "freshness", "enabled"},
    "tables": {"meta", "loaded_at_field", "freshness", "enabled"},
    "columns": {"meta", "tags"},
}
CHILDREN = {"columns", "constraints", "tables", "arguments"}


def unknown_keys(place: str, kind: str, entry: dict) -> list[str]:
    """Return the keys of an entry and of what is in it that nobody reads."""
    found = [f"{place}: {key}" for key in set(entry) - KNOWN[kind]]
    found += [
        f"{place}.config: {key}"
        for key in set(entry.get("config") or {}) - CONFIGS.get(kind, CONFIG)
    ]
    for child in CHILDREN & set(entry):
        for item in (item for item in entry[child] if isinstance(item, dict)):
            found += unknown_keys(f"{place}.{item.get('name', child)}", child, item)
    for test in entry.get("data_tests", []):
        if isinstance(test, dict):
            [(name, settings)] = test.items()
            found += [f"{place}.{name}: {key}" for key in set(settings) - TESTS]
    return found


def described_in(*folders: str) -> list[Path]:
    """Return the YAML files in folders of the project and of its packages."""
    return [
        path
        for root in (ROOT, *IN_TREE.values())
        for folder in folders
        for path in sorted((root / folder).rglob("*.yml"))
    ]


def test_yaml_has_known_keys_alone():
    found = []
    files = described_in("models", "seeds", "macros", "tests")
    assert files
    for path in files:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found += unknown_keys(path.name, "file", dict.fromkeys(content))
        for kind, entries in content.items():
            for entry in entries if kind in KNOWN else []:
                found += unknown_keys(f"{path.name}: {entry['name']}", kind, entry)
    hold(found)


def test_config_has_known_keys_alone(project):
    """Of models and seeds, wherever it is given; dbt's own are those it defaults."""
    own = {"indexes", "transient"}
    found = []
    for node in project.nodes("model", "seed").values():
        known = CONFIG | CONFIGS["seeds"] | own
        found += [
            f"{node['name']}: {k}" for k in set(node["unrendered_config"]) - known
        ]
    hold(found)


def test_yaml_names_what_exists(project):
    """dbt warns of these and goes on."""
    there = {node["name"] for node in project.nodes("model", "seed").values()}
    there |= project.macros.keys() | LOOKED_UP
    found = []
    for path in described_in("models", "seeds", "macros", "tests"):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for kind in ("models", "seeds", "macros"):
            found += [
                f"{path.name}: {entry['name']}"
                for entry in content.get(kind) or []
                if entry["name"] not in there
            ]
    hold(found)


def test_no_seed_holds_the_word_null(project):
    """dbt reads it as NULL, in any letter case and column."""
    found = []
    for node in project.nodes("seed").values():
        with (ROOT / node["original_file_path"]).open(encoding="utf-8") as file:
            for number, row in enumerate(csv.reader(file), start=1):
                if any(cell.strip().lower() == "null" for cell in row):
                    found.append(f"{node['name']}, line {number}")
    hold(found)
