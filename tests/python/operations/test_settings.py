"""Limits in YAML, and what a missing extra is told by."""

from __future__ import annotations

import sys

import pytest
from dbt.cli.main import dbtRunner

from scripts.alerts import send
from scripts.explore import __main__ as explore
from scripts.ingest import UsageError
from scripts.ingest.sources import load_sources
from scripts.run.build import QUIET

DECLARED = """
sources:
  - name: shop
    config: {{meta: {{quality: {quality}}}}}
    tables:
      - name: sales
        config: {{meta: {{files: sales*}}}}
        columns: [{{name: id}}]
"""


@pytest.mark.parametrize(
    "quality, problem",
    [
        ("{warn: 5}", "quality: key warn is not known (known: fail_below, warn_below)"),
        ("{warn_below: 101}", "quality: warn_below: expected 0 to 100, not 101"),
        ("{fail_below: high}", "quality: fail_below: expected 0 to 100, not 'high'"),
        ("{warn_below: 98, fail_below: 90.5}", None),
    ],
)
def test_limits_are_checked(tmp_path, quality, problem):
    path = tmp_path / "shop" / "_shop__sources.yml"
    path.parent.mkdir()
    path.write_text(DECLARED.format(quality=quality))
    if problem is None:
        assert "shop" in load_sources(tmp_path)
        return
    with pytest.raises(UsageError, match=r"_shop__sources\.yml: shop\.sales: ") as told:
        load_sources(tmp_path)
    assert problem in str(told.value)


def test_a_table_has_the_limits_it_declares(manifest):
    """Its own, else its source's, else the project's."""
    changed = manifest.deepcopy()
    for source in changed.sources.values():
        if source.source_name == "crm":
            source.source_meta["quality"] = {"warn_below": 91}
            if source.name == "contacts":
                source.config.meta["quality"] = {"warn_below": 92, "fail_below": 82}
    # the copy of a copy sees what was changed in it
    done = dbtRunner(changed.deepcopy()).invoke(
        ["compile", "-s", "rpt_data_quality", *QUIET]
    )
    (code,) = [
        result.node.compiled_code
        for result in done.result.results
        if result.node.name == "rpt_data_quality"
    ]
    for name, warn, fail in (
        ("contacts", 92, 82),
        ("companies", 91, 80),
        ("snapshots", 95, 80),
    ):
        entry = next(part for part in code.split("}") if f'"table": "{name}"' in part)
        assert f'"warn_below": {warn}' in entry
        assert f'"fail_below": {fail}' in entry


def test_without_apprise_one_line_says_what_to_install(morning, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.setenv(send.VARIABLE, "json://127.0.0.1:1/never-told")
    send.after_run(morning.settings)
    assert capsys.readouterr().err == (
        "warning: alerts: Apprise is not installed: "
        "pip install -r requirements-alerts.txt, or unset WAREHOUSE_ALERTS\n"
    )


def test_without_datasette_one_line_says_what_to_install(morning, monkeypatch, capsys):
    monkeypatch.setattr(explore, "NEEDED", ("no_such_package",))
    assert explore.main(["--db", str(morning.database)]) == 2
    assert capsys.readouterr().err == (
        "explore: Datasette is not installed: pip install -r requirements-explore.txt\n"
    )


def test_without_alerts_nothing_is_imported(monkeypatch, morning):
    monkeypatch.setenv(send.VARIABLE, "")
    monkeypatch.setitem(sys.modules, "apprise", None)
    send.after_run(morning.settings, ["model x: broken"])  # no error, no word
