"""The slips that make two records of one person differ."""

from __future__ import annotations

from random import Random

NEAR_KEYS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sfe", "e": "wrd", "f": "dgr",
    "g": "fht", "h": "gjy", "i": "uok", "j": "hku", "k": "jli", "l": "ko",
    "m": "n", "n": "bm", "o": "ipl", "p": "o", "q": "wa", "r": "etf",
    "s": "adw", "t": "ryg", "u": "yij", "v": "cb", "w": "qes", "x": "zc",
    "y": "tuh", "z": "xa",
}  # fmt: skip

NICKNAMES = {
    "alexander": "Alex Sandy Xander", "alexandra": "Alex Sandra Lexi",
    "andrew": "Andy Drew", "anthony": "Tony", "barbara": "Barb Babs",
    "benjamin": "Ben Benny", "catherine": "Cathy Kate Katie",
    "charles": "Charlie Chuck", "christina": "Chris Tina",
    "christopher": "Chris", "daniel": "Dan Danny", "david": "Dave",
    "deborah": "Deb Debbie", "donald": "Don", "dorothy": "Dot Dottie",
    "edward": "Ed Eddie Ted", "elizabeth": "Liz Beth Betty Lizzie",
    "frederick": "Fred Freddy", "gerald": "Gerry Jerry", "gregory": "Greg",
    "henry": "Harry Hank", "jacqueline": "Jackie", "james": "Jim Jimmy",
    "jeffrey": "Jeff", "jennifer": "Jen Jenny", "jessica": "Jess Jessie",
    "john": "Jack Johnny", "jonathan": "Jon", "joseph": "Joe Joey",
    "joshua": "Josh", "katherine": "Kate Kathy Katie", "kenneth": "Ken Kenny",
    "kimberly": "Kim", "lawrence": "Larry", "leonard": "Len Lenny",
    "margaret": "Maggie Meg Peggy", "matthew": "Matt", "michael": "Mike Mick",
    "nancy": "Nan", "nathaniel": "Nate Nat", "nicholas": "Nick",
    "pamela": "Pam", "patricia": "Pat Patty Tricia", "patrick": "Pat Paddy",
    "peter": "Pete", "philip": "Phil", "rebecca": "Becky Becca",
    "richard": "Rick Dick Richie", "robert": "Bob Rob Bobby",
    "ronald": "Ron Ronnie", "samantha": "Sam", "samuel": "Sam Sammy",
    "stephanie": "Steph", "stephen": "Steve", "steven": "Steve",
    "susan": "Sue Susie", "theodore": "Ted Theo", "theresa": "Terry Tess",
    "thomas": "Tom Tommy", "timothy": "Tim", "victoria": "Vicky Tori",
    "vincent": "Vince", "virginia": "Ginny", "walter": "Walt Wally",
    "william": "Bill Will Billy", "zachary": "Zach",
}  # fmt: skip


def typo(random: Random, text: str) -> str:
    """Return the text with one letter missing, doubled, wrong or out of place."""
    if len(text) < 3:
        return text
    at = random.randrange(len(text) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        near = NEAR_KEYS.get(text[at].lower(), "e")
        return text[:at] + random.choice(near) + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def typos(random: Random, text: str, most: int) -> str:
    """Return the text with one to `most` slips, fewer being likelier."""
    for _ in range(min(random.randint(1, most), random.randint(1, most))):
        text = typo(random, text)
    return text


def wrong_digit(random: Random, text: str) -> str:
    """Return the text with one of its digits changed or swapped with the next."""
    places = [at for at, char in enumerate(text) if char.isdigit()]
    if not places:
        return text
    at = random.choice(places)
    if random.random() < 0.3 and text[at + 1 : at + 2].isdigit():
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + random.choice("0123456789") + text[at + 1 :]


def nickname(random: Random, name: str) -> str:
    """Return a short form of a first name; without one the name itself."""
    return random.choice(NICKNAMES.get(name.lower(), name).split(" "))
