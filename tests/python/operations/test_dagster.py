"""The example with Dagster: assets, their order, and a run of some of them."""

from __future__ import annotations

import importlib
import os
import sys

import pytest

from scripts.settings import PROJECT

from .mornings import crm, write

pytestmark = pytest.mark.long

dg = pytest.importorskip("dagster", reason="Dagster is an extra")


@pytest.fixture
def definitions(tmp_path, parsed, monkeypatch):
    before = dict(os.environ)
    for name in ("WAREHOUSE_TARGET", "WAREHOUSE_LAKE", "WAREHOUSE_ALERTS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("WAREHOUSE_DB", "")
    monkeypatch.setenv("WAREHOUSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DBT_TARGET_PATH", str(parsed(tmp_path / "target")))
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "yes")
    monkeypatch.chdir(PROJECT)
    sys.modules.pop("orchestration.definitions", None)
    yield importlib.import_module("orchestration.definitions")
    sys.modules.pop("orchestration.definitions", None)
    os.environ.clear()
    os.environ.update(before)


def test_files_become_rows_as_assets(definitions):
    inbox = definitions.CHOSEN.inbox
    write(inbox, {"crm/companies.json": crm({})["companies"]})
    staged = dg.AssetKey(["staging", "crm", "stg_crm__companies"])
    graph = definitions.defs.resolve_asset_graph()
    seeds = {
        dg.AssetKey(["reference", "currencies"]),
        dg.AssetKey(["crm", "size_bands"]),
    }
    assert graph.get(staged).parent_keys == {definitions.INGEST, *seeds}
    assert definitions.defs.resolve_schedule_def("everything_schedule")

    done = dg.materialize(
        [definitions.landed, definitions.models],
        selection=[definitions.INGEST, *seeds, staged],
    )
    assert done.success
    counts = done.asset_materializations_for_node("ingest")[0].metadata
    assert counts["landed_count"].value == 40
    built = done.asset_materializations_for_node("models")
    assert {event.asset_key for event in built} == {staged, *seeds}
    assert not list(inbox.rglob("*.json"))  # archived
