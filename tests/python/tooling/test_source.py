"""Drafts of declarations, made from a file of a system that nobody knows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from scripts.command import CommandError
from scripts.ingest import ingest
from scripts.source.__main__ import _drafted, _name, main
from scripts.source.columns import look

EXPORT = """Vorgang Nr;Deal title;Net value;Customer mail;Phase stage;Created on;Colour
A-1;Big one;1.200,50;ann@x.example;Open;31.12.2025;red
A-2;Small one;80,00;bob@y.example;Won;03.01.2026;blue
A-3;Third;99,90;eve@z.example;Lost;05.01.2026;
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "inbox" / "erp" / "Verkäufe 2026.csv"
    path.parent.mkdir(parents=True)
    path.write_text(EXPORT, encoding="utf-8")
    return path


def test_a_draft_lands_the_file_it_was_made_from(config, export, tmp_path):
    said = list(_drafted(export, "erp"))
    draft = config / "systems" / "erp.yml"
    text = draft.read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    (shape,) = document["tables"].values()
    assert shape["into"] == "crm.opportunities"
    assert shape["columns"] == {
        "id": ["Vorgang Nr"],
        "name": ["Deal title"],
        "amount": ["Net value"],
        "stage": ["Phase stage"],
        "created_date": ["Created on"],
    }
    assert document["settings"] == {"date_order": "dmy", "decimal_mark": ","}
    assert shape["also_has"] == ["Customer mail", "Colour"]
    assert "# currency: EUR" in text
    assert '"Customer mail"  # personal, email' in text
    assert 'amount: ["Net value"]  # likely: has the word value' in text
    assert said[1] == ("such files land in crm.opportunities, identified by Vorgang Nr")
    assert "  not found: company_id" in said
    (outcome,) = ingest(tmp_path / "inbox", tmp_path / "x.db").outcomes
    assert (outcome.status, outcome.landed) == ("landed", 3)
    assert "Net value 1,380.40" in outcome.seen


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "deals.csv",
            "Opportunity;Kunde;Betrag;Währung;Status;Datum\n"
            "Neubau;Alder GmbH;1.200,50;EUR;Angebot;31.12.2026\n"
            "Umbau;Birch AG;300,00;EUR;Angebot;30.11.2026\n",
        ),
        (
            "Dealliste 2026.csv",
            "Auftrag;Deal;Firma;Betrag;Datum\n"
            "7001;Neubau;Alder;1.200,50;31.12.2026\n7002;Umbau;Birch;3;30.11.2026\n",
        ),
        (
            "export.csv",
            "Nr;Opportunity;Kunde;Betrag;Status;Datum\n"
            "1;Neubau;Alder;1.200,50;Angebot;31.12.2026\n"
            "2;Umbau;Birch;300,00;Angebot;30.11.2026\n",
        ),
    ],
)
def test_a_german_list_of_deals_is_no_list_of_payments(config, tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert list(_drafted(path, "erp"))[1].startswith("such files land in crm.opp")


def test_a_folder_is_no_export(config, export, capsys):
    assert main([str(export.parent)]) == 2
    assert capsys.readouterr().err == (
        f"source: {export.parent}: is a folder: name a file of it\n"
    )


def test_a_name_is_looked_for_where_files_are(config, tmp_path, monkeypatch, capsys):
    """What refuses a file knows its name alone."""
    monkeypatch.setenv("WAREHOUSE_DATA", str(tmp_path))
    for folder, name in [
        ("refused/erp", "a [1].csv"),
        ("inbox/erp", "b.csv"),
        ("refused/erp", "c.csv"),
        ("inbox/crm", "c.csv"),
    ]:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text(EXPORT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["a [1].csv"]) == main(["b.csv", "--name", "other"]) == 0
    capsys.readouterr()
    for name, said in [
        ("c.csv", "there are several, name one of them"),
        ("d.csv", "no such file here, in "),
        ("erp/b.csv", "no such file"),
    ]:
        assert main([name]) == 2
        assert capsys.readouterr().err.startswith(f"source: {name}: {said}")


def test_a_draft_overwrites_nothing(config, export):
    (config / "systems").mkdir(parents=True)
    (config / "systems" / "erp.yml").write_text(
        "system: erp\ntables: {other: {into: crm.contacts, columns: {id: [x]}}}\n"
    )
    with pytest.raises(CommandError, match=r"erp\.yml exists already"):
        list(_drafted(export, "erp"))
    assert "crm.contacts" in (config / "systems" / "erp.yml").read_text()


def test_a_known_file_needs_no_draft(config, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Record ID,Deal Name,Deal Stage,Amount\n1,a,b,2\n")
    assert list(_drafted(path, "x")) == [
        "x.csv is a HubSpot deals export: the inbox takes it as it is"
    ]
    assert not config.exists()


def test_what_no_table_takes_is_said(config, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Foo,Bar\n1,2\n")
    with pytest.raises(CommandError, match=r"no table takes it .headers: Foo, Bar."):
        list(_drafted(path, "x"))
    assert not config.exists()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a@b.example", "c@d.example", None], "email"),
        (["2026-01-31", "2026-02-01 10:00"], "date"),
        (["31.12.2025", "1.2.2026"], "date"),
        (["1.234,50", "-3,00", "(5.00)"], "money"),
        (["$1", "€ 2.50"], "money"),
        (["17", "18"], "integer"),
        (["yes", "No"], "boolean"),
        (["+49 30 123456", "030/1234567"], "phone"),
        (["12 Main St", "x"], "text"),
        ([None, " "], "text"),
    ],
)
def test_the_kind_of_a_column_is_seen_in_its_values(values, kind):
    (column,) = look(["x"], [[value] for value in values])
    assert column.kind == kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Verkäufe CRM 2026", "verkaufe_crm"),
        ("deals-4711-12", "deals"),
        ("2026", "s"),
        ("Net-7", "net_7"),
    ],
)
def test_a_name_is_made_of_that_of_the_file(text, name):
    assert _name(text) == name


