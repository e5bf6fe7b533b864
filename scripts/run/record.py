"""Keeps in the ledger what became of each node of a build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from scripts.ingest import clock
from scripts.ingest.database import connect, connect_to_look, transaction
from scripts.ingest.ledger import Ledger
from scripts.run.messages import one_line
from scripts.settings import Settings
from scripts.warehouse import Warehouse, opened

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest

KEPT = ("model", "seed", "test")
WRONG = ("error", "fail", "runtime error", "warn")


def record(
    settings: Settings,
    manifest: Manifest | None,
    results: Iterable[Any],
    started_at: str,
    full_refresh: bool = False,
) -> int:
    """Add one build to the ledger; return its number.

    `results` are dbt's, `started_at` is UTC as ingestion writes it. Raises
    QueryError or IngestError if warehouse or ledger cannot be used.
    """
    results = list(results)
    with opened(settings) as warehouse:
        rows = list(_nodes(results, _counts(warehouse)))
    with closing(connect(settings.ledger)) as conn:
        ledger = Ledger(conn)
        with transaction(conn):
            ledger.create()
            rows += _freshness(ledger, manifest)
            run_id = ledger.add_results(
                {"started_at": started_at, "is_full_refresh": int(full_refresh)},
                [_whole(settings.target, rows, started_at), *rows],
            )
        if settings.lake:
            from scripts.ingest.lake import Lake

            with closing(Lake(settings.lake, conn)) as lake:
                lake.publish()
    return run_id


def _whole(target: str, rows: list[dict[str, Any]], started_at: str) -> dict[str, Any]:
    wrong = any(row["status"] in ("error", "fail", "skipped") for row in rows)
    took = _moment(clock.now()) - _moment(started_at)
    return {
        "node_type": "run",
        "node_name": target,
        "status": "error" if wrong else "success",
        "milliseconds": round(took / timedelta(milliseconds=1)),
    }


def _nodes(results: list[Any], counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    for result in results:
        node = result.node
        if node.resource_type not in KEPT:
            continue
        status = str(result.status).replace("runtime error", "error")
        yield {
            "node_type": str(node.resource_type),
            "node_name": node.name,
            "layer": node.fqn[1] if len(node.fqn) > 3 else None,
            "domain": node.fqn[2] if len(node.fqn) > 3 else None,
            "status": status,
            "milliseconds": round(result.execution_time * 1000),
            "row_count": counts.get(node.name),
            "failure_count": result.failures,
            "message": one_line(result.message) if status in WRONG else None,
        }


def _counts(warehouse: Warehouse) -> dict[str, int]:
    """Rows by table, all counted by one statement a hundred tables."""
    found: dict[str, int] = {}
    names = sorted(warehouse.tables())
    for start in range(0, len(names), 100):
        found |= warehouse.rows(
            " union all ".join(
                f"""select '{name}', count(*) from "{name}" """
                for name in names[start : start + 100]
            )
        )
    return found


def _freshness(ledger: Ledger, manifest: Manifest | None) -> Iterator[dict[str, Any]]:
    """One row for each source table that a file came for and that must be fresh."""
    now = _moment(clock.now())
    for source, loaded_at, limits in _limited(ledger, manifest):
        age = now - _moment(loaded_at)
        passed = [k for k, v in limits.items() if age > v.count * _unit(v.period)]
        status = passed[0] if passed else "pass"
        message = None
        if passed:
            limit = limits[status]
            message = (
                f"the newest file came {loaded_at[:16].replace('T', ' ')} UTC, "
                f"more than {limit.count} {limit.period}(s) ago"
            )
        yield {
            "node_type": "source",
            "node_name": f"{source.source_name}.{source.name}",
            "layer": "sources",
            "domain": source.source_name,
            "status": status,
            "message": message,
        }


def _limited(
    ledger: Ledger, manifest: Manifest | None
) -> Iterator[tuple[Any, str, dict[str, Any]]]:
    """Each such source table, when its newest file came, and its limits."""
    newest = ledger.newest_files()
    for source in manifest.sources.values() if manifest else ():
        loaded_at = newest.get((source.source_name, source.name))
        limits = {
            "error": getattr(source.freshness, "error_after", None),
            "warn": getattr(source.freshness, "warn_after", None),
        }
        limits = {k: v for k, v in limits.items() if v and v.count}
        if loaded_at is not None and limits:
            yield source, loaded_at, limits


def fresh_until(settings: Settings, manifest: Manifest) -> str:
    """Return when the next source table becomes overdue (UTC); empty for never."""
    now = _moment(clock.now())
    with closing(connect_to_look(settings.ledger)) as conn:
        moments = [
            _moment(loaded_at) + limit.count * _unit(limit.period)
            for _, loaded_at, limits in _limited(Ledger(conn), manifest)
            for limit in limits.values()
        ]
    coming = [moment for moment in moments if moment >= now]
    return clock.iso(min(coming)) if coming else ""


def _unit(period: Any) -> timedelta:
    return timedelta(**{f"{getattr(period, 'value', period)}s": 1})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text[:26]).replace(tzinfo=timezone.utc)
