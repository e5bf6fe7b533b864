"""The user's own lines of seeds, which no tracked file holds."""

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import seeds, settings
from scripts.desk import lines as desk
from scripts.ingest.__main__ import main as ingest
from scripts.ingest.systems import folders
from scripts.watch import own as watch

DECLARED = """
seeds:
  - name: synonyms
    config: {indexes: [{columns: [lookup, given], unique: true}]}
  - name: decisions
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "seeds" / "crm"
    folder.mkdir(parents=True)
    (folder / "_seeds.yml").write_text(DECLARED)
    (folder / "synonyms.csv").write_text("lookup,given,code\na,x,One\na,y,Two\n")
    (folder / "decisions.csv").write_text("id,other,why\n")
    (tmp_path / "own").mkdir()
    return tmp_path / "project"


@pytest.fixture
def own(project: Path) -> Path:
    return project.parent / "own"


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_without_a_file_of_the_users_the_tracked_seeds_count(project, own):
    assert seeds.prepare(own, project) == "seeds"
    assert seeds.prepare(own / "none", project) == "seeds"


def test_a_line_takes_the_place_of_the_one_with_its_key(project, own):
    (own / "synonyms.csv").write_text("code,lookup,given\nThree,a,y\nFour,b,y\n")
    place = project / seeds.prepare(own, project)
    assert lines(place / "crm" / "synonyms.csv") == [
        ["a", "x", "One"],
        ["a", "y", "Three"],
        ["b", "y", "Four"],
    ]
    assert lines(project / "seeds/crm/synonyms.csv") == [
        ["a", "x", "One"],
        ["a", "y", "Two"],
    ]
    assert (place / "crm/_seeds.yml").read_text() == DECLARED


def test_lines_without_a_key_are_added_whatever_spreadsheets_make_of_the_file(
    project, own
):
    text = "id;other\r\n1;Größe\r\n;\r\n1;Größe\r\n"
    (own / "decisions.csv").write_bytes(text.encode("cp1252"))
    place = project / seeds.prepare(own, project)
    assert lines(place / "crm" / "decisions.csv") == [["1", "Größe", ""]] * 2


def test_what_changes_later_is_taken_over_and_the_rest_is_left_alone(project, own):
    (own / "decisions.csv").write_text("id\n1\n")
    place = project / seeds.prepare(own, project)
    before = (place / "crm" / "synonyms.csv").stat()
    (project / "seeds/crm/decisions.csv").write_text("id,other,why\n7,8,9\n")
    (own / "decisions.csv").write_text("id\n2\n")
    assert project / seeds.prepare(own, project) == place
    assert lines(place / "crm/decisions.csv") == [["7", "8", "9"], ["2", "", ""]]
    assert (place / "crm" / "synonyms.csv").stat().st_mtime_ns == before.st_mtime_ns
    (project / "seeds/crm/synonyms.csv").unlink()
    seeds.prepare(own, project)
    assert not (place / "crm" / "synonyms.csv").exists()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("synonym", "lookup\n", "no seed has this name"),
        ("synonym", "lookup\n", "did you mean synonyms?"),
        ("synonyms", "lookup,gven,code\n", "did you mean given?"),
        ("synonyms", "lookup,code\na,b\n", "column given is missing"),
        ("decisions", "id,other\n1,2\n3\n", "line 3: expected 2 fields, found 1"),
        ("decisions", 'id,other\n1,"2\n', "line 2: unexpected end of data"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(project, own, name, text, problem):
    (own / f"{name}.csv").write_text(text)
    with pytest.raises(seeds.SeedError) as raised:
        seeds.prepare(own, project)
    assert problem in str(raised.value)
    assert str(raised.value).startswith(f"{own}/{name}.csv: ")


def test_the_project_itself_takes_lines_of_every_seed(own, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(own))
    assert seeds.folder() == own
    for path in (seeds.PROJECT / "seeds").rglob("*.csv"):
        if path.stem not in seeds.NOT_OWN:
            header = path.read_text(encoding="utf-8").partition("\n")[0]
            (own / path.name).write_text(f"{header}\n")
    place = seeds.prepare()
    assert place.startswith("target/seeds-")
    for path in (seeds.PROJECT / "seeds").rglob("*.csv"):
        copy = seeds.PROJECT / place / path.relative_to(seeds.PROJECT / "seeds")
        assert lines(copy) == lines(path)
    monkeypatch.setitem(os.environ, seeds.VARIABLE, place)
    assert seeds.tracked(f"{place}/crm/a.csv") == "seeds/crm/a.csv"
    assert seeds.tracked("models/a.sql") == "models/a.sql"


def test_samples_have_a_folder_of_their_own(tmp_path, own, monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ["WAREHOUSE_CONFIG"] = str(own)
    mine = settings.Settings("dev", tmp_path, tmp_path / "warehouse.db")
    of_samples = settings.samples(mine)
    elsewhere = replace(mine, database=tmp_path / "other" / "demo.db")
    for chosen, folder in [(mine, own), (of_samples, own / "demo"), (elsewhere, own)]:
        chosen.choose()
        assert seeds.folder() == folder
        assert folders()[-1] == folder / "systems"


def test_every_command_takes_the_folder_of_its_database(tmp_path, own, monkeypatch):
    """What is decided of the samples is not read for other data, nor the reverse."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ["WAREHOUSE_CONFIG"] = str(own)
    os.environ["WAREHOUSE_DATA"] = str(tmp_path)
    (tmp_path / "inbox").mkdir()
    said = {"lookup": "opportunity_stage", "source_value": "a", "code": "b"}
    for name, folder in [("demo", own / "demo"), ("mine", own)]:
        ingest(["--db", str(tmp_path / f"{name}.db"), "--dry-run"])
        seen = watch.OwnSeeds()
        desk.append("code_synonyms", said)
        assert not seen.look() and seen.look(), f"{name} is watched"
        assert (folder / "code_synonyms.csv").exists()
        (folder / "code_synonyms.csv").unlink()


