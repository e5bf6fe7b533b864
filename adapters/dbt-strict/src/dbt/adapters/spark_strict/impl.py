"""The adapter: dbt-spark in one schema, its queries put into Spark's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dbt.adapters.base.meta import available
from dbt.adapters.base.relation import BaseRelation
from dbt.adapters.contracts.relation import RelationConfig, RelationType
from dbt.adapters.spark import SparkAdapter
from dbt.adapters.spark.column import SparkColumn
from dbt.adapters.spark.relation import SparkRelation
from dbt.adapters.spark_strict import bronze, dialect, functions
from dbt.adapters.spark_strict.connections import StrictConnections
from dbt.adapters.spark_strict.names import theirs
from dbt.include.strict.functions import write_function
from dbt_common.clients.agate_helper import table_from_data

CATALOGUED = (
    *("table_database", "table_schema", "table_name", "table_type", "table_comment"),
    *("table_owner", "column_name", "column_index", "column_type", "column_comment"),
)
"""What the documentation is given of each column."""

READ: dict[str, Callable[[Any], Any]] = {
    "bigint": int,
    "double": float,
    "string": str,
    "boolean": bool,
}
"""How values of a seed are made to be of their column's type."""


@dataclass(frozen=True, eq=False, repr=False)
class StrictRelation(SparkRelation):
    """A relation by schema and name."""

    def __post_init__(self) -> None:
        """Take a catalogue: dbt-spark knows of none."""

    def render(self) -> str:
        """Return the name as SQL has it."""
        return super(SparkRelation, self).render()


