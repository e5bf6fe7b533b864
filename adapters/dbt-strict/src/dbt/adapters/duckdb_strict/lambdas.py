"""Expressions of DuckDB whose subqueries about one row are lambda functions.

DuckDB makes a join of such a subquery: it keeps all rows in memory, and works out each
branch for all of them. A lambda function takes rows as they come.
"""

from __future__ import annotations

import re

from dbt.include.strict.chains import Arrays, Chains
from sqlglot import exp, parse_one

_NAMES = {
    "array": "list_value",
    "array_contains": "list_contains",
    "array_max": "list_max",
    "array_min": "list_min",
    "concat": "list_concat",
    "filter": "list_filter",
    "flatten": "flatten",
    "size": "len",
    "slice": "list_slice",
    "transform": "list_transform",
}
_PART_MATCHES = "_part_matches"


class Lists(Arrays):
    """DuckDB's lists."""

    def call(self, name: str, *arguments: exp.Expression) -> exp.Expression:
        """Return a call of the function of lists that does the same."""
        return exp.Anonymous(this=_NAMES[name], expressions=list(arguments))

    def first(self, array: exp.Expression) -> exp.Expression:
        """Return the first element, or NULL."""
        number = exp.Literal.number(1)
        return exp.Anonymous(this="list_extract", expressions=[array, number])

    def struct(self, terms: list[tuple[str, exp.Expression]]) -> exp.Expression:
        """Return a row of named values."""
        return exp.Struct(
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=v)
                for name, v in terms
            ]
        )


def has_subquery(expression: str) -> bool:
    """Whether an expression may have a subquery."""
    return bool(re.search(r"\bselect\b", expression, re.I))


def with_lambdas(expression: str) -> str:
    """Return an expression over `_1`, `_2` and so on without subqueries.

    Where one is left, as of what reads a table, the expression stays as it is: a lambda
    function may have none.
    """
    if not has_subquery(expression):
        return expression
    # sqlglot reads `~`, which is about the whole text, as this one
    given = re.sub(r"\bregexp_matches(?=\()", _PART_MATCHES, expression)
    tree = parse_one(f"select {given}", dialect="duckdb")
    for node in list(tree.find_all(exp.RegexpLike)):
        sides = [node.this, node.expression]
        node.replace(exp.Anonymous(this="regexp_full_match", expressions=sides))
    tree = Chains(Lists()).rewrite(tree)
    if len(list(tree.find_all(exp.Select))) > 1:
        return expression
    made = _with_arguments(tree.expressions[0]).sql("duckdb", comments=False)
    return re.sub(_PART_MATCHES, "regexp_matches", made, flags=re.I)


def _with_arguments(value: exp.Expression) -> exp.Expression:
    """Have arguments worked out before lambda functions, as they may be subqueries."""
    holder = exp.Paren(this=value)
    used = [c for c in holder.find_all(exp.Column) if re.fullmatch(r"_\d+", c.name)]
    if not any(column.find_ancestor(exp.Lambda) for column in used):
        return value
    names = sorted({column.name for column in used}, key=len)
    for column in used:
        name = exp.to_identifier(column.name, quoted=True)
        column.replace(exp.Dot(this=exp.to_identifier("_given"), expression=name))
    lists = Lists()
    row = lists.struct([(name, exp.column(name)) for name in names])
    given = exp.Lambda(this=holder.this, expressions=[exp.to_identifier("_given")])
    return lists.first(lists.call("transform", lists.call("array", row), given))
