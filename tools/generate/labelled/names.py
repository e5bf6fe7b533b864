"""Names, towns and streets to draw from, the common ones more often."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Any

from faker import Faker
from faker.providers import BaseProvider

# Locale and its share: most names of a file are of one country.
LOCALES = {"en_US": 10, "en_GB": 4, "de_DE": 3, "fr_FR": 2, "es_ES": 2, "it_IT": 1}
DRAWS = 400


def _remember_weights(provider: BaseProvider) -> None:
    """Add up the weights of words once: faker does so at each draw of one of them."""
    known: dict[int, tuple[dict[Any, float], tuple[Any, ...], list[float]]] = {}
    random_elements = provider.random_elements

    def random_element(elements: Any = ("a", "b", "c")) -> Any:
        if not (isinstance(elements, dict) and provider.__use_weighting__):
            return random_elements(elements, 1)[0]
        if id(elements) not in known:
            sums = list(accumulate(elements.values()))
            known[id(elements)] = elements, tuple(elements), sums
        _, words, sums = known[id(elements)]
        return provider.generator.random.choices(words, cum_weights=sums)[0]

    provider.random_element = random_element  # type: ignore[method-assign]


class Names:
    """Draws from pools that are filled once, because faker is slow per call."""

    def __init__(self, seed: int) -> None:
        """Equal seeds give equal draws."""
        self.random = Random(f"names-{seed}")
        self._fakers = {}
        for locale in LOCALES:
            self._fakers[locale] = Faker(locale)
            self._fakers[locale].seed_instance(f"{seed}-{locale}")
            for provider in self._fakers[locale].factories[0].providers:
                _remember_weights(provider)

    def _draw(self, method: str) -> list[str]:
        return [
            getattr(self._fakers[locale], method)()
            for locale, share in LOCALES.items()
            for _ in range(share * DRAWS)
        ]

    @cached_property
    def first_names(self) -> list[str]:
        """Given names, as often as they are drawn."""
        return self._draw("first_name")

    @cached_property
    def last_names(self) -> list[str]:
        """Family names, as often as they are drawn."""
        return self._draw("last_name")

    @cached_property
    def towns(self) -> list[tuple[str, str, str]]:
        """City, region and postcode, a few large ones and many small ones."""
        fake = self._fakers["en_US"]
        found = [
            (fake.city(), fake.state_abbr(), f"{fake.postcode():0>5}")
            for _ in range(600)
        ]
        return [
            town for at, town in enumerate(found) for _ in range(1 + 300 // (at + 5))
        ]

    @cached_property
    def streets(self) -> list[str]:
        """Names of streets."""
        return self._draw("street_name")

    @cached_property
    def jobs(self) -> list[str]:
        """Titles that people have at work."""
        fake = self._fakers["en_US"]
        return [fake.job() for _ in range(500)]

    @cached_property
    def trades(self) -> list[str]:
        """Second words of company names."""
        fake = self._fakers["en_US"]
        words = [word for _ in range(150) for word in fake.bs().split()]
        return [word.capitalize() for word in words if word.isalpha()]

    def first(self) -> str:
        """Return a given name."""
        return self.random.choice(self.first_names)

    def last(self) -> str:
        """Return a family name, one in fifty of them double."""
        name = self.random.choice(self.last_names)
        if self.random.random() < 0.02:
            return f"{name}-{self.random.choice(self.last_names)}"
        return name
