"""What dbt is spared: work that costs time and changes nothing (decision 19).

No setting of dbt leaves these out, so functions of it are replaced in this process.
"""

from __future__ import annotations

import gc
import sys
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from types import BuiltinMethodType, CodeType, FrameType, MethodType
from typing import Any, cast

from dbt import flags
from dbt.clients.jinja import MacroGenerator
from dbt.compilation import Linker
from dbt.context import exceptions_jinja, providers
from dbt.contracts.graph.nodes import ParsedNode
from dbt.graph.queue import GraphQueue
from dbt.graph.thread_pool import DbtThreadPool
from dbt.task.build import BuildTask
from dbt.task.runnable import GraphRunnableTask
from dbt.version import __version__
from dbt_common import behavior_flags
from dbt_common.clients import agate_helper, jinja
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.dataclass_schema import dbtClassMixin
from dbt_common.events.base_types import BaseEvent, DebugLevel, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import (
    ctx_set_event_manager,
    get_event_manager,
)
from dbt_common.exceptions import CaughtMacroErrorWithNodeError, CompilationError
from dbt_common.exceptions.macros import MacroReturn
from jinja2 import FileSystemBytecodeCache
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context, missing

from scripts.dbt_names import make_macros_when_they_are_called, replace

METHODS = MethodType, BuiltinMethodType


def slim() -> None:
    """Spare dbt, in this process, what costs time and changes nothing."""
    ctx_set_event_manager(_WithoutDebug())
    _leave_debug_events_empty()
    _keep_templates()
    _keep_environments()
    make_macros_when_they_are_called()
    _call_macros_quickly()
    _read_attributes_quickly()
    _find_names_quickly()
    _make_tables_quickly()
    _ask_for_flags_once()
    _merge_variables_once()
    _name_modules_quickly()
    _begin_with_the_longest_way()
    providers.wrapped_exports = _Exceptions
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
        if (level or e.level_tag()) != EventLevel.DEBUG:
            super().fire_event(e, level, node, force_warn_or_error_handling)


@cache
def _leave_debug_events_empty() -> None:
    """Spare debug events that are dropped their message: a twentieth of a node."""
    make = BaseEvent.__init__

    def make_if_read(event: BaseEvent, *arguments: Any, **facts: Any) -> None:
        if isinstance(event, DebugLevel) and isinstance(
            get_event_manager(), _WithoutDebug
        ):
            event.pb_msg = getattr(event.PROTO_TYPES_MODULE, type(event).__name__)()
        else:
            make(event, *arguments, **facts)

    replace(BaseEvent, __init__=make_if_read)


@cache
def _call_macros_quickly() -> None:
    """Let macros call each other by the way: a tenth of a node.

    dbt makes a module of a macro for each call, and Jinja looks for marks of what
    is handed a context, which no macro is.
    """
    without_stack: Callable[..., Any] = MacroGenerator.__call__

    def call(generator: Any, *arguments: Any, **named: Any) -> Any:
        if generator.stack is None:
            return without_stack(generator, *arguments, **named)
        try:
            made = generator.made  # its names are looked up when it is called
        except AttributeError:
            made = generator.made = generator.get_macro()
        name, calling = generator.macro.unique_id, generator.stack.call_stack
        if not calling and generator.node:
            generator.node.depends_on.add_macro(name)
        calling.append(name)
        try:
            return made(*arguments, **named)
        except MacroReturn as answer:
            return answer.value
        except (TypeError, TemplateRuntimeError) as error:
            raise CaughtMacroErrorWithNodeError(
                exc=error, node=generator.macro
            ) from error
        except CompilationError as error:
            error.stack.append(generator.macro)
            raise
        finally:
            calling.pop()

    call_any = MacroFuzzEnvironment.call

    def call_from_template(
        environment: MacroFuzzEnvironment,
        context: Context,
        called: Any,
        *arguments: Any,
        **named: Any,
    ) -> Any:
        if type(called) is not MacroGenerator:
            return call_any(environment, context, called, *arguments, **named)
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*arguments, **named)

    replace(MacroGenerator, __call__=call)
    replace(MacroFuzzEnvironment, call=call_from_template)


@cache
def _read_attributes_quickly() -> None:
    """Look once for each type whether templates may see an attribute of it."""
    read_any = MacroFuzzEnvironment.getattr
    known: dict[tuple[type, str], bool] = {}

    def read(environment: MacroFuzzEnvironment, thing: Any, name: str) -> Any:
        try:
            value = getattr(thing, name)
        except AttributeError:
            try:
                return thing[name]
            except (TypeError, LookupError):
                return environment.undefined(obj=thing, name=name)
        if isinstance(value, METHODS) and value.__name__ in ("format", "format_map"):
            return read_any(environment, thing, name)  # which guards these
        key = type(thing), name
        is_safe = known.get(key)
        if is_safe is None:
            is_safe = known[key] = environment.is_safe_attribute(thing, name, value)
        return value if is_safe else environment.unsafe_undefined(thing, name)

    replace(MacroFuzzEnvironment, getattr=read)


@cache
def _find_names_quickly() -> None:
    """Look names of a template up in one map after the other, by the way."""

    class QuickContext(Context):
        def resolve_or_missing(self, key: str) -> Any:
            if key in self.vars:
                return self.vars[key]
            parent: Any = self.parent
            for names in parent.maps if type(parent) is ChainMap else (parent,):
                try:
                    return names[key]
                except KeyError:
                    continue
            return missing

    MacroFuzzEnvironment.context_class = QuickContext


