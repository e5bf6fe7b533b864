"""The steward's desk: what it asks, in which order, and what an answer does."""

from __future__ import annotations

import csv
import html
import re
from urllib.parse import quote

import pytest

from scripts.desk import decisions

from .conftest import AWKWARD, TODAY, sides, text_of

HEADER = "entity,record_id,other_record_id,decision,decided_by,decided_on,reason"
HOSTILE = "</td><script>document.title=7</script><img src=x onerror=alert(1)>"


def lines(own):
    with own.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def two(made, one="P1", other="P2", **changed):
    made.contact(one)
    made.contact(other, **changed)
    made.pair(one, other, 0.6, "first name equal; last name different; ")


def test_the_most_valuable_is_first_and_currencies_are_not_compared(made, desk):
    """By hand: USD 300.00 before USD 150.00, which are of both sides together; beside
    the first of them the first in JPY, of less doubt; a lost deal counts nothing; then
    activities; then doubt.
    """
    for name in "abcdefghijkl":
        made.contact(name)
    made.pair("k", "l", 0.3)
    made.pair("i", "j", 0.5)
    made.pair("g", "h", 0.3)
    made.pair("a", "b", 0.5)
    made.pair("e", "f", 0.9)
    made.pair("c", "d", 0.6)
    made.add("fct_activities", activity_id="A", person_id="p:h", subject="Call")
    made.deal("a", "USD", 10_000)
    made.deal("b", "USD", 5_000, "won")
    made.deal("d", "USD", 30_000)
    made.deal("f", "JPY", 40_000)
    made.deal("j", "USD", 99_000_000, "lost")
    made.add("fct_orders", order_id="R", person_id="p:l", is_sale=0, total_minor=9_000)
    page = desk().page()
    assert [one for (one,), _ in sides(page)] == ["c", "e", "a", "i", "g", "k"]
    text = text_of(page)
    assert "At stake: USD 150.00 (" in text
    assert "At stake: JPY 40,000 (" in text


def test_orders_and_sales_count_and_refunds_do_not(made, desk):
    two(made)
    made.add(
        "fct_orders",
        **{"order_id": "R", "person_id": "p:P2", "is_sale": 1, "order_state": "paid"},
        **{"currency_code": "EUR", "total_minor": 5_000, "refunded_minor": 1_000},
    )
    made.add(
        "bridge_people_records",
        **{"record_id": "customer:7", "person_id": "p:P2"},
        **{"record_kind": "customer", "source_record_id": "7"},
    )
    made.add(
        "fct_sales",
        **{"sale_id": "S", "customer_id": "7", "sales_date": "2026-05-06"},
        **{"currency_code": "EUR", "total_cost_minor": 2_500},
    )
    text = text_of(desk().page())
    assert "At stake: EUR 65.00 (" in text
    assert "1 order: EUR 40.00" in text
    assert "1 sale: EUR 25.00" in text
    assert "2026-05-06 sale EUR 25.00" in text


def test_several_records_of_two_golden_records_are_one_question(made, desk, own):
    for name, golden in [("a", "a"), ("a2", "a"), ("b", "b"), ("c", "c")]:
        made.contact(name, golden)
    for one, other in [("a", "b"), ("b", "a2"), ("c", "a")]:
        made.pair(one, other, 0.4)
    opened = desk()
    assert sides(opened.page()) == [[["a", "a2"], ["b"]], [["c"], ["a", "a2"]]]
    page = opened.decide("different", reason="two people")
    assert sides(page) == [[["c"], ["a", "a2"]]]
    assert lines(own) == [
        ("contacts", "a", "b", "different", "Zoë", TODAY, "two people"),
        ("contacts", "a2", "b", "different", "Zoë", TODAY, "two people"),
    ]
    assert "1 decision waits for the next run" in text_of(page)
    assert "(2 lines)" in text_of(page)
    (line, *_) = re.findall(r'name="line" value="([^"]*)"', page)
    opened.send("/review/contacts", {"line": line})
    assert lines(own) == []


def test_records_that_are_merged_now_are_asked_for_by_the_one_in_doubt(made, desk):
    for name in "abcd":
        made.contact(name, "a")
    for one, other in [("a", "b"), ("b", "c"), ("d", "b")]:
        made.pair(one, other, 0.7)
    page = desk().page()
    assert sides(page) == [[["b"], ["a", "c", "d"]]]
    assert "Merged now" in text_of(page)


