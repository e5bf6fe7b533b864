"""The systems whose exports are known: one YAML file each, read once for every change.

Shipped ones lie in `systems/`; the user's own in `systems/` of their folder, and win.
"""

from collections.abc import Iterable
from pathlib import Path

from scripts.seeds import folder as own_folder

from .. import kept
from ..sources import PROJECT, Source, Table

SHIPPED = PROJECT / "systems"
KEPT = PROJECT / "target" / "systems.pickle"


def folders() -> list[Path]:
    """Folders of systems, the user's last: `WAREHOUSE_CONFIG`, without it `config/`."""
    return [SHIPPED, own_folder() / "systems"]


def load_shapes(
    sources: dict[str, Source],
    folders: Iterable[Path] = (),
    listed: Iterable[Path] = (),
) -> tuple[Table, ...]:
    """The shapes of all systems in `folders`, of which later ones win.

    `listed` are the declarations that `sources` came from. Raises UsageError naming
    file and key for whatever is not understood.
    """
    files = [file for folder in folders for file in sorted(folder.glob("*.yml"))]
    known = [*listed, *files]
    found: tuple[Table, ...] | None = kept.find(KEPT, known)
    if found is None:
        from .read import read

        found = read(files, sources)
        kept.keep(KEPT, known, (), found)
    return found
