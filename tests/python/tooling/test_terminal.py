"""What is seen at 80 and 120 columns, in a pipe, with colours and without."""

import fcntl
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios

import pytest

from scripts.run import __main__ as run
from scripts.run.build import Build
from scripts.run.summary import _rows
from scripts.settings import PROJECT
from scripts.terminal import folded, glued, middle

SHOWN = """
import sys
from scripts import terminal
from scripts.run.summary import _beside, _by_severity, _painted, show
counts = [("error", 1_234_567), ("warning", 12), ("error", 1)]
show({
    "Findings": [
        f"3 of them: {_by_severity(counts)} (all of them in fct_row_errors)",
        f"1,234,567  {_painted('error')}  required_missing (transactions and more)",
    ],
    "Files": [
        terminal.glued("meta/Cold rooms and yards_Leads_2025-03-22_2025-06-20.csv")
        + ": the same as salesforce/2025-06-27/" + "W" * 120 + "_2.ZIP!Campaign.csv",
    ],
    "Marts": [f"{n:>9,}  dim_customers_{n}" for n in (1, 23, 456, 7_890)],
    "Page": [f"/a/path/{'x' * 150}/report.html (to open in a browser)"],
})
"""
BARS = """
import sys, time
from scripts import terminal
from scripts.ingest.console import progress_bar
with progress_bar() as tell:
    tell(0, 2_000_000, "file 1 of 2: hubspot/hubspot-all-companies-2025-06-20.csv")
    terminal.show(["shop/sales.csv: 12 records"])
    tell(2_000_000, 2_000_000, "file 2 of 2: shop/sales.csv")
with terminal.step("loading dbt and the project"):
    time.sleep(0.3)
print("done")
"""


