"""What dbt is spared changes nothing that it makes, and one module alone imports it."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile

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


def test_a_log_that_cannot_be_written_prints_no_traceback():
    script = """
import logging, logging.handlers, resource, signal, sys
import scripts.dbt_core
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
log = logging.getLogger("dbt")
log.propagate = False
log.addHandler(logging.handlers.RotatingFileHandler(sys.argv[1], maxBytes=1000))
for _ in range(3):
    log.error("some line")
"""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", script, f"{folder}/dbt.log"],
            cwd=PROJECT, capture_output=True, text=True,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
