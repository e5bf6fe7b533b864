"""How values of many systems' files are read, file by file and row by row."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scripts.ingest.systems import zones

ZONES = {
    "America/New_York": "America/New_York", "Eastern Time (US & Canada)": "US/Eastern",
    "Central Time (US & Canada)": "America/Chicago", "America/Denver": "America/Denver",
    "Pacific Time (US & Canada)": "America/Los_Angeles", "Arizona": "America/Phoenix",
    "Europe/Berlin": "Europe/Berlin", "London": "Europe/London",
    "Europe/Athens": "Europe/Athens", "Tokyo": "Asia/Tokyo",
    "Asia/Kolkata": "Asia/Kolkata", "Hawaii": "Pacific/Honolulu",
    "America/Halifax": "America/Halifax", "Brisbane": "Australia/Brisbane",
}  # fmt: skip
"""Names as exports write them, and as Python knows them."""


def local_times(zone: ZoneInfo, seed: str) -> list[datetime]:
    """Local times of 2008 to 2037 that exist once, many of them near a change."""
    chance = random.Random(seed)
    found = []
    for year in range(2008, 2038):
        days = [chance.randrange(365)]
        days += [d for m in (69, 85, 300, 306) for d in range(m, m + 8)]
        for day in days:
            local = datetime(year, 1, 1, chance.choice((0, 1, 3, 12, 23)), 30)
            local += timedelta(days=day)
            offsets = {local.replace(tzinfo=zone, fold=f).utcoffset() for f in (0, 1)}
            if len(offsets) == 1:
                found.append(local)
    return found


@pytest.mark.parametrize("name", ZONES)
def test_zones_are_those_of_python(render, engine, name: str) -> None:
    zone = ZoneInfo(ZONES[name])
    times = local_times(zone, name)
    expected = [
        t.replace(tzinfo=zone).utcoffset().total_seconds() // 60  # type: ignore[union-attr]
        for t in times
    ]
    rows = [(f"{t:%Y-%m-%dT%H:%M:%S}.000000Z", name) for t in times]
    found = engine.evaluate(render("zone_minutes", "z", "t"), rows, ["t", "z"])
    wrong = [r for r, f, e in zip(rows, found, expected, strict=True) if f != e]
    assert not wrong


def test_abbreviations_and_offsets_are_fixed(render, engine) -> None:
    cases = {
        "PST": -480, "pdt": -420, "EST": -300, "EDT": -240, "CET": 60, "CEST": 120,
        "BST": 60, "UTC": 0, "JST": 540, "+05:30": 330, "-03:00": -180,
        "Middle Earth": None,
    }  # fmt: skip
    rows = [("2026-07-01T12:00:00.000000Z", zone) for zone in cases]
    found = engine.evaluate(render("zone_minutes", "z", "t"), rows, ["t", "z"])
    assert dict(zip(cases, found, strict=True)) == cases


def test_amounts_are_in_the_minor_unit_of_their_currency(render, engine) -> None:
    cases = {
        ("1250.00", ".", "USD"): 125000, ("1,250.00", ".", "USD"): 125000,
        ("1.250,00", ",", "EUR"): 125000, ("1.250", ",", "EUR"): 125000,
        ("1.250", ".", "EUR"): 125, ("1250,5", ",", "EUR"): 125050,
        ("1.250.000", ",", "EUR"): 125000000, ("-500,00", ",", "EUR"): -50000,
        ("-1.250 €", ",", "EUR"): -125000, ("$1,240.00", ".", "USD"): 124000,
        ("1200", ".", "JPY"): 1200, ("1,200", ".", "JPY"): 1200,
        ("¥1,200", ".", "JPY"): 1200, ("(1200)", ".", "JPY"): -1200,
        ("1200円", ".", "JPY"): 1200, ("0.5", ".", "KWD"): 500,
        ("1.234", ".", "KWD"): 1234, ("-12.345", ".", "BHD"): -12345,
        ("0", ".", "JPY"): 0, ("0.4", ".", "JPY"): 0, ("0.00", ".", "KWD"): 0,
        ("12", ".", "KWD"): 12000, ("(5.10)", ".", None): -510,
        ("1.200,-", ",", "ISK"): 1200, ("1200.-", ".", "JPY"): 1200,
        ("12.5 kwd", ".", "KWD"): 12500, ("1.00015", ".", "CLF"): 10002,
        ("1199.5", ".", "JPY"): 1200, ("-1199.5", ".", "JPY"): -1200,
        ("x", ".", "USD"): None, (None, ".", "USD"): None,
    }  # fmt: skip
    decimals = f"coalesce({render('currency_decimals', 'c')}, 2)"
    read = render("parse_minor", f"({render('pointed_text', 'x', 'm', '0')})", decimals)
    found = engine.evaluate(read, cases, ["x", "m", "c"])
    assert dict(zip(cases, found, strict=True)) == cases


def test_currencies_are_shown_by_codes_and_signs(render, engine) -> None:
    cases = {
        ("usd", None): "USD", ("EUR", "USD"): "EUR", ("$1,240.00", None): "USD",
        ("$-15.00", "CAD"): "CAD", ("-$0.93", None): "USD", ("€5", "USD"): "EUR",
        ("£9.99", None): "GBP", ("12.50", "USD"): None, ("1,240", "USD"): None,
        ("kr 499", None): None, ("kr 499", "SEK"): "SEK", ("CHF 12.00", None): "CHF",
        ("nothing", None): None, (None, "USD"): None, ("¥1200", None): "JPY",
        ("৳2,999", None): "BDT", ("NT$5", None): "TWD",
    }  # fmt: skip
    found = engine.evaluate(render("currency_of", "x", "u"), cases, ["x", "u"])
    assert dict(zip(cases, found, strict=True)) == cases


def test_identifiers_are_as_their_system_means_them(render, engine) -> None:
    prefixes, nothing = '["l:","p:","zcrm_"]', '["000000000000000AAA"]'
    cases = {
        ("l:1054074580944020", prefixes, None): "1054074580944020",
        ("zcrm_4876876000", prefixes, None): "4876876000",
        ("x:1", prefixes, None): "x:1", ("l:1", None, None): "l:1",
        ("000000000000000AAA", None, nothing): None, ("00A", None, nothing): "00A",
        ("14155550123.0", None, None): "14155550123", ("v1.0", None, None): "v1.0",
        ("a_b", prefixes, nothing): "a_b", (None, prefixes, nothing): None,
    }  # fmt: skip
    found = engine.evaluate(render("bare_id", "x", "p", "n"), cases, ["x", "p", "n"])
    assert dict(zip(cases, found, strict=True)) == cases


def test_a_time_may_name_its_zone(render, engine) -> None:
    cases = {
        "Jun 8, 2025 10:23:05 PM PDT": ("PDT", "Jun 8, 2025 10:23:05 PM"),
        "2026-01-05 09:14:00 CEST": ("CEST", "2026-01-05 09:14:00"),
        "2026-01-05 09:14:00 -0500": ("UTC", "2026-01-05 09:14:00 -0500"),
        "2026-01-05T09:14:00+05:30": ("UTC", "2026-01-05T09:14:00+05:30"),
        "2026-01-05T09:14:00.000Z": ("UTC", "2026-01-05T09:14:00.000Z"),
        "2023-01-23 06:24:12 UTC": ("UTC", "2023-01-23 06:24:12 UTC"),
        "2026-01-05 09:14": ("of the file", "2026-01-05 09:14"),
        "2026-01-05": ("UTC", "2026-01-05"),
    }
    rows = [(text, "of the file") for text in cases]
    columns = ["x", "_time_zone"]
    zones = engine.evaluate(render("named_zone", "x"), rows, columns)
    texts = engine.evaluate(render("without_zone", "x"), rows, columns)
    assert dict(zip(cases, zip(zones, texts, strict=True), strict=True)) == cases


def test_values_show_how_a_file_is_written(render, engine) -> None:
    cases = {
        "shows_day_first": {
            "13/02/2026": 1, "31/1/26": 1, "13-02-2026": 1, "02/13/2026": 0,
            "01/02/2026": 0, "2026-01-31": 0, "26-01-05": 0,
        },
        "shows_month_first": {
            "02/13/2026": 1, "2/28/26": 1, "02-13-2026": 1, "13/02/2026": 0,
            "01/02/2026": 0, "2026-01-31": 0,
        },
        "is_either_way": {
            "01/02/2026": 1, "3/4/26": 1, "03-04-2026 10:00": 1, "'5/6/2026": 1,
            "02/02/2026": 0, "2/02/2026": 0, "13/02/2026": 0, "02/13/2026": 0,
            "2026-01-02": 0, "3.4.2026": 0, "0/1/2026": 0, "1/2": 1, "45231": 0,
            "": 0, " ": 0, "ä/ö/ü": 0, None: 0,
        },
    }  # fmt: skip
    for macro, values in cases.items():
        found = engine.evaluate(
            f"case when {render(macro, 'x')} then 1 else 0 end",
            [(value,) for value in values], ["x"],
        )  # fmt: skip
        assert dict(zip(values, found, strict=True)) == values, macro
    marks = {
        "1.250,00": ",", "-44,1": ",", "1,23,456.00": ".", "12.5": ".", "5,10 €": ",",
        "1,250": "", "1250": "", "1.250.000": ",", "1,250,000": ".", "0,250": ",",
        "12345,678": ",", "1.250,125": ",", "1,250.125": ".", "0.125": ".",
        "7,5 €": ",", "1.5 EUR": ".",
        # text is no number
        "Nr.5": "", "ca.50": "", "2.5k": "", "k.A.": "", "Abschlag 5.5%": "", "": "",
        "1.2 Mio": "", "13.09.26": "", "1.2.3,4": "", "ä.5": "", " ": "", None: "",
    }  # fmt: skip
    for value, expected in marks.items():
        shown = {
            mark
            for mark in ",."
            if engine.evaluate(
                "case when "
                f"{render('shown_notation__of_number', 'x', mark)} then 1 end",
                [(value,)], ["x"],
            ) == [1]
        }  # fmt: skip
        assert shown == set(expected), value
        of_column = {
            mark
            for mark in ",."
            if engine.evaluate(
                render("written_rows__shows_mark", "x", mark), [(value,)], ["x"]
            ) == [1]
        }  # fmt: skip
        assert of_column == shown, value


def test_day_and_month_are_exchanged(render, engine) -> None:
    cases = {
        "13/02/2026": "02/13/2026", "1/2/26": "2/1/26", "1-12-2026": "12-1-2026",
        "05/07/2026 10:00:00": "07/05/2026 10:00:00", "13.02.2026": "13.02.2026",
        "2026-01-05": "2026-01-05", "5 May 2026": "5 May 2026", "": "", "x/y": "x/y",
        "1/2": "1/2", None: None,
    }  # fmt: skip
    found = engine.evaluate(
        render("month_first", "x"), [(value,) for value in cases], ["x"]
    )
    assert dict(zip(cases, found, strict=True)) == cases


def test_days_of_spreadsheets_are_times_to_the_millisecond(render, engine) -> None:
    # days since 1899-12-30, by datetime's own count
    cases = {
        str(days): (datetime(1899, 12, 30) + timedelta(days=days)).strftime(
            "%Y-%m-%dT%H:%M:%S.000"
        )
        for days in (20000, 45231, 45383.5, 59999.25)
    }
    cases |= {"45383.6046": "2024-04-01T14:30:37.440", None: None}
    found = engine.evaluate(
        render("serial_moment", "x"), [(value,) for value in cases], ["x"]
    )
    assert dict(zip(cases, found, strict=True)) == cases


CHANGING = [
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Anchorage", "America/Halifax", "Europe/London", "Europe/Berlin",
    "Europe/Athens",
]  # fmt: skip


def test_offsets_of_zones_with_summer_times_are_those_of_python(render, engine) -> None:
    assert list(zones.CHANGING) == CHANGING
    rows, expected = [], []
    for name in CHANGING:
        zone = ZoneInfo(name)
        for t in local_times(zone, name):
            text = t.replace(tzinfo=zone).strftime("%z")
            expected.append(f"{text[:3]}:{text[3:]}")
            rows.append((f"{t:%Y-%m-%dT%H}", name))
    rows += [("2026-07-01T12", name) for name in ("Asia/Tokyo", "UTC", "+02:00")]
    expected += [None] * 3
    found = engine.evaluate(render("zone_offset", "z", "t"), rows, ["t", "z"])
    assert found == expected


def test_durations(render, engine) -> None:
    cases = {
        "00:03:12": 192.0, "95000": 95.0, "01:30": 5400.0, "100:00:01": 360001.0,
        "0:05": 300.0, "1:2:3": None, "5 min": None, "": None, ":": None, None: None,
        "00:03:12:09": None, "500": 0.5,
    }  # fmt: skip
    found = engine.evaluate(
        render("clock_seconds", "x"), [(text,) for text in cases], ["x"]
    )
    assert dict(zip(cases, found, strict=True)) == cases


def test_identifiers_that_a_spreadsheet_has_rounded_are_none(render, engine) -> None:
    cases = {
        "6.40E+12": None, "6,40E+12": None, "1.2e+17": None, "6E+12": None,
        "6400000000001": "6400000000001", "+491701234567": "+491701234567",
        "E+12": "E+12", "A.1E+12": "A.1E+12", "6.4E12": "6.4E12", "": "", None: None,
        "é+E": "é+E", " ": " ",
    }  # fmt: skip
    rows = [(value,) for value in cases]
    found = engine.evaluate(render("kept_id", "v"), rows, ["v"])
    assert dict(zip(cases, found, strict=True)) == cases
