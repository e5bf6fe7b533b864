"""Further records in which nobody stands twice: crowds that share nearly everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tools.generate.people import ascii_slug

if TYPE_CHECKING:
    from tools.generate.labelled.strangers import Strangers

Rows = Iterator[tuple[str, ...]]

SURNAMES = {
    "KR": "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim",
    "VN": "Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do",
    "CN": "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu",
}
SYLLABLES = {
    "KR": "Min Jun Seo Ji Hyun Soo Young Hye Jin Woo Eun Kyung Sung Ho Mi Hee Dong",
    "VN": "Anh Minh Linh Hung Lan Tuan Hoa Mai Nga Quang Thao Trang Long Nam Phuc Son",
    "CN": "Wei Fang Na Min Jing Yan Jun Lei Tao Ming Chao Xia Ping Gang Hui Xin Yu Hao",
}
SIBLINGS = (
    ("Anna", "Anne", "Annika"), ("Marie", "Maria", "Marina"), ("Jan", "Jana", "Jon"),
    ("Paul", "Paula", "Pauline"), ("Julia", "Julian", "Julie"), ("Tim", "Tom", "Kim"),
    ("Hanna", "Johanna", "Hannes"), ("Daniel", "Daniela", "Danielle"),
    ("Max", "Mats", "Marx"), ("Lena", "Lea", "Leni"), ("Eric", "Erica", "Erik"),
    ("Stefan", "Stefanie", "Stephan"), ("Chris", "Christa", "Christian"),
)  # fmt: skip


def _school(made: Strangers) -> Rows:
    """Classes of thirty of one age and town, with addresses of the school."""
    while True:
        name, domain, place, board = made.site()
        start = date(made.random.randrange(2004, 2014), 8, 1)
        for _ in range(30):
            first, last = made.names.first(), made.names.last()
            born = start + timedelta(made.random.randrange(365))
            yield made.person(
                place, f"{name} School", made.mailbox(first, last, domain),
                board if made.random.random() < 0.5 else None, (first, last),
                born.isoformat(),
            )  # fmt: skip


def _nursing_home(made: Strangers) -> Rows:
    """Sixty residents of a house: one address, one telephone, much the same age."""
    while True:
        place, board = made.home(), made.number()
        for _ in range(60):
            born = date(1930, 1, 1) + timedelta(made.random.randrange(4_000))
            yield made.person(place, email=None, phone=board, born=born.isoformat())


def _franchisees(made: Strangers) -> Rows:
    """One brand in many towns, each owner with a number and an address of the brand."""
    while True:
        name, domain, _, _ = made.site()
        for at in range(made.random.randint(20, 200)):
            mail = made.random.choice((f"store{at:03}@{domain}", f"info{at}@{domain}"))
            yield made.person(made.home(), name, mail)


def _few_surnames(made: Strangers) -> Rows:
    """Firms of a hundred with ten surnames and given names of two syllables."""
    while True:
        for country, texts in SURNAMES.items():
            name, domain, place, board = made.site()
            syllables = SYLLABLES[country].split()
            seen = set()
            for _ in range(100):
                last = made.random.choice(texts.split())
                one, other = made.random.sample(syllables, 2)
                first = made.random.choice((f"{one}-{other.lower()}", f"{one} {other}"))
                if (ascii_slug(first), last) in seen:
                    continue  # nobody could separate it from the one of before
                seen.add((ascii_slug(first), last))
                yield made.person(
                    place, name, made.mailbox(first, last, domain),
                    board if made.random.random() < 0.5 else made.number(),
                    (first, last),
                )  # fmt: skip


def _partners(made: Strangers) -> Rows:
    """Law firms: initials for first names, one switchboard, addresses of initials."""
    while True:
        _, domain, place, board = made.site()
        name = f"{made.names.last()} & {made.names.last()} LLP"
        for _ in range(made.random.randint(5, 40)):
            last = made.names.last()
            one, other = made.random.choices("ABCDEFGHJKLMPRSTW", k=2)
            first = made.random.choice((f"{one}.", f"{one}. {other}."))
            mail = made.mailbox(f"{one}{other}", last, domain)
            yield made.person(place, name, mail, board, (first, last))


def _extensions(made: Strangers) -> Rows:
    """Firms in which each number is the switchboard with an extension."""
    while True:
        name, domain, place, board = made.site()
        for at in range(made.random.randint(10, 90)):
            first, last = made.names.first(), made.names.last()
            phone = f"{board} {made.random.choice(('x', 'ext. ', 'ext '))}{100 + at}"
            mail = (
                made.mailbox(first, last, domain)
                if made.random.random() < 0.6 else None
            )  # fmt: skip
            yield made.person(place, name, mail, phone, (first, last))


def _direct_lines(made: Strangers) -> Rows:
    """Firms whose direct lines follow each other, so that numbers are a digit apart."""
    while True:
        name, domain, place, _ = made.site()
        block = made.random.randrange(10**5, 10**6)
        for at in range(made.random.randint(10, 90)):
            first, last = made.names.first(), made.names.last()
            mail = (
                made.mailbox(first, last, domain)
                if made.random.random() < 0.6 else None
            )  # fmt: skip
            yield made.person(
                place, name, mail, f"+1 415 {block}{at:02}"[:17], (first, last)
            )


def _generations(made: Strangers) -> Rows:
    """Grandfather, father and son of one name in one house with one landline."""
    while True:
        first, last = made.names.first(), made.names.last()
        place, line = made.home(), made.number()
        style = made.random.choice(
            ((" Sr.", " Jr.", " III"), (", Sr", ", Jr", ", 3rd"), (" I", " II", " III"))
        )
        for at, title in enumerate(style):
            born = f"{1930 + 27 * at}-{made.random.randrange(1, 13):02}-15"
            yield made.person(
                place, phone=line if made.random.random() < 0.7 else "",
                name=(first, last + title), born=born,
            )  # fmt: skip


def _no_mail(made: Strangers) -> Rows:
    """Contacts of firms, exported without any address."""
    while True:
        name, _, place, board = made.site()
        for _ in range(made.random.randint(3, 60)):
            kind = made.random.random()
            phone = board if kind < 0.4 else None if kind < 0.6 else ""
            yield made.person(place, name, None, phone)


def _tags(made: Strangers) -> Rows:
    """Members of clubs who signed up with one mailbox and a tag for each of them."""
    while True:
        owner = f"{made.names.last()}.{made.random.randrange(100)}"
        box, place = ascii_slug(owner), made.home()
        for _ in range(made.random.randint(2, 12)):
            first = made.names.first()
            mail = f"{box}+{ascii_slug(first)}@gmail.com"
            yield made.person(place, email=mail, name=(first, made.names.last()))


def _dots(made: Strangers) -> Rows:
    """Addresses of a provider that are other people's but for a dot, or one letter."""
    while True:
        first, last = ascii_slug(made.names.first()), ascii_slug(made.names.last())
        domain = made.random.choice(("yahoo.com", "gmx.de", "outlook.com"))
        for box in (f"{first[:1]}.{last}", f"{first[:1]}{last}", f"{first[:2]}{last}"):
            name = made.names.first()
            name = first[:1].upper() + name[1:]
            yield made.person(email=f"{box}@{domain}", name=(name, last.title()))


