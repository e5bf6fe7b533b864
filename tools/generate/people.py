"""Pools of names and phone numbers, drawn once because faker is slow per call."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random

from faker import Faker

POOL_SIZE = 400


@dataclass(frozen=True)
class Region:
    """What a country's people, companies and phone numbers look like.

    `numbers` are pairs of area code and subscriber number, `#` standing for a
    digit, of ranges reserved for fiction. `notations` are ways to write them.
    """

    locale: str
    numbers: tuple[tuple[str, str], ...]
    notations: tuple[str, ...]


_NORTH_AMERICAN = (
    "+1-{area}-{number}",
    "+1 {area} {number}",
    "({area}) {number}",
    "{area}-{number}",
    "1.{area}.{number}",
)


def _trunk_zero(code: str) -> tuple[str, ...]:
    """Notations of a country that writes a 0 before the area code."""
    return (
        f"+{code} {{area}} {{number}}",
        f"+{code} (0){{area}} {{number}}",
        f"+{code}{{area}}{{digits}}",
        "0{area} {number}",
        "(0{area}) {number}",
    )


def _areas(areas: str, number: str) -> tuple[tuple[str, str], ...]:
    return tuple((area, number) for area in areas.split())


REGIONS = {
    "US": Region(
        "en_US",
        _areas("212 312 415 512 617 702 808", "555-01##"),
        _NORTH_AMERICAN,
    ),
    "CA": Region(
        "en_CA",
        _areas("204 403 416 514 604 902", "555-01##"),
        _NORTH_AMERICAN,
    ),
    "GB": Region(
        "en_GB",
        (("20", "7946 0###"), ("161", "496 0###"), ("113", "496 0###")),
        _trunk_zero("44"),
    ),
    "DE": Region(
        "de_DE",
        (("30", "23125 ###"), ("69", "90009 ###"), ("89", "99998 ###")),
        (
            *_trunk_zero("49"),
            "0049 {area} {number}",
            "0{area}/{digits}",
        ),
    ),
    "FR": Region(
        "fr_FR",
        (("1", "99 00 ## ##"), ("2", "61 91 ## ##")),
        (
            *_trunk_zero("33"),
            "0033 {area} {number}",
        ),
    ),
    "AU": Region(
        "en_AU",
        _areas("2 3 7 8", "5550 ####"),
        _trunk_zero("61"),
    ),
}


_BARE = str.maketrans("", "", " -")
CODES = {"US": "1", "CA": "1", "GB": "44", "DE": "49", "FR": "33", "AU": "61"}
"""Country → its code for telephone calls."""


@dataclass(frozen=True)
class Pool:
    """Names of one country."""

    first_names: list[str]
    last_names: list[str]
    legal_forms: list[str]


def pools(seed: int) -> dict[str, Pool]:
    """Return a pool of names for each country of REGIONS."""
    made = {}
    for country, region in REGIONS.items():
        fake = Faker(region.locale)
        fake.seed_instance(f"{seed}-{country}")

        def draw(method: str, size: int, fake: Faker = fake) -> list[str]:
            # dict.fromkeys and not a set: the order must not change per run.
            return list(dict.fromkeys(getattr(fake, method)() for _ in range(size)))

        made[country] = Pool(
            draw("first_name", POOL_SIZE),
            draw("last_name", POOL_SIZE),
            draw("company_suffix", 30),
        )
    return made


def phone(random: Random, country: str) -> str:
    """Return a fictional number of the country in one of its notations."""
    region = REGIONS[country]
    area, form = random.choice(region.numbers)
    number = "".join(
        str(random.randrange(10)) if char == "#" else char for char in form
    )
    return random.choice(region.notations).format(
        area=area, number=number, digits=number.replace(" ", "")
    )


def international(phone: str, country: str) -> str:
    """Return a number of `phone` with a plus, the country's code and digits alone."""
    code = CODES[country]
    digits = "".join(filter(str.isdigit, phone.replace("(0)", "")))
    digits = digits.removeprefix("00") if phone.startswith("00") else digits
    if phone.startswith(("+", "00")) or (code == "1" and len(digits) == 11):
        return f"+{digits}"
    return f"+{code}{digits if code == '1' else digits.removeprefix('0')}"


def national(phone: str, country: str) -> str:
    """Return a number of `phone` in digits, without the code and a leading zero."""
    return international(phone, country).removeprefix(f"+{CODES[country]}")


def notations(phone: str, country: str) -> list[str]:
    """Return a number of `phone` in the country's other notations."""
    region = REGIONS[country]
    bare = national(phone, country)
    area, form = next(
        (area, form)
        for area, form in region.numbers
        if bare.startswith(area + form.partition("#")[0].translate(_BARE))
    )
    digits = iter(bare.removeprefix(area))
    number = "".join(next(digits) if c.isdigit() or c == "#" else c for c in form)
    found = [
        notation.format(area=area, number=number, digits=number.replace(" ", ""))
        for notation in region.notations
    ]
    return [text for text in found if text != phone]


def ascii_slug(text: str) -> str:
    """Return the text as letters, digits and hyphens, fit for e-mail and domain."""
    text = text.replace("ß", "ss").replace("ø", "o")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return "-".join(words).lower()
