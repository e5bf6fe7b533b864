import json
import sys

import pytest
import yaml
from jsonschema import Draft202012Validator

from scripts.ingest import UsageError, schema, sources
from scripts.ingest.sources import DECLARATIONS, load_ledger, load_sources


def declare(folder, body: str, name: str = "a"):
    path = folder / name / f"_{name}__sources.yml"
    path.parent.mkdir(parents=True)
    path.write_text(body)
    return path


def table(meta: str = "files: t*", columns: str = "[{name: id}]", source: str = "{}"):
    return (
        "sources:\n"
        "  - name: a\n"
        f"    config: {{meta: {source}}}\n"
        "    tables:\n"
        "      - name: t\n"
        f"        config: {{meta: {{{meta}}}}}\n"
        f"        columns: {columns}\n"
    )


def test_settings_of_the_source_hold_for_its_tables(tmp_path):
    declare(
        tmp_path,
        table(
            "files: [t*, u*], delivery: append",
            source="{delivery: period, time_zone: '+09:00', encoding: latin-1}",
        ),
    )
    (found,) = load_sources(tmp_path)["a"].tables
    assert found.delivery == "append"
    assert found.time_zone == "+09:00"
    assert found.encoding == "iso8859-1"
    assert found.files == ("t*", "u*")
    assert found.identifier == "t"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (table("files: t*, lod_kind: append"), ["a.t", "lod_kind", "not known"]),
        (
            table("files: t*, delivery: full, deliveries: [changes, period]"),
            ["a.t", "delivery", "changes or period for this table", "full"],
        ),
        (table("files: t*, delivery: merge"), ["a.t", "delivery", "'merge'"]),
        (table("delivery: append"), ["a.t", "files"]),
        (table(source="{files: t*}"), ["a:", "files", "not known"]),
        (table("files: t*, format: xlsx"), ["format", "'xlsx'", "parquet"]),
        (table("files: t*, encoding: utf-9"), ["encoding", "utf-9"]),
        (table("files: t*, time_zone: Asia/Tokyo"), ["time_zone", "Asia/Tokyo"]),
        (table("files: t*, decimal_mark: ;"), ["decimal_mark", "';'"]),
        (table("files: t*, date_order: myd"), ["date_order", "'myd'"]),
        (table("files: t*, delimiter: '||'"), ["delimiter", "'||'"]),
        (table("files: t*, business_time: at"), ["business_time", "no column at"]),
        (table("files: t*, separator_rows: 5"), ["separator_rows"]),
        (table("files: t*, delivery_time: now"), ["delivery_time", "'now'"]),
        (table("files: t*, delivery_time: {column: at}"), ["no column at"]),
        (table("files: t*, delivery_time: {file_name: '('}"), ["delivery_time"]),
        (table("files: t*, delivery_time: {file_name: x}"), ["groups year"]),
        (
            table("files: t*, delivery_time: {file_name: '(?P<number>.)'}"),
            ["number needs first_day"],
        ),
        (
            table(
                "files: t*, delivery_time: {file_name: '(?P<number>.)', first_day: 1.5}"
            ),
            ["first_day: expected YYYY-MM-DD"],
        ),
        (table(columns="[{name: id}, {name: ID}]"), ["column ID", "twice"]),
        (table(columns="[{name: _id}]"), ["a.t._id", "names beginning with _"]),
        (table(columns="[]"), ["a.t", "no columns"]),
        (table(columns="[{description: x}]"), ["name is missing"]),
        (table(columns="[{name: id, meta: {}}]"), ["a.t.id", "under config"]),
        (
            table(columns="[{name: id, config: {meta: {requird: true}}}]"),
            ["a.t.id", "requird"],
        ),
        (
            table(columns="[{name: id, config: {meta: {required: 1}}}]"),
            ["a.t.id", "required", "true or false"],
        ),
        (
            table(
                columns="[{name: id, config: {meta: {aliases: [Key]}}}, "
                "{name: ref, config: {meta: {aliases: [k-e-y]}}}]"
            ),
            ["a.t", "alias k-e-y of ref", "means id"],
        ),
        (
            table(columns="[{name: id}, {name: ref, config: {meta: {aliases: [ID]}}}]"),
            ["alias ID of ref", "means id"],
        ),
        (
            table(columns="[{name: id, config: {meta: {aliases: [k, k]}}}]"),
            ["a.t.id", "aliases", "twice"],
        ),
        (
            table(columns="[{name: id, config: {meta: {aliases: k}}}]"),
            ["a.t.id", "aliases", "list"],
        ),
        *(
            (
                table(columns=f"[{{name: id, config: {{meta: {{hash: {said}}}}}}}]"),
                ["a.t.id", "hash", *words],
            )
            for said, *words in (
                ("sha1", "expected keys and values", "sha1"),
                ("{of: email, form: lower}", "algorithm", "missing"),
                ("{of: email, algorithm: sha1}", "form", "missing"),
                ("{algorithm: sha1, form: lower}", "'of'", "missing"),
                (
                    "{of: mail, algorithm: sha1, form: lower}",
                    "of: expected email, phone",
                    "'mail'",
                ),
                (
                    "{of: email, algorithm: SHA-1, form: lower}",
                    "algorithm: expected md5, sha1, sha256, sha512",
                    "'SHA-1'",
                ),
                (
                    "{of: email, algorithm: md5, form: lowr}",
                    "form: expected lower, upper, google, uid2",
                    "'lowr'",
                ),
                (
                    "{of: email, algorithm: md5, form: [lower, e164]}",
                    "form: expected lower, upper, google, uid2 for email",
                    "e164",
                ),
                (
                    "{of: phone, algorithm: md5, form: lower}",
                    "form: expected e164, digits, national, trunk for phone",
                    "lower",
                ),
                ("{of: phone, algorithm: md5, form: []}", "form: expected e164", "[]"),
                (
                    "{of: phone, algorithm: md5, form: e164, salt: x}",
                    "key salt is not known",
                    "algorithm, form, of",
                ),
            )
        ),
        ("sources: [\n", ["_a__sources.yml", "line 2"]),
        ("models: []\n", ["sources"]),
        ("", ["sources"]),
    ],
)
def test_an_error_names_file_and_key(tmp_path, body, words):
    path = declare(tmp_path, body)
    with pytest.raises(UsageError) as error:
        load_sources(tmp_path)
    message = str(error.value)
    assert str(path) in message
    assert "\n" not in message
    for word in words:
        assert word in message