RATES = """
seeds:
  - name: fx_rates
    config: {indexes: [{columns: [day, from_currency, to_currency], unique: true}]}
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("31.01.2026,EUR,USD,1.1", "day must be a date such as 2026-01-31"),
        ("2026-02-30,EUR,USD,1.1", "day must be a date such as 2026-01-31"),
        ("2026-01-31,eur,USD,1.1", "from_currency must be three capital letters"),
        ("2026-01-31,EUR,US,1.1", "to_currency must be three capital letters"),
        ("2026-01-31,EUR,EUR,1", "EUR has no rate to itself"),
        ('2026-01-31,EUR,USD,"1,1"', "rate must be a number above 0"),
        ("2026-01-31,EUR,USD,0.00", "rate must be a number above 0"),
        ("2026-01-31,EUR,USD,-1", "rate must be a number above 0"),
        ("2026-01-31,EUR,USD,", "rate must be a number above 0"),
        ("2026-01-31,EUR,USD,1.234567890123", "rate has more than 12 digits"),
        ("2026-01-02,EUR,USD,1.2", "is that of line 2 again"),
    ],
)
def test_a_wrong_rate_is_refused_with_its_line(project, own, line, said):
    folder = project / "seeds" / "crm"
    (folder / "_seeds.yml").write_text(RATES)
    (folder / "fx_rates.csv").write_text("day,from_currency,to_currency,rate\n")
    good = "day,from,to,rate\n2026-01-02,EUR,USD,1.1\n"
    (own / "fx_rates.csv").write_text(good)
    place = project / seeds.prepare(own, project)
    assert lines(place / "crm/fx_rates.csv") == [["2026-01-02", "EUR", "USD", "1.1"]]
    (own / "fx_rates.csv").write_text(f"{good}{line}\n")
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(own, project)
    assert f"fx_rates.csv: line 3: {said}" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "declared", "line", "said"),
    [
        ("fx_rates", "RATES", "2026-01-31,EUR,QQQ,1.1", "to_currency QQQ is no"),
        ("fx_rates", "RATES", "2026-01-31,XYZ,EUR,1.1", "from_currency XYZ is no"),
        ("fx_rates", "RATES", "2026-01-31,EUR,ABC,1.1", None),  # the user's own
        ("targets", "TARGETS", "Ann,2026,won_amount,5,QQQ", "currency QQQ is no"),
        ("targets", "TARGETS", "Ann,2026,won_amount,5,EUR", None),
        ("targets", "TARGETS", "Ann,2026,won_count,5,", None),
    ],
)
def test_a_currency_that_nothing_knows_is_refused(
    project, own, name, declared, line, said
):
    folder = project / "seeds" / "crm"
    (folder / "_seeds.yml").write_text(globals()[declared])
    header = {
        "fx_rates": "day,from_currency,to_currency,rate\n",
        "targets": "owner,period,measure,amount,currency\n",
    }[name]
    (folder / f"{name}.csv").write_text(header)
    (folder / "currencies.csv").write_text("code,decimals,name\nEUR,2,Euro\n")
    (own / "currencies.csv").write_text("code;decimals;name\nABC;2;Own\n")
    (own / f"{name}.csv").write_text(f"{header}{line}\n")
    if said is None:
        assert seeds.prepare(own, project)
        return
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(own, project)
    assert f"{name}.csv: line 2: {said} currency of ISO 4217" in str(refused.value)


@pytest.mark.parametrize(
    ("code", "hint"),
    [("QQQ", ""), ("eur", "did you mean EUR?"), ("US$", ""), ("EURO", "EUR?")],
)
def test_a_reporting_currency_that_nothing_knows_is_one_line(
    own, monkeypatch, code, hint
):
    monkeypatch.setenv("WAREHOUSE_REPORTING_CURRENCY", code)
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(own)
    said = str(refused.value)
    assert said.startswith(f"WAREHOUSE_REPORTING_CURRENCY: {code!r} is no currency")
    assert hint in said
    assert "\n" not in said
    monkeypatch.setenv("WAREHOUSE_REPORTING_CURRENCY", "KWD")
    assert seeds.prepare(own) == "seeds"


def test_a_line_keeps_what_would_break_a_line(project, own):
    (own / "decisions.csv").write_text('id,other,why\r\n"a\rb","c\nd","e, ""f"""\r\n')
    place = project / seeds.prepare(own, project)
    with (place / "crm" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        assert file.read() == 'id,other,why\r\n"a\rb","c\nd","e, ""f"""\r\n'


TARGETS = """
seeds:
  - name: targets
    config:
      indexes: [{columns: [owner, period, measure, currency], unique: true}]
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",2026,won_count,5,", "owner is empty"),
        ("Ann,2026-13,won_count,5,", "period must be such as 2026-03"),
        ("Ann,2026-Q5,won_count,5,", "period must be such as 2026-03"),
        ("Ann,March,won_count,5,", "period must be such as 2026-03"),
        ("Ann,2026,sales,5,", "measure must be one of won_amount, won_count"),
        ("Ann,2026,won_amount,5,", "currency must be three capital letters"),
        ("Ann,2026,won_amount,5,€", "currency must be three capital letters"),
        ("Ann,2026,win_rate,0.5,EUR", "win_rate has no currency"),
        ('Ann,2026,won_amount,"50,000",EUR', "amount must be a number such as 50000"),
        ("Ann,2026,won_amount,,EUR", "amount must be a number such as 50000"),
        ("Ann , 2026-Q1,won_amount,7,EUR", "is that of line 2 again"),
    ],
)
def test_a_wrong_target_is_refused_with_its_line(project, own, line, said):
    folder = project / "seeds" / "crm"
    (folder / "_seeds.yml").write_text(TARGETS)
    header = "owner,period,measure,amount,currency\n"
    (folder / "targets.csv").write_text(header)
    good = f"{header}Ann,2026-Q1,won_amount,50000,EUR\n"
    (own / "targets.csv").write_text(good)
    place = project / seeds.prepare(own, project)
    assert lines(place / "crm/targets.csv") == [
        ["Ann", "2026-Q1", "won_amount", "50000", "EUR"]
    ]
    (own / "targets.csv").write_text(f"{good}{line}\n")
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(own, project)
    assert f"targets.csv: line 3: {said}" in str(refused.value)


KIND = "record_kind must be one of backend, buyer, call_centre, company, contact, "
PLACE = "place must be a whole number above 0, found"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("contcat,*,1", KIND),
        ("contcat,*,1", "found 'contcat'; did you mean contact?"),
        (
            "contact,hubspot,first",
            f"{PLACE} 'first'",
        ),
        ("contact,hubspot,0", f"{PLACE} '0'"),
        ("contact,hubspot,1.5", f"{PLACE} '1.5'"),
        ("contact,hubspot,", f"{PLACE} ''"),
        ("contact,,1", "source_name is empty: * is for all others"),
        ("lead , salesforce,2", "is that of line 2 again"),
    ],
)
def test_a_wrong_trust_is_refused_with_its_line(own, line, said):
    good = "record_kind,source_name,place\nlead,salesforce,1\n"
    (own / "source_trust.csv").write_text(good)
    place = seeds.PROJECT / seeds.prepare(own)
    trusted = lines(place / "identity" / "source_trust.csv")
    assert trusted[-1] == ["lead", "salesforce", "1"]
    (own / "source_trust.csv").write_text(f"{good}{line}\n")
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(own)
    assert str(refused.value).startswith(f"{own}/source_trust.csv: line 3: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "opportunity_stages",
            "stage,stage_order,is_closed,is_won\nTrial,9,no,0\n",
            "line 2: is_closed must be a whole number, found 'no'",
        ),
        (
            "coupons",
            "coupon,percent_off,amount_off_minor\nA,10,\nB,12.5,\nC,10%,\n",
            "line 4: percent_off must be a number, found '10%'",
        ),
    ],
)
def test_a_text_for_a_number_is_refused_with_its_line(own, name, text, said):
    whole, _, _ = text.removesuffix("\n").rpartition("\n")
    (own / f"{name}.csv").write_text(whole)
    assert seeds.prepare(own)
    (own / f"{name}.csv").write_text(text)
    with pytest.raises(seeds.SeedError) as refused:
        seeds.prepare(own)
    assert str(refused.value) == f"{own}/{name}.csv: {said}"


def test_a_line_is_named_where_the_user_wrote_it(project, own, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(own))
    shipped = project / "seeds" / "crm" / "decisions.csv"
    shipped.write_text('id,other,why\n1,2,"of two\nlines"\n')
    assert seeds.place_of("decisions", 2, project) == (shipped, 2)
    mine = own / "decisions.csv"
    mine.write_text('id;other;why\n\n3;4;"two\nlines"\n;;\n5;6;\n')
    copy = project / seeds.prepare(own, project) / "crm" / "decisions.csv"
    assert copy.read_text().splitlines()[3:] == ['3,4,"two', 'lines"', "5,6,"]
    assert seeds.place_of("decisions", 2, project) == (shipped, 2)
    assert seeds.place_of("decisions", 4, project) == (mine, 3)
    assert seeds.place_of("decisions", 6, project) == (mine, 6)
