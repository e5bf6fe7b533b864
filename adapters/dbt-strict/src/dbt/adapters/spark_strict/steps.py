"""Common table expressions that are read several times, as steps before a query.

Spark puts the text of each into every place that reads it, and so on: a chain of ten,
each read twice, is worked out a thousand times, and planned as often.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from sqlglot import exp


@dataclass
class Step:
    """A query whose rows are kept under a name."""

    name: str
    query: exp.Expression
    again: exp.Expression | None = None
    """What is found from the rows that were new last, as long as any are."""


def parted(tree: exp.Expression, prefix: str) -> tuple[list[Step], exp.Expression]:
    """Return steps, and what is left of a query. Steps read those before them.

    Their names begin with `prefix`. One that finds rows from its own, each once, goes
    in rounds: Spark's recursion finds a row as often as there are ways to it.
    """
    given = tree.args.get("with_")
    if not given or not isinstance(tree, exp.Query):
        return [], tree
    ctes = {cte.alias: cte for cte in given.expressions}
    in_rounds = {name for name, cte in ctes.items() if _goes_in_rounds(cte)}
    kept = _kept(tree, ctes) | in_rounds
    if not kept:
        return [], tree
    names = {name: f"{prefix}__{name}" for name in kept}
    tree.set("with_", None)
    bodies = {name: _named(cte) for name, cte in ctes.items()}
    inner = bodies.keys() - kept
    steps = []
    for name in ctes:
        body = bodies[name]
        _renamed(body.this, {k: new for k, new in names.items() if k != name})
        if name in in_rounds:
            steps.append(_rounds(names[name], body, bodies, inner))
        elif name in kept and _reads(body.this.copy(), name):
            query = exp.select("*").from_(name)
            known = inner | {name}
            steps.append(Step(names[name], _with_needed(query, bodies, known)))
        elif name in kept:
            steps.append(Step(names[name], _with_needed(body.this, bodies, inner)))
    _renamed(tree, names)
    return steps, _with_needed(tree, bodies, inner)


def _goes_in_rounds(cte: exp.CTE) -> bool:
    body = cte.this
    return (
        isinstance(body, exp.Union)
        and bool(body.args.get("distinct"))
        and bool(_reads(body.right.copy(), cte.alias))
    )


def _rounds(
    name: str, cte: exp.CTE, bodies: dict[str, exp.CTE], inner: Set[str]
) -> Step:
    first, again = cte.this.left.copy(), cte.this.right.copy()
    columns = cte.args["alias"].args.get("columns") or []
    alias = exp.TableAlias(this=exp.to_identifier("_first"), columns=columns)
    first = exp.select("*").from_(exp.Subquery(this=first, alias=alias)).distinct()
    _renamed(again, {cte.alias: f"{name}__new"})
    again = exp.Except(
        this=exp.select("*").from_(exp.Subquery(this=again, alias="_again")),
        expression=exp.select("*").from_(name),
        distinct=True,
    )
    return Step(
        name, _with_needed(first, bodies, inner), _with_needed(again, bodies, inner)
    )


def _kept(tree: exp.Expression, ctes: dict[str, exp.CTE]) -> set[str]:
    """Return those that would be worked out more than once."""
    main = tree.copy()
    main.set("with_", None)
    readers = {name: cte.this.copy() for name, cte in ctes.items()}
    uses: dict[str, int] = {}
    kept: set[str] = set()
    for name in reversed(ctes):
        count = len(_reads(main, name))
        for reader, body in readers.items():
            if reader != name and reader in uses:
                times = 1 if reader in kept else uses[reader]
                count += times * len(_reads(body, name))
        uses[name] = count
        if count > 1 and not _is_plain(ctes[name].this):
            kept.add(name)
    return kept


def _is_plain(query: exp.Expression) -> bool:
    """Whether a query only picks columns and rows of one relation."""
    if not isinstance(query, exp.Select):
        return False
    parts = ("joins", "laterals", "group", "having", "distinct", "limit", "order")
    source = query.args.get("from_")
    return (
        not any(query.args.get(part) for part in parts)
        and source is not None
        and isinstance(source.this, exp.Table)
        and query.find(exp.Window, exp.AggFunc, exp.Subquery, exp.Exists) is None
        and query.find(exp.Anonymous) is None
    )


def _reads(query: exp.Expression, name: str) -> list[exp.Table]:
    """Return where a query names a common table expression from outside."""
    return [
        table
        for table in query.find_all(exp.Table)
        if table.name == name and not table.db and not _is_hidden(table, name)
    ]


def _is_hidden(table: exp.Table, name: str) -> bool:
    """Whether a query around a table has an expression of its own of that name."""
    around = table.parent
    while around is not None:
        own = around.args.get("with_")
        if own and any(cte.alias == name for cte in own.expressions):
            return True
        around = around.parent
    return False


def _named(cte: exp.CTE) -> exp.CTE:
    """Return an expression whose query names its columns itself, if it can."""
    columns = cte.args["alias"].args.get("columns")
    if not columns or _reads(cte.this.copy(), cte.alias):
        return cte.copy()
    alias = exp.TableAlias(this=exp.to_identifier("_named"), columns=columns)
    query = exp.select("*").from_(exp.Subquery(this=cte.this.copy(), alias=alias))
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(cte.alias)))


def _renamed(query: exp.Expression, names: dict[str, str]) -> None:
    for name, new in names.items():
        for table in _reads(query, name):
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
            table.set("this", exp.to_identifier(new))


def _with_needed(
    query: exp.Expression, bodies: dict[str, exp.CTE], known: Set[str]
) -> exp.Expression:
    """Return a query with those of the known expressions that it reads."""
    needed: set[str] = set()
    left = [query]
    while left:
        reader = left.pop().copy()
        for name in known - needed:
            if _reads(reader, name):
                needed.add(name)
                left.append(bodies[name].this)
    made = query.copy()
    own = made.args.get("with_")
    before = [cte.copy() for name, cte in bodies.items() if name in needed]
    if before:
        rest = own.expressions if own else []
        recursive = any(_reads(cte.this.copy(), cte.alias) for cte in before)
        made.set("with_", exp.With(expressions=[*before, *rest], recursive=recursive))
    return made
