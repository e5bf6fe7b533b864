"""dbt adapter `spark_strict`: the same queries on Spark, its tables in Iceberg."""

from dbt.adapters.base import AdapterPlugin
from dbt.adapters.spark_strict.connections import StrictConnections
from dbt.adapters.spark_strict.credentials import StrictCredentials
from dbt.adapters.spark_strict.impl import Spark_StrictAdapter
from dbt.include import strict

__all__ = ["Plugin", "Spark_StrictAdapter", "StrictConnections", "StrictCredentials"]

Plugin = AdapterPlugin(
    adapter=Spark_StrictAdapter,
    credentials=StrictCredentials,
    include_path=strict.PACKAGE_PATH,
    dependencies=["spark"],
)
