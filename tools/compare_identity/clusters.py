"""What a tool returns."""

from __future__ import annotations

Clusters = list[object]
"""The cluster of each record, by the place of the record."""
