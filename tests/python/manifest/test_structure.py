"""How models depend on each other, and where they stand."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

import yaml

from .conftest import ROOT, hold, layer_of

LAYERS = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "bridge_", "fct_", "rpt_"),
}
LEDGER = "source.revenue_warehouse.ingest.ingest_files"


def sources_of(project, model):
    """The sources a model reads; the ledger says how the values of a file are
    written, and is no source of its own beside another."""
    found = project.parents(model, "source")
    return [name for name in found if name != LEDGER] or found


def test_each_source_is_read_by_one_model(project):
    readers = [
        parent
        for model in project.models.values()
        for parent in sources_of(project, model)
    ]
    hold(source for source in readers if readers.count(source) > 1)


def test_each_source_is_read(project):
    read = {
        parent
        for model in project.models.values()
        for parent in project.parents(model, "source")
    }
    hold(project.sources.keys() - read)


def test_sources_are_read_by_staging_alone(project):
    hold(
        model["name"]
        for model in project.models.values()
        if project.parents(model, "source") and layer_of(model) != "staging"
    )


def test_staging_reads_its_one_source_alone(project):
    """No other staging model, no model, no seed, no second source."""
    hold(
        model["name"]
        for model in project.models.values()
        if layer_of(model) == "staging"
        and (
            len(sources_of(project, model)) != 1
            or project.parents(model) != project.parents(model, "source")
        )
    )


def test_no_model_mixes_sources_and_models(project):
    hold(
        model["name"]
        for model in project.models.values()
        if project.parents(model, "source") and project.parents(model, "model", "seed")
    )


def test_every_model_has_a_parent(project):
    hold(m["name"] for m in project.models.values() if not project.parents(m))


def test_relations_are_named_by_ref_and_source(project):
    """A name after FROM or JOIN is one of the model's own CTEs."""
    found = []
    for model in project.models.values():
        code = re.sub(r"--.*|\{#.*?#\}|\{%.*?%\}", " ", model["raw_code"])
        ctes = set(re.findall(r"(\w+)\s+as\s+\(", code))
        for name in re.findall(r"\b(?:(?<!distinct )from|join)\s+([\w.\"]+)", code):
            if name not in ctes:
                found.append(f"{model['name']}: {name}")
    hold(found)


def test_what_compiled_sql_reads_is_in_the_graph(project, compiled):
    """Else dbt builds in a wrong order, and a run plans too little."""
    relations = {s["identifier"]: key for key, s in project.sources.items()}
    relations |= {n["alias"]: k for k, n in project.nodes("model", "seed").items()}
    found = []
    for key, code in compiled.items():
        known = {key, *project.manifest["nodes"][key]["depends_on"]["nodes"]}
        code = re.sub(r"--.*", "", code)
        ctes = set(re.findall(r"(\w+)\s+as\s+\(", code))
        read = set(re.findall(r'\b(?:from|join)\s+(?:\w+\.)?"?(\w+)', code)) - ctes
        found += [
            f"{key}: {name}" for name in read if relations.get(name, key) not in known
        ]
    hold(found)


def test_no_model_rejoins_what_its_only_child_reads(project):
    """parent -> middle -> child and parent -> child, and nobody else reads middle."""
    children: dict[str, list[str]] = {}
    for key, model in project.models.items():
        for parent in project.parents(model):
            children.setdefault(parent, []).append(key)
    hold(
        (
            f"{middle['name']} of {project.models[child]['name']}"
            for key, middle in project.models.items()
            for child in children.get(key, [])
            if len(children[key]) == 1
            and len(project.parents(middle)) == 1
            and project.parents(middle) <= project.parents(project.models[child])
        ),
        {
            "int_sales__pairs of fct_sales": (
                "a step of its own, which says what stands for which record"
            ),
        },
    )


