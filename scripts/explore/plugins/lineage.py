"""Links from a row to the record, file and line that it came from.

A plugin of Datasette. Foreign keys are links already; `_row_id` is none,
because the bronze table it points into depends on the file.
"""

from datasette import hookimpl
from markupsafe import Markup

FILE = "select source_name, table_name from ingest_files where file_id = ?"
BRONZE = (
    "select name from sqlite_master where type = 'table' and name in "
    "('bronze_' || ? || '__' || ?)"
)


@hookimpl
def render_cell(row, value, column, table, database, datasette):
    """Show a reference as a link, and cents as an amount."""
    if value is None or isinstance(value, dict):
        return None
    if column.endswith("_cents") and isinstance(value, int):
        return Markup('<span title="{}">{:,.2f}</span>').format(
            f"{value} cents", value / 100
        )
    names = row.keys()
    if column in ("_row_id", "row_id") and {"_file_id", "file_id"} & set(names):
        file = row["_file_id" if "_file_id" in names else "file_id"]
        return _record(datasette, database, file, value)
    if column == "_file_id" or (column == "file_id" and table != "fct_ingest_files"):
        return _link(datasette, database, "fct_ingest_files", value)
    return None


async def _record(datasette, database, file, value):
    """A link to the bronze row, which has file and line."""
    if isinstance(file, dict):
        file = file["value"]
    db = datasette.get_database(database)
    found = (await db.execute(FILE, [file])).first()
    bronze = found and (await db.execute(BRONZE, list(found))).first()
    if bronze is None:
        return str(value)
    return _link(datasette, database, bronze[0], value)


def _link(datasette, database, table, value):
    path = datasette.urls.row(database, table, str(value))
    return Markup('<a href="{}">{}</a>').format(path, value)
