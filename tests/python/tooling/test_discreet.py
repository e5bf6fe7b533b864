"""What people are shown holds no secret, and stays on its line."""

import pytest

from scripts import command
from scripts.discreet import address, discreet, is_torn, secrets_of
from scripts.export import main as export
from scripts.ingest.__main__ import main as ingest

URLS = [
    "postgresql://me:{}@host/db", "https://{}@host/x", "s3://AKIA:{}@bucket/in",
    "mysql+pymysql://me:a@{}@host:3306/db?x=1", "s3://AKIA:a/{}+b@bucket/in",
    "https://me:a?{}@host/x", "https://me:a#{}@host", "mailto://me:{}@b@c",
    "https://me:a:{}:b@host/x",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_no_part_of_a_password_is_shown(url):
    url = url.format("zzz")
    assert "zzz" not in discreet(f"cannot open {url}: gone")
    assert "zzz" not in discreet(f"cannot open '{url.replace('//', '/')}'")
    assert "zzz" not in address(url)
    assert any("zzz" in secret for secret in secrets_of(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://host/x?api_key=zzz",
        "p://h/d?password=zzz&x=1",
        "https://h/?x=1&Token=zzz",
    ],
)
def test_no_secret_parameter_is_shown(url):
    assert "zzz" in secrets_of(url)
    assert "zzz" not in address(url)
    assert "zzz" not in discreet("wrong: zzz, said the host", secrets_of(url))


def test_a_password_is_hidden_as_written_and_as_meant():
    secrets = secrets_of("postgresql://me:p%40ss%20w@host/db")
    assert discreet("not p@ss w, not p%40ss%20w", secrets) == "not ***, not ***"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, ä €", "plain words, ä €"),
        ("two\nlines\r\nand a\ttab", "two lines and a tab"),
        ("\x1b[2Jgone\u202e", "\\x1b[2Jgone\\u202e"),
        ("mail me@example.com", "mail me@example.com"),
        ("https://host/a/b?c=d", "https://host/a/b?c=d"),
        ("", ""),
    ],
)
def test_a_text_is_one_line(text, shown):
    assert discreet(text) == shown


@pytest.mark.parametrize(
    ("url", "is_so"),
    [
        ("p://u:a@b@h/d", True), ("p://u:a/b@h/d", True), ("p://u:a?b@h", True),
        ("p://u:a:b@h/d", False), ("p://u@corp:a@h/d", False), ("p://u:ab@h/d", False),
        ("p://h/d", False), ("p://h:80/a@b", False), ("s3://b/x:y@z", False),
        ("no url", False),
    ],
)  # fmt: skip
def test_a_password_that_may_end_elsewhere_is_noticed(url, is_so):
    assert is_torn(url) is is_so


@pytest.mark.parametrize("url", URLS)
def test_commands_show_no_password(url, capsys, tmp_path, monkeypatch):
    url = url.format("zzz")
    monkeypatch.setenv("WAREHOUSE_DATA", str(tmp_path))
    monkeypatch.setattr(command, "TRACEBACK", tmp_path / "logs" / "traceback.log")
    db = str(tmp_path / "x.db")
    ends = []
    for main, arguments in (
        (export, ["somewhere", url]),
        (export, [url, "--db", db]),
        (export, ["--db", url]),
        (ingest, ["--inbox", url, "--db", db]),
        (ingest, ["--db", url]),
        (ingest, ["--nonsense", url]),
    ):
        try:
            ends.append(main(arguments))
        except SystemExit as end:
            ends.append(end.code)
    assert not {0, None} & set(ends)
    printed = capsys.readouterr()
    assert "zzz" not in printed.err + printed.out


def test_a_kept_traceback_shows_no_password(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "TRACEBACK", tmp_path / "logs" / "traceback.log")

    @command.command("stumble")
    def stumble(_):
        raise ZeroDivisionError("of s3://AKIA:zzz@b/x")

    assert stumble([]) == 3
    kept = (tmp_path / "logs" / "traceback.log").read_text()
    assert "ZeroDivisionError" in kept
    assert "zzz" not in kept
    assert "zzz" not in capsys.readouterr().err
