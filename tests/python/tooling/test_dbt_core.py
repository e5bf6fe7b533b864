"""What dbt is spared changes nothing that it makes, and one module alone imports it."""

from __future__ import annotations

import re

import jinja2
import pytest
from dbt_common.clients.jinja import get_environment

from scripts.settings import PROJECT

IMPORT = re.compile(r"^\s*(from|import) (dbt|dbt_common)\b", re.MULTILINE)


def test_one_module_imports_dbt() -> None:
    paths = [path for f in ("scripts", "tools") for path in (PROJECT / f).rglob("*.py")]
    found = {
        path.relative_to(PROJECT).as_posix()
        for path in paths
        if IMPORT.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"scripts/dbt_core.py"}


@pytest.mark.parametrize("native", [False, True])
def test_templates_kept_give_what_they_gave(native: bool) -> None:
    source = "{%- set x = 1 %}{{ x }}{{ y }}{# é #}"
    given = [
        str(get_environment(native=native).from_string(source).render({"y": y}))
        for y in (2, 2, "é")
    ]
    assert given == ["12", "12", "1é"]


def test_a_template_that_cannot_be_compiled_says_so_each_time() -> None:
    for _ in range(2):
        with pytest.raises(jinja2.TemplateSyntaxError, match="unknown tag"):
            get_environment().from_string("{% nonsense %}")
