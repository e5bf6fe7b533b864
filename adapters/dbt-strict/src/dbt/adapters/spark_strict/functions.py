"""SQL functions of a session, whose bodies the optimizer never sees.

Spark puts the body of its own SQL functions into each query, and then works on a
hundred thousand expressions. Here a body is analysed and optimized once. A query gets a
call of it, as of any function that Spark knows by name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dbt.adapters.spark_strict import dialect
from dbt.include.strict import functions
from dbt.include.strict.functions import SqlFunction
from sqlglot import exp

_CATALYST = "org.apache.spark.sql.catalyst.expressions."
_known: dict[str, Function | None] = {}
"""By name; None is one that no session can have."""
_defining = threading.RLock()
_own = threading.local()
"""The bodies of this thread: a variable of a lambda holds its value within them."""


@dataclass(eq=False)
class Function(SqlFunction):
    """One with its body for each signature that it was called with."""

    spark: str
    """The expression, which is in DuckDB's dialect, in Spark's."""
    bodies: dict[str, tuple[bytes, Any]] = field(default_factory=dict)

    def body(self, jvm: Jvm, session: Any, types: tuple[str, ...]) -> tuple[Any, Any]:
        """Return the body as a literal of this thread, and its type."""
        signature = ", ".join(types)
        with _defining:
            if signature not in self.bodies:
                bound = jvm.bound(session, self.spark, types)
                self.bodies[signature] = jvm.serialized(bound), bound.dataType()
        found, kind = self.bodies[signature]
        mine = _own.__dict__.setdefault("bodies", {})
        if (self, signature) not in mine:
            mine[self, signature] = jvm.literal(jvm.deserialized(found))
        return mine[self, signature], kind


def define(name: str, arguments: int, expression: str) -> bool:
    """Add a function; False if sessions cannot have it, as it reads a table."""
    with _defining:
        tree = dialect.rewritten(dialect.parsed(f"select {expression}"))
        made = None
        if not list(tree.find_all(exp.Table)):
            spark = tree.sql("spark", comments=False).removeprefix("SELECT ")
            made = Function(name, arguments, expression, spark)
        _known[name] = made
        return made is not None


def is_known(name: str) -> bool | None:
    """Whether a function was defined; None if no session can have it."""
    if name not in _known:
        return False
    return True if _known[name] else None


def behind(query: str) -> list[Function]:
    """Return the functions that a query calls, before those that they call."""
    made = {name: one for name, one in _known.items() if one is not None}
    return functions.behind(query, made)[::-1]


class Registry:
    """The functions of one session."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.jvm = Jvm(session)
        self.names: set[str] = set()

    def ensure(self, query: str) -> None:
        """Add the functions that a query calls."""
        for function in behind(query):
            if function.name not in self.names:
                self.names.add(function.name)
                self.jvm.register(
                    self.session, function.name, _Builder(self, function).apply
                )


class _Builder:
    """Makes a call of a function, its arguments given."""

    def __init__(self, registry: Registry, function: Function) -> None:
        self.registry = registry
        self.function = function

    def apply(self, arguments: Any) -> Any:
        """Return the call as Spark's expression."""
        jvm, function = self.registry.jvm, self.function
        given = [arguments.apply(place) for place in range(arguments.size())]
        if len(given) != function.arguments:
            raise ValueError(f"{function.name} has {function.arguments} arguments")
        types = tuple(each.dataType().catalogString() for each in given)
        types = tuple("string" if each == "void" else each for each in types)
        body, kind = function.body(jvm, self.registry.session, types)
        return jvm.evaluated(body, kind, arguments)