@pytest.mark.parametrize(
    ("name", "text", "encoding", "into", "columns"),
    [
        (
            "affaires", "Numéro;Intitulé;Montant HT;Devise;Étape;Date de création\n"
            "AF-1;Contrat;1 234,50;EUR;Gagné;31/12/2025\n"
            "AF-2;Audit;80,00;EUR;Perdu;03/01/2026\n", "cp1252", "crm.opportunities",
            {"id": "Numéro", "name": "Intitulé", "amount": "Montant HT",
             "currency": "Devise", "stage": "Étape",
             "created_date": "Date de création"},
        ),
        (
            "contatti", "Codice;Nome;Cognome;E-mail;Azienda;Creato il\n"
            "7;Ada;Rossi;ada@x.example;Olmo;01/02/2026\n"
            "8;Bice;Neri;bice@y.example;Pino;13/02/2026\n", "utf-8", "crm.leads",
            {"id": "Codice", "last_name": "Cognome", "email": "E-mail",
             "company": "Azienda", "created_date": "Creato il"},
        ),
        (
            "verkopen", "Ordernummer\tKlant\tAantal\tBedrag\tValuta\tDatum\n"
            "1001\tAlder\t2\t12,50\tEUR\t05-01-2026\n"
            "1002\tBirch\t1\t3,20\tEUR\t23-01-2026\n", "utf-16", "commerce.payments",
            {"payment_id": "Ordernummer", "amount": "Bedrag", "currency": "Valuta",
             "created_at": "Datum"},
        ),
        (
            "report", "Order No,Order Date,Customer,Item,Qty,Line Total,Currency\n"
            "O1,2026-03-14,Alder,Mug,2,1.50,USD\nO1,2026-03-14,Alder,Cup,1,2.25,USD\n"
            "O2,2026-03-15,Birch,Bowl,1,7.10,USD\n", "utf-8", "commerce.order_lines",
            {"order_id": "Order No", "ordered_at": "Order Date", "product": "Item",
             "quantity": "Qty", "line_amount": "Line Total", "currency": "Currency",
             "customer_name": "Customer"},
        ),
        (
            "pedidos", "Pedido;Fecha;Cliente;Producto;Cantidad;Precio unitario;Moneda\n"
            "P1;14/03/2026;Olmo;Taza;2;1,50;EUR\nP1;14/03/2026;Olmo;Vaso;1;2,25;EUR\n"
            "P2;15/03/2026;Pino;Plato;1;7,10;EUR\n", "cp1252", "commerce.order_lines",
            {"order_id": "Pedido", "product": "Producto", "quantity": "Cantidad",
             "currency": "Moneda", "unit_price": "Precio unitario",
             "customer_name": "Cliente"},
        ),
        (
            "rechnungen",
            "Rechnungsnummer;Datum;Kunde;Artikel;Menge;Zeilensumme;Gesamt\n"
            "R1;14.03.2026;Alder;Tasse;2;1,50;3,75\n"
            "R1;14.03.2026;Alder;Glas;1;2,25;3,75\n"
            "R2;15.03.2026;Birch;Teller;1;7,10;7,10\n", "cp1252",
            "commerce.order_lines",
            {"order_id": "Rechnungsnummer", "line_amount": "Zeilensumme",
             "product": "Artikel", "quantity": "Menge", "customer_name": "Kunde"},
        ),
        (
            "vertrieb", "Item ID,Name,Deal Value,Stage,Owner,Close Date,Company\n"
            "44,New,1000.50,Lead,Sam,2026-02-14,Alder\n"
            "45,Old,7.10,Won,Sam,2026-02-15,Birch\n", "utf-8", "crm.opportunities",
            {"id": "Item ID", "amount": "Deal Value", "company_name": "Company"},
        ),
    ],
)  # fmt: skip
def test_words_of_other_languages_are_known(
    config, tmp_path, name, text, encoding, into, columns
):
    path = tmp_path / "inbox" / name / f"{name}.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(encoding))
    list(_drafted(path, name))
    draft = (config / "systems" / f"{name}.yml").read_text(encoding="utf-8")
    (shape,) = yaml.safe_load(draft)["tables"].values()
    assert shape["into"] == into
    found = {column: headers[0] for column, headers in shape["columns"].items()}
    assert {column: found.get(column) for column in columns} == columns
    (outcome,) = ingest(tmp_path / "inbox", tmp_path / "x.db").outcomes
    assert (outcome.status, outcome.landed) == ("landed", text.count("\n") - 1)


