"""Ingestion and every model as assets of Dagster, daily, with retries and alerts.

`dagster dev -m orchestration.definitions` shows and schedules them. It works on
the target and folders that the environment names, like every command.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from scripts import settings
from scripts.alerts import send as alerts
from scripts.ingest import ingest as ingest_files
from scripts.ingest import lock
from scripts.run.build import Build, build, load
from scripts.run.record import record

CHOSEN = settings.load()
CHOSEN.export()
MANIFEST = load()
if MANIFEST is None:
    raise RuntimeError("the project cannot be parsed: dbt parse says why")

INGEST = dg.AssetKey("ingest")
MODELS = {
    key: node
    for key, node in MANIFEST.nodes.items()
    if node.resource_type in ("model", "seed")
}
RETRY = dg.RetryPolicy(max_retries=2, delay=60, backoff=dg.Backoff.EXPONENTIAL)


def key_of(node: Any) -> dg.AssetKey:
    """Return the key of a model: its folders and its name."""
    return dg.AssetKey([*node.fqn[1:-1], node.name])


def specs() -> Iterator[dg.AssetSpec]:
    """Give one asset for each model and seed, with what it is made from."""
    for node in MODELS.values():
        parents = {
            key_of(MODELS[parent]) if parent in MODELS else INGEST
            for parent in node.depends_on_nodes
        }
        yield dg.AssetSpec(
            key_of(node),
            deps=sorted(parents, key=str),
            description=node.description or None,
            group_name=node.fqn[2] if len(node.fqn) > 3 else "lookups",
            skippable=True,
        )


@dg.asset(key=INGEST, group_name="ingest", retry_policy=RETRY)
def landed() -> dg.MaterializeResult:
    """Land the files of the inbox; what is refused is reported, and stops nothing."""
    CHOSEN.inbox.mkdir(parents=True, exist_ok=True)
    try:
        summary = ingest_files(
            CHOSEN.inbox,
            CHOSEN.database,
            lake=CHOSEN.lake,
            archive_to=CHOSEN.data,
            logs=CHOSEN.logs,
        )
    except Exception as error:
        alerts.after_failure(CHOSEN, error)
        raise
    return dg.MaterializeResult(metadata=dict(summary.counts))


@dg.multi_asset(specs=list(specs()), can_subset=True, retry_policy=RETRY)
def models(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Build and test the selected models in one go; they share one dbt."""
    chosen = context.selected_asset_keys
    names = [n.name for n in MODELS.values() if key_of(n) in chosen]
    whole = len(names) == len(MODELS)
    with lock(CHOSEN.database):
        # compiling changes the manifest, and not twice
        made = build(
            MANIFEST.deepcopy(),
            select=() if whole else names,
            indirect="buildable",  # no test of what was never built
            interruptible=False,
        )
        record(CHOSEN, MANIFEST, made.results, made.started_at)
    alerts.after_run(CHOSEN, made.failures)
    yield from _results(made)
    if made.failures:
        # it would fail again; what is retried is a lock or a disk
        raise dg.Failure("; ".join(made.failures), allow_retries=False)


def _results(made: Build) -> Iterator[dg.MaterializeResult]:
    for result in made.results:
        if result.node.unique_id in MODELS and str(result.status) == "success":
            seconds = round(result.execution_time, 3)
            yield dg.MaterializeResult(
                asset_key=key_of(result.node), metadata={"seconds": seconds}
            )


EVERYTHING = dg.define_asset_job("everything", dg.AssetSelection.all())

defs = dg.Definitions(
    assets=[landed, models],
    jobs=[EVERYTHING],
    schedules=[
        dg.ScheduleDefinition(
            job=EVERYTHING,
            cron_schedule="30 6 * * *",
            execution_timezone="UTC",
            default_status=dg.DefaultScheduleStatus.STOPPED,
        )
    ],
)
