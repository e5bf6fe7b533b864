"""Ingestion: files of the inbox into bronze tables, with a ledger of it all.

`ingest` is one run; `lock` keeps other runs off a database meanwhile.
"""

from .batch import ingest
from .errors import IngestError, UsageError
from .lock import lock
from .outcome import Outcome, Summary

__all__ = ["IngestError", "Outcome", "Summary", "UsageError", "ingest", "lock"]