LEADS = (
    "lfd. Nr.;Firma;Ansprechpartner;E-Mail-Adresse;Interesse\n"
    "1;Alder AG;Hr. Kai Özer;{};hoch\n"
    "2;Birch AG;Frau Dr. Müller;bob@birch.example;mittel\n"
    "3;Birch AG;Hr. Elm;eve@birch.example;hoch\n"
    "Summe;;;;\n"
)


def drafted(tmp_path: Path, config: Path, text: str) -> tuple[str, dict]:
    path = tmp_path / "inbox" / "nord" / "Leads_KW47.csv"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert "a draft, from 3 records" in next(iter(_drafted(path, "nord")))
    draft = (config / "systems" / "nord.yml").read_text(encoding="utf-8")
    (shape,) = yaml.safe_load(draft)["tables"].values()
    return draft, shape["columns"]


def test_a_running_number_is_no_key_where_an_address_is(config, tmp_path):
    """Next week's list has other people as 1 to 3."""
    draft, columns = drafted(tmp_path, config, LEADS.format("ann@alder.example"))
    assert columns == {
        "id": ["E-Mail-Adresse"],
        "email": ["E-Mail-Adresse"],
        "full_name": ["Ansprechpartner"],
        "company": ["Firma"],
    }
    assert "counts the rows" not in draft
    later = tmp_path / "inbox" / "nord" / "Leads_KW48.csv"
    text = LEADS.format("cy@cedar.example").replace("birch.ex", "beech.ex")
    later.write_text(text, encoding="utf-8")
    outcomes = ingest(tmp_path / "inbox", tmp_path / "x.db").outcomes
    assert [(each.landed, each.separators) for each in outcomes] == [(3, 1), (3, 1)]
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        found = db.execute("select id, email from bronze_crm__leads").fetchall()
    assert len(set(found)) == 6
    assert all(key == email for key, email in found)


def test_a_running_number_that_must_be_the_key_is_warned_of(config, tmp_path):
    """One has no address, and a company comes twice."""
    draft, columns = drafted(
        tmp_path, config, LEADS.format("-").replace("Hr. Elm", "Frau Dr. Müller")
    )
    assert columns["id"] == ["lfd. Nr."]
    assert '# "lfd. Nr." counts the rows. If it begins anew in each file' in draft
    assert "`key: []`" in draft


@pytest.mark.parametrize(
    ("values", "is_running"),
    [
        (["1", "2", "3"], True),
        (["0", "1", "2"], True),
        (["01.", "02.", "03."], True),
        (["1", "3", "4"], False),
        (["2", "3", "4"], False),
        (["3", "2", "1"], False),
        (["1", None, "2"], False),
        (["1", "x", "3"], False),
        ([None, None], False),
    ],
)
def test_running_numbers(values, is_running):
    (column,) = look(["x"], [[value] for value in values])
    assert column.is_running is is_running
