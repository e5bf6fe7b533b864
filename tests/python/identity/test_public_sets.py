"""Public labelled sets, without their labels, at the default threshold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.settings import PROJECT
from tools.identity_eval import metrics
from tools.identity_eval.records import read_fields, records

from .conftest import Found

pytestmark = pytest.mark.long

FOLDER = Path(PROJECT).parent / "shared" / "data" / "identity"
# truth column, least precision and F1
SETS = {
    "fake_1000": ("cluster", 0.99, 0.92),
    "RLdata10000": ("person", 0.97, 0.96),
    "dq2": ("person", 0.99, 0.99),
}


@pytest.mark.parametrize("name", SETS)
def test_records_are_found(resolve: Callable[..., Found], name: str) -> None:
    truth, precision, f1 = SETS[name]
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    fields = read_fields(path.with_suffix(".yml"))
    kinds = {field.column: field.kind for field in fields.compared}
    found = resolve(kinds, records(path, fields, truth))
    figures = metrics.measure(found.made.connect)
    assert figures["clusters_precision"] >= precision
    assert figures["clusters_f1"] >= f1
