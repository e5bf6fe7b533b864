"""Records in which nobody stands twice, and of whom exports have little to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tools.generate.people import ascii_slug

if TYPE_CHECKING:
    from tools.generate.labelled.strangers import Strangers

Rows = Iterator[tuple[str, ...]]

ROLES = (
    ("Accounts", "Payable"), ("Accounts", "Receivable"), ("Human", "Resources"),
    ("Front", "Desk"), ("Customer", "Service"), ("Store", "Manager"),
)  # fmt: skip


def _roles(made: Strangers) -> Rows:
    """Contacts that are a task and no person, in firms and in shops of chains."""
    while True:
        name, domain, place, board = made.site()
        for first, last in made.random.sample(ROLES, 3):
            mail: str | None = f"{ascii_slug(last)[:5]}@{domain}"
            phone = made.random.choice((board, ""))
            yield made.person(place, name, mail, phone, (first, last))
        chain, domain, _, _ = made.site()
        role = made.random.choice(ROLES)
        for at in range(5):
            mail = made.random.choice((f"shop{at}@{domain}", None))
            yield made.person(made.home(), chain, mail, "", role)


def _half_names(made: Strangers) -> Rows:
    """Names of one word, in the field of the last name or of the first."""
    words = [made.names.first() for _ in range(60)]
    while True:
        word = made.random.choice(words)
        name = made.random.choice(((word, ""), ("", word)))
        slug = f"{ascii_slug(word)}.{made.random.randrange(10**6)}"
        mail = f"{slug}@gmail.com" if made.random.random() < 0.6 else None
        phone = "" if made.random.random() < 0.7 else None
        yield made.person(email=mail, phone=phone, name=name)


def _sparse(made: Strangers) -> Rows:
    """Contacts of firms of whom a third of the fields is known."""
    while True:
        name, domain, place, board = made.site()
        for _ in range(made.random.randint(3, 20)):
            first, last = made.names.first(), made.names.last()
            mail = made.mailbox(first, last, domain)
            phone = made.random.choice((board, ""))
            row = made.person(place, name, mail, phone, (first, last), made.birthday())
            yield tuple(value if made.random.random() < 0.35 else "" for value in row)


def _one_marked(made: Strangers) -> Rows:
    """Father and son in one house, of whom the son alone is marked."""
    while True:
        first, last, place = made.names.first(), made.names.last(), made.home()
        for title in ("", " Jr."):
            yield made.person(place, name=(first, f"{last}{title}"))


LEFTOVERS: dict[str, Callable[[Strangers], Rows]] = {
    "roles": _roles,
    "half_names": _half_names,
    "sparse": _sparse,
    "one_marked": _one_marked,
}
"""Sets in which each person is once, by name; see strangers for more."""
