"""Every check fails once the manifest is made to break it."""

from __future__ import annotations

import copy

import pytest

from . import test_promises, test_structure
from .conftest import Project

MODEL = "model.revenue_warehouse."
SOURCE = "source.revenue_warehouse."
STAGED = f"{MODEL}stg_crm__contacts"
VERSIONED = f"{MODEL}int_contacts__versioned"
MART = f"{MODEL}dim_contacts"
CONTACTS = f"{SOURCE}crm.contacts"


def reads(model: str, *parents: str):
    def break_it(manifest):
        manifest["nodes"][model]["depends_on"]["nodes"] += parents

    return break_it


def sets(key: str, *path_and_value):
    """Set a value deep in a node, source or macro."""
    *path, last, value = path_and_value

    def break_it(manifest):
        kind = {"source": "sources", "macro": "macros"}.get(key.split(".")[0], "nodes")
        entry = manifest[kind][key]
        for step in path:
            entry = entry[step]
        entry[last] = value

    return break_it


def chain_of_views(manifest):
    """stg_a <- stg_b <- … five deep."""
    for number in range(5):
        key = f"{MODEL}int_view_{number}"
        view = copy.deepcopy(manifest["nodes"][VERSIONED])
        view["config"]["materialized"] = "view"
        view["name"] = f"int_view_{number}"
        view["depends_on"]["nodes"] = [f"{MODEL}int_view_{number - 1}"]
        manifest["nodes"][key] = view


def rejoin(manifest):
    """middle reads STAGED alone, end reads both, and nobody else reads middle."""
    for name, parents in {
        "middle": [STAGED],
        "end": [STAGED, f"{MODEL}middle"],
    }.items():
        node = copy.deepcopy(manifest["nodes"][VERSIONED])
        node["name"], node["depends_on"]["nodes"] = name, parents
        manifest["nodes"][f"{MODEL}{name}"] = node


def exposure_of_a_view(manifest):
    manifest["nodes"][MART]["config"]["materialized"] = "view"
    manifest["exposures"]["exposure.x"] = {
        "name": "x",
        "depends_on": {"nodes": [MART]},
    }


def no_tests(manifest):
    for key, node in list(manifest["nodes"].items()):
        if node["resource_type"] == "test":
            del manifest["nodes"][key]


def no_primary_key(manifest):
    mart = manifest["nodes"][MART]
    for column in mart["columns"].values():
        column["constraints"] = []


def also_in(code: str):
    def break_it(manifest):
        manifest["nodes"][MART]["raw_code"] += code

    return break_it


BREAKS = {
    "each_source_is_read_by_one_model": reads(MART, CONTACTS),
    "each_source_is_read": sets(STAGED, "depends_on", "nodes", []),
    "sources_are_read_by_staging_alone": reads(VERSIONED, CONTACTS),
    "staging_reads_its_one_source_alone": reads(STAGED, f"{MODEL}stg_crm__companies"),
    "no_model_mixes_sources_and_models": reads(STAGED, f"{MODEL}stg_crm__companies"),
    "every_model_has_a_parent": sets(MART, "depends_on", "nodes", []),
    "relations_are_named_by_ref_and_source": also_in(" from dim_companies as c"),
    "what_compiled_sql_reads_is_in_the_graph": sets(STAGED, "depends_on", "nodes", []),
    "no_model_rejoins_what_its_only_child_reads": rejoin,
    "a_model_has_at_most_six_parents": reads(
        STAGED, *(f"{MODEL}parent_{number}" for number in range(6))
    ),
    "no_layer_reads_a_later_one": reads(STAGED, MART),
    "prefix_matches_layer": sets(MART, "name", "contacts"),
    "staging_is_named_after_its_source": sets(STAGED, "name", "stg_erp__contacts"),
    "yaml_stands_beside_its_models": sets(
        MART, "patch_path", "revenue_warehouse://models/marts/all.yml"
    ),
    "sources_stand_in_their_staging_folder": sets(
        CONTACTS, "original_file_path", "models/sources.yml"
    ),
    "views_are_chained_four_deep_at_most": chain_of_views,
    "exposures_rest_on_tables": exposure_of_a_view,
    "every_model_has_one_primary_key": no_tests,
    "every_source_has_freshness": sets(CONTACTS, "loaded_at_field", None),
    "models_seeds_and_sources_are_described": sets(MART, "description", " "),
    "declared_columns_are_described": sets(MART, "columns", "email", "description", ""),
    "repeated_descriptions_are_blocks": sets(
        MART, "columns", "first_name", "doc_blocks", []
    ),
    "macros_are_described_with_a_usage_line": sets(
        "macro.revenue_warehouse.next_day", "description", "The newest file."
    ),
    "every_macro_is_used": sets(
        "macro.revenue_warehouse.touched_rows", "name", "rows_touched"
    ),
    "macro_arguments_are_those_of_the_signature": sets(
        "macro.revenue_warehouse.touched_rows", "arguments", []
    ),
    "a_file_is_named_after_a_macro_in_it": sets(
        "macro.revenue_warehouse.touched_rows", "name", "rows_touched"
    ),
    "public_models_are_contracted_marts": sets(MART, "access", "protected"),
    "marts_have_a_group": sets(MART, "config", "group", None),
    "contracted_tables_have_a_primary_key": no_primary_key,
    "meta_keys_of_sources_are_known": sets(
        CONTACTS, "columns", "email", "config", "meta", {"pi": True}
    ),
    "config_has_known_keys_alone": sets(MART, "unrendered_config", {"indices": []}),
    "rules_are_those_of_the_seed": also_in(" select 'no_such_rule' as rule"),
}


def failure(check: str, project: Project) -> str:
    """Return what a check says, nothing when it passes."""
    name = f"test_{check}"
    module = test_structure if hasattr(test_structure, name) else test_promises
    extra = {"rules": {"email_shared"}} if "rules" in check else {}
    if "compiled" in check:
        extra = {"compiled": {STAGED: 'select 1 from main."bronze_crm__contacts"'}}
    try:
        getattr(module, name)(project, **extra)
    except AssertionError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("check", BREAKS)
def test_check_can_fail(project, check):
    broken = Project(copy.deepcopy(project.manifest))
    BREAKS[check](broken.manifest)
    assert failure(check, broken) not in ("", failure(check, project))
