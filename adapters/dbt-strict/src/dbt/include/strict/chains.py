"""Subqueries about one row as expressions over arrays.

Spark does not let a subquery within a subquery see the row, and lets none into a
lambda function. DuckDB makes a join of it, which keeps all rows. What a macro works
out step by step (`with given as (select x as v), … select v from …`) reads no table, so
each step becomes an array of its rows: a select is a lambda function over the array
before it, a condition leaves some of its rows out, `union all` puts two together. What
several steps read is the argument of a lambda, and so worked out once.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass

from sqlglot import exp

Columns = tuple[str, ...]
_OF_SEVERAL_ROWS = (exp.Window, exp.Lateral, exp.Unnest, exp.Explode)
"""What an expression about one row has no form for."""


class NotARowError(Exception):
    """A subquery that reads a table, or what has no form here."""


@dataclass
class Rows:
    """An array of rows, each a struct of some columns."""

    array: exp.Expression
    columns: Columns


class Arrays(ABC):
    """How an engine writes arrays and lambda functions."""

    @abstractmethod
    def call(self, name: str, *arguments: exp.Expression) -> exp.Expression:
        """Return a call of what Spark names so."""

    @abstractmethod
    def first(self, array: exp.Expression) -> exp.Expression:
        """Return the first element, or NULL."""

    @abstractmethod
    def struct(self, terms: list[tuple[str, exp.Expression]]) -> exp.Expression:
        """Return a row of named values."""


class Chains:
    """Rewrites the subqueries of one statement."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.call = arrays.call
        self.numbers = itertools.count(1)

    def rewrite(self, statement: exp.Expression) -> exp.Expression:
        """Replace what reads no table, the inner ones first."""
        for node in reversed(list(statement.find_all(exp.Subquery, exp.Exists))):
            if isinstance(node, exp.Exists) or is_value(node):
                query = node.this
            else:
                continue
            if isinstance(query, exp.Subquery):
                query = query.unnest()
            if not isinstance(query, exp.Query):
                continue
            if _reads_a_table(query):
                self.look_up(node, query)
            if _reads_a_table(query):
                continue
            try:
                if isinstance(node, exp.Exists):
                    made = exp.GT(
                        this=self.call("size", self.rows(query, {}).array),
                        expression=exp.Literal.number(0),
                    )
                else:
                    made = self.arrays.first(self.values(query, {}))
            except NotARowError:
                continue
            node.replace(made)
        return statement

    def look_up(self, node: exp.Expression, query: exp.Expression) -> None:
        """Let the select around a chain find what the chain looks up in tables.

        It looks where it has one source, of which these become further columns, and
        where they are about that source alone.
        """
        around = node.find_ancestor(exp.Select)
        source = around and around.args.get("from_")
        if not source or around.args.get("joins") or around.args.get("laterals"):
            return
        own = {
            column
            for select in query.find_all(exp.Select)
            for column in (term.alias_or_name for term in select.expressions)
        }
        found = _lookups(query)
        if any(
            c.name in own and not c.table for f in found for c in f.find_all(exp.Column)
        ):
            return
        if not found:
            return
        columns = []
        for inner in found:
            name = self.name()
            column = exp.column(name)
            listed = _listed(inner)
            if listed is not None:  # a list of its own: Spark fails at several of IN
                columns.append(exp.alias_(listed, name))
                inner.replace(self.call("array_contains", column, inner.this.copy()))
            else:
                columns.append(exp.alias_(inner.copy(), name))
                inner.replace(column)
        given = source.this
        alias = given.alias_or_name
        made = exp.select("*", *columns).from_(given.copy())
        given.replace(made.subquery(alias))

    def values(self, query: exp.Expression, known: dict[str, Rows]) -> exp.Expression:
        """Return the array of the only column of a query."""
        rows = self.rows(query, known)
        if len(rows.columns) != 1:
            raise NotARowError
        name = self.name()
        return self.call(
            "transform", rows.array, _lambda(name, _field(name, rows.columns[0]))
        )

    def rows(self, query: exp.Expression, known: dict[str, Rows]) -> Rows:
        """Return the rows of a query; `known` are those that it may name."""
        query = query.copy()
        while isinstance(query, exp.Subquery):
            query = query.this
        known, bound = self.named(query, known)
        if isinstance(query, exp.Union):
            made = self.united(query, known)
        elif isinstance(query, exp.Select):
            made = self.selected(query, known)
        else:
            raise NotARowError
        limit = query.args.get("limit")
        if limit:
            first = self.call("slice", made.array, _number(1), limit.expression.copy())
            made = Rows(first, made.columns)
        for name, array in reversed(bound):
            # worked out once, whatever reads it
            inner = _lambda(name, made.array)
            held = self.call("array", array)
            once = self.arrays.first(self.call("transform", held, inner))
            made = Rows(once, made.columns)
        return made

    def named(
        self, query: exp.Expression, known: dict[str, Rows]
    ) -> tuple[dict[str, Rows], list[tuple[str, exp.Expression]]]:
        """Take a query's WITH off: rows by name, and those that are read repeatedly."""
        known = dict(known)
        bound: list[tuple[str, exp.Expression]] = []
        given = query.args.get("with_")
        for cte in given.expressions if given else []:
            rows = self.rows(cte.this, known)
            names = tuple(c.name for c in cte.args["alias"].args.get("columns") or [])
            if names:
                rows = self.renamed(rows, names)
            if _times_read(query, cte.alias) > 1:
                name = self.name()
                bound.append((name, rows.array))
                rows = Rows(exp.to_identifier(name), rows.columns)
            known[cte.alias] = rows
        query.set("with_", None)
        return known, bound

    def united(self, query: exp.Union, known: dict[str, Rows]) -> Rows:
        """Return the rows of a UNION ALL."""
        if query.args.get("distinct"):
            raise NotARowError
        left = self.rows(query.left, known)
        right = self.rows(query.right, known)
        if right.columns != left.columns:
            right = self.renamed(right, left.columns)
        return Rows(self.call("concat", left.array, right.array), left.columns)

    def selected(self, select: exp.Select, known: dict[str, Rows]) -> Rows:
        """Return the rows of a select without its WITH."""
        parts = ("group", "having", "order", "distinct")
        if any(select.args.get(part) for part in parts):
            raise NotARowError
        scope: dict[str, tuple[str, Columns]] = {}
        arrays: list[tuple[str, exp.Expression]] = []
        for source in _sources(select):
            rows = self.source(source, known)
            name = self.name()
            scope[source.alias_or_name] = (name, rows.columns)
            arrays.append((name, rows.array))
        condition = select.args.get("where")
        if condition is not None:
            condition = _resolved(condition.this, scope)
        terms = _terms(select, scope)
        if len(arrays) == 1 and any(_aggregates(value) for _, value in terms):
            return self.aggregated(arrays[0], condition, terms)
        made = self.arrays.struct(terms)
        columns = tuple(name for name, _ in terms)
        if not arrays:
            array = self.call("array", made)
            if condition is not None:
                none = self.call("slice", array.copy(), _number(1), _number(0))
                array = exp.If(this=condition, true=array, false=none)
            return Rows(array, columns)
        *outer, (name, array) = arrays
        if condition is not None:
            array = self.call("filter", array, _lambda(name, condition))
        found = self.call("transform", array, _lambda(name, made))
        for name, array in reversed(outer):
            found = self.call(
                "flatten", self.call("transform", array, _lambda(name, found))
            )
        return Rows(found, columns)

    def aggregated(
        self,
        given: tuple[str, exp.Expression],
        condition: exp.Expression | None,
        terms: list[tuple[str, exp.Expression]],
    ) -> Rows:
        """Return the one row of aggregates of an array."""
        name, array = given
        if condition is not None:
            array = self.call("filter", array, _lambda(name, condition))
        made = []
        for column, value in terms:
            holder = exp.Paren(this=value)
            for found in list(_aggregates(value)):
                values = self.call(
                    "transform", array.copy(), _lambda(name, found.this.copy())
                )
                if isinstance(found, exp.Max):
                    found.replace(self.call("array_max", values))
                elif isinstance(found, exp.Min):
                    found.replace(self.call("array_min", values))
                elif isinstance(found, exp.Count) and isinstance(found.this, exp.Star):
                    found.replace(self.call("size", array.copy()))
                else:
                    raise NotARowError
            made.append((column, holder.this))
        row = self.arrays.struct(made)
        return Rows(self.call("array", row), tuple(c for c, _ in terms))

    def source(self, source: exp.Expression, known: dict[str, Rows]) -> Rows:
        """Return the rows of what stands behind FROM."""
        if isinstance(source, exp.Table) and not source.db and source.name in known:
            rows = known[source.name]
            return Rows(rows.array.copy(), rows.columns)
        if isinstance(source, exp.Subquery):
            rows = self.rows(source.this, known)
            alias = source.args.get("alias")
            names = (
                tuple(c.name for c in (alias.args.get("columns") or []))
                if alias
                else ()
            )
            return self.renamed(rows, names) if names else rows
        raise NotARowError

    def renamed(self, rows: Rows, columns: Columns) -> Rows:
        """Return the same rows with other names."""
        name = self.name()
        renamed = zip(columns, rows.columns, strict=True)
        made = self.arrays.struct([(new, _field(name, old)) for new, old in renamed])
        return Rows(self.call("transform", rows.array, _lambda(name, made)), columns)

    def name(self) -> str:
        """Return a name for a row that nothing else has."""
        return f"_r{next(self.numbers)}"


