"""Readers: from a delivered file to batches of rows ready to be inserted."""

from ..files import Content
from ..sources import Table
from .base import Batch, Reader, Reject

__all__ = ["Batch", "Reader", "Reject", "open_reader"]


def open_reader(
    content: Content, table: Table, kind: str, sheet: str | None = None
) -> Reader:
    """The reader for a file of format `kind`; imports only what it needs."""
    if kind == "parquet":
        from .parquet import ParquetReader

        return ParquetReader(content, table)
    if kind == "xlsx":
        from .xlsx import XlsxReader

        return XlsxReader(content, table, sheet)
    if kind == "sheets":
        from .sheets import SheetsReader

        return SheetsReader(content, table, sheet)
    if kind == "html":
        from .html import HtmlReader

        return HtmlReader(content, table)
    if kind == "json":
        from .json import JsonReader

        return JsonReader(content, table)
    from .delimited import DelimitedReader

    return DelimitedReader(content, table, kind)
