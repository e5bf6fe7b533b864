"""Arrays and lambda functions of Spark."""

from __future__ import annotations

import itertools

from dbt.include.strict.chains import Arrays
from sqlglot import exp


class SparkArrays(Arrays):
    """Its higher-order functions."""

    def call(self, name: str, *arguments: exp.Expression) -> exp.Expression:
        """Return a call of that function."""
        return exp.Anonymous(this=name, expressions=list(arguments))

    def first(self, array: exp.Expression) -> exp.Expression:
        """Return the first element, or NULL."""
        return self.call("get", array, exp.Literal.number(0))

    def struct(self, terms: list[tuple[str, exp.Expression]]) -> exp.Expression:
        """Return a row of named values."""
        parts = ((exp.Literal.string(name), value) for name, value in terms)
        return self.call("named_struct", *itertools.chain.from_iterable(parts))
