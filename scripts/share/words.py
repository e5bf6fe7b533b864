"""Finding what is personal in any text, and putting a pseudonym in its place.

Texts are compared word by word, in any letter case: whatever stands in a column
marked `pii` is found again wherever its words stand in the same order, in other
columns, in JSON, in the raw text of a line. A telephone number is found by its
digits, however they are grouped.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any

WORD = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"\d(?:[\s().+/-]*\d){6,}")
LETTERS = "bcdfghjklmnpqrstvwxz"  # no vowels: no pseudonym is a word


class Vocabulary:
    """What must not be left: values by their words, numbers by their digits."""

    def __init__(self, values: Iterable[str], harmless: Iterable[str] = ()) -> None:
        self._by_first: dict[str, set[tuple[str, ...]]] = {}
        self._numbers: set[str] = set()
        spared = {words_of(value) for value in harmless}
        for value in values:
            self._add(value, spared)

    def __len__(self) -> int:
        return sum(map(len, self._by_first.values()))

    def _add(self, value: str, spared: set[tuple[str, ...]]) -> None:
        words = words_of(value)
        if words in spared or len("".join(words)) < 2:
            return
        self._by_first.setdefault(words[0], set()).add(words)
        for number in DIGITS.findall(value):
            self._numbers.add(_key(number))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give start and end of each place that must not be left."""
        found = list(WORD.finditer(text))
        words = [match[0].casefold() for match in found]
        for at, word in enumerate(words):
            longest = max(
                (
                    len(known)
                    for known in self._by_first.get(word, ())
                    if tuple(words[at : at + len(known)]) == known
                ),
                default=0,
            )
            if longest:
                yield found[at].start(), found[at + longest - 1].end()
        if self._numbers:
            for match in DIGITS.finditer(text):
                if _key(match[0]) in self._numbers:
                    yield match.span()

    def is_in(self, text: str) -> bool:
        """Return whether anything of it stands in a text, or in its JSON."""
        found: list[str] = []
        each_text(text, lambda part: found.append(part) or part)
        return any(True for part in found for _ in self.spans(part))

    def is_word(self, word: str) -> bool:
        """Return whether a single word is one of the values."""
        return (word.casefold(),) in self._by_first.get(word.casefold(), ())


class Mask:
    """Pseudonyms: the same for the same word, in one copy, and for nobody else.

    The key is thrown away with the object, so that nobody can try out all
    telephone numbers. Letters stay letters and digits digits, so that a masked
    address still has the form of one.
    """

    def __init__(self, key: bytes, vocabulary: Vocabulary) -> None:
        self._key = key
        self._vocabulary = vocabulary
        self._known: dict[str, str] = {}

    def whole(self, text: str) -> str:
        """Return a text with every word replaced; of JSON, the values."""
        return each_text(text, self._words)

    def parts(self, text: str) -> str:
        """Return a text with only what must not be left replaced."""
        return each_text(text, self._parts)

    def _words(self, text: str) -> str:
        return WORD.sub(lambda match: self._word(match[0]), text)

    def _parts(self, text: str) -> str:
        end, pieces = 0, []
        for start, stop in sorted(self._vocabulary.spans(text)):
            if stop <= end:
                continue
            start = max(start, end)
            pieces += [text[end:start], self._words(text[start:stop])]
            end = stop
        return "".join([*pieces, text[end:]])

    def _word(self, word: str) -> str:
        plain = word.casefold()
        if plain not in self._known:
            self._known[plain] = self._pseudonym(plain)
        return self._known[plain]

    def _pseudonym(self, word: str) -> str:
        for attempt in range(100):
            digest = hmac.new(self._key, f"{attempt} {word}".encode(), sha256).digest()
            if word.isdecimal():
                number = str(int.from_bytes(digest, "big") + 10**40)
                found = number[: len(word)]
            else:
                found = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:9])
            if not self._vocabulary.is_word(found):
                break
        return found


def each_text(text: str, change: Callable[[str], str]) -> str:
    """Return a text as `change` makes it; of JSON, with each of its strings changed.

    In JSON as it is written, an escape such as `\\n` would run into the word
    behind it.
    """
    if text[:1] not in "{[":
        return change(text)
    try:
        before = json.loads(text)
    except ValueError:
        return change(text)
    after = _each(before, change)
    if after == before:
        return text
    return json.dumps(after, ensure_ascii=False, separators=(",", ":"))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _each(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_each(item, change) for item in value]
    if isinstance(value, str):
        return change(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        before = json.dumps(value)
        after = change(before)
        return value if after == before else after
    return value


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, in one letter case."""
    return tuple(match.casefold() for match in WORD.findall(text))


def _key(number: str) -> str:
    """The digits that a number is known by, with or without country code."""
    return re.sub(r"\D", "", number)[-9:]