def on_terminal(code, columns, **environment):
    """Run Python on a terminal of so many columns; return what it writes."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=kept | {"TERM": "xterm"} | environment,
        **dict.fromkeys(("stdin", "stdout", "stderr"), theirs),
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    assert process.wait() == 0, written
    return written.decode().replace("\r\n", "\n")


def in_pipe(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, done.stderr


def plain(text):
    return re.sub("\x1b\\[[0-9;]*[mK]", "", text)


@pytest.mark.parametrize(
    ("columns", "beside"), [(80, ["1", "456"]), (120, ["1", "23", "456", "7,890"])]
)
def test_a_summary_is_as_wide_as_the_terminal(columns, beside):
    shown = plain(on_terminal(SHOWN, columns))
    *lines, page, rest = shown.rstrip().split("\n")
    assert max(map(len, lines)) <= columns
    # a path to copy stays whole, and stands alone
    assert page.endswith("/report.html") and len(page) > columns
    assert rest == " " * 10 + "(to open in a browser)"
    together = " ".join(shown.split())
    assert "1,234,568 errors, 12 warnings" in together
    assert "1,234,567 error required_missing" in together
    # a name with blanks is on one line; of one too long the middle is left out
    assert any(
        "meta/Cold rooms and yards_Leads_2025-03-22_2025-06-20.csv:" in line
        for line in lines
    )
    (cut,) = [word for word in together.split() if "…" in word]
    assert cut.startswith("salesforce/2025-06-27/WW")
    assert cut.endswith("_2.ZIP!Campaign.csv")
    (marts,) = [line for line in lines if line.startswith("Marts")]
    assert marts.split()[1::2] == beside


def test_colours_are_for_terminals_that_want_them():
    assert "\x1b[31merror   \x1b[0m" in on_terminal(SHOWN, 80)
    assert "\x1b" not in on_terminal(SHOWN, 80, NO_COLOR="1")
    assert "\x1b" not in on_terminal(SHOWN, 80, TERM="dumb")
    assert "\x1b" not in in_pipe(SHOWN)[0]


def test_a_pipe_has_each_line_whole():
    out, _ = in_pipe(SHOWN, COLUMNS="40")
    findings, _, files, *marts, page = out.splitlines()
    assert findings == (
        "Findings  3 of them: 1,234,568 errors, 12 warnings (all of them in"
        " fct_row_errors)"
    )
    assert "Cold rooms and yards" in files and "W" * 120 in files
    assert marts == [
        "Marts             1  dim_customers_1",
        "                 23  dim_customers_23",
        "                456  dim_customers_456",
        "              7,890  dim_customers_7890",
    ]
    assert page.startswith("Page      /a/path/xxx")


@pytest.mark.parametrize("columns", [80, 120])
def test_bars_fit_and_leave_lines_alone(columns):
    shown = plain(on_terminal(BARS, columns))
    drawn = [part for line in shown.split("\n") for part in line.split("\r")]
    assert max(map(len, drawn)) <= columns
    assert any(part.startswith("Landing   0% |") for part in drawn)
    named = [part.rstrip() for part in drawn if "file 1 of 2: hubspot/" in part]
    assert named and all(part.endswith("2025-06-20.csv") for part in named)
    assert any(part.startswith("loading dbt and the project 0 s") for part in drawn)
    # what is printed meanwhile begins at the margin, and nothing is left of bars
    lines = [line.rpartition("\r")[2] for line in shown.split("\n")]
    assert [line for line in lines if line.strip()] == [
        "shop/sales.csv: 12 records",
        "done",
    ]


def test_without_a_terminal_each_step_is_a_line():
    out, errors = in_pipe(BARS)
    assert out.splitlines() == ["shop/sales.csv: 12 records", "done"]
    assert errors.splitlines() == ["loading dbt and the project"]
    assert "loading dbt" in on_terminal(BARS, 80, TERM="dumb")


def test_a_run_speaks_before_it_loads_anything(tmp_path):
    """The first thing that it loads of others' ends it here."""
    (tmp_path / "yaml.py").write_text("raise SystemExit(9)")
    done = subprocess.run(
        [sys.executable, "-m", "scripts.run"],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (9, "run: begun\n")


def test_words_are_broken_at_blanks_alone():
    line = "records: 13,839 landed, 17 set apart"
    assert folded(line, 20, 2) == ["records: 13,839", "  landed, 17 set", "  apart"]
    assert folded(glued("a b c d"), 5) == [glued("a b c d")[:2] + "…" + glued(" d")]
    assert middle("0123456789", 10) == "0123456789"
    assert middle("0123456789", 7) == "012…789"
    assert middle("0123456789", 6) == "012…89"


def test_problems_that_are_hidden_are_counted(monkeypatch):
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    made = Build(
        failures=[f"model m{n}: no" for n in range(14)],
        warnings=[f"test t{n}: 1" for n in range(13)],
        skipped=3,
    )
    made.print_problems()
    lines = errors.getvalue().splitlines()
    assert len(lines) == 13 + 1 + 13
    assert lines[12] == "build failed: and 2 more: fct_test_results"
    assert lines[13] == "build failed: 3 more skipped therefore"
    assert lines[26] == "warning: test t12: 1"  # one more would be no shorter


# -- exit codes ---------------------------------------------------------------------


@pytest.fixture
def made(tmp_path):
    """Return a caller of make in a folder where a command ends as it is told."""
    if not shutil.which("make"):
        pytest.skip("needs make")
    shutil.copy(PROJECT / "Makefile", tmp_path)
    adapter = tmp_path / "adapters" / "dbt-strict"
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    adapter.mkdir(parents=True)
    for path in (tmp_path / "requirements.txt", adapter / "METADATA"):
        path.touch()
    for stamp in (".run", ".parsed"):
        (tmp_path / ".venv" / stamp).touch()

    def call(code):
        python = tmp_path / ".venv" / "bin" / "python"
        python.write_text(f"#!/bin/sh\nexit {code}\n")
        python.chmod(0o755)
        return subprocess.run(
            ["make", "run"], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    return call


def test_make_prints_the_exit_code_as_the_readme_says(made):
    assert made(0).returncode == 0
    for code in (1, 3, 4):
        done = made(code)
        assert done.returncode == 2
        assert re.search(rf"^make.*: \*\*\* \[.*run\] Error {code}$", done.stderr, re.M)
    readme = " ".join((PROJECT / "README.md").read_text("utf-8").split())
    assert "ends with 2 where a command fails, and prints its exit code" in readme


def test_the_table_of_exit_codes_is_what_the_last_line_says():
    commands = (PROJECT / "docs" / "commands.md").read_text("utf-8")
    for code, meaning in run.MEANINGS.items():
        assert f"| {code} | {meaning} |" in commands


@pytest.mark.parametrize(
    "total, known, follow, said",
    [
        (5, 5, 0, "all of them in fct_row_errors"),
        (9, 5, 4, "fct_row_errors has 9 rows, with 4 that follow from these"),
        (
            *(1_012, 5, 1_000),
            "fct_row_errors has 1,012 rows, with 1,000 that follow from these"
            " and 7 accepted, with what follows from them",
        ),
    ],
)
def test_the_summary_says_which_rows_it_does_not_count(total, known, follow, said):
    assert _rows(total, known, follow) == said