def test_a_model_has_at_most_six_parents(project):
    hold(
        (m["name"] for m in project.models.values() if len(project.parents(m)) > 6),
        {
            "int_commerce__absences": "finds what is missing of every table",
            "int_crm__absences": "finds what is missing of every table",
            "int_commerce__pictures": "looks for records of every table",
            "int_crm__pictures": "looks for records of every table",
            "int_commerce__findings": "judges every table of its source",
            "int_marketing__findings": "judges every table of its source",
            "int_commerce__row_findings": "judges every table of its source",
            "int_sales_entities__versioned": "four small tables that share a model",
            "int_sales__findings": "judges every table of its source",
            "int_crm__aliases": "follows identifiers and names of every entity",
            "int_crm__codes": "a union of the lookup seeds",
            "int_crm__findings": "judges every entity, in staging and as users see it",
            "fct_leads": "leads of every kind, and what they became",
            "fct_opportunities": "follows links through what was merged or named",
            "int_crm__row_findings": "judges every table of the source, in staging",
            "fct_refunds": "every report of what was given back, each once",
            "rpt_money_monthly": "sums every kind of money by month",
            "fct_sales": "a sale, whether delivered as one or as a line of an order",
            "int_opportunities__timed": "merges every evidence of what a deal was",
            "int_operations__unknown_codes": "a union of the findings of every domain",
            "fct_row_errors": "a union of the findings of every domain",
            "int_people__given": "a union of all that names a person",
            "int_organisations__current": "a union of all that names an organisation",
            "int_organisations__declared": "follows links through what was merged",
            "int_people__linked": "explains what links a record, whatever it is",
            "fct_activities": "follows links through what was merged or named",
            "rpt_person_merges": "explains a merge from all that it was made of",
            "rpt_organisation_merges": "explains a merge from all that it was made of",
            "rpt_identity_drift": "looks at every entity, in two steps",
            "int_customers__revenue": "everything that brings money, each once",
            "int_customers__leads": "leads of every kind, and whether qualified",
            "int_customers__events": "a union of all that happens with customers",
            "rpt_record_conservation": "counts the records of every source table",
            "rpt_reconciliation": "adds up the money of every source table",
        },
    )


def test_no_layer_reads_a_later_one(project):
    order = list(LAYERS)
    hold(
        (
            f"{model['name']} reads {project.models[parent]['name']}"
            for model in project.models.values()
            for parent in project.parents(model, "model")
            if order.index(layer_of(project.models[parent]))
            > order.index(layer_of(model))
        ),
        {
            f"int_crm__findings reads {mart}": "judges what users see"
            for mart in (
                "fct_opportunities",
                "dim_deal_stages",
                "fct_activities",
                "fct_leads",
            )
        }
        | {
            "int_leads__findings reads dim_leads_history": "judges what users see",
            "int_leads__current reads dim_leads_history": (
                "a day lists every lead, and changes few"
            ),
        }
        | {
            f"int_commerce__findings reads {mart}": "judges what users see"
            for mart in ("fct_orders", "fct_payments", "fct_refunds")
        }
        | {
            f"{model} reads {mart}": "one customer is made of golden records"
            for model, mart in (
                ("int_people__given", "dim_contacts"),
                ("int_people__given", "dim_companies"),
                ("int_organisations__current", "dim_companies"),
                ("int_people__linked", "dim_people"),
            )
        }
        | {
            "int_buyers__documents reads fct_order_lines": (
                "what is an order is decided there"
            ),
        }
        | {
            f"int_customers__{model} reads {mart}": "reports on what users see"
            for model, marts in {
                "revenue": (
                    *("bridge_order_reports", "bridge_payment_orders"),
                    *("dim_people", "fct_orders", "fct_payments", "fct_refunds"),
                    "fct_sales",
                ),
                "leads": (
                    *("bridge_people_records", "dim_leads", "dim_leads_history"),
                    *("fct_form_leads", "fct_leads"),
                ),
                "contacts": (
                    *("bridge_people_records", "dim_contacts", "dim_contacts_history"),
                ),
                "events": (
                    *("dim_people", "dim_shop_customers", "fct_activities"),
                    "fct_opportunities",
                ),
            }.items()
            for mart in marts
        }
        | {
            f"int_opportunities__{model} reads dim_deal_stages": (
                "what a stage means is what users see"
            )
            for model in ("timed", "stays")
        }
        | {
            f"{model} reads {mart}": "rows of reports on what users see"
            for model, marts in {
                "int_opportunities__stays": ("fct_deal_stage_changes",),
                "int_money__costs": (
                    *("bridge_order_reports", "fct_balance_entries"),
                    *("fct_orders", "fct_payments"),
                ),
            }.items()
            for mart in marts
        }
        | {
            f"int_sales__findings reads {mart}": "judges what users see"
            for mart in ("dim_products", "dim_salespeople", "fct_sales")
        },
    )


def test_prefix_matches_layer(project):
    hold(
        model["name"]
        for model in project.models.values()
        if not model["name"].startswith(LAYERS[layer_of(model)])
    )