def _sources(select: exp.Select) -> list[exp.Expression]:
    sources = []
    if select.args.get("from_"):
        sources.append(select.args["from_"].this)
    for join in select.args.get("joins") or []:
        if join.args.get("on") or join.side or join.args.get("using"):
            raise NotARowError
        sources.append(join.this)
    return sources


def _terms(
    select: exp.Select, scope: dict[str, tuple[str, Columns]]
) -> list[tuple[str, exp.Expression]]:
    terms: list[tuple[str, exp.Expression]] = []
    for term in select.expressions:
        if isinstance(term, exp.Star):
            for name, columns in scope.values():
                terms += [(column, _field(name, column)) for column in columns]
            continue
        value = term.this if isinstance(term, exp.Alias) else term
        name = term.alias_or_name or f"_{len(terms) + 1}"
        terms.append((name, _resolved(value.copy(), scope)))
    return terms


def _number(value: int) -> exp.Expression:
    return exp.Literal.number(value)


def is_value(node: exp.Subquery) -> bool:
    """Whether a subquery is a value, not a relation."""
    parent = node.parent
    return not (
        node.alias
        or parent is None
        or isinstance(
            parent,
            exp.From | exp.Join | exp.CTE | exp.Union | exp.Lateral | exp.Subquery,
        )
        or (isinstance(parent, exp.In) and node.arg_key == "query")
        or node.arg_key in ("from_", "with_")
    )


