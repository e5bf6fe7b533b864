"""All contact with dbt's Python API: running it in this process, and what that spares.

dbt Core 2 is a program without Python in its process. Then `run` starts that program
and reads `target/manifest.json` and `run_results.json` into what its callers use
(nodes and sources with their columns and meta; status, message, time and failures of
each result); `dbt_slim`, `dbt_names` and `close_connections` go, for nothing is left in
this process to spare or to close. The adapters in adapters/dbt-strict cannot move that
way: Core 2 takes no adapters in Python. Their macros can, to the adapters that it has;
until it has one for SQLite, dbt-core stays pinned below 2. No other module of ours
imports dbt but those two, and a test holds that.
"""

from __future__ import annotations

import gc
import logging
import os
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import fields
from pathlib import Path
from threading import Thread
from typing import Any, cast

from dbt.adapters.factory import FACTORY, get_adapter_package_names
from dbt.cli.main import cli, dbtRunner, dbtRunnerResult
from dbt.config.runtime import load_profile
from dbt.contracts.graph.manifest import Manifest
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context

from scripts.dbt_slim import checked_before, slim, without_files

__all__ = [
    "Manifest",
    "close_connections",
    "command_line",
    "dbtRunnerResult",
    "errors_of_spark",
    "facts_of",
    "look_on_spark",
    "manifest_of",
    "own_packages",
    "run",
    "session_of_spark",
    "slim",
    "start_spark",
    "stop_spark",
    "write_sql",
]

# A log that cannot be written, as on a full disk, is no reason to print tracebacks.
logging.raiseExceptions = False


def run(
    arguments: Iterable[str],
    manifest: Manifest | None = None,
    callbacks: Iterable[Callable[[Any], None]] = (),
    writes_sql: bool = True,
) -> dbtRunnerResult:
    """Run a dbt command; its answer has `success`, `result` and `exception`.

    `manifest` is of the project as it is. Without `writes_sql` it leaves out the files
    of what it made of each node.
    """
    slim()
    with ExitStack() as spared:
        if manifest:
            spared.enter_context(checked_before())
        if not writes_sql:
            spared.enter_context(without_files())
        runner = dbtRunner(manifest, callbacks=list(callbacks))
        return runner.invoke(list(arguments))


def write_sql(node: Any, project: Path) -> None:
    """Write the SQL of a node to where dbt writes it."""
    if getattr(node, "compiled_path", None) and node.compiled_code:
        node.write_node(str(project), node.compiled_path, node.compiled_code)


def command_line(arguments: list[str]) -> int:
    """Run dbt as its own command does; return its exit code."""
    if not {"-d", "--debug"} & set(arguments):
        slim()
    try:
        cli.main(args=arguments, prog_name="dbt")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def facts_of(manifest: Manifest) -> dict[str, Any]:
    """Return all that a manifest knows, to be kept; what it works out it does again."""
    names = (fact.name for fact in fields(manifest) if fact.name[0] != "_")
    return {name: getattr(manifest, name) for name in names}


def manifest_of(facts: dict[str, Any]) -> Manifest:
    """Return the manifest of facts that were kept."""
    manifest = Manifest(**facts)
    FACTORY.load_plugin(cast(str, manifest.metadata.adapter_type))
    return manifest


def own_packages(manifest: Manifest) -> set[str]:
    """Return the packages of macros that dbt and its adapters bring."""
    return {"dbt", *get_adapter_package_names(manifest.metadata.adapter_type)}


def look_on_spark(project: Path) -> Any:
    """Return a connection to the tables on Spark of the settings that were chosen.

    It is to the session that dbt has in this process, which lives as long as that.
    """
    from dbt.adapters.spark_strict.look import Look

    return Look(_credentials(project))


def session_of_spark(project: Path) -> Any:
    """Return the session itself."""
    from dbt.adapters.spark_strict.connections import StrictConnections

    return StrictConnections.base(_credentials(project))


def start_spark(project: Path) -> None:
    """Begin to start the session, which takes ten seconds, beside what comes next.

    Who needs it waits for it, and reports what prevents it.
    """
    from dbt.adapters.spark_strict.connections import StrictConnections

    def start(credentials: Any) -> None:
        with suppress(Exception):
            StrictConnections.base(credentials)

    Thread(target=start, args=(_credentials(project),), daemon=True).start()


def stop_spark() -> None:
    """End the session; the next one may be elsewhere."""
    from dbt.adapters.spark_strict.connections import StrictConnections

    StrictConnections.end()


def _credentials(project: Path) -> Any:
    """Return what the profile says of the target that was chosen."""
    set_invocation_context(dict(os.environ))
    set_from_args(Namespace(PROFILES_DIR=str(project), PROJECT_DIR=str(project)), None)
    return load_profile(str(project), {}).credentials


def errors_of_spark() -> type[Exception]:
    """Return what such a connection raises."""
    from dbt.adapters.spark_strict.look import LookError

    return LookError


def close_connections(has_failed: bool = True) -> None:
    """Let go of the database: DuckDB lets nobody else in while dbt holds it, and
    SQLite writes its log back into the file only when the last one leaves.

    dbt only forgets its connections; those of failed nodes live on in the errors,
    and DuckDB's in its cursors. Looking for these takes a tenth of a small build.
    """
    is_shared = False
    for adapter in FACTORY.adapters.values():
        manager = adapter.connections
        for connection in manager.thread_connections.values():
            _close(connection.handle)
        _close(getattr(manager, "_ENV", None))
        with suppress(AttributeError):  # DuckDB's alone has it
            manager.close_all_connections()
            is_shared = True
    if has_failed or is_shared:
        gc.collect()


def _close(handle: Any) -> None:
    with suppress(Exception):  # closed already, or never opened
        handle.close()
