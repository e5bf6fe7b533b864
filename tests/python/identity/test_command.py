"""What the command says of files that it cannot use."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.identity_eval.__main__ import main

CSV = "id,who,name\n1,A,Ann\n"
FIELDS = "id: id\nfields:\n- {name: name, kind: full_name}\n"


@pytest.mark.parametrize(
    ("csv", "fields", "truth", "cause"),
    [
        (None, FIELDS, "who", "records.csv: No such file"),
        (CSV, None, "who", "fields.yml: No such file"),
        (CSV, FIELDS, "person", "records.csv: no column 'person' in its header"),
        (CSV, FIELDS.replace("name: name", "name: mail"), "who", "no column 'mail'"),
        (CSV, FIELDS.replace("full_name", "nick"), "who", "kind of name is 'nick'"),
        (CSV, "id: id\n", "who", "fields.yml: fields: must list what to compare"),
        (CSV, "fields: [", "who", "fields.yml: not a YAML file"),
        (CSV, "fields: []", "who", "fields.yml: id: must name a column"),
        (CSV, "id: id\nfields: [name]", "who", "number 1 must have a name and a kind"),
        (b"id,who,name\n1,A,\xff\n", FIELDS, "who", "records.csv: line"),
    ],
)
def test_one_line_names_file_and_cause(
    tmp_path: Path, capsys, csv, fields, truth: str, cause: str
) -> None:
    for name, content in (("records.csv", csv), ("fields.yml", fields)):
        if content is not None:
            content = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(content)
    code = main(
        ["--csv", str(tmp_path / "records.csv"), "--truth", truth]
        + ["--fields", str(tmp_path / "fields.yml")]
    )
    assert code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert cause in line
