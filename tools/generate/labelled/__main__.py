"""Write labelled records: `python -m tools.generate.labelled --out FILE`."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from tools.generate.labelled import firms, strangers
from tools.generate.labelled.contacts import Contacts
from tools.generate.labelled.persons import Addresses, Historical, Persons


class _Made(Protocol):
    """Labelled records."""

    @property
    def columns(self) -> Sequence[str]: ...

    @property
    def fields(self) -> Mapping[str, str]: ...

    def rows(self) -> Iterator[Sequence[str | None]]: ...


KINDS: dict[str, Callable[[int, int], _Made]] = {
    "contacts": Contacts,
    "persons": Persons,
    "historical": Historical,
    "addresses": Addresses,
    # nobody stands twice
    **{k: partial(strangers.Strangers, k) for k in strangers.CLEAN},
    **{k: partial(firms.Firms, k) for k in firms.CLEAN},
}


def main(arguments: list[str] | None = None) -> int:
    """Write the records and, beside them, their fields; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate.labelled",
        description="Write records of which it is known who is who.",
    )
    parser.add_argument("--kind", choices=KINDS, default="contacts")
    parser.add_argument("--records", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    options = parser.parse_args(arguments)
    made = KINDS[options.kind](options.seed, options.records)
    try:
        with options.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(made.columns)
            writer.writerows(made.rows())
        lines = ["id: id", "fields:"]
        lines += [f"- {{name: {n}, kind: {k}}}" for n, k in made.fields.items()]
        fields = options.out.with_suffix(".yml")
        fields.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"generate: {error.filename}: {error.strerror}", file=sys.stderr)
        return 3
    print(f"{options.out}\n{fields}\nTRUTH=person")
    return 0


if __name__ == "__main__":
    sys.exit(main())
