"""The version, where dbt looks for it."""

version = "1.0.0"
