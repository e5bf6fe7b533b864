"""The names that a node's SQL can use: dbt's macros, each made when it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from dbt.clients.jinja import MacroGenerator
from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
from dbt.context.manifest import ManifestContext
from dbt.contracts.graph.nodes import Macro
from dbt.include.global_project import PROJECT_NAME as DBT
from dbt_common.clients.jinja import MacroFuzzTemplate, NativeSandboxTemplate

Macros = dict[str, dict[str, Macro]]
"""Every macro by package and name."""


class _Later(dict[str, Any]):
    """Names whose values are made when they are first used."""

    names: Mapping[str, Any]
    """Every name that is not in it from the start."""

    def make(self, name: str) -> Any:
        """Return the value of one of the names."""
        raise NotImplementedError

    def __missing__(self, name: str) -> Any:
        if name not in self.names:
            raise KeyError(name)
        self[name] = made = self.make(name)
        return made

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in self.names

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def _all(self) -> dict[str, Any]:
        for name in self.names:
            self[name]
        return dict(dict.items(self))

    def __bool__(self) -> bool:
        return bool(self.names) or dict.__len__(self) > 0

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def keys(self) -> Any:
        return self._all().keys()

    def values(self) -> Any:
        return self._all().values()

    def items(self) -> Any:
        return self._all().items()

    def copy(self) -> dict[str, Any]:
        return self._all()


class _Package(_Later):
    """The macros of a package, as a node calls them."""

    def __init__(
        self, macros: dict[str, Macro], builder: MacroNamespaceBuilder, context: Any
    ) -> None:
        self.names, self._builder, self._context = macros, builder, context

    def make(self, name: str) -> MacroGenerator:
        builder = self._builder
        macro = self.names[name]
        return MacroGenerator(macro, self._context, builder.node, builder.thread_ctx)


class _Internal(_Later):
    """The macros of dbt and its adapters, as if of one package."""

    def __init__(self, names: dict[str, str], packages: dict[str, _Package]) -> None:
        self.names, self._packages = names, packages

    def make(self, name: str) -> MacroGenerator:
        return self._packages[self.names[name]][name]


class _Names(_Later):
    """What a template of a node can name."""

    names: Mapping[str, Any] = MappingProxyType({})
    """None, until the context has what is not a macro."""
    later: Mapping[str, Any]
    namespace: MacroNamespace

    def make(self, name: str) -> Any:
        return self.namespace[name]


class _Layout(NamedTuple):
    """Where macros are, which is the same for every node of a package."""

    internal: dict[str, str]
    """The package of each macro that dbt or an adapter brings."""
    others: set[str]
    """The packages that are of neither."""
    names: dict[str, None]
    """What a template can name: macros, and packages."""
    macros: Macros
    """Of which it is; nothing else can have its id meanwhile."""


_layouts: dict[Any, _Layout] = {}


def _layout(builder: MacroNamespaceBuilder, macros: Macros) -> _Layout:
    own = builder.search_package, builder.root_package
    key = id(macros), sum(map(len, macros.values())), own
    if key not in _layouts:
        internal: dict[str, str] = {}
        for package in reversed(builder.internal_package_names_order):
            internal.update(dict.fromkeys(macros.get(package, ()), package))
        others = macros.keys() - builder.internal_package_names
        names = dict.fromkeys([*internal, *others, DBT])
        for package in others.intersection(own):
            names.update(dict.fromkeys(macros[package]))
        _layouts[key] = _Layout(internal, others, names, macros)
    return _layouts[key]


def _build_namespace(
    builder: MacroNamespaceBuilder, macros: Macros, context: dict[str, Any]
) -> MacroNamespace:
    layout = _layout(builder, macros)
    packages = {name: _Package(of, builder, context) for name, of in macros.items()}
    root, search = builder.root_package, builder.search_package
    namespace = MacroNamespace(
        global_namespace=packages[root] if root in layout.others - {search} else {},
        local_namespace=packages[search] if search in layout.others else {},
        global_project_namespace=_Internal(layout.internal, packages),
        packages={name: packages[name] for name in layout.others},
    )
    if isinstance(context, _Names):
        context.namespace, context.later = namespace, layout.names
    return namespace


@cache
def make_macros_when_they_are_called() -> None:
    """Give a node its macros as it calls them: a tenth of a node.

    dbt makes more than a thousand for it, twice.
    """
    build, all_at_once = ManifestContext._build_namespace, ManifestContext.to_dict

    def build_later(context: ManifestContext) -> MacroNamespace:
        context._ctx = _Names()
        return build(context)

    def to_dict(context: ManifestContext) -> dict[str, Any]:
        if not isinstance(context.namespace, MacroNamespace):
            return all_at_once(context)
        found = cast(_Names, super(ManifestContext, context).to_dict())
        for name in dict.keys(found) & found.later.keys():  # a macro wins
            found[name] = context.namespace[name]
        found.names = found.later
        return found

    # it copies all names to render one setting; that of other templates does not
    replace(NativeSandboxTemplate, new_context=MacroFuzzTemplate.new_context)
    replace(MacroNamespaceBuilder, build_namespace=_build_namespace)
    replace(ManifestContext, _build_namespace=build_later, to_dict=to_dict)


def replace(owner: type, **by: Any) -> None:
    """Put functions of ours in the place of those of a class."""
    for name, function in by.items():
        setattr(owner, name, function)
