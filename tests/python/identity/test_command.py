"""What the command says of files that it cannot use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.identity_eval import metrics
from tools.identity_eval.__main__ import main, pool
from tools.identity_eval.doubts import doubts, read_as
from tools.identity_eval.records import Field, Fields, InputError

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


@pytest.mark.parametrize(
    ("kind", "value", "doubt"),
    [
        ("email", "a{}@x.com", None),
        ("email", "Ann {}", "0% of its values look like addresses"),
        ("phone", "+1 212 555 {:04}", None),
        ("phone", "none", "0% of its values look like numbers"),
        ("category", "Main St {}", "200 of 200 values differ"),
        ("country", "US", None),
        ("hash", "US", "only 1 of 200 values differ"),
        ("first_name", "Ann Vogel", "full_name?"),
        ("date", "", "has no values"),
        ("text", "a{}@x.com", "another kind: email?"),
        ("identifier", "a{}@x.com", "another kind: email?"),
        ("text", "1970-01-31", "another kind: date?"),
        ("identifier", "19700101", "another kind: date?"),
        ("text", "+1 212 555 {:04}", "another kind: phone?"),
        ("identifier", "+1 212 555 {:04}", None),
        ("text", "shop{}.example.com", "another kind: domain?"),
        ("category", "US", "another kind: country or region?"),
        ("category", "gold", None),
        ("text", "St. Moritz {}", None),
        ("identifier", "{:08}", None),
    ],
)
def test_a_field_of_another_kind_is_doubted(kind: str, value: str, doubt) -> None:
    rows = [(str(at), str(at), value.format(at)) for at in range(200)]
    found = doubts(Fields("id", (Field("Given", kind, "given"),)), rows)
    if doubt is None:
        assert found == []
    else:
        (line,) = found
        assert line.startswith(f"Given is declared as {kind}, but ")
        assert doubt in line


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("text", "1971-06-2{}", "date"),
        ("identifier", "1871062{}", "date"),
        ("category", "2{}/06/1971", "date"),
        ("identifier", "7106324{}", "identifier"),
        ("identifier", "ann{}@x.com", "email"),
        ("hash", "ann{}@x.com", "hash"),
        ("postcode", "1971062{}", "postcode"),
        ("text", "", "text"),
    ],
)
def test_dates_and_addresses_are_read_as_such(kind: str, value: str, read: str) -> None:
    rows = [(str(at), str(at), value.format(at)) for at in range(10)]
    fields = read_as(Fields("id", (Field("Given", kind, "given"),)), rows)
    assert [field.kind for field in fields.compared] == [read]


@pytest.mark.parametrize(
    ("name", "kind", "value", "read"),
    [
        ("Given name", "text", "Ann", "first_name"),
        ("surname", "category", "Vogel", "last_name"),
        ("surname", "hash", "Vogel", "hash"),
        ("last_name", "text", "f00d{}", "text"),
        ("last_contact", "text", "Vogel", "text"),
    ],
)
def test_names_are_read_as_names(name: str, kind: str, value: str, read: str) -> None:
    rows = [(str(at), str(at), value.format(at)) for at in range(10)]
    fields = read_as(Fields("id", (Field(name, kind, "given"),)), rows)
    assert [field.kind for field in fields.compared] == [read]


def test_sets_are_pooled_by_name(tmp_path: Path) -> None:
    """A set that is judged again takes the place of before."""
    path = tmp_path / "pool.json"
    for name, true in (("one", 1), ("other", 4), ("one", 3)):
        bands = [[start, 5, true] for start in metrics.BANDS]
        every = pool(path, name, {"calibration": bands})
    together = metrics.pooled(each["calibration"] for each in every.values())
    assert together == [[start, 10, 7] for start in metrics.BANDS]
    assert metrics.shares(together)[1].split()[-3:] == ["10", "7", "0.700"]


def test_a_pool_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pool.json"
    path.write_text("{")
    with pytest.raises(InputError, match=r"pool\.json: not what --pool writes"):
        pool(path, "one", {})
