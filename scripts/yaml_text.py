"""Reads YAML by PyYAML's parser in C where it has one: in Python it takes tenfold."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # both are safe


def read_yaml(text: str | bytes) -> Any:
    """Return what a document says; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506