def test_staging_is_named_after_its_source(project):
    hold(
        model["original_file_path"]
        for model in project.models.values()
        if layer_of(model) == "staging"
        for source in sources_of(project, model)
        for name in [project.sources[source]["source_name"]]
        if model["fqn"][2] != name or not model["name"].startswith(f"stg_{name}__")
    )


def test_yaml_stands_beside_its_models(project):
    hold(
        node["name"]
        for node in project.nodes("model", "seed").values()
        if not node["patch_path"]
        or PurePosixPath(node["patch_path"].split("://")[1]).parent
        != PurePosixPath(node["original_file_path"]).parent
    )


def test_sources_stand_in_their_staging_folder(project):
    hold(
        source["unique_id"]
        for source in project.sources.values()
        for name in [source["source_name"]]
        if source["original_file_path"] != f"models/staging/{name}/_{name}__sources.yml"
    )


def test_views_are_chained_four_deep_at_most(project):
    def depth(key: str) -> int:
        model = project.models.get(key)
        if model is None or model["config"]["materialized"] != "view":
            return 0
        return 1 + max((depth(parent) for parent in project.parents(model)), default=0)

    hold(m["name"] for key, m in project.models.items() if depth(key) > 4)


def test_exposures_rest_on_tables(project):
    hold(
        f"{exposure['name']}: {project.models[parent]['name']}"
        for exposure in project.manifest["exposures"].values()
        for parent in exposure["depends_on"]["nodes"]
        if project.models[parent]["config"]["materialized"] == "view"
    )


def test_what_is_declared_is_judged(project):
    """All sources; findings and conservation read the staging of what is listed."""
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    listed = {
        (source, table)
        for source, tables in settings["vars"]["domains"].items()
        for table in tables
    }
    declared = {
        (source["source_name"], source["name"])
        for source in project.sources.values()
        if source["source_name"] != "ingest"
    }
    assert listed == declared

    @cache
    def behind(key: str) -> set[str]:
        parents = project.models[key]["depends_on"]["nodes"]
        return set(parents).union(*(behind(p) for p in parents if p in project.models))

    staged = {f"model.revenue_warehouse.stg_{s}__{t}" for s, t in listed}
    for name in ("fct_row_errors", "rpt_record_conservation"):
        hold(staged - behind(f"model.revenue_warehouse.{name}"))


def test_references_lead_to_declared_tables(project):
    """And each lookup for a reference to nothing has its `refers_to`."""
    tables = {(s["source_name"], s["name"]) for s in project.sources.values()}
    declared = {
        (source["source_name"], source["name"], column["name"]): to
        for source in project.sources.values()
        for column in source["columns"].values()
        if (to := column["config"]["meta"].get("refers_to"))
    }
    hold(
        f"{key}: {to}"
        for key, to in declared.items()
        if tuple(to.split(".") if "." in to else [key[0], to]) not in tables
    )
    looked_up = set()
    for model in project.models.values():
        code = model["raw_code"]
        for block in re.findall(r"'reference_unknown', \[(.*?)\]\)", code, re.DOTALL):
            for table, column in re.findall(r"\['(\w+)'.*?'(\w+)'\]", block, re.DOTALL):
                looked_up.add((model["fqn"][2], table, column))
        for block in re.findall(r"unknown_links\(\[(.*?)\]\)", code, re.DOTALL):
            of_link = r"\['(\w+)', ref\('\w+'\), '\w+', '(\w+)'"
            for table, column in re.findall(of_link, block):
                looked_up.add((model["fqn"][2], table, column))
    assert len(looked_up) >= 9
    hold(looked_up - declared.keys())


def test_models_whose_rows_go_have_their_children_checked(project):
    """A hook that deletes rows must not fail on what refers to them."""
    parents = {
        re.sub(r"\W", " ", constraint["to"]).split()[-1]
        for model in project.models.values()
        for column in model["columns"].values()
        for constraint in column["constraints"]
        if constraint["type"] == "foreign_key"
    }
    settings = {
        model["name"]: model["config"]
        for model in project.models.values()
        if model["name"] in parents
        and model["config"]["materialized"] == "incremental"
        and "delete from" in str(model["config"]["post-hook"])
    }
    assert "fct_opportunities" in settings
    hold(name for name, config in settings.items() if not config.get("loses_rows"))