class Spark_StrictAdapter(SparkAdapter):  # noqa: N801 (dbt reads its type there)
    """Builds tables whose keys and checks the build looks for."""

    Relation = StrictRelation
    ConnectionManager = StrictConnections

    @classmethod
    def quote(cls, identifier: str) -> str:
        """Return a name as queries have it, which are read in DuckDB's dialect."""
        return f'"{identifier}"'

    @available
    def translated(self, sql: str) -> str:
        """Return a query in Spark's words."""
        return dialect.translated(sql)

    @available.parse(lambda *_: False)
    def has_sql_function(self, name: str) -> bool | None:
        """Whether sessions have an SQL function of that name; None if none can."""
        return functions.is_known(name)

    @available.parse(lambda *_: False)
    def define_sql_function(self, name: str, arguments: int, expression: str) -> bool:
        """Add an SQL function of so many arguments (`_1`, `_2` …), if that can be.

        What it is can be read in the target folder, as `functions/<name>.sql`.
        """
        if not functions.define(name, arguments, expression):
            return False
        write_function(self.config.project_target_path, name, expression)
        return True

    @available.parse_list
    def sql_functions_behind(self, query: str) -> list[str]:
        """Return what the SQL functions are that a query calls."""
        return sorted(made.definition for made in functions.behind(query))

    @available
    def external_root(self) -> str:
        """Return the folder of the delivered rows."""
        return str(self.config.credentials.external_root)

    @available
    def read_bronze(
        self, name: str, folder: str, files: Sequence[Sequence[Any]]
    ) -> None:
        """Make a temporary view of the delivered rows of a source."""
        bronze.show(self._session(), name, folder, files)

    @available
    def read_ledger(self, name: str, path: str) -> None:
        """Make a temporary view of a table of the ledger."""
        bronze.show_ledger(self._session(), name, path)

    @available
    def kind_of_relation(self, name: str) -> str | None:
        """Return 'table' or 'view', or None if there is no relation of that name."""
        session, credentials = self._session(), self.config.credentials
        place = f"{credentials.database}.{credentials.schema}"
        if session.catalog.tableExists(f"{place}.{name}"):
            return "table"
        views = session.sql(f"show views in {place} like '{name}'").collect()
        return "view" if any(not row.isTemporary for row in views) else None

    @available
    def materialized(self, sql: str, name: str) -> list[str]:
        """Work out a query, keep its rows as a temporary view, return its columns."""
        handle = self._handle()
        cursor = handle.cursor()
        cursor.execute(f"create temp table {name} as {sql}")
        rows = handle.session.table(name)
        untyped = [f.name for f in rows.schema if f.dataType.typeName() == "void"]
        if untyped:  # of NULLs alone: Iceberg has no such column
            texts = {column: rows[column].cast("string") for column in untyped}
            rows.withColumns(texts).createOrReplaceTempView(name)
        return [theirs(column) for column in rows.columns]

    @available
    def keep_rows(self, name: str, query: str) -> None:
        """Let later queries read these rows, which a table was just made of."""
        self._handle().keep_written(name, query)

    @available
    def write_rows(
        self,
        relation: BaseRelation,
        rows: Sequence[Sequence[Any]],
        columns: Sequence[str],
    ) -> None:
        """Write a table of rows, its columns given as `name type`, not null or not."""
        import pyarrow
        from pyspark.sql.types import _parse_datatype_string

        handle = self._handle()
        names = [column.split(" ")[0] for column in columns]
        kinds = [READ.get(column.split(" ")[1], _same) for column in columns]
        table = pyarrow.table(
            {
                name: [None if row[place] is None else kind(row[place]) for row in rows]
                for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
            }
        )
        schema = _parse_datatype_string(", ".join(columns))
        # given lists, Spark would start processes of Python to read them
        frame = handle.session.createDataFrame(table, schema)
        made = frame.coalesce(1).localCheckpoint()
        made.createOrReplaceTempView("_seed_rows")
        query = "select * from _seed_rows"
        handle.cursor().execute(
            f"-- spark\ncreate or replace table {relation} using iceberg as {query}"
        )
        self.keep_rows(relation.identifier, query)

    def list_relations_without_caching(
        self, schema_relation: BaseRelation
    ) -> list[BaseRelation]:
        """Return the tables and views of the schema."""
        session, schema = self._session(), schema_relation.schema
        found = [
            (row.tableName, RelationType.Table)
            for row in session.sql(f"show tables in {schema}").collect()
            if not row.isTemporary
        ]
        found += [
            (row.viewName, RelationType.View)
            for row in session.sql(f"show views in {schema}").collect()
            if not row.isTemporary
        ]
        return [
            self.Relation.create(
                database=schema_relation.database,
                schema=schema,
                identifier=name,
                type=kind,
            )
            for name, kind in found
        ]

    def get_catalog(
        self,
        relation_configs: Iterable[RelationConfig],
        used_schemas: frozenset[tuple[str, str]],
    ) -> tuple[Any, list[Exception]]:
        """Return the columns of all relations that are there, for the documentation."""
        schema = self.config.credentials.schema
        with self.connection_named("catalog"):
            session = self._session()
            found = [
                (relation, session.table(relation.render()).schema.fields)
                for relation in self.list_relations_without_caching(
                    self.Relation.create(schema=schema)
                )
            ]
        names: dict[Any, Any] = {
            (c.schema, c.identifier): c.database for c in relation_configs
        }
        rows = [
            {
                "table_database": names[relation.schema, relation.identifier],
                "table_schema": relation.schema,
                "table_name": relation.identifier,
                "table_type": str(relation.type),
                "table_comment": None,
                "table_owner": None,
                "column_name": theirs(field.name),
                "column_index": index,
                "column_type": field.dataType.simpleString(),
                "column_comment": None,
            }
            for relation, fields in found
            if (relation.schema, relation.identifier) in names
            for index, field in enumerate(fields, 1)
        ]
        return table_from_data(rows, CATALOGUED), []

    def list_schemas(self, database: str) -> list[str]:
        """Return the one schema, which is there once a session is."""
        return [self.config.credentials.schema]

    def check_schema_exists(self, database: str, schema: str) -> bool:
        """Return whether there is a schema of that name."""
        return schema in self.list_schemas(database)

    def create_schema(self, relation: BaseRelation) -> None:
        """Do nothing: the schema is there once a session is."""

    def get_columns_in_relation(self, relation: BaseRelation) -> list[SparkColumn]:
        """Return the columns of a relation."""
        fields = self._session().table(str(relation)).schema.fields
        return [
            SparkColumn(theirs(field.name), field.dataType.simpleString())
            for field in fields
        ]

    def _session(self) -> Any:
        return self._handle().session

    def _handle(self) -> Any:
        return self.connections.get_thread_connection().handle


def _same(value: Any) -> Any:
    return value
