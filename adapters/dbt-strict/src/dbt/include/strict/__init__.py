"""The macros of both adapters, as a dbt project that dbt loads with them."""

from pathlib import Path

PACKAGE_PATH = str(Path(__file__).parent)
