"""Choosing an interpreter: fakes on a fake path stand for what is installed."""

import os
import subprocess
import sys

import pytest

from scripts.settings import PROJECT

SCRIPT = PROJECT / "scripts" / "find_python.sh"

# What a fake does when it is run with `-c <probe>`.
BROKEN_SHIM = "echo 'shim: command not found' >&2; exit 127"
TOO_OLD = "echo 'Python 3.9.2' >&2; exit 1"
NO_VENV = "echo 'Python 3.11.2 without venv' >&2; exit 1"
OLD_SQLITE = "echo 'Python 3.10.1 with SQLite 3.31.1' >&2; exit 1"


def works(name):
    return f"echo /base/{name}"


def tampered(code):
    """Run the probe on this very interpreter after some code has changed it."""
    prelude = f"import sys, sqlite3; {code}; exec(sys.argv[1])"
    return f'exec {sys.executable} -c "{prelude}" "$2"'


@pytest.fixture
def find(tmp_path):
    """Run the script in an empty project, seeing only the given interpreters."""

    def install(path, body):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def run(*folders, venv=None, python=None):
        for number, folder in enumerate(folders):
            for name, body in folder.items():
                install(tmp_path / f"bin{number}" / name, body)
        if venv:
            install(tmp_path / ".venv" / "bin" / "python", venv)
        path = os.pathsep.join(str(tmp_path / f"bin{n}") for n in range(len(folders)))
        return subprocess.run(
            ["/bin/sh", SCRIPT],
            cwd=tmp_path,
            env={"PATH": path} | ({"PYTHON": python} if python else {}),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_newest_that_works_is_taken(find):
    result = find({"python3": works("3"), "python3.11": works("11")})
    assert (result.returncode, result.stdout) == (0, "/base/11\n")


def test_a_broken_shim_is_passed_over(find):
    result = find({"python3.12": BROKEN_SHIM}, {"python3.12": works("12")})
    assert (result.stdout, result.stderr) == ("/base/12\n", "")


def test_the_unfit_are_passed_over(find):
    result = find(
        {
            "python3.13": NO_VENV,
            "python3.12": OLD_SQLITE,
            "python3": TOO_OLD,
            "python": works("any"),
        }
    )
    assert result.stdout == "/base/any\n"


def test_the_version_of_the_present_venv_is_kept(find):
    result = find({"python3.13": works("13")}, venv=works("11"))
    assert result.stdout == "/base/11\n"


def test_a_venv_whose_interpreter_is_gone_does_not_matter(find):
    result = find({"python3.13": works("13")}, venv=BROKEN_SHIM)
    assert result.stdout == "/base/13\n"


def test_a_named_interpreter_wins(find, tmp_path):
    result = find(
        {"python3.13": works("13"), "mine": works("mine")},
        venv=works("11"),
        python=str(tmp_path / "bin0" / "mine"),
    )
    assert result.stdout == "/base/mine\n"


def test_a_named_interpreter_that_is_unfit_is_not_replaced(find):
    result = find({"python3.13": works("13")}, python="nowhere")
    assert result.returncode == 1
    assert "nowhere: does not run" in result.stderr


def test_none_fit_gives_one_line_with_found_and_needed(find):
    result = find({"python3.12": BROKEN_SHIM, "python3": TOO_OLD})
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert "python3.12: does not run" in line
    assert "python3: Python 3.9.2" in line
    assert "Python 3.10 to 3.13" in line and "SQLite 3.39" in line


def test_an_empty_path_gives_one_line(find):
    result = find({})
    assert result.returncode == 1
    assert "none found" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_real_interpreter_passes_its_own_probe(find):
    result = find({}, python=sys.executable)
    assert result.returncode == 0, result.stderr
    base = subprocess.run(
        [result.stdout.strip(), "-c", "import sys; print(sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert base.stdout.strip() == str(sys.version_info[:2])


@pytest.mark.parametrize(
    ("module", "obstacle"),
    [("ensurepip", "without venv"), ("sqlite3", "without sqlite3")],
)
def test_the_probe_notices_a_missing_module(find, module, obstacle):
    result = find({"python3": tampered(f"sys.modules['{module}'] = None")})
    assert obstacle in result.stderr


def test_the_probe_notices_an_old_sqlite_and_an_old_python(find):
    old_sqlite = tampered("sqlite3.sqlite_version_info = (3, 38, 5)")
    assert "with SQLite" in find({"python3": old_sqlite}).stderr
    too_new = tampered("sys.version_info = (3, 14, 0)")
    assert "python3: Python 3.14.0" in find({"python3": too_new}).stderr
