"""Common table expressions that are read several times, as steps before a query.

Spark puts the text of each into every place that reads it, and so on: a chain of ten,
each read twice, is worked out a thousand times, and planned as often.
"""

from __future__ import annotations

from collections.abc import Set

from sqlglot import exp

Step = tuple[str, exp.Expression]


def parted(tree: exp.Expression, prefix: str) -> tuple[list[Step], exp.Expression]:
    """Return steps, each a name and a query to keep rows of, and what is left.

    The names begin with `prefix`. Steps read those before them.
    """
    given = tree.args.get("with_")
    if not given or not isinstance(tree, exp.Query):
        return [], tree
    ctes = {cte.alias: cte for cte in given.expressions}
    kept = _kept(tree, ctes)
    if not kept:
        return [], tree
    names = {name: f"{prefix}__{name}" for name in kept}
    tree.set("with_", None)
    bodies = {name: _body(cte) for name, cte in ctes.items()}
    steps = []
    for name in ctes:
        others = {kept: new for kept, new in names.items() if kept != name}
        _renamed(bodies[name], others)
        if name in kept:
            query, known = bodies[name], bodies.keys() - kept
            if _reads(query, name):  # a recursive one
                query, known = exp.select("*").from_(name), known | {name}
            steps.append((names[name], _with_needed(query, bodies, known)))
    _renamed(tree, names)
    return steps, _with_needed(tree, bodies, bodies.keys() - kept)


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


def _body(cte: exp.CTE) -> exp.Expression:
    columns = cte.args["alias"].args.get("columns")
    body: exp.Expression = cte.this.copy()
    if not columns:
        return body
    alias = exp.TableAlias(this=exp.to_identifier("_named"), columns=columns)
    return exp.select("*").from_(exp.Subquery(this=body, alias=alias))


def _renamed(query: exp.Expression, names: dict[str, str]) -> None:
    for name, new in names.items():
        for table in _reads(query, name):
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
            table.set("this", exp.to_identifier(new))


def _with_needed(
    query: exp.Expression, bodies: dict[str, exp.Expression], known: Set[str]
) -> exp.Expression:
    """Return a query with those of the known expressions that it reads."""
    needed: set[str] = set()
    left = [query]
    while left:
        reader = left.pop()
        for name, body in bodies.items():
            if name in known and name not in needed and _reads(reader, name):
                needed.add(name)
                left.append(body)
    made = query.copy()
    own = made.args.get("with_")
    before = [
        exp.CTE(
            this=bodies[name].copy(),
            alias=exp.TableAlias(this=exp.to_identifier(name)),
        )
        for name in bodies
        if name in needed
    ]
    if before:
        rest = own.expressions if own else []
        recursive = any(_reads(bodies[name], name) for name in needed)
        made.set("with_", exp.With(expressions=[*before, *rest], recursive=recursive))
    return made
