"""Queries as DuckDB reads them, written for Spark.

Forms of macros are portable SQL or DuckDB's; here they are read, and written with
Spark's functions. What differs in meaning, not in spelling, is named where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dbt.adapters.spark_strict.arrays import SparkArrays
from dbt.adapters.spark_strict.letters import lower_text, upper_text
from dbt.adapters.spark_strict.patterns import (
    first_pattern,
    glob_pattern,
    java_pattern,
    java_replacement,
)
from dbt.include.strict.chains import Chains, is_value
from sqlglot import exp, parse_one

TEMPORARY: set[str] = set()
"""Views that are of this run alone, and so of no schema."""

WITHIN = (exp.AggFunc, exp.Group, exp.Where, exp.Join)
"""Where a subquery is about rows, not about groups of them."""

FORMATS = {
    "%Y": "yyyy", "%m": "MM", "%d": "dd", "%H": "HH", "%M": "mm", "%S": "ss",
    "%f": "SSSSSS", "%g": "SSS",
}  # fmt: skip


def translated(sql: str) -> str:
    """Return a query in Spark's words."""
    return written(parsed(sql))


def parsed(sql: str) -> exp.Expression:
    """Read a query."""
    return parse_one(sql, dialect="duckdb")


def rewritten(tree: exp.Expression) -> exp.Expression:
    """Return a query that was read, in Spark's words."""
    # what is within comes first: a node that is replaced takes its parts along
    for node in reversed(list(tree.walk(bfs=True))):
        found = _rewritten(node)
        if found is not node:
            if node is tree:
                tree = found
            else:
                node.replace(found)
    return _looked_up_of_groups(Chains(SparkArrays()).rewrite(tree))


def _looked_up_of_groups(tree: exp.Expression) -> exp.Expression:
    # about columns of the group, so each row finds the same: Spark wants it said
    for node in list(tree.find_all(exp.Subquery)):
        select = node.parent_select
        if select is None or not select.args.get("group") or not is_value(node):
            continue
        within = node.find_ancestor(*WITHIN, exp.Select)
        if within is not select:
            continue
        node.replace(exp.First(this=node.copy()))
    return tree


def written(tree: exp.Expression) -> str:
    """Write a query that was read."""
    tree = rewritten(tree)
    if not isinstance(tree, exp.Query):
        return tree.sql("spark", comments=False)
    # within brackets a WITH stays where it is
    return exp.Paren(this=tree).sql("spark", comments=False)[1:-1]


def _rewritten(node: exp.Expression) -> exp.Expression:
    rewrite = REWRITES.get(type(node))
    if rewrite is None and isinstance(node, exp.Anonymous):
        rewrite = FUNCTIONS.get(node.name.lower())
    return rewrite(node) if rewrite else node


def _text(node: exp.Expression) -> str:
    """Return a literal's text, or that of several put together."""
    if isinstance(node, exp.Paren):
        return _text(node.this)
    if isinstance(node, exp.DPipe):
        return _text(node.left) + _text(node.right)
    if isinstance(node, exp.Literal) and node.is_string:
        return node.this
    raise ValueError(f"a pattern that is no literal: {node.sql('duckdb')}")


def _call(name: str, *arguments: Any) -> exp.Anonymous:
    made = [
        exp.Literal.string(argument) if isinstance(argument, str) else argument
        for argument in arguments
    ]
    return exp.Anonymous(this=name, expressions=made)


def _number(value: int) -> exp.Literal:
    return exp.Literal.number(value)


def _matches(node: exp.RegexpLike) -> exp.Expression:
    flag = node.args.get("flag")
    pattern = java_pattern(_text(node.expression), flags=_text(flag) if flag else "")
    return _call("rlike", node.this, pattern)


def _matches_whole(node: Any) -> exp.Expression:
    options = node.args.get("options")
    pattern = java_pattern(
        _text(node.expression), whole=True, flags=_text(options) if options else ""
    )
    return _call("rlike", node.this, pattern)


def _matches_glob(node: exp.Glob) -> exp.Expression:
    return _call("rlike", node.this, glob_pattern(_text(node.expression)))


