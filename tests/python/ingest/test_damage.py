"""One character of one record is damaged at random: no other record is lost."""

import csv
import io
import json
import random

import pytest

RECORDS = 40
NUMBERS = range(RECORDS)


def damaged(text: str, dice: random.Random, characters: str) -> str:
    """The text with one character left out, replaced or put in."""
    at, kind = dice.randrange(len(text)), dice.randrange(3)
    put = "" if kind == 0 else dice.choice(characters)
    return text[:at] + put + text[at + (kind != 1) :]


@pytest.mark.parametrize("form", ["[,]", "[,\n]", "[, ]", "\n", "indented"])
@pytest.mark.parametrize("seed", range(12))
def test_json(read, form, seed):
    for round_ in range(8):
        dice = random.Random(f"{form} {seed} {round_}")
        records = [
            {
                "id": f"r{n}",
                "amount": n * 1.5,
                "note": f"{{note}} [{n}], ",
                "items": [{"id": n, "q": 1}, {"id": n, "q": 2}, {"id": n, "q": 3}],
            }
            for n in NUMBERS
        ]
        indent = 2 if form == "indented" else None
        texts = [json.dumps(record, indent=indent) for record in records]
        hurt = dice.randrange(RECORDS)
        texts[hurt] = damaged(texts[hurt], dice, '"{}[],:\\x1 \n')
        if form == "\n":
            content = form.join(texts)
        else:
            content = f"[{(form.strip('[]') if indent is None else ', ').join(texts)}]"
        found = read(content, "json")
        good = [(f"r{n}", f"{{note}} [{n}], ") for n in NUMBERS if n != hurt]
        landed = found.values("id, note")
        assert [row for row in landed if row in good] == good
        # At most what the damage left of the record itself lands beside them.
        assert len(landed) <= RECORDS


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("note", ["plain", 'a, "b" c', 'two\nlines, "q"'])
@pytest.mark.parametrize("seed", range(8))
def test_csv(read, quoting, note, seed):
    for round_ in range(8):
        dice = random.Random(f"{quoting} {note} {seed} {round_}")
        lines = []
        for n in NUMBERS:
            buffer = io.StringIO()
            writer = csv.writer(buffer, quoting=quoting, lineterminator="")
            writer.writerow([f"r{n}", f"name {n}", note if n % 3 == 0 else "x"])
            lines.append(buffer.getvalue())
        hurt = dice.randrange(RECORDS)
        lines[hurt] = damaged(lines[hurt], dice, '"",\n\\ x')
        found = read("id,amount,note\n" + "\n".join(lines) + "\n")
        good = [(f"r{n}", f"name {n}") for n in NUMBERS if n != hurt]
        assert [r for r in found.values("id, amount") if r in good] == good


@pytest.mark.parametrize("rest", ["\x1e", "\x1e]", "\x0b\x1c", "\u2028", "x\x85 "])
def test_what_only_python_takes_for_a_blank_ends(read, rest):
    """White space that JSON does not know, at the end of what cannot be read."""
    found = read('[{"id": 1},\n{"id": 2} \x01' + rest, "json")
    assert found.ids == ["1", "2"]
    assert 1 <= len(found.rejects) <= 4
