"""Lower and upper case, letter by letter as the other engines have it.

Java knows letters of which the other case is several: ß is SS there, İ an i and a dot.
"""

from __future__ import annotations

import sys

from sqlglot import exp

UNLIKE = "".join(
    character
    for character in map(chr, range(sys.maxunicode))
    if len(character.upper()) > 1 and not "\ud800" <= character <= "\udfff"
)
"""Letters whose capital is more than one."""


NEW = "\u1c89\ua7cb\ua7cc\ua7da\ua7dc" + "".join(map(chr, range(0x10D50, 0x10D66)))
"""Capitals that came with Unicode 16, which the other engines do not know yet."""

NEW_SMALL = "\u0264\u019b\u1c8a\ua7cd\ua7db" + "".join(
    map(chr, range(0x10D70, 0x10D86))
)


def lower_text(node: exp.Lower) -> exp.Expression:
    """Return a text in lower case."""
    return _by_letter(
        _call("translate", node.this, "İΣ", "iσ"),  # nor is a last sigma another
        "lower",
        NEW,
        exp.to_identifier("_c"),
    )


def upper_text(node: exp.Upper) -> exp.Expression:
    """Return a text in capitals; a letter whose capital is more than one stays."""
    return _by_letter(
        node.this,
        "upper",
        UNLIKE + NEW_SMALL,
        _call("translate", exp.to_identifier("_c"), "ß", "ẞ"),
    )


def _by_letter(
    text: exp.Expression, name: str, unlike: str, otherwise: exp.Expression
) -> exp.Expression:
    """Return a text in the other case, but for a few letters, which most texts lack."""
    letter, whole = exp.to_identifier("_c"), exp.to_identifier("_t")
    one = exp.If(
        this=_call("contains", exp.Literal.string(unlike), letter.copy()),
        true=otherwise,
        false=_call(name, letter.copy()),
    )
    letters = _call(
        "transform",
        _call("split", whole.copy(), ""),
        exp.Lambda(this=one, expressions=[letter]),
    )
    cased = exp.If(
        this=_call("rlike", whole.copy(), f"[{unlike}]"),
        true=_call("array_join", letters, ""),
        false=_call(name, whole.copy()),
    )
    # what the text is worked out of stands here once
    texts = exp.Lambda(this=cased, expressions=[whole])
    return _call(
        "get", _call("transform", _call("array", text), texts), exp.Literal.number(0)
    )


def _call(name: str, *arguments: object) -> exp.Anonymous:
    made = [
        exp.Literal.string(argument) if isinstance(argument, str) else argument
        for argument in arguments
    ]
    return exp.Anonymous(this=name, expressions=made)