@cache
def _make_tables_quickly() -> None:
    """Share the answer of statements without rows, and what finds types of others.

    dbt compiles its patterns of dates to make one: a twentieth of a node.
    """
    agate_helper.empty_table = cache(agate_helper.empty_table)
    build = agate_helper.build_type_tester

    def build_type_tester(text_columns: Iterable[str], *more: Any, **named: Any) -> Any:
        if text_columns or more or named:
            return build(text_columns, *more, **named)
        return agate_helper.DEFAULT_TYPE_TESTER

    agate_helper.build_type_tester = build_type_tester


@cache
def _ask_for_flags_once() -> None:
    """Read the flags of a command once, and not twice for each node."""
    read: Callable[[], dict[str, Any]] = flags.get_flag_dict
    known: list[Any] = []

    def get_flag_dict() -> dict[str, Any]:
        if not known or known[0] is not flags.GLOBAL_FLAGS:
            known[:] = flags.GLOBAL_FLAGS, read()
        return dict(known[1])

    flags.get_flag_dict = get_flag_dict


@cache
def _merge_variables_once() -> None:
    """Put the variables of a package together once, and not twice for each node."""
    merge = providers.ModelConfiguredVar._generate_merged
    known: dict[tuple[int, str], tuple[Any, Any]] = {}

    def merged(var: Any) -> Any:
        key = id(var._config), var._node.package_name
        if key not in known:
            known[key] = var._config, merge(var)  # nothing else gets its id
        return known[key][1]

    replace(providers.ModelConfiguredVar, _generate_merged=merged)


class _Exceptions(dict[str, Any]):
    """What macros can raise, each made when it is first used."""

    def __init__(self, node: Any) -> None:
        self._wrap = exceptions_jinja.wrapper(node)

    def __missing__(self, name: str) -> Any:
        self[name] = made = self._wrap(exceptions_jinja.CONTEXT_EXPORTS[name])
        return made


@cache
def _name_modules_quickly() -> None:
    """Find the module that a flag of an adapter is of without its source code."""

    def module_of_caller() -> str:
        frame: FrameType | None = sys._getframe(1)
        while frame:
            name = frame.f_globals.get("__name__", "")
            if name not in ("", behavior_flags.__name__, __name__):
                return name
            frame = frame.f_back
        return "Unknown"

    named = staticmethod(module_of_caller)
    replace(behavior_flags.BehaviorFlagRendered, _default_source=named)


@cache
def _begin_with_the_longest_way() -> None:
    """Of the nodes that can be built, take the one that most others wait for in a row.

    dbt takes all nodes of one depth before those of the next, and hands out all that
    can be built, in that order. Then the longest chain of nodes is left for the end,
    when most threads have nothing to do.
    """

    def scores(queue: GraphQueue, graph: Any) -> dict[str, int]:
        ways: dict[str, int] = {}
        for group in reversed(list(queue._grouped_topological_sort(graph))):
            for node in group:
                after = [ways[child] for child in graph.successors(node)]
                is_model = not node.startswith(("test.", "unit_test."))
                ways[node] = max(after, default=0) + is_model
        return {node: -length for node, length in ways.items()}

    def when_a_thread_is_free(hand_out: Callable[..., None]) -> Callable[..., None]:
        def wait(task: GraphRunnableTask, pool: DbtThreadPool, *more: Any) -> None:
            queue = cast(GraphQueue, task.job_queue)
            with queue.some_task_done:
                while len(queue.in_progress) >= (pool.max_threads or 1):
                    queue.some_task_done.wait()
            hand_out(task, pool, *more)

        return wait

    replace(GraphQueue, _get_scores=scores)
    for task in (GraphRunnableTask, BuildTask):
        replace(task, handle_job_queue=when_a_thread_is_free(task.handle_job_queue))


@contextmanager
def without_files() -> Iterator[None]:
    """Write no file of the SQL of each node, and none about the graph."""
    write, summarize = ParsedNode.write_node, Linker.get_graph_summary
    replace(ParsedNode, write_node=lambda *_: None)
    replace(Linker, get_graph_summary=lambda *_: {})
    try:
        yield
    finally:
        replace(ParsedNode, write_node=write)
        replace(Linker, get_graph_summary=summarize)


CHECKED = {"Configuration", "PackageConfig", "Project", "ProjectFlags"}
"""What dbt calls the declarations that it checks before it parses."""


@contextmanager
def checked_before() -> Iterator[None]:
    """Leave out checks of declarations that were parsed: to make them takes longest."""
    check = dbtClassMixin.__dict__["validate"]

    def validate(declared: type, data: Any) -> None:
        if declared.__name__ not in CHECKED:
            check.__func__(declared, data)

    replace(dbtClassMixin, validate=classmethod(validate))
    try:
        yield
    finally:
        replace(dbtClassMixin, validate=check)


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

    replace(MacroFuzzEnvironment, compile=compile_once)


@cache
def _keep_environments() -> None:
    """Let templates share an environment, where it learns nothing from one."""
    make = jinja.get_environment
    kept = cache(lambda native: make(native=native))

    def get_environment(
        node: Any = None, capture_macros: bool = False, native: bool = False
    ) -> Any:
        return make(node, capture_macros, native) if capture_macros else kept(native)

    jinja.get_environment = get_environment
