"""Each macro over its table of inputs, and its refusal of wrong settings."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable
from typing import Any

import pytest
from dbt_common.exceptions import DbtRuntimeError

from scripts.ingest.schema import HASH_FORMS
from tests.python.macros.cases import CASES
from tests.python.macros.hash_cases import HASH_CASES, WORDS, digest
from tests.python.macros.identity_cases import IDENTITY_CASES
from tests.python.macros.register_cases import REGISTER_CASES

ALL = CASES + REGISTER_CASES + IDENTITY_CASES + HASH_CASES


@pytest.mark.parametrize(
    ("macro", "settings", "cases"),
    ALL,
    ids=[" ".join([macro, *map(str, settings.values())]) for macro, settings, _ in ALL],
)
def test_macro_by_table(
    evaluate: Callable[..., list[Any]],
    macro: str,
    settings: dict[str, Any],
    cases: list[tuple[Any, Any]],
) -> None:
    outputs = evaluate(macro, [given for given, _ in cases], **settings)
    wrong = [
        (given, expected, output)
        for (given, expected), output in zip(cases, outputs, strict=True)
        if output != expected or (output is None) != (expected is None)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("macro", "settings", "message"),
    [
        ("parse_date", {"date_order": "ymd"}, "parse_date.*mdy.*dmy.*ymd"),
        ("parse_timestamp", {"date_order": ""}, "parse_timestamp.*mdy"),
        (
            "parse_timestamp",
            {"time_zone": "Europe/Berlin"},
            r"parse_timestamp.*UTC.*\+02:00.*Europe/Berlin",
        ),
        ("parse_timestamp", {"time_zone": "+2:00"}, r"received '\+2:00'"),
        ("parse_cents", {"decimal_mark": ";"}, "decimal_mark.*received ';'"),
        ("hashed", {"algorithm": "sha"}, "hashed.*md5, sha1, .*received sha"),
        ("hash_form", {"form": "given"}, "hash_form.*lower, .*received given"),
    ],
)
def test_wrong_setting_is_refused(
    render: Callable[..., str], macro: str, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(DbtRuntimeError, match=f"(?s){message}"):
        render(macro, "x", **settings)


def test_declarations_allow_the_forms_of_the_macros(render: Callable[..., str]) -> None:
    known = literal_eval(render("hash_forms"))
    assert known == {kind: list(forms) for kind, forms in HASH_FORMS.items()}


def test_sha512_where_the_engine_has_it(
    evaluate: Callable[..., list[Any]], engine: Any
) -> None:
    if engine.name != "duckdb":
        expected = [None, *(digest(word, "sha512") for word in WORDS)]
        assert evaluate("hashed", [None, *WORDS], algorithm="sha512") == expected
    else:
        with pytest.raises(DbtRuntimeError, match=r"hashed: duckdb.* no sha512"):
            evaluate("hashed", WORDS, algorithm="sha512")
