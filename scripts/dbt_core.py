"""All contact with dbt's Python API: running it in this process, and what that spares.

dbt Core 2 is a program without Python in its process. Then `run` starts that program
and reads `target/manifest.json` and `run_results.json` into what its callers use
(nodes and sources with their columns and meta; status, message, time and failures of
each result); `slim` and `close_connections` go, for nothing is left in this process to
spare or to close. The adapters in adapters/dbt-strict cannot move that way: Core 2
takes no adapters in Python. Their macros can, to the adapters that it has; until it
has one for SQLite, dbt-core stays pinned below 2. No other module of ours imports dbt,
and a test holds that.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from types import CodeType
from typing import Any

from dbt.adapters.factory import FACTORY, get_adapter_package_names
from dbt.cli.main import cli, dbtRunner, dbtRunnerResult
from dbt.clients.jinja import MacroGenerator
from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
from dbt.context.manifest import ManifestContext
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import Macro
from dbt.version import __version__
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.events.base_types import BaseEvent, DebugLevel, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import (
    ctx_set_event_manager,
    get_event_manager,
)
from jinja2 import FileSystemBytecodeCache

__all__ = [
    "Manifest",
    "close_connections",
    "command_line",
    "own_packages",
    "run",
    "slim",
]

# A log that cannot be written, as on a full disk, is no reason to print tracebacks.
logging.raiseExceptions = False

READ = {"NodeFinished"}
"""The debug events that somebody listens to."""


def run(
    arguments: Iterable[str],
    manifest: Manifest | None = None,
    callbacks: Iterable[Callable[[Any], None]] = (),
) -> dbtRunnerResult:
    """Run a dbt command; its answer has `success`, `result` and `exception`."""
    slim()
    return dbtRunner(manifest, callbacks=list(callbacks)).invoke(list(arguments))


def command_line(arguments: list[str]) -> int:
    """Run dbt as its own command does; return its exit code."""
    if not {"-d", "--debug"} & set(arguments):
        slim()
    try:
        cli.main(args=arguments, prog_name="dbt")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def own_packages(manifest: Manifest) -> set[str]:
    """Return the packages of macros that dbt and its adapters bring."""
    return {"dbt", *get_adapter_package_names(manifest.metadata.adapter_type)}


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


def slim() -> None:
    """Spare dbt, in this process, what costs time and changes nothing."""
    ctx_set_event_manager(_WithoutDebug())
    _leave_debug_events_empty()
    _keep_templates()
    _make_namespaces_quickly()
    _make_one_empty_table()
    # dbt keeps what it makes; looking through it for garbage again and again
    # takes a tenth of the time
    gc.set_threshold(100_000, 20, 20)
    if not gc.get_freeze_count():  # what is imported stays, to the end
        gc.freeze()


class _WithoutDebug(EventManager):
    """Drops debug events, some fifty a node, before they become messages."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        if (level or e.level_tag()) != EventLevel.DEBUG or type(e).__name__ in READ:
            super().fire_event(e, level, node, force_warn_or_error_handling)


@cache
def _leave_debug_events_empty() -> None:
    """Spare debug events that are dropped their message: a twentieth of a node."""
    make = BaseEvent.__init__

    def make_if_read(event: BaseEvent, *arguments: Any, **facts: Any) -> None:
        name = type(event).__name__
        if (
            isinstance(event, DebugLevel)
            and name not in READ
            and isinstance(get_event_manager(), _WithoutDebug)
        ):
            event.pb_msg = getattr(event.PROTO_TYPES_MODULE, name)()
        else:
            make(event, *arguments, **facts)

    BaseEvent.__init__ = make_if_read


@cache
def _make_namespaces_quickly() -> None:
    """Give each node its thousand macros at once: a tenth of a node.

    dbt makes them one by one, and looks each of them up in five places.
    """

    def add_macros(
        builder: MacroNamespaceBuilder, macros: Iterable[Macro], context: dict[str, Any]
    ) -> None:
        """Add the macros of one package."""
        made: dict[str, MacroGenerator] = {}
        node, stack = builder.node, builder.thread_ctx
        for macro in macros:
            made[macro.name] = generator = object.__new__(MacroGenerator)
            generator.context, generator.macro = context, macro
            generator.node, generator.stack = node, stack
        package = macro.package_name
        if package in builder.internal_package_names:
            builder.internal_packages[package] = made
            return
        builder.packages[package] = made
        if package == builder.search_package:
            builder.locals = made
        elif package == builder.root_package:
            builder.globals = made

    one_by_one = ManifestContext.to_dict

    def to_dict(context: ManifestContext) -> dict[str, Any]:
        if not isinstance(context.namespace, MacroNamespace):
            return one_by_one(context)
        found = super(ManifestContext, context).to_dict()
        for macros in reversed([*context.namespace._search_order()]):
            found.update(macros)
        return found

    MacroNamespaceBuilder.add_macros = add_macros
    ManifestContext.to_dict = to_dict


@cache
def _make_one_empty_table() -> None:
    """Share the answer of statements without rows: a twentieth of a node.

    dbt compiles its patterns of dates to make one.
    """
    agate_helper.empty_table = cache(agate_helper.empty_table)


@cache
def _keep_templates() -> None:
    """Keep what Jinja compiles between runs, by its own cache of bytecode.

    dbt makes its environments by itself, and has no setting for their cache.
    """
    try:
        kept = FileSystemBytecodeCache()
    except RuntimeError:  # no folder for temporary files that is ours alone
        return
    compile_anew = MacroFuzzEnvironment.compile

    def compile_once(
        environment: MacroFuzzEnvironment, source: str, *_: Any, **__: Any
    ) -> CodeType:
        # native environments compile to something else
        name = f"{__version__} {type(environment).__name__} {source}"
        bucket = kept.get_bucket(environment, name, None, source)
        if bucket.code is None:
            bucket.code = compile_anew(environment, source)
            kept.set_bucket(bucket)
        return bucket.code

    MacroFuzzEnvironment.compile = compile_once