def test_a_sign_is_of_what_is_shown(made, desk):
    """Values are compared cleaned, and a name also as a part of the whole one."""
    made.contact("P1", first_name=None, last_name="Koch", email="1")
    made.contact("P2", first_name="John", last_name="KOCH", email="1")
    made.pair("P1", "P2", 0.6, "first name equal; last name equal; email equal; ")
    page = desk().page()
    rows = [text_of(row) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    assert "first name · one side – John" in rows
    assert "last name ≈ same after cleaning Koch KOCH" in rows
    assert "email = equal 1 1" in rows


def test_different_is_of_every_record_that_is_merged_with_it(made, desk, own):
    """Or the next run would ask again, of those that it is like."""
    for name in "abcd":
        made.contact(name, "a")
    made.pair("a", "b", 0.6)
    own.parent.mkdir()
    own.write_text(f"{HEADER}\ncontacts,a,d,same,Ann,2026-01-01,\n")
    opened = desk()
    page = opened.page()
    assert sides(page) == [[["a"], ["b", "c", "d"]]]
    assert "Different is of all 2 pairs" in text_of(page)
    assert sides(opened.decide("later")) == sides(page)
    opened.decide("different")
    found = {line[1:4] for line in lines(own) if line[3] != "later"}
    assert found == {("a", "d", "same"), *(("a", n, "different") for n in "bc")}


def test_both_sides_are_shown_field_by_field_and_not_by_colour_alone(made, desk):
    made.contact("P1", title="CEO", last_name="Koch", source_phone="1")
    made.contact("P2", title="CEO", last_name="Kochs", source_phone=None)
    made.pair("P1", "P2", 0.6, "last name similar; email different; ")
    made.deal("P1", "USD", 1_234_50)
    page = desk().page()
    rows = [text_of(row) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    assert "last name ≈ similar Koch Kochs" in rows
    assert "email ≠ different 1@firm.example 2@firm.example" in rows
    assert "title = same CEO CEO" in rows
    assert "source phone · one side 1 –" in rows
    assert "P1 contacts.csv line 2 P2 contacts.csv line 3" in rows
    assert "match probability 60 %" in text_of(page)
    assert "1 open deal: USD 1,234.50" in text_of(page)
    assert re.search(r'href="/ware\+house/bronze_crm__contacts/1"', page)


def test_an_answer_of_later_moves_the_question_to_the_end_and_is_kept(made, desk, own):
    for one, other in ["ab", "cd", "ef"]:
        two(made, one, other)
    opened = desk()
    assert [one for (one,), _ in sides(opened.page())] == ["a", "c", "e"]
    assert [one for (one,), _ in sides(opened.decide("later"))] == ["c", "e", "a"]
    page = opened.decide("later")
    assert [one for (one,), _ in sides(page)] == ["e", "a", "c"]
    assert "2 of them put off" in text_of(page) and "waits" not in text_of(page)
    opened.decide("later", at=1)
    assert [line[1:6] for line in lines(own)] == [
        ("c", "d", "later", "Zoë", TODAY),
        ("a", "b", "later", "Zoë", TODAY),
    ]
    assert [one for (one,), _ in sides(opened.decide("same", at=1))] == ["e", "a"]


def test_what_was_put_off_can_be_undone_as_the_last_one_or_later(made, desk, own):
    for one, other in ["ab", "cd"]:
        two(made, one, other)
    opened = desk()
    opened.decide("same")
    page = opened.decide("later")
    last = page.partition("Undo the last one")
    assert text_of(last[2]).startswith("later : contacts c and d")
    key = re.findall(r'name="line" value="([^"]*)"', last[0])[-1]
    page = opened.send("/review/contacts", {"line": key})
    assert [line[3] for line in lines(own)] == ["same"]
    assert "<strong>Put off" not in page
    assert "same : contacts a and b" in text_of(page.partition("the last one")[2])
    page = opened.decide("later")
    decisions._steps.clear()  # as after a restart
    page = opened.page()
    key = re.findall(r'name="line" value="([^"]*)"', page.partition("not put off")[0])
    opened.send("/review/contacts", {"line": key[-1]})
    assert [line[3] for line in lines(own)] == ["same"]


def test_undo_restores_what_was_decided_before(made, desk, own):
    two(made)
    own.parent.mkdir()
    older = "contacts,P1,P2,same,Ann,2026-07-01,one\n"
    today = f"contacts,P1,P2,same,Bob,{TODAY},he knows\n"
    own.write_text(f"{HEADER}\n{older}{today}")
    decisions.decide("contacts", [("P1", "P2")], "different", "Zoë", TODAY, "no")
    assert [line[4] for line in lines(own)] == ["Ann", "Zoë"], "of one day one counts"
    (new,) = [d for d in decisions.own() if d.decided_by == "Zoë"]
    counts = decisions.counting(decisions.all_lines())
    assert counts["contacts", frozenset(("P1", "P2"))] == new
    assert decisions.undo(new) == 1
    assert own.read_text() == f"{HEADER}\n{older}{today}"


def test_what_is_decided_already_needs_no_second_line(own):
    for _ in range(2):
        decisions.decide("contacts", [("a", "b")], "same", "Zoë", TODAY, "")
        decisions.decide("contacts", [("b", "a")], "same", "Ann", "2026-07-03", "")
    assert len(lines(own)) == 1


def test_decisions_that_no_run_has_seen_are_counted(made, desk, own):
    two(made)
    own.parent.mkdir()
    built = ["contacts", "x", "y", "same", "Ann", "2026-01-01", None]
    for name in ("y", "z"):
        built[2] = name
        made.run("insert into identity_overrides values (?, ?, ?, ?, ?, ?, ?)", *built)
    own.write_text(
        f"{HEADER}\ncontacts,x,y,same,Ann,2026-01-01,\nCONTACTS, P1 ,P2,Same,,,\n"
    )
    page = desk().page()
    assert sides(page) == [], "a line by hand counts as one of the desk"
    assert "1 decision waits, 1 taken back waits for the next run" in text_of(page)
    own.write_text(f"{HEADER}\nnobody,<b>,,same,,,\n")
    assert "same : nobody <b> and" in text_of(desk().page())


def test_a_reason_is_one_cell_whatever_it_is(made, desk, own):
    for pair in ("ab", "cd", "ef"):
        two(made, *pair)
    opened = desk()
    reasons = ["=cmd|' /C calc'!A0", 'one "two",\r\nthree; four', HOSTILE]
    for reason in reasons:
        page = opened.decide("same", reason=reason)
    written = [f" {reasons[0]}", reasons[1].replace("\r", ""), reasons[2]]
    assert [line[-1] for line in lines(own)] == written
    assert HOSTILE not in page and html.escape(HOSTILE) in page.replace("&#39;", "'")


def test_a_key_undoes_what_one_has_decided_oneself(made, desk, own):
    two(made)
    mine, other = desk(), desk()
    assert "data-undo" in mine.decide("same", by="Zoë")
    page = other.page("/review/contacts")
    assert "data-undo" not in page
    assert "Undo the last one" in text_of(page)


def test_no_identifier_of_a_file_is_a_formula(made, desk, own):
    made.pair(made.contact("=cmd|' /c calc'!A0"), made.contact("@b"), 0.5)
    shown = desk()
    page = shown.decide("same", reason="+1")
    (line,) = list(csv.DictReader(own.open(encoding="utf-8")))
    values = [line[name] for name in ("record_id", "other_record_id", "reason")]
    assert values == [" =cmd|' /c calc'!A0", " @b", " +1"]
    assert "1 decision waits" in text_of(page)
    key = re.search(r'name="line" value="([^"]*)"', page)[1]
    page = shown.send("/review/contacts", {"line": key})
    assert "1 question" in text_of(page)
    assert "=cmd" not in own.read_text(encoding="utf-8")


def test_hostile_values_are_text_and_identifiers_lead_to_their_pages(made, desk, own):
    two(made, AWKWARD, "P2", last_name=HOSTILE, title="javascript:alert(1)")
    opened = desk()
    page = opened.page()
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page
    assert sides(page) == [[[AWKWARD], ["P2"]]]
    link = html.unescape(
        re.search(r'href="(/review/contacts/[^"]*)"[^>]*>a/b', page)[1]
    )
    assert f"Contact {AWKWARD}" in text_of(opened.page(link))
    by_percent = f"/review/contacts/{quote(AWKWARD, safe='')}"
    assert f"Contact {AWKWARD}" in text_of(opened.page(by_percent))
    opened.decide("same", page=page)
    assert lines(own)[0][1:3] == (AWKWARD, "P2")
    with pytest.raises(AssertionError, match="no record of contacts"):
        opened.page("/review/contacts/none")


def test_personal_data_are_masked_and_differences_are_still_true(
    made, desk, monkeypatch
):
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "masked")
    mail = "buyer:ann@firm.example"
    made.contact("P1", title="CEO")
    made.contact(mail, title="CEO", email="2@firm.example")
    made.pair("P1", mail, 0.6, "first name equal; last name different; ")
    made.deal("P1", "USD", 100)
    opened = desk()
    page = opened.page()
    assert "make explore ARGS=--personal" in page
    for secret in ("@", "Ann", "CEO", "Deal of"):
        assert secret not in page
    rows = [text_of(row) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    (first,) = [row for row in rows if row.startswith("first name = equal masked-")]
    assert len({*first.split()[-2:]}) == 1
    (last,) = [row for row in rows if row.startswith("last name ≠ different")]
    assert len({*last.split()[-2:]}) == 2
    assert "1 open deal: USD 1.00" in text_of(page)
    link = re.search(r'href="(/review/contacts/masked-[^"]*)"', page)[1]
    single = opened.page(link)
    assert "@" not in single and "1 record." in text_of(single)
    opened.decide("same", page=page, reason="a secret")
    assert decisions.own()[0].pair == {"P1", mail}
    assert "secret" not in opened.page()


def test_only_forms_of_the_desk_are_taken(made, desk, own):
    two(made)
    opened = desk()
    (question,) = re.findall(r'name="question" value="([^"]*)"', opened.page())
    token = opened.cookies["ds_csrftoken"]
    form = {"question": question, "decision": "same", "by": "Ann"}
    here = {"origin": "http://localhost"}
    for headers, data in [
        ({"origin": "http://evil.example"}, form | {"csrftoken": token}),
        ({}, form | {"csrftoken": token}),
        (here | {"sec-fetch-site": "cross-site"}, form | {"csrftoken": token}),
        (here, form),
        (here, form | {"csrftoken": "x"}),
    ]:
        answer = opened.ask(
            "post", "/review/contacts", data=data, headers=dict(headers)
        )
        assert answer.status_code == 403
    for method in ("put", "delete", "patch"):
        path = f"/review/contacts?csrftoken={token}"
        answer = opened.ask(method, path, headers=here | {"x-csrftoken": token})
        assert answer.status_code in (403, 405)
    opened.page(f"/review/contacts?question={question}&decision=same&by=Ann")
    assert not own.exists()


@pytest.mark.parametrize(
    "form, said",
    [
        ({"by": " "}, "say who decides"),
        ({"by": "x" * 101}, "more than 100 characters"),
        ({"reason": "x" * 1001}, "more than 1,000 characters"),
        ({"reason": "a\0b"}, "signs that no text has"),
        ({"word": "maybe"}, "is none of same, different, later"),
        ({"question": "masked-0"}, "not open any more"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_and_nothing_written(
    made, desk, own, form, said
):
    two(made)
    answer = desk().decide(**{"word": "same"} | form)
    assert said in text_of(answer)
    assert not own.exists()


def test_a_form_that_is_too_large_is_not_read(made, desk, own):
    two(made)
    opened = desk()
    opened.page()
    answer = opened.ask(
        "post",
        "/review/contacts",
        data={"csrftoken": opened.cookies["ds_csrftoken"], "reason": "x" * 300_000},
        headers={"origin": "http://localhost"},
    )
    assert answer.status_code == 413 and not own.exists()


def test_two_windows_decide_one_question_once(made, desk, own):
    two(made)
    first, second = desk(), desk()
    old = second.page()
    first.decide("different")
    assert "not open any more" in text_of(second.decide("same", page=old))
    assert len(lines(own)) == 1


def test_who_decides_is_remembered(made, desk, own):
    two(made, "a", "b")
    two(made, "c", "d")
    opened = desk()
    assert 'value="Zoë & Co"' not in opened.page()
    page = opened.decide("same", by="Zoë & Co")
    assert 'name="by" value="Zoë &amp; Co"' in page


def test_a_file_that_cannot_be_read_is_named_and_left_alone(made, desk, own):
    two(made)
    own.parent.mkdir()
    own.write_text(f"{HEADER}\na,b\n")
    opened = desk()
    page = opened.page()
    assert "line 2: expected 7 fields, found 2" in text_of(page)
    assert "disabled>Same" in page
    assert "line 2: expected 7 fields" in text_of(opened.decide("same"))
    assert own.read_text() == f"{HEADER}\na,b\n"


def test_lines_that_decide_nothing_are_named(made, desk, own, monkeypatch):
    own.parent.mkdir()
    own.write_text(f"{HEADER}\ncontacts,P1,P9,diffrent,,,\n")
    wrong = ("contacts", "P1", "P9", "diffrent")
    for fault in ("decision unknown", "other record unknown"):
        made.run(
            "insert into rpt_identity_faults values (2, ?, ?, ?, ?, ?)", fault, *wrong
        )
    text = text_of(desk().page())
    assert "identity_overrides.csv: line 2: decision 'diffrent' is neither same" in text
    assert "'P9' is unknown" in text
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "masked")
    text = text_of(desk().page())
    assert "line 2: other record unknown" in text and "P9" not in text


def test_a_golden_record_is_explained_split_and_joined(made, desk, own):
    for name in ("P1", "P1-2", "P1-3"):
        made.contact(name, "P1")
    made.contact("P7")
    made.add(
        "rpt_contact_merges",
        **{"contact_id": "P1", "contact_record_id": "P1"},
        **{"other_contact_record_id": "P1-2", "probability": 0.9991, "field": "email"},
        **{"weight_bits": 9, "explanation": "email equal (x): speaks for one person"},
    )
    made.add(
        "rpt_contact_winners",
        **{"contact_id": "P1", "field": "title", "value": "CEO"},
        **{"contact_record_id": "P1-3", "rule": "latest"},
    )
    opened = desk()
    page = opened.page("/review/contacts/P1-2")
    text = text_of(page)
    assert "Contact P1" in text and "3 records are one now" in text
    assert "P1 and P1-2: > 99 %" in text and "speaks for one person" in text
    assert "title CEO P1-3 latest" in text
    keys = re.findall(r'name="records" value="([^"]*)"', page)
    split = {"action": "split", "by": "Zoë", "reason": "father"}
    page = opened.send("/review/contacts/P1", split | {"records": keys[2]})
    assert "Lines written: 2" in text_of(page)
    assert [line[1:4] for line in lines(own)] == [
        ("P1-3", "P1", "different"),
        ("P1-3", "P1-2", "different"),
    ]
    assert "choose the records" in text_of(opened.send("/review/contacts/P1", split))
    everyone = opened.send("/review/contacts/P1", split | {"records": keys})
    assert "leave out those that stay" in text_of(everyone)
    key = re.findall(r'name="line" value="([^"]*)"', page)[0]
    opened.send("/review/contacts/P1", {"line": key})
    assert lines(own) == []

    asked = opened.page("/review/contacts/P1?other=+p7+")
    assert "Join with P7: 1 record?" in text_of(asked) and lines(own) == []
    assert "Join with P7" not in opened.page("/review/contacts/P1?other=P9")
    assert "P9 is of no record" in opened.page("/review/contacts/P1?other=P9")

    join = {"action": "join", "by": "Zoë", "reason": "", "other": " p7 "}
    own.write_text(f"{HEADER}\ncontacts,P7,P1-2,different,Ann,2026-01-01,\n")
    opened.send("/review/contacts/P1-3", join)
    assert [line[1:4] for line in lines(own)][1:] == [
        ("P1", "P7", "same"),
        ("P1-2", "P7", "same"),
    ], "or the older decision would keep them apart"
    for other, said in [("P9", "has the identifier 'P9'"), ("P1-2", "already")]:
        page = opened.send("/review/contacts/P1", join | {"other": other})
        assert said in text_of(page)


def test_rows_of_golden_records_lead_to_their_records(made, desk):
    made.contact(AWKWARD)
    opened = desk()
    (row,) = re.findall(
        r'href="(/ware\+house/dim_contacts/[^"?]*)"',
        opened.page("/ware+house/dim_contacts"),
    )
    page = opened.page(row)
    link = re.search(r'<a class="records" href="([^"]*)"', page)[1]
    assert AWKWARD in text_of(opened.page(html.unescape(link)))


def test_a_list_is_paged_and_without_tables_it_is_empty(made, desk):
    for number in range(23):
        two(made, f"a{number:02}", f"b{number:02}")
    opened = desk()
    assert len(sides(opened.page())) == 10
    third = opened.page("/review/contacts?page=3")
    assert len(sides(third)) == 3 and 'rel="next"' not in third
    assert sides(opened.page("/review/contacts?page=99999")) == sides(third)
    assert len(sides(opened.page("/review/contacts?page=x"))) == 10
    assert "Nothing to decide" in opened.page("/review/leads")
    for path in ("/review/nothing", "/review/nothing/P1", "/review/leads/P1"):
        assert opened.ask("get", path).status_code == 404


def test_the_warehouse_is_only_read(made, desk):
    two(made)
    before = made.path.read_bytes()
    opened = desk()
    opened.page()
    opened.decide("same")
    opened.page("/review/contacts/P1")
    assert made.path.read_bytes() == before
