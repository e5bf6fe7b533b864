"""Connectors, which fetch what is not delivered: APIs, databases, buckets.

Each hands over deliveries as the inbox does, page by page, so that they land in
the same bronze and the same ledger by the same rules. A page is one transaction,
and with it is kept where the next one begins.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from scripts.discreet import discreet, secrets_of

from ..declared import Api, Bucket, Database
from ..errors import Refusal
from ..inbox import Delivery
from ..ledger import Ledger
from ..sources import Source
from .base import Feed

__all__ = ["Feed", "configured", "delivered", "opened"]

Declared = Api | Bucket | Database


def configured(
    sources: Iterable[Source], environment: Mapping[str, str]
) -> list[tuple[Source, Declared]]:
    """The declared feeds whose address is known: its variable is set."""
    return [
        (source, replace(feed, url=url))
        for source in sources
        for feed in source.feeds
        if (url := feed.address(environment))
    ]


def opened(source: Source, declared: Declared, environment: Mapping[str, str]) -> Feed:
    """Return the connector of a declared feed; what it needs is loaded only now.

    Raises Refusal if a package or a variable is missing.
    """
    try:
        if isinstance(declared, Api):
            from .api import ApiFeed

            return ApiFeed(source, declared, environment)
        if isinstance(declared, Database):
            from .database import DatabaseFeed

            return DatabaseFeed(source, declared)
        from .bucket import BucketFeed

        return BucketFeed(source, declared)
    except ImportError as error:
        raise Refusal(
            f"needs more packages ({error.name or error}): pip install -r "
            f"requirements-{declared.extra}.txt",
            retry=True,
        ) from None
    except Refusal:
        raise
    except Exception as error:  # the other sources go on
        raise Refusal(f"unexpected {type(error).__name__}: {error}", True) from None


def delivered(feed: Feed, ledger: Ledger, folder: Path) -> Iterator[Delivery]:
    """The deliveries of a feed; what ends it early comes as one without a table."""
    try:
        yield from feed.deliveries(ledger, folder)
    except Refusal as refusal:
        yield unusable(feed.declared, feed.source, refusal.reason)
    except Exception as error:  # the other sources go on
        reason = f"unexpected {type(error).__name__}: {error}"
        yield unusable(feed.declared, feed.source, reason)


def unusable(declared: Declared, source: Source, problem: str) -> Delivery:
    """The entry for a feed that cannot go on; the problem without its secrets."""
    name = declared.name
    secrets = secrets_of(declared.url)
    for variable in (getattr(declared, "bearer", None), getattr(declared, "key", None)):
        value = os.environ.get(variable or "", "")
        secrets |= {value, value.strip(), repr(value)[1:-1]}
    problem = discreet(problem, secrets)
    return Delivery(Path(name), name, source.name, problem=problem, is_foreign=True)
