"""Write the seeds of telephone numbers: `python -m tools.phone_plans`.

They say in tables what the metadata of the phonenumbers library says in regular
expressions, with the first digits in place of whole numbers.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import groupby, product
from typing import Any, cast

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS
from phonenumbers import PhoneMetadata as Metadata

from scripts.command import command
from scripts.settings import PROJECT

if sys.version_info >= (3, 11):
    from re import _parser as regex
else:
    import sre_parse as regex

FOLDER = PROJECT / "packages" / "cleaning" / "seeds"
DEPTH = 4
"""How many digits behind the calling code are looked at; 3 in North America."""
MOST_PREFIXES = 100
"""Regions with more of them have an old system of carriers, which is left out."""
ARGENTINE = r"9\1"
"""Its mobiles are dialled otherwise at home, which is no matter of prefixes."""
KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost",
    "personal_number", "voip", "pager", "uan", "voicemail",
)  # fmt: skip

ANY = "."
Words = set[tuple[str, int]]
"""What an expression matches: first digits, or any, and length of each number."""


def words(tree: Any, depth: int, rest: int | None = None) -> Words:
    """Return what a parsed expression matches; the group `rest` counts as empty."""
    found: Words = {("", 0)}
    for operator, value in tree:
        name = str(operator)
        if name == "LITERAL":
            part = {(chr(value), 1)}
        elif name == "IN":
            digits = [digit for digit in "0123456789" if _holds(value, digit)]
            part = {(digit, 1) for digit in (digits if len(digits) < 10 else ANY)}
        elif name == "BRANCH":
            part = set().union(*(words(branch, depth, rest) for branch in value[1]))
        elif name == "SUBPATTERN":
            is_rest = rest is not None and value[0] == rest
            part = {("", 0)} if is_rest else words(value[3], depth, rest)
        elif name == "MAX_REPEAT":
            fewest, most, repeated = value
            once = words(repeated, depth, rest)
            part, power = set(), {("", 0)}
            for times in range(most + 1):
                part |= power if times >= fewest else set()
                power = _joined(power, once, depth)
        else:  # the end
            continue
        found = _joined(found, part, depth)
    return found


def _holds(members: Any, digit: str) -> bool:
    """Whether a set of an expression holds a digit; its category is digits."""
    return any(
        str(name) == "CATEGORY"
        or (str(name) == "LITERAL" and value == ord(digit))
        or (str(name) == "RANGE" and value[0] <= ord(digit) <= value[1])
        for name, value in members
    )


def _joined(first: Words, second: Words, depth: int) -> Words:
    """Words of the first, each with every word of the second behind it."""
    found = set()
    for size, group in groupby(sorted(first, key=_size), key=_size):
        needed = {(tail[: max(depth - size, 0)], two) for tail, two in second}
        found |= {
            (head + tail, one + two)
            for (head, one), (tail, two) in product(group, needed)
        }
    return found


def _size(word: tuple[str, int]) -> int:
    return len(word[0])


def spelled(head: str) -> set[str]:
    """Return first digits with each digit in place of any."""
    choices = ("0123456789" if digit == ANY else digit for digit in head)
    return {"".join(digits) for digits in product(*choices)}


def metadata(code: int) -> Iterator[Any]:
    """Yield the metadata of all regions of a calling code."""
    for region in COUNTRY_CODE_TO_REGION_CODE[code]:
        if region == "001":
            yield Metadata.metadata_for_nongeo_region(code)
        else:
            yield Metadata.metadata_for_region(region)


def beginnings(code: int) -> dict[int, set[str]]:
    """Return the first digits of the calling code's numbers, by length."""
    found: dict[int, set[str]] = {}
    depth = 3 if code == 1 else DEPTH
    for region in metadata(code):
        for kind in KINDS:
            numbers = getattr(region, kind)
            pattern = numbers and numbers.national_number_pattern
            if not pattern or pattern == "NA":
                continue
            possible = numbers.possible_length or region.general_desc.possible_length
            for head, length in words(regex.parse(pattern), depth):
                if length in possible:
                    heads = spelled(head.rstrip(ANY) or ANY)
                    found.setdefault(length, set()).update(heads)
    if code == 1:
        found[10].add("555")  # fiction, which is_fictional_phone finds
    return found