def _siblings(made: Strangers) -> Rows:
    """Brothers and sisters with first names much alike, in one house, own mailboxes."""
    while True:
        last, place, line = made.names.last(), made.home(), made.number()
        for first in made.random.choice(SIBLINGS):
            yield made.person(
                place, phone=line, name=(first, last), born=made.birthday(),
            )  # fmt: skip


def _user_numbers(made: Strangers) -> Rows:
    """Firms whose mailboxes are numbers of staff, a digit apart."""
    while True:
        name, domain, place, board = made.site()
        for at in range(made.random.randint(10, 200)):
            yield made.person(
                place, name, f"u{10_000 + at}@{domain}",
                board if made.random.random() < 0.5 else None,
            )  # fmt: skip


def _flats(made: Strangers) -> Rows:
    """Tenants of large houses: one street and number, no mail, hardly a telephone."""
    while True:
        place = made.home()
        for _ in range(made.random.randint(20, 120)):
            phone = "" if made.random.random() < 0.3 else None
            yield made.person(place, email=None, phone=phone, born=made.birthday())


def _swapped(made: Strangers) -> Rows:
    """Firms in which some have for a first name what is another's last name."""
    pool = "Martin Thomas James Scott Henry Lewis Simon Jordan Taylor Morgan Grant"
    names = pool.split()
    while True:
        name, domain, place, board = made.site()
        seen = set()
        for _ in range(30):
            first, last = made.random.sample(names, 2)
            if (first, last) in seen:
                continue
            seen.add((first, last))
            yield made.person(
                place, name, made.mailbox(first, last, domain),
                board if made.random.random() < 0.5 else "", (first, last),
            )  # fmt: skip


CROWDS: dict[str, Callable[[Strangers], Rows]] = {
    "school": _school,
    "nursing_home": _nursing_home,
    "franchisees": _franchisees,
    "few_surnames": _few_surnames,
    "partners": _partners,
    "extensions": _extensions,
    "direct_lines": _direct_lines,
    "generations": _generations,
    "no_mail": _no_mail,
    "tags": _tags,
    "dots": _dots,
    "siblings": _siblings,
    "user_numbers": _user_numbers,
    "flats": _flats,
    "swapped": _swapped,
}
"""Sets in which each person is once, by name; see strangers for more."""
