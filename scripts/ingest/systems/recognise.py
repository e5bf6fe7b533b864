"""Which declared shape a file has, by its header; folder and name break ties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..headers import normal
from ..mapped import Mapped
from ..sources import Source, Table

SURE = 1.0
"""Weight of headers that is enough: a header that one shape alone has weighs 1."""
CLOSE = 0.8
"""Share of the best weight from which on another shape may be meant as well."""
MISSED = 1.5
"""How much better a shape without its key may fit than one that takes the file."""
KNOWN = 0.4
"""Share of a file's headers, or of the first MANY, that a shape knows at least."""
MANY = 30
NEAR = 0.7
"""Weight from which on a refusal names the shape that a file looks like."""
OWN_COLUMNS = 3
"""Columns of a source's own table that a file from elsewhere has at least."""
OWN_SHARE = 0.5
"""Share of such a file's headers that the table knows."""


@dataclass(frozen=True)
class Found:
    """What was found for a header: a shape, or why there is none."""

    shape: Table | None = None
    problem: str | None = None
    near: Table | None = None
    """The shape that it looks like, if no shape takes it."""


@dataclass(frozen=True)
class _Fit:
    """How well a header fits a shape."""

    shape: Table
    weight: float
    """Of the headers that it knows: those that few shapes know weigh more."""
    columns: int
    """How many of its columns came."""
    headers: int
    """How many of the file's headers it knows."""
    share: float
    """That as a share of the file's headers."""
    lacking: tuple[str, ...]
    """Key columns that are missing, by their first header."""
    is_recognised: bool


class Catalogue:
    """All shapes that a file may have."""

    def __init__(
        self,
        sources: dict[str, Source],
        systems: Iterable[Table],
        mapped: Iterable[Mapped] = (),
    ) -> None:
        self._mapped = tuple(mapped)
        own = (s for source in sources.values() for s in source.shapes)
        self.own = tuple(shape for shape in own if not shape.register)
        self.systems = tuple(systems)
        registers = (s for source in sources.values() for s in source.shapes)
        self._of_registers = {
            normal(header)
            for shape in registers
            if shape.register
            for column in shape.mapped
            for header in (*shape.required_headers, column.name, *column.aliases)
        }
        self._anywhere = {s.name for s in sources.values() if s.takes_any_folder}

    def said_of(self, label: str) -> Mapped | None:
        """What the user has chosen for a file, the last line first."""
        said = (line for line in reversed(self._mapped) if line.is_of(label))
        return next(said, None)

    def nearest(self, headers: Sequence[str]) -> list[Table]:
        """The shapes that know most of the headers, the best first."""
        there = set(map(normal, headers))
        fits = [self._fit(there, shape, known) for shape, known in self._known]
        fits = [fit for fit in fits if fit.columns and not fit.shape.not_read]
        fits.sort(key=lambda fit: (bool(fit.lacking), -fit.weight))
        return [fit.shape for fit in fits]

    @cached_property
    def _known(self) -> list[tuple[Table, dict[str, str | None]]]:
        """Each shape with the headers it knows and their columns."""
        return [(shape, _headers(shape)) for shape in (*self.own, *self.systems)]

    @cached_property
    def _shapes_with(self) -> Counter[str]:
        """How many shapes know a header."""
        return Counter(header for _, known in self._known for header in known)

    def score(self, headers: Sequence[str]) -> int:
        """How many of the headers are known to any shape or register."""
        return len(self._all_known & set(map(normal, headers)))

    def is_header(self, text: str) -> bool:
        """Whether any shape or register has such a header."""
        return normal(text) in self._all_known

    @cached_property
    def _all_known(self) -> set[str]:
        return {*self._shapes_with, *self._of_registers}

    def find(self, headers: Sequence[str], folder: str | None, name: str) -> Found:
        """The shape of a file with these headers.

        `folder` is that of the inbox, None for its top; `name` is without suffix.
        """
        there = set(map(normal, headers))
        fits = [self._fit(there, shape, known) for shape, known in self._known]
        fits = [fit for fit in fits if fit.weight]
        fits.sort(key=lambda fit: fit.weight, reverse=True)
        taken = [fit for fit in fits if self._is_taken(fit, folder)]
        if not taken:
            return self._nearest(fits, folder)
        best = taken[0]
        if _is_missed(fits[0], best):
            return self._nearest(fits, folder)
        if best.shape.not_read:
            reason = f"it is {called(best.shape)}: {best.shape.not_read}"
            return Found(problem=reason, near=best.shape)
        close = [fit for fit in taken if fit.weight >= CLOSE * best.weight]
        for breaks in (
            lambda fit: is_named(folder, fit.shape.system or fit.shape.source),
            lambda fit: _is_called(fit.shape, name),
            lambda fit: fit.shape.system is not None,
            lambda fit: fit.weight == best.weight,
        ):
            close = [fit for fit in close if breaks(fit)] or close
            if len(close) == 1:
                return Found(close[0].shape)
        return Found(problem=_undecided(close))

    # -- fits ------------------------------------------------------------------

    def _fit(self, there: set[str], shape: Table, known: dict[str, str | None]) -> _Fit:
        common = there & known.keys()
        columns = {known[header] for header in common} - {None}
        by_column = {column.name: column for column in shape.columns}
        lacking = [name for name in _key(shape) if name not in columns]
        is_recognised = any(
            all(_has(header, there, known, columns) for header in those)
            for those in shape.recognised_by
        )
        weight = sum(1 / self._shapes_with[header] for header in common)
        return _Fit(
            shape,
            weight + is_recognised,
            len(columns),
            len(common),
            len(common) / min(len(there), MANY) if there else 0,
            tuple(_first(by_column[name]) for name in lacking),
            is_recognised,
        )

    def _is_taken(self, fit: _Fit, folder: str | None) -> bool:
        """Whether a shape takes a file that fits so."""
        shape = fit.shape
        if fit.lacking:
            return False
        if shape.system is None:
            if shape.source not in self._anywhere:
                return False
            return fit.columns >= OWN_COLUMNS and fit.share >= OWN_SHARE
        if shape.not_read:
            return fit.is_recognised
        by_folder = is_named(folder, shape.system)
        if shape.is_guessed and not by_folder:
            return False
        if fit.is_recognised:
            return True
        is_sure = fit.weight >= SURE or by_folder
        has_enough = fit.columns > len(shape.key) and fit.headers > len(shape.key) + 1
        return is_sure and has_enough and fit.share >= KNOWN

    def _is_worth_saying(self, fit: _Fit, folder: str | None) -> bool:
        """Whether advice on a shape helps: on a guess, if a folder named after its
        system is there, or would let the file be taken."""
        shape = fit.shape
        if not (shape.is_guessed and shape.system) or is_named(folder, shape.system):
            return True
        return self._is_taken(fit, shape.system)

    # -- what to say -----------------------------------------------------------

    def _nearest(self, fits: list[_Fit], folder: str | None) -> Found:
        """What the file looks like, and what to do."""
        near = [
            fit
            for fit in fits
            if fit.weight >= NEAR
            and fit.columns > 1
            and self._is_worth_saying(fit, folder)
        ]
        if not near:
            return Found()
        shape = near[0].shape
        if near[0].lacking:
            lacking = " and ".join(near[0].lacking)
            advice = f" without {lacking}: add this column and export it again"
        elif shape.is_guessed and not is_named(folder, str(shape.system)):
            advice = f", as far as is known: put it into a folder named {shape.system}"
        elif shape.system:
            advice = ", but most of its columns are of no table"
        elif folder == shape.source:
            advice = f": name it {shape.files[0]}"
        else:
            advice = f": move it to {shape.source}/"
        return Found(problem=f"looks like {called(shape)}{advice}", near=shape)