def shortened(heads: set[str]) -> list[str]:
    """Return the beginnings with one in place of all ten that continue it."""
    found = {
        head
        for head in heads
        if not any(head[:size] in heads for size in range(1, len(head)))
    }
    for length in range(DEPTH - 1, 0, -1):
        for head in {head[:length] for head in found if len(head) == length + 1}:
            tens = {f"{head}{digit}" for digit in range(10)}
            if tens <= found:
                found = found - tens | {head}
    return sorted(found)


def prefixes(pattern: str, rest: int | None = None) -> set[str]:
    """Return what an expression matches, if that is a short list."""
    heads = {head for head, _ in words(regex.parse(pattern), 99, rest)} - {""}
    found = set().union(*map(spelled, heads))
    return found if len(found) <= MOST_PREFIXES else set()


def trunk_prefixes(region: Any) -> dict[str, set[int]]:
    """Return what may be dialled before a national number of the region.

    To each prefix the lengths of the numbers behind it, or none if it may be any.
    """
    pattern = region.national_prefix_for_parsing or ""
    rule = region.national_prefix_transform_rule
    found: dict[str, set[int]] = {}
    if region.national_prefix:
        found[region.national_prefix] = set()
    if rule == ARGENTINE:
        return found
    if "$" in pattern:  # a number without its area code, see local_rule
        pattern, rule = pattern.partition("$|")[2], None
    for prefix in prefixes(pattern, int(rule[1:]) if rule else None):
        behind = {
            length - len(prefix)
            for head, length in words(regex.parse(pattern), len(prefix))
            if prefix in spelled(head)
        }
        found[prefix] = set() if 0 in behind else behind
    return found


def local_rule(region: Any) -> tuple[str, int | str]:
    """Return the one area code of a small region and the length without it."""
    local = (region.national_prefix_for_parsing or "").partition("$")
    area = (region.national_prefix_transform_rule or "").partition("\\")[0]
    if not local[1] or not area:
        return "", ""
    return area, max(length for _, length in words(regex.parse(local[0]), 1))


def joined(values: set[str] | list[str]) -> str:
    """Return a list in which a value can be found with the marks round it."""
    return f"|{'|'.join(sorted(values))}|" if values else ""


def regions() -> Iterator[tuple[Any, ...]]:
    """Yield the rows of phone_regions."""
    for name in sorted(SUPPORTED_REGIONS):
        region = cast(Metadata, Metadata.metadata_for_region(name))
        exits = prefixes(region.international_prefix or "")
        exits |= {region.preferred_international_prefix or ""} - {"", "8~10", "0~0"}
        yield name, region.country_code, joined(exits), *local_rule(region)


def plans() -> Iterator[tuple[Any, ...]]:
    """Yield the rows of phone_plans."""
    for code in sorted(COUNTRY_CODE_TO_REGION_CODE, key=str):
        trunks: dict[str, set[int]] = {}
        for region in metadata(code):
            trunks |= trunk_prefixes(region)
        for length, heads in sorted(beginnings(code).items()):
            fitting = [
                prefix
                for prefix, lengths in trunks.items()
                if not lengths or length in lengths
            ]
            for first, group in groupby(shortened(heads), key=lambda head: head[0]):
                yield code, length, first, joined(fitting), joined(list(group))


SEEDS = {
    "phone_regions": (
        regions,
        ["region_code", "calling_code", "exit_prefixes", "area_code", "local_length"],
    ),
    "phone_plans": (
        plans,
        ["calling_code", "national_length", "first_digit", "trunk_prefixes",
         "beginnings"],
    ),
}  # fmt: skip


@command("phone_plans")
def main(arguments: list[str] | None = None) -> int:
    """Write both seeds; return the exit code."""
    argparse.ArgumentParser(
        prog="python -m tools.phone_plans",
        description="Write the seeds of telephone plans from the library's data.",
    ).parse_args(arguments)
    FOLDER.mkdir(exist_ok=True)
    for name, (rows, columns) in SEEDS.items():
        with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows())
    return 0


if __name__ == "__main__":
    sys.exit(main())
