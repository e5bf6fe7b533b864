"""The macros as models use them: nested, over columns of a CTE, many at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.python.macros.conftest import SqliteEngine

ROW = {
    "id": " C1 ",
    "email": "Ann <Ann@X.com>",
    "first_name": "JOSÉ  LUIS",
    "company": "Acme, Inc.",
    "phone": "+1-555-543-7400 x5",
    "created": "1/5/2024  3:30PM",
    "closed": "2024-01-05T10:52:05.749745",
    "amount": "$1,234.50",
    "probability": "15%",
    "minutes": "12.0",
    "customer": "Yes",
    "website": "https://www.x.com/",
    "notes": " a\r\nb ",
}


def staged(render: Callable[..., str]) -> list[str]:
    """Columns of a staging model with every macro, in two layers."""
    clean = {name: render("clean_text", name) for name in ROW}
    return [
        clean["id"],
        render("clean_email", clean["email"]),
        render("lower_text", render("clean_name", "first_name")),
        render("upper_text", clean["first_name"]),
        render("clean_company_name", "company"),
        render("company_name_key", "company"),
        render("phone_e164", clean["phone"], "'US'"),
        render("phone_extension", clean["phone"]),
        render("parse_timestamp", clean["created"]),
        render("parse_date", clean["closed"]),
        render("parse_cents", clean["amount"]),
        render("parse_number", clean["probability"]),
        render("parse_integer", clean["minutes"]),
        render("parse_boolean", clean["customer"]),
        render("clean_domain", clean["website"]),
        render("clean_multiline", "notes"),
    ]


EXPECTED = (
    "C1",
    "ann@x.com",
    "josé luis",
    "JOSÉ LUIS",
    "Acme, Inc.",
    "acme",
    "+15555437400",
    "5",
    "2024-01-05T15:30:00.000000Z",
    "2024-01-05",
    123450,
    15.0,
    12,
    1,
    "x.com",
    " a\nb ",
)


def test_a_staging_model_of_every_macro(
    engine: SqliteEngine, render: Callable[..., str]
) -> None:
    """SQLite's parser has room for 100 pending tokens; a model takes some too."""
    columns = ",\n".join(
        f"case when 1 = 1 then coalesce(({value}), null) end as c{number}"
        for number, value in enumerate(staged(render))
    )
    engine.load([list(ROW.values())], list(ROW))
    engine.connection.execute(
        f"""
        create temp table model as
        select * from (
            with source as (select * from inputs),
            renamed as (select {columns} from source),
            final as (select * from renamed)
            select * from final
        ) as made
        """
    )
    assert engine.connection.execute("select * from model").fetchall() == [EXPECTED]


def test_columns_named_like_ours(
    engine: SqliteEngine, render: Callable[..., str]
) -> None:
    """A column may have the name of one inside the macro."""
    for name in ("v", "day", "code", "given", "whole", "tail"):
        value = render("parse_date", name)
        assert engine.evaluate(value, [["5.1.2024"]], [name]) == ["2024-01-05"]
        value = render("phone_e164", name, "'US'")
        assert engine.evaluate(value, [["415 555 0100"]], [name]) == ["+14155550100"]


def test_inside_an_aggregate(engine: SqliteEngine, render: Callable[..., str]) -> None:
    value = f"(select max({render('parse_cents', 'i.x')}) from inputs as i)"
    assert engine.evaluate(value, [["$1"], ["2,5"], [None]], ["x"]) == [250] * 3


@pytest.mark.parametrize("engine", [SqliteEngine], indirect=True, ids=["sqlite"])
def test_the_argument_is_not_computed_over_and_over(
    engine: SqliteEngine, render: Callable[..., str]
) -> None:
    """Where SQLite folds steps into each other, costs multiply without notice.

    The usual form may cost one more evaluation, any other two more.
    """
    calls = 0

    def counted(value: str) -> str:
        nonlocal calls
        calls += 1
        return value

    engine.connection.create_function("counted", 1, counted)
    found = {}
    for macro, usual, rare in (
        ("clean_text", "Ann", "Ann\u00a0 Smith"),
        ("clean_name", "Ann", "Zoë\tSmith"),
        ("lower_text", "ANN", "ÉLAN"),
        ("upper_text", "ann", "élan"),
        ("clean_company_name", "Acme", '"Acme"'),
        ("company_name_key", "Acme", "Müller & Co. KG"),
        ("clean_email", "ann@x.com", "Ann <Ann@x.com>"),
        ("clean_domain", "x.com", "https://www.x.com/"),
        ("phone_extension", "4155550100x5", "415-555-0100 x5"),
        ("parse_date", "2024-01-05", "Mon, 5th Jan 2024"),
        ("parse_timestamp", "2024-01-05T10:00:00.123456", "1/5/24 3:30 PM +0100"),
        ("parse_cents", "12.34", "(1.234,50 €)"),
        ("parse_number", "12.5", "1,234.5 %"),
        ("parse_integer", "12", "1,200.0"),
        ("parse_boolean", "yes", "ДА"),
    ):
        expression = render(macro, "counted(x)")
        for value, most in ((usual, 2), (rare, 4)):
            calls = 0
            assert engine.evaluate(expression, [[value]], ["x"]) != [None]
            if calls > most:
                found[macro, value] = calls
    assert found == {}
