"""What the desk shows of personal data while they are masked."""

from __future__ import annotations

import pytest

from scripts.desk.entities import ENTITIES
from scripts.desk.veil import Veil, referred


@pytest.mark.parametrize(
    "code, count, is_shown",
    [
        *(
            ("Closed wonn", 1, True),
            ("closed-won_2", 1, True),
            ("51-200 staff", 1, True),
        ),
        *(("New Zeeland", 2, True), ("Closed Won", 2, True), ("ZZ", 1, True)),
        *(
            ("Ann Smith", 1, False),
            ("Smith, Ann", 1, False),
            ("Zoë De-Vries", 1, False),
        ),
        *(("ann@firm.example", 9, False), ("ann%40firm.example", 9, False)),
        *(("702 555 0100", 9, False), ("see https://a.example", 9, False)),
        *(("a\nb", 9, False), ("a long sentence " * 5, 9, False)),
    ],
)
def test_codes_are_shown_unless_they_look_like_somebodys(code, count, is_shown):
    assert (Veil(is_shown=False).code(code, count) == code) is is_shown
    assert Veil(is_shown=True).code(code, count) == code


@pytest.mark.parametrize("record", ["buyer:ann lee", "lead:702-555-0100 x", "a%40b.c"])
def test_a_record_whose_identifier_names_somebody_has_a_reference(record):
    entity, veil = ENTITIES["people"], Veil(is_shown=False)
    reference = veil.reference(entity, record)
    assert reference.startswith("masked-")
    assert referred(entity, reference) == record
    assert veil.reference(entity, "lead:17") == "lead:17"