class Jvm:
    """What is needed of Spark's own classes, through py4j."""

    def __init__(self, session: Any) -> None:
        from pyspark.java_gateway import ensure_callback_server_started

        self.context = session.sparkContext
        self.gateway = self.context._gateway
        self.view = self.context._jvm
        ensure_callback_server_started(self.gateway)
        # py4j looks for the class of each part of a name, in each jar, at each use
        java, spark = self.view.java.lang, self.view.org.apache.spark.sql
        self.java_object, self.java_string = java.Object, java.String
        self.schema_of = spark.types.StructType.fromDDL
        self.rows_of = spark.classic.Dataset.ofRows
        commons = self.view.org.apache.commons.lang3.SerializationUtils
        self.serialize, self.deserialize = commons.serialize, commons.deserialize
        loader = java.Thread.currentThread().getContextClassLoader()
        self.load = loader.loadClass
        self.made: dict[str, Any] = {}
        """Constructors, and objects of Scala, by the name of their class."""

    def new(self, name: str, *arguments: Any) -> Any:
        """Return a new object, by the first constructor of its class."""
        if name not in self.made:
            self.made[name] = self.load(name).getConstructors()[0]
        given = self.gateway.new_array(self.java_object, len(arguments))
        for place, argument in enumerate(arguments):
            given[place] = argument
        return self.made[name].newInstance(given)

    def single(self, name: str) -> Any:
        """Return an object of Scala."""
        if f"{name}$" not in self.made:
            field = self.load(f"{name}$").getField("MODULE$")
            self.made[f"{name}$"] = field.get(None)
        return self.made[f"{name}$"]

    def bound(self, session: Any, expression: str, types: tuple[str, ...]) -> Any:
        """Return an optimized expression over a row of `_1`, `_2` and so on."""
        columns = ", ".join(f"_{n} {kind}" for n, kind in enumerate(types, 1))
        schema = self.schema_of(columns)
        rows = session._jsparkSession.createDataFrame(
            self.context._jsc.emptyRDD(), schema
        )
        one = self.gateway.new_array(self.java_string, 1)
        one[0] = f"{expression} as _result"
        plan = rows.selectExpr(one).queryExecution().optimizedPlan()
        return self._within(plan, plan.projectList().apply(0).child())

    def _within(self, plan: Any, expression: Any) -> Any:
        """Bind an expression of a projection to the rows that come into the first."""
        child = plan.child()
        names = self.new(f"{_CATALYST}package$AttributeSeq", child.output())
        binding = self.single(f"{_CATALYST}BindReferences")
        bound = binding.bindReference(expression, names, False)
        if child.nodeName() != "Project":
            return bound
        # a value that is used several times is worked out in a projection below
        given = child.projectList()
        values = given.take(0)
        for place in range(given.size()):
            each = given.apply(place)
            value = each.child() if each.nodeName() == "Alias" else each
            values = values.appended(self._within(child, value))
        return self.evaluated(self.literal(bound), bound.dataType(), values)

    def literal(self, expression: Any) -> Any:
        """Return an expression as a value, into which no rule of Spark looks.

        It lies in an array, of which plans that are written show no more than that it
        is one; and what is taken out of one is not folded into plans.
        """
        holder = self.gateway.new_array(self.java_object, 1)
        holder[0] = expression
        kinds = [
            self.new("org.apache.spark.sql.types.ObjectType", self.load(name))
            for name in ("java.lang.Object", f"{_CATALYST}Expression")
        ]
        place = self.single(f"{_CATALYST}Literal").apply(0)
        none = self.single("scala.collection.immutable.Nil")
        held = self.new(f"{_CATALYST}Literal", holder, kinds[0])
        return self.new(
            f"{_CATALYST}objects.StaticInvoke",
            *(self.load("java.lang.reflect.Array"), kinds[1], "get"),
            *(none.appended(held).appended(place), none, True, True, True),
            self.single("scala.None"),
        )

    def evaluated(self, body: Any, kind: Any, arguments: Any) -> Any:
        """Return a call of `eval` of a body, over a row of arguments."""
        row = self.single(f"{_CATALYST}CreateStruct").apply(arguments)
        none = arguments.take(0)
        return self.new(
            f"{_CATALYST}objects.Invoke",
            *(body, "eval", kind, none.appended(row), none, False, True, True),
        )

    def serialized(self, value: Any) -> bytes:
        """Return an object of Java as bytes."""
        return bytes(self.serialize(value))

    def deserialized(self, value: bytes) -> Any:
        """Return another object, equal to what was made bytes of."""
        return self.deserialize(value)

    def register(self, session: Any, name: str, build: Callable[[Any], Any]) -> None:
        """Let queries of a session call a function by name."""
        registry = session._jsparkSession.sessionState().functionRegistry()
        registry.createOrReplaceTempFunction(name, _Function1(build), "scala_udf")


class _Function1:
    """A function of Scala."""

    def __init__(self, build: Callable[[Any], Any]) -> None:
        self.build = build

    def apply(self, arguments: Any) -> Any:
        """Call it."""
        return self.build(arguments)

    def hashCode(self) -> int:  # noqa: N802 (Java's name)
        """Return a number that stays."""
        return id(self) % 2**31

    def equals(self, other: Any) -> bool:
        """Whether it is the same."""
        return self is other

    def toString(self) -> str:  # noqa: N802 (Java's name)
        """Return its name."""
        return "SQL function"

    class Java:
        """What py4j takes it for."""

        implements = ("scala.Function1",)