def test_two_spellings_of_one_column_are_no_conflict(tmp_path):
    declare(
        tmp_path,
        table(columns="[{name: email, config: {meta: {aliases: [e_mail, E-Mail]}}}]"),
    )
    assert load_sources(tmp_path)


def test_a_source_and_a_bronze_table_are_declared_once(tmp_path):
    declare(tmp_path, table())
    declare(tmp_path, table(), "b")
    with pytest.raises(UsageError, match="source a is declared twice"):
        load_sources(tmp_path)
    (tmp_path / "b" / "_b__sources.yml").write_text(
        table().replace("name: a", "name: b")
    )
    with pytest.raises(UsageError, match="identifier t is already taken"):
        load_sources(tmp_path)


def test_the_projects_own_declarations_are_valid():
    tables = {table.name for table in load_sources()["crm"].tables}
    assert tables == {
        *("companies", "contacts", "opportunities", "activities"),
        *("owners", "stage_changes", "leads", "opportunity_contacts"),
    }
    assert [table.name for table in load_ledger()] == [
        "ingest_batches",
        "ingest_files",
        "ingest_rejects",
        "run_results",
    ]


def test_the_json_schema_takes_what_is_valid_and_marks_a_typo():
    validator = Draft202012Validator(schema.json_schema())
    files = [
        path
        for path in DECLARATIONS.glob("*/_*__sources.yml")
        if path.parent.name != "ingest"
    ]
    assert len(files) == 6
    for path in files:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert not list(validator.iter_errors(_as_json(document))), path
    for body, word in [
        (table("files: t*, lod_kind: append"), "lod_kind"),
        (table("files: t*, format: xlsx"), "xlsx"),
        (table("files: t*, api: {name: a, url: b, table: c}"), "table"),
        (table(columns="[{name: id, config: {meta: {requird: true}}}]"), "requird"),
        (table("registers: {one: {files: t*, stat: NV}}"), "stat"),
    ]:
        errors = list(validator.iter_errors(_as_json(yaml.safe_load(body))))
        within = [e for error in errors for e in error.context]
        assert any(word in e.message for e in errors + within), body


def _as_json(document):
    return json.loads(json.dumps(document, default=str))


def test_what_was_read_is_kept_until_something_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "DECLARATIONS", tmp_path / "models")
    monkeypatch.setattr(sources, "KEPT", tmp_path / "target" / "declarations.pickle")
    path = declare(tmp_path / "models", table())
    first = load_sources(tmp_path / "models")
    monkeypatch.setitem(sys.modules, "scripts.ingest.declarations", None)  # no reading
    assert load_sources(tmp_path / "models") == first
    monkeypatch.undo()
    monkeypatch.setattr(sources, "DECLARATIONS", tmp_path / "models")
    monkeypatch.setattr(sources, "KEPT", tmp_path / "target" / "declarations.pickle")
    path.write_text(table("files: u*"))
    assert load_sources(tmp_path / "models")["a"].tables[0].files == ("u*",)
    declare(
        tmp_path / "models",
        table().replace("name: a", "name: b").replace("name: t", "name: u"),
        "b",
    )
    assert list(load_sources(tmp_path / "models")) == ["a", "b"]
    path.write_text(table("lod_kind: append"))
    with pytest.raises(UsageError, match="lod_kind"):
        load_sources(tmp_path / "models")
    path.unlink()
    sources.KEPT.write_bytes(b"no pickle")
    assert list(load_sources(tmp_path / "models")) == ["b"]