def _replaced(node: exp.RegexpReplace) -> exp.Expression:
    modifiers = node.args.get("modifiers")
    flags = _text(modifiers) if modifiers else ""
    pattern, replacement = _text(node.expression), node.args.get("replacement")
    shift = 0
    if "g" not in flags:
        pattern, shift = first_pattern(pattern)
    replacement = _replacement(replacement or exp.Literal.string(""), shift)
    return _call(
        "regexp_replace", node.this, java_pattern(pattern, flags=flags), replacement
    )


def _replacement(node: exp.Expression, shift: int) -> exp.Expression:
    if isinstance(node, exp.Case):
        results = [branch.args["true"] for branch in node.args["ifs"]]
        for result in [*results, node.args.get("default")]:
            if result:
                result.replace(_replacement(result, shift))
        return node
    return exp.Literal.string(java_replacement(_text(node), shift))


def _extracted(node: exp.RegexpExtract) -> exp.Expression:
    group = node.args.get("group")
    return _call(
        "regexp_extract",
        node.this,
        java_pattern(_text(node.expression)),
        group or _number(0),
    )


def _extracted_all(node: Any) -> exp.Expression:
    return _call(
        "regexp_extract_all",
        node.this,
        java_pattern(_text(node.expression)),
        node.args.get("group") or _number(0),
    )


def _formatted(node: Any) -> exp.Expression:
    form = node.args.get("format")
    moment = node.this
    while isinstance(moment, exp.TsOrDsToTimestamp):
        moment = moment.this
    text = _text(form)
    if text == "%G-W%V":
        return _iso_week(moment)
    parts = re.split(r"(%[A-Za-z])", text)
    java = "".join(
        FORMATS[part] if place % 2 else re.sub(r"[A-Za-z]+", r"'\g<0>'", part)
        for place, part in enumerate(parts)
    )
    return _call("date_format", moment, java)


def _iso_week(day: exp.Expression) -> exp.Expression:
    thursday = _call("date_add", _call("date_trunc_week", day), _number(3))
    thursday = _call(
        "date_add", _call("to_date", _call("date_trunc", "week", day)), _number(3)
    )
    return _call(
        "concat",
        _call("date_format", thursday, "yyyy"),
        "-W",
        _call(
            "lpad", _call("string", _call("weekofyear", day.copy())), _number(2), "0"
        ),
    )


def _milliseconds(node: exp.UnixToTime) -> exp.Expression:
    scale = node.args.get("scale")
    name = {"3": "timestamp_millis", "6": "timestamp_micros"}[scale.name]
    return _call(name, node.this)


def _trimmed(node: exp.Trim) -> exp.Expression:
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(
        (node.args.get("position") or "").upper(), "btrim"
    )
    marks = node.expression
    if not marks:
        return _call(name, node.this)
    if name == "btrim":
        return _call(name, node.this, marks)
    return _call(name, marks, node.this)  # the characters come first


def _literal(node: exp.Literal) -> exp.Expression:
    # a number with a point would be a decimal
    if not node.is_string and "." in node.this and not node.this.endswith("D"):
        return exp.Literal.number(node.this + "D")
    return node


def _character(node: exp.Chr) -> exp.Expression:
    # chr() of Spark knows 256 characters
    number = node.expressions[0]
    if isinstance(number, exp.Literal):
        return exp.Literal.string(chr(int(number.name)))
    return _call(
        "decode",
        _call("unhex", _call("lpad", _call("hex", number), _number(8), "0")),
        "UTF-32",
    )


def _cast(node: exp.Cast) -> exp.Expression:
    given = node.this
    if node.to.this == exp.DataType.Type.TIMESTAMPNTZ:
        # what functions of time take; the session's zone is UTC
        node.set("to", exp.DataType.build("timestamptz"))
    if (
        isinstance(given, exp.DPipe)
        and given.left.is_string
        and given.left.name == "0x"
    ):
        node.set("this", _call("conv", given.right, _number(16), _number(10)))
    return node


def _part(node: Any) -> exp.Expression:
    return _call(
        "split_part", node.this, node.args["delimiter"], node.args["part_index"]
    )


def _found_at(node: exp.StrPosition) -> exp.Expression:
    return _call("instr", node.this, node.args["substr"])


def _split(node: Any) -> exp.Expression:
    quoted = _call("concat", "\\Q", node.expression, "\\E")
    return _call("split", node.this, quoted)


