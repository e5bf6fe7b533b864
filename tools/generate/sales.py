"""The clean records of a chain of shops: its sales, and whom and what they name."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tools.generate.people import REGIONS, phone, pools

Record = dict[str, Any]
Tables = dict[str, list[Record]]

SIZES = {"customers": 100, "products": 20, "stores": 4}
LAST_DAY = date(2025, 6, 30)

PRODUCTS = (
    "Almond Butter", "Apple Juice", "Basmati Rice", "Brown Bread", "Chickpeas",
    "Coconut Water", "Dark Chocolate", "Ground Coffee", "Green Tea", "Honey",
    "Lentils", "Mango Pickle", "Oat Biscuits", "Olive Oil", "Paneer",
    "Quaker Oats", "Rock Salt", "Sugar", "Tomato Soup", "Wheat Flour",
)  # fmt: skip
REVIEWS = (
    "Clean and quick",
    "Friendly staff, long queues",
    "Good range",
    "Hard to park",
)
PEOPLE_PER_STORE = 3
"""Sales people of a store; one manager of the team leads two stores."""


class Shop:
    """Makes records whose keys, prices and totals are sound."""

    def __init__(self, seed: int, customers: int = SIZES["customers"]) -> None:
        """Make the dimensions; equal arguments give equal records."""
        self.seed = seed
        self.random = Random(f"sales-{seed}")
        self.pools = pools(seed)
        self.sizes = {**SIZES, "customers": customers}
        self.tables: Tables = {
            "customers": [self._customer(n) for n in self._numbers("customers")],
            "products": [self._product(n) for n in self._numbers("products")],
            "stores": [self._store(n) for n in self._numbers("stores")],
        }
        self.tables["sales_team"] = self._sales_team()
        self._sellers = {
            store["id"]: [
                person["id"]
                for person in self.tables["sales_team"]
                if person["is_manager"] == "N" and self._store_of[person["id"]] == store
            ]
            for store in self.tables["stores"]
        }
        self._sold = 0

    def sales(self, day: date, count: int) -> list[Record]:
        """Make `count` sales of one day, each with an `id`."""
        return [self._sale(day) for _ in range(count)]

    def _numbers(self, table: str) -> range:
        return range(1, self.sizes[table] + 1)

    def _person(self) -> tuple[str, str, str]:
        country = self.random.choice(tuple(REGIONS))
        pool = self.pools[country]
        return (
            self.random.choice(pool.first_names),
            self.random.choice(pool.last_names),
            country,
        )

    def _address(self) -> str:
        street = self.random.choice(self.pools["US"].last_names)
        return f"{self.random.randrange(1, 200)} {street} Street"

    def _day(self, first_year: int, last_year: int) -> str:
        days = (date(last_year, 12, 31) - date(first_year, 1, 1)).days
        day = date(first_year, 1, 1) + timedelta(days=self.random.randrange(days))
        return day.isoformat()

    def _customer(self, number: int) -> Record:
        first, last, country = self._person()
        return {
            "customer_id": number,
            "first_name": first,
            "last_name": last,
            "address": self._address(),
            "pincode": f"{self.random.randrange(10_000, 99_999)}",
            "phone_number": phone(self.random, country),
            "customer_joining_date": self._day(2018, 2024),
        }

    def _product(self, number: int) -> Record:
        cents = self.random.randrange(50, 5_000)
        return {
            "id": number,
            "name": PRODUCTS[number - 1],
            "current_price": money(cents),
            "old_price": money(cents * 9 // 10),
            "created_date": self._day(2019, 2020),
            "updated_date": self._day(2021, 2024),
            "expiry_date": self._day(2026, 2027),
        }

    def _store(self, number: int) -> Record:
        first, last, _ = self._person()
        return {
            "id": 120 + number,
            "address": self._address(),
            "store_pincode": f"{self.random.randrange(10_000, 99_999)}",
            "store_manager_name": f"{first} {last}",
            "store_opening_date": self._day(2015, 2018),
            "reviews": self.random.choice(REVIEWS),
        }

    def _sales_team(self) -> list[Record]:
        """Managers first, each of two stores, then the sellers of every store."""
        stores = self.tables["stores"]
        managers = range(1, (len(stores) + 1) // 2 + 1)
        team = [self._member(number, None) for number in managers]
        self._store_of: dict[int, Record] = {}
        for position, store in enumerate(stores):
            for _ in range(PEOPLE_PER_STORE):
                number = len(team) + 1
                self._store_of[number] = store
                team.append(self._member(number, managers[position // 2]))
        return team

    def _member(self, number: int, manager: int | None) -> Record:
        first, last, _ = self._person()
        return {
            "id": number,
            "first_name": first,
            "last_name": last,
            "manager_id": manager,
            "is_manager": "N" if manager else "Y",
            "address": self._address(),
            "pincode": f"{self.random.randrange(10_000, 99_999)}",
            "joining_date": self._day(2018, 2024),
        }

    def _sale(self, day: date) -> Record:
        random = self.random
        store = random.choice(self.tables["stores"])["id"]
        product = random.choice(self.tables["products"])
        quantity = random.randrange(1, 11)
        self._sold += 1
        return {
            "id": f"S{self._sold:07d}",
            "customer_id": random.choice(self.tables["customers"])["customer_id"],
            "store_id": store,
            "product_name": product["name"],
            "sales_date": day.isoformat(),
            "sales_person_id": random.choice(self._sellers[store]),
            "price": product["current_price"],
            "quantity": quantity,
            "total_cost": money(cents_of(product["current_price"]) * quantity),
        }


def money(cents: int) -> str:
    """Return an amount as the exports write it: `12.50`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def cents_of(amount: str) -> int:
    """Return the cents of an amount that `money` wrote."""
    return int(amount.replace(".", ""))
