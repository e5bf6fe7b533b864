"""Which nodes a run builds: those that something new concerns, and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts import dbt_core
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.ingest.outcome import Outcome
from scripts.run import parsed, planned, project
from scripts.run import plan as plans
from scripts.run.build import build, load
from scripts.run.built import Built, StateError
from scripts.run.plan import News, plan
from scripts.settings import Settings


@pytest.fixture(scope="module")
def manifest(
    parsed: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """Give the parsed project."""
    with pytest.MonkeyPatch.context() as patch:
        target = tmp_path_factory.mktemp("plan") / "target"
        patch.setenv("DBT_TARGET_PATH", str(parsed(target)))
        yield load()


def named(manifest: Any, found: News) -> dict[str, str]:
    """Return what is planned, by name."""
    made = plan(manifest, found)
    return {name.split(".")[2]: why for name, why in made.nodes.items()}


def test_new_rows_concern_what_is_made_from_them(manifest):
    found = News(
        tables={("crm", "contacts"): "12 new rows"}, sources={"crm": "1 new file"}
    )
    chosen = named(manifest, found)
    assert chosen["stg_crm__contacts"] == "crm/contacts has 12 new rows"
    assert chosen["dim_contacts"] == chosen["fct_opportunities"]
    assert chosen["fct_ingest_files"] == "shows this run"
    assert "stg_crm__companies" not in chosen
    others = "int_leads", "dim_leads", "stg_leads"
    assert not [name for name in chosen if name.startswith(others)]
    # facts of sales and orders carry persons, whom a contact may be
    assert not {"stg_sales__transactions", "int_sales__versioned"} & chosen.keys()
    assert any(name.startswith("unique_") or "primary_key" in name for name in chosen)
    assert str(plan(manifest, found)).endswith("crm/contacts has 12 new rows")


def test_what_has_no_rows_of_its_own_is_left_alone(manifest):
    found = News(
        tables={("crm", "contacts"): "12 new rows"}, delivered={"crm"}, sources={}
    )
    chosen = named(manifest, found)
    assert {"dim_people", "fct_opportunities"} <= chosen.keys()
    assert not {"fct_sales", "fct_orders", "fct_form_leads"} & chosen.keys()
    assert "fct_sales" in named(manifest, replace(found, delivered={"crm", "commerce"}))
    assert "fct_sales" in named(manifest, replace(found, delivered=None))
    path = manifest.nodes["model.revenue_warehouse.dim_people"].original_file_path
    assert "fct_sales" in named(manifest, replace(found, paths=[path]))


PEOPLE = ("customers", "identity")


def test_models_have_rows_of_no_source_but_those_that_they_name(manifest):
    """Found by the graph; of people they take columns alone, which a reader knows."""
    manifest.build_parent_and_child_maps()

    def sources(name: str) -> set[str]:
        if source := manifest.sources.get(name):
            return {source.source_name} - {"ingest"}
        if manifest.nodes[name].fqn[2:3] and manifest.nodes[name].fqn[2] in PEOPLE:
            return set()
        return set().union(*map(sources, manifest.parent_map[name]))

    named_ones = {
        name: set(node.config.meta["rows_of"])
        for name, node in manifest.nodes.items()
        if "rows_of" in node.config.meta
    }
    assert len(named_ones) > 20
    for name, listed in named_ones.items():
        assert sources(name) <= listed, name


def test_a_first_build_hurries_nothing(manifest):
    """Its seeds come first. That of `make watch` met a manifest without its maps."""
    fresh = manifest.deepcopy()
    made = plan(fresh, News(everything="nothing is known of an earlier build"))
    assert plans.hurried(fresh, made, ["crm"]) == []


def test_a_view_is_tested_for_new_rows_and_built_for_a_new_definition(manifest):
    model = "model.revenue_warehouse."
    rows = News(
        tables={("crm", "contacts"): "1 new row"}, sources={"crm": "1 new file"}
    )
    chosen = named(manifest, rows)
    # the second calls a function that is defined by its macros
    assert not {"rpt_contact_review", "rpt_deal_changes"} & chosen.keys()
    assert any(name.startswith("is_primary_key_rpt_contact_review") for name in chosen)
    path = manifest.nodes[f"{model}rpt_contact_review"].original_file_path
    parent = manifest.nodes[f"{model}int_contacts__adjusted"].original_file_path
    for changed in (path, parent):
        assert "rpt_contact_review" in named(manifest, replace(rows, paths=[changed]))
    owed = {f"{model}rpt_contact_review": "failed last time"}
    assert "rpt_contact_review" in named(manifest, replace(rows, owed=owed))
    copy = manifest.deepcopy()
    # where it is kept as a table
    copy.metadata = replace(copy.metadata, adapter_type="spark_strict")
    assert "rpt_contact_review" in named(copy, rows)
    copy = manifest.deepcopy()
    view = copy.nodes[f"{model}rpt_contact_review"]
    view.raw_code += "{{ run_query('select max(x) from y') }}"
    assert "rpt_contact_review" in named(copy, rows)


def test_tests_of_a_source_run_for_its_rows(manifest):
    copy = manifest.deepcopy()
    name = "test.revenue_warehouse.identity_decisions_are_followed"
    (contacts,) = (n for n in copy.sources if n.endswith(".crm.contacts"))
    copy.nodes[name].depends_on.nodes = [contacts]
    for table in ("contacts", "companies"):
        chosen = named(copy, News(tables={("crm", table): "1 new row"}))
        assert (name.split(".")[2] in chosen) == (table == "contacts")


def test_a_refused_file_concerns_the_findings_of_its_source(manifest):
    chosen = named(manifest, News(sources={"crm": "1 new file"}))
    assert "fct_row_errors" in chosen
    assert "stg_crm__contacts" not in chosen
    nowhere = named(manifest, News(sources={None: "1 new file"}))
    assert "fct_row_errors" in nowhere
    assert "int_crm__findings" not in nowhere


def test_a_domain_costs_nothing_when_another_one_gets_files(manifest):
    """Reading the ledger is no reason for it, nor for the rooms that it shares."""
    rows = News(
        tables={("sales", "transactions"): "1 row"}, sources={"sales": "1 file"}
    )
    chosen = named(manifest, rows)
    assert "fct_sales" in chosen
    assert "fct_row_errors" in chosen
    others = ("stg_crm", "stg_leads", "int_contacts", "int_leads", "dim_contacts")
    assert not [name for name in chosen if name.startswith(others)]
    copy = manifest.deepcopy()
    learned = copy.nodes["model.revenue_warehouse.int_contacts__learned"]
    learned.config.meta = {}  # as if it read all files
    chosen = named(copy, rows)
    assert chosen["int_contacts__learned"] == "shows this run"
    assert "dim_contacts" in chosen
    assert "int_contacts__current" not in chosen


def test_a_changed_model_or_seed_concerns_what_is_made_from_it(manifest):
    path = manifest.nodes["model.revenue_warehouse.dim_companies"].original_file_path
    chosen = named(manifest, News(paths=[path]))
    assert chosen["dim_companies"] == f"{path} changed"
    assert "stg_crm__companies" not in chosen
    seed = manifest.nodes["seed.revenue_warehouse.rules"].original_file_path
    assert "fct_row_errors" in named(manifest, News(paths=[seed]))


@pytest.mark.parametrize(
    ("seed", "concerned", "others"),
    [
        # of what the user's folder has, by the name of its file
        (
            "lead_sources",
            {"int_crm__codes", "fct_opportunities", "dim_contacts", "rpt_win_rate"},
            {"stg_crm__opportunities", "fct_order_lines", "dim_products"},
        ),
        (
            "confirmed_deletions",
            {"int_crm__absences", "fct_opportunities", "rpt_pipeline_movement"}
            | {"int_commerce__absences", "fct_orders", "dim_subscriptions"},
            {"stg_crm__opportunities", "stg_commerce__order_lines"},
        ),
        (
            "deal_stages",
            {"dim_deal_stages", "fct_opportunities", "rpt_forecast"},
            {"int_crm__codes", "fct_orders"},
        ),
        ("fx_rates", {"fct_opportunities", "fct_orders", "fct_sales"}, {"dim_owners"}),
        ("targets", {"rpt_owner_performance"}, {"fct_opportunities", "dim_owners"}),
        (
            "accepted_findings",
            {"bridge_accepted_findings", "rpt_findings", "rpt_accepted_findings"},
            {"fct_row_errors", "rpt_data_quality"},
        ),
    ],
)
def test_a_line_of_the_users_concerns_what_depends_on_it(
    manifest, seed, concerned, others
):
    path = manifest.nodes[f"seed.revenue_warehouse.{seed}"].original_file_path
    chosen = named(manifest, News(paths=[path]))
    assert concerned <= chosen.keys()
    assert not others & chosen.keys()


def test_what_failed_is_built_again_with_what_hangs_on_it(manifest):
    owed = {"model.revenue_warehouse.dim_stores": "failed last time", "model.gone": "x"}
    chosen = named(manifest, News(owed=owed))
    assert chosen["dim_stores"] == "failed last time"
    assert "fct_sales" in chosen
    assert "gone" not in chosen


def test_everything_is_everything(manifest):
    made = plan(manifest, News("macros/x.sql changed"))
    assert made.is_whole
    assert len(made.nodes) == made.total > 250
    assert str(made) == f"{made.total} of {made.total} nodes: macros/x.sql changed"


def test_dbt_builds_as_many_nodes_as_are_planned(manifest, monkeypatch):
    def listed(arguments, *_, **__):
        found.extend(run(["ls", *arguments[1:]], manifest).result)
        return SimpleNamespace(success=True, exception=None, result=None)

    found: list[str] = []
    run = dbt_core.run
    monkeypatch.setattr(dbt_core, "run", listed)
    build(manifest)
    made = plan(manifest, News("macros/x.sql changed"))
    assert len(found) == made.total
    assert not [name for name in found if name.startswith("exposure:")]


def test_only_nodes_that_read_the_clock_are_judged_on_a_new_day(manifest):
    """No model of the project does; the tests of a user may."""
    assert plans.clock_nodes(manifest) == []
    copy = manifest.deepcopy()
    stores = copy.nodes["model.revenue_warehouse.dim_stores"]
    stores.raw_code += "where opened_at < current_timestamp"
    macro = copy.macros["macro.revenue_warehouse.sqlite__microseconds"]
    macro.macro_sql += "strftime('%s', 'now')"
    outer = copy.macros["macro.revenue_warehouse.microseconds"]
    outer.depends_on.macros = [macro.unique_id]
    dates = copy.nodes["model.revenue_warehouse.dim_dates"]
    dates.depends_on.macros = [outer.unique_id]
    found = plans.clock_nodes(copy)
    assert {stores.unique_id, dates.unique_id} <= set(found)
    assert "model.revenue_warehouse.fct_ingest_files" not in found


@pytest.fixture
def known(tmp_path, monkeypatch) -> Settings:
    """Give settings of a database whose ledger knows three files."""
    monkeypatch.setenv(CLOCK, "2026-01-02T06:00:00Z")
    made = Settings("dev", tmp_path, tmp_path / "w.db")
    with closing(sqlite3.connect(made.database)) as db:
        db.executescript(
            """
            create table ingest_files (
                file_id integer primary key, source_name text, table_name text,
                status text, landed_count integer, amended_at text,
                archived_as text
            );
            insert into ingest_files values
                (1, 'crm', 'contacts', 'landed', 5, null, null),
                (2, 'crm', 'contacts', 'landed', 7, null, null),
                (3, 'sales', null, 'refused', 0, null, null),
                (4, null, null, 'refused', 0, null, null);
            """
        )
    return made


PROJECT = {"engine": "1", "macros/a.sql": "1", "models/b.sql": "1", "seeds/c.csv": "1"}


def news(settings: Settings, now: dict[str, str] = PROJECT, **built: Any) -> News:
    """Compare with a build of all that is known, but for `built`."""
    facts = {"project": PROJECT, "file_id": 4, "day": "2026-01-02", **built}
    return plans.news(settings, Built(**facts), now)


def test_nothing_is_new(known):
    assert not news(known)


def test_files_since_the_last_build_are_new(known):
    found = news(known, file_id=1)
    assert found.tables == {("crm", "contacts"): "7 landed rows"}
    assert found.sources == {
        None: "1 new file", "crm": "1 new file", "sales": "1 new file",
    }  # fmt: skip


def test_files_ahead_are_news_but_for_those_that_are_known():
    found = News()
    for status, is_known in (("skipped", True), ("refused", True)):
        found.foresee(Outcome("crm/a", "crm", "a", status, is_known=is_known))
    assert not found
    found.foresee(Outcome("crm/a", "crm", "a", "refused"))
    found.foresee(Outcome("sales/b", "sales", "b", landed=2))
    assert found.tables == {("sales", "b"): "2 landed rows"}
    assert found.sources == {"crm": "new files", "sales": "new files"}


def test_amended_rows_are_new(known):
    with closing(sqlite3.connect(known.database)) as db:
        db.execute(
            "update ingest_files set amended_at = '2026-01-02' where file_id = 1"
        )
        db.commit()
    found = news(known, amended_at="2026-01-01")
    assert found.tables == {("crm", "contacts"): "earlier rows amended"}
    assert not news(known, amended_at="2026-01-02")


def test_files_that_were_archived_later_are_news_of_the_ledger(known):
    with closing(sqlite3.connect(known.database)) as db:
        db.execute("update ingest_files set archived_as = 'a.gz' where file_id = 1")
        db.commit()
    assert news(known).sources == {None: "files archived"}
    assert not news(known, kept=1)


def test_a_note_that_cannot_be_written_is_one_line(known, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    broken = replace(known, database=known.data / "x.duckdb", engine="duckdb")

    def full(*_, **__):
        raise duckdb.TransactionException("Could not write file: No space left")

    monkeypatch.setattr(duckdb, "connect", full)
    with pytest.raises(StateError, match="No space left"):
        Built().write(broken)


@pytest.mark.parametrize(
    ("change", "paths", "everything"),
    [
        ({"models/b.sql": "2"}, ["models/b.sql"], ""),
        (
            {"seeds/c.csv": "2", "models/d.sql": "1"},
            ["models/d.sql", "seeds/c.csv"],
            "",
        ),
        ({"macros/a.sql": "2"}, [], "macros/a.sql changed"),
        ({"models/b.yml": "1"}, [], "models/b.yml changed"),
        ({"tests/singular/e.sql": "1"}, ["tests/singular/e.sql"], ""),
        ({"models/b.sql": None}, [], "models/b.sql changed"),
        ({"engine": "2"}, [], "engine changed"),
    ],
)
def test_changes_of_the_project(known, change, paths, everything):
    now = {k: v for k, v in (PROJECT | change).items() if v}
    found = news(known, now)
    assert (found.paths, found.everything) == (paths, everything)


def test_a_new_day_an_overdue_delivery_and_another_ledger(known):
    assert not news(known, day="2026-01-01")
    assert news(known, day="2026-01-01", clock=["test.x"]).clock == ["test.x"]
    assert not news(known, fresh_until="2026-01-02T06:00:00.000001Z")
    assert news(known, fresh_until="2026-01-02T05:59:59.000000Z").overdue
    assert news(known, file_id=9).everything == "the ledger is another one"
    assert news(known, project={}).everything


def test_the_last_build_is_kept_in_the_warehouse(known):
    built = Built(project=PROJECT, file_id=4, owed={"model.a": "failed"}, total=3)
    built.write(known)
    assert Built.read(known) == built
    assert Built.read(Settings("dev", known.data, known.data / "none.db")) == Built()


def test_every_file_that_dbt_reads_is_in_the_fingerprint(tmp_path, monkeypatch):
    for name in ("models/a.sql", "models/a.yml", "seeds/b.csv", "macros/c.sql"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("1")
    (tmp_path / "dbt_project.yml").write_text(
        "model-paths: [models]\nseed-paths: [seeds]\nmacro-paths: [macros]\n"
    )
    (tmp_path / "models" / "notes.txt").write_text("1")
    package = tmp_path / "packages" / "p"
    package.mkdir(parents=True)
    (package / "d.sql").write_text("1")
    (tmp_path / "dbt_packages").mkdir()
    (tmp_path / "dbt_packages" / "p").symlink_to(package)
    tests = package / "integration_tests"  # installs the package in itself
    (tests / "dbt_packages").mkdir(parents=True)
    (tests / "dbt_packages" / "p").symlink_to(package)
    monkeypatch.setattr(project, "PROJECT", tmp_path)
    settings = Settings("dev", tmp_path, tmp_path / "w.db")
    before = project.fingerprints(settings)
    assert set(before) == {
        *("engine", "dbt_project.yml", "macros/c.sql", "models/a.sql"),
        *("models/a.yml", "seeds/b.csv", "dbt_packages/p/d.sql"),
    }
    (tmp_path / "models" / "a.sql").write_text("2")
    after = project.fingerprints(settings)
    assert [name for name in after if after[name] != before[name]] == ["models/a.sql"]


def test_an_overdue_delivery_alone_builds_nothing_on_any_engine(
    manifest, known, monkeypatch
):
    """DuckDB takes no list of nothing."""
    pytest.importorskip("duckdb")
    lake = known.data / "lake"
    lake.mkdir()
    (lake / "ledger.db").write_bytes(known.database.read_bytes())
    settings = replace(
        known, database=known.data / "x.duckdb", engine="duckdb", lake=lake
    )
    monkeypatch.setattr(planned, "fingerprints", lambda _: PROJECT)
    monkeypatch.setattr(planned, "fresh_until", lambda *_: "")
    late = "2026-01-01T00:00:00.000000Z"
    Built(PROJECT, file_id=4, day="2026-01-02", fresh_until=late).write(settings)
    planner = planned.Planner(settings)
    planner.manifest = manifest
    assert planner.build().results == []
    assert planner.said.endswith("a delivery is overdue")
    assert Built.read(settings).fresh_until == ""


def test_what_was_parsed_is_taken_until_something_changes(
    manifest, tmp_path, monkeypatch
):
    """As a run of the same project does; each change but the last leaves it alone."""
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    before = {"models/a.sql": "1"}
    assert parsed.find(before) is None
    parsed.keep(before, dbt_core.facts_of(manifest))
    again = dbt_core.manifest_of(parsed.find(before))
    assert again.nodes.keys() == manifest.nodes.keys()
    assert again.flat_graph == manifest.flat_graph
    assert again.ref_lookup.find("dim_stores", None, None, again).name == "dim_stores"
    assert named(again, News(paths=["models/marts/sales/dim_stores.sql"])) == named(
        manifest, News(paths=["models/marts/sales/dim_stores.sql"])
    )
    assert parsed.find({"models/a.sql": "2"}) is None
    monkeypatch.setenv("WAREHOUSE_READER", "someone")
    assert parsed.find(before) is None
    monkeypatch.undo()
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    assert parsed.find(before)
    (tmp_path / parsed.NAME).write_bytes(b"cut")
    assert parsed.find(before) is None