def _table(node: exp.Table) -> exp.Expression:
    # relations are named without their catalogue, and temporary ones without a schema
    if node.args.get("catalog"):
        node.set("catalog", None)
    if node.db == "temp" or node.name in TEMPORARY:
        node.set("db", None)
    return node


def _named_query(node: exp.CTE) -> exp.Expression:
    node.set("materialized", None)  # Spark decides by itself
    return node


def _days_between(node: exp.Sub) -> exp.Expression:
    # a date less a date would be an interval
    sides = (node.left, node.right)
    if all(isinstance(s, exp.Cast) and s.to.is_type("date") for s in sides):
        return _call("datediff", *sides)
    return node


def _select(node: exp.Select) -> exp.Expression:
    return _ordered(_without_windows(node))


def _ordered(node: exp.Select) -> exp.Select:
    """Order groups by columns of their own: Spark looks for aliases within sums."""
    order, names = node.args.get("order"), node.named_selects
    if not order or not node.args.get("group") or "" in names or "*" in names:
        return node
    known = {name.casefold() for name in names}
    further = []
    for place, term in enumerate(order.expressions, 1):
        value = term.this
        columns = {c.name.casefold() for c in value.find_all(exp.Column)}
        if columns - known or value.find(exp.AggFunc):
            further.append(exp.alias_(value.copy(), f"_order_{place}"))
            term.set("this", exp.column(f"_order_{place}"))
    if not further:
        return node
    made = exp.select(*(exp.column(name, quoted=True) for name in names))
    for part in ("with_", "order", "limit", "offset"):
        made.set(part, node.args.get(part))
        node.set(part, None)
    node.set("expressions", [*node.expressions, *further])
    return made.from_(
        exp.Subquery(this=node.copy(), alias=exp.to_identifier("_groups"))
    )


def _without_windows(node: exp.Select) -> exp.Select:
    # Spark does not look for their names within all functions
    windows = {window.name: window for window in node.args.get("windows") or []}
    node.set("windows", None)
    for use in list(node.find_all(exp.Window)) if windows else []:
        window = windows.get(use.alias)
        if window:
            use.set("alias", None)
            for part in ("partition_by", "order", "spec"):
                value = window.args.get(part)
                copies = [v.copy() for v in value] if isinstance(value, list) else value
                use.set(part, copies.copy() if copies else None)
    return node


def _condition(node: exp.Where) -> exp.Expression:
    # `from t where (false)` would name t `where`, and its column `false`
    node.set("this", node.this.unnest())
    return node


REWRITES: dict[type, Callable[[Any], exp.Expression]] = {
    exp.RegexpLike: _matches,
    exp.Glob: _matches_glob,
    exp.RegexpFullMatch: _matches_whole,
    exp.RegexpReplace: _replaced,
    exp.RegexpExtract: _extracted,
    exp.RegexpExtractAll: _extracted_all,
    exp.TimeToStr: _formatted,
    exp.UnixToTime: _milliseconds,
    exp.Trim: _trimmed,
    exp.Literal: _literal,
    exp.SplitPart: _part,
    exp.Chr: _character,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.StrPosition: _found_at,
    exp.Split: _split,
    exp.Lower: lower_text,
    exp.Upper: upper_text,
    exp.Table: _table,
    exp.CTE: _named_query,
    exp.Select: _select,
    exp.Sub: _days_between,
    exp.Where: _condition,
}

FUNCTIONS: dict[str, Callable[[Any], exp.Expression]] = {
    "list_aggregate": lambda node: _call(
        "array_join", node.expressions[0], node.expressions[2]
    ),
    "to_minutes": lambda node: _call(
        "make_dt_interval", _number(0), _number(0), node.expressions[0]
    ),
    "to_milliseconds": lambda node: _call(
        "make_dt_interval",
        _number(0),
        _number(0),
        _number(0),
        exp.Div(this=node.expressions[0], expression=exp.Literal.number("1000BD")),
    ),
    "make_timestamp": lambda node: (
        _call("timestamp_micros", node.expressions[0])
        if len(node.expressions) == 1
        else node
    ),
    "epoch_us": lambda node: _call("unix_micros", node.expressions[0]),
}


__all__ = ["translated"]
