"""Start Datasette with our plugins alone: `python -m scripts.explore.server serve …`.

Whatever other plugin is installed would write into our pages. What Datasette loads and
no page of ours needs takes half of its time to start: a library of units of measure,
and one that colours what it prints.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pluggy

UNITS = "datasette.vendored.pint"
COLOURS = "rich"


def main() -> None:
    """Do what Datasette's own command does."""
    manager: Any = pluggy.PluginManager
    manager.load_setuptools_entrypoints = lambda *_, **__: 0
    units: Any = ModuleType(UNITS)
    units.UnitRegistry = object
    sys.modules |= {UNITS: units, COLOURS: None}  # type: ignore[dict-item]
    import uvicorn
    from datasette.cli import cli

    run = uvicorn.run
    # addresses hold queries, and the token of others
    quiet = {"access_log": False, "server_header": False}
    uvicorn.run = lambda app, **given: run(app, **(given | quiet))
    cli()


if __name__ == "__main__":
    main()
