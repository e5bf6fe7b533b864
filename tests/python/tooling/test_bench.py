"""What the benchmark refuses."""

from __future__ import annotations

import pytest

from tools.bench import LIMITS, Usage, excess


@pytest.mark.parametrize(
    ("cpu", "megabytes", "units"),
    [
        (1, 1, []),
        (1e6, 1, ["s of CPU"]),
        (1, 1e6, ["MB"]),
        (1e6, 1e6, ["s of CPU", "MB"]),
    ],
)
def test_a_limit_that_was_passed_is_named(cpu, megabytes, units) -> None:
    for target, contacts in LIMITS:
        lines = excess(target, contacts, Usage(1, cpu, megabytes))
        assert len(lines) == len(units)
        for line, unit in zip(lines, units, strict=True):
            assert f"{target}: {contacts:,} contacts" in line
            assert f" {unit}," in line


def test_sizes_without_a_limit_are_only_printed() -> None:
    assert excess("sqlite", 17, Usage(1, 1e6, 1e6)) == []