def _reads_a_table(query: exp.Expression) -> bool:
    named = {cte.alias for cte in query.find_all(exp.CTE)}
    return (
        any(table.db or table.name not in named for table in query.find_all(exp.Table))
        or any(True for _ in query.find_all(*_OF_SEVERAL_ROWS))
        or any(with_.args.get("recursive") for with_ in query.find_all(exp.With))
    )


def _reads_only_tables(node: exp.Expression) -> bool:
    tables = list(node.find_all(exp.Table))
    return bool(tables) and not list(node.find_all(exp.CTE))


def _lookups(query: exp.Expression) -> list[exp.Expression]:
    """Return the subqueries of a chain that read tables, and are in no other one."""
    found: list[exp.Expression] = []
    for inner in query.find_all(exp.Subquery, exp.Exists, exp.In):
        if isinstance(inner, exp.In) and not inner.args.get("query"):
            continue
        if isinstance(inner, exp.Subquery) and not is_value(inner):
            continue
        if any(inner is part for whole in found for part in whole.walk()):
            continue
        if _reads_only_tables(inner):
            found.append(inner)
    return found


def _listed(node: exp.Expression) -> exp.Expression | None:
    """Return a query of one column as a query for a list, if it is about itself."""
    if not isinstance(node, exp.In):
        return None
    query = node.args["query"].unnest().copy()
    plain = isinstance(query, exp.Select) and not any(
        query.args.get(part) for part in ("group", "limit", "distinct")
    )
    names = {table.alias_or_name for table in query.find_all(exp.Table)}
    if not plain or any(c.table not in names for c in query.find_all(exp.Column)):
        return None
    if len(query.expressions) != 1:
        return None
    query.set(
        "expressions",
        [exp.Anonymous(this="collect_list", expressions=query.expressions[:1])],
    )
    return exp.Subquery(this=query)


def _times_read(query: exp.Expression, name: str) -> int:
    return sum(
        1 for table in query.find_all(exp.Table) if table.name == name and not table.db
    )


def _aggregates(value: exp.Expression) -> list[exp.Expression]:
    return list(value.find_all(exp.AggFunc))


def _resolved(
    value: exp.Expression, scope: dict[str, tuple[str, Columns]]
) -> exp.Expression:
    """Put fields of the rows for the columns that are theirs."""
    holder = exp.Paren(this=value)
    for column in list(holder.find_all(exp.Column)):
        if column.args.get("db"):
            continue
        if column.table:
            if column.table in scope:
                name, columns = scope[column.table]
                if column.name in columns:
                    column.replace(_field(name, column.name))
            continue
        for name, columns in scope.values():
            if column.name in columns:
                column.replace(_field(name, column.name))
                break
    return holder.this


def _field(name: str, column: str) -> exp.Expression:
    # a plain name, so that it is not taken for a column again
    return exp.Dot(
        this=exp.to_identifier(name), expression=exp.to_identifier(column, quoted=True)
    )


def _lambda(name: str, body: exp.Expression) -> exp.Expression:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name)])