def _is_missed(first: _Fit, taken: _Fit) -> bool:
    """Whether a shape that does not take the file fits it better than one that does."""
    if first.columns < 2 or (first.shape.system is None and not first.lacking):
        return False
    return first.weight > taken.weight * (MISSED if first.lacking else 1)


def is_named(folder: str | None, system: str) -> bool:
    """Whether a folder names a system: begins with its name."""
    return folder is not None and normal(folder).startswith(normal(system))


def called(shape: Table) -> str:
    """A shape in words: `a HubSpot deals export`."""
    if shape.system is None:
        return f"a file of {shape.source}.{shape.name}"
    title = f"{shape.system_title} {shape.title}"
    return f"{'an' if title[0] in 'AEIOUaeiou' else 'a'} {title} export"


def _undecided(close: list[_Fit]) -> str:
    those = " or ".join(called(fit.shape) for fit in close[:3])
    folders = dict.fromkeys(fit.shape.system or fit.shape.source for fit in close)
    if len(folders) > 1:
        advice = f"put it into a folder named {' or '.join(folders)}"
    else:
        advice = "name the file " + " or ".join(
            dict.fromkeys(str(fit.shape.shape or fit.shape.name) for fit in close)
        )
    return f"may be {those}: {advice}"


def _headers(shape: Table) -> dict[str, str | None]:
    """The headers that a shape knows, in normal form, with their columns."""
    known: dict[str, str | None] = {
        normal(header): None for header in shape.also_has if "*" not in header
    }
    for column in reversed(shape.columns):
        own = (column.name, *column.aliases)
        for header in own if column.headers is None else column.headers:
            known[normal(header)] = column.name
    return known


def _key(shape: Table) -> tuple[str, ...]:
    """Columns without which a shape does not take a file."""
    if shape.system:
        return shape.key
    return tuple(column.name for column in shape.columns if column.required)


def _first(column: object) -> str:
    headers = getattr(column, "headers", None)
    return headers[0] if headers else getattr(column, "name", "")


def _has(
    header: str,
    there: set[str],
    known: dict[str, str | None],
    columns: set[str | None],
) -> bool:
    """Whether a header is there, or another one of its column."""
    header = normal(header)
    return header in there or (known.get(header) or "") in columns


def _is_called(shape: Table, name: str) -> bool:
    """Whether the name of a file speaks of a shape: `all-deals-2` of deals."""
    words = set(re.findall(r"[a-z]+", name.casefold()))
    own = re.findall(r"[a-z]+", f"{shape.shape or shape.name}".casefold())
    return all({word, word.removesuffix("s"), f"{word}s"} & words for word in own)
