"""One run of ingestion, from the inbox to the closed batch."""

import os
import sqlite3
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

from scripts.private import private
from scripts.seeds import folder as own_folder
from scripts.settings import shown

from . import limits, mapped
from .archive import archive, put_back, set_aside
from .bronze import Bronze, CopiedTables, Nowhere, Tables
from .database import SERVERS, connect, plain, transaction
from .errors import IngestError, Refusal
from .feeds import configured, delivered, opened, unusable
from .files import Fingerprint, release
from .inbox import Delivery, deliveries
from .land import Lander
from .ledger import Ledger
from .lock import lock
from .log import Log
from .outcome import Outcome, Summary
from .sources import DECLARATIONS, Source, Table, declaring, load_sources
from .systems import folders, load_shapes
from .systems.recognise import Catalogue


class _Dealt(NamedTuple):
    """A delivery and what became of it; without a fingerprint it stays."""

    delivery: Delivery
    outcome: Outcome
    fingerprint: Fingerprint | None


Progress = Callable[[int, int, str], None]
"""Gets bytes read so far, bytes in all, and the file being read."""


def ingest(
    inbox: Path,
    db: Path,
    *,
    lake: Path | None = None,
    archive_to: Path | None = None,
    dry_run: bool = False,
    declarations: Path = DECLARATIONS,
    systems: Collection[Path] | None = None,
    logs: Path | None = None,
    progress: Progress | None = None,
    only: Collection[Path] | None = None,
    ask: bool = True,
    landed: Callable[[], None] | None = None,
    each: Callable[[Outcome], None] | None = None,
) -> Summary:
    """Land the files of `inbox` in `db`.

    Args:
        inbox: folder laid out as `<source>/<file>`.
        db: SQLite database; made if it does not exist.
        lake: folder to land in as Parquet files instead; `db` is then the
            database of another engine, and the ledger lies in this folder.
        archive_to: data folder below which landed files are archived and
            refused ones set aside; None leaves the inbox as it is.
        dry_run: look, report, and write nothing at all.
        declarations: folder with `<source>/_<source>__sources.yml`.
        systems: folders with `<system>.yml`, of which later ones win; None for
            those that ship and the user's, if the declarations are the project's.
        logs: folder for the log of the run; None for no log.
        progress: called while files are read.
        only: files to take, the others are left alone; None takes all.
        ask: whether to fetch from APIs, databases and buckets too.
        landed: called whenever a file has landed.
        each: called with what became of each file, as soon as it is known.

    Returns:
        What became of each file. A faulty file never raises.

    Raises:
        UsageError: inbox or declarations are not usable.
        IngestError: another run is at work, or the database is not writable.
    """
    sources = load_sources(declarations)
    has_own = systems is None and declarations == DECLARATIONS
    if systems is None:
        systems = folders() if has_own else []
    shapes = load_shapes(sources, systems, declaring(declarations)) if systems else ()
    own = own_folder() / f"{mapped.SEED}.csv"
    given = mapped.load(own, sources, shapes) if has_own else ()
    limits.check()
    # a lake may be that of several databases
    held = (db, lake / "ledger.db") if lake else (db,)
    with private(), ExitStack() as locks:
        for path in () if dry_run else held:
            locks.enter_context(lock(path))
        if archive_to and not dry_run:
            put_back(inbox)
        waiting: list[str] = []
        found = deliveries(inbox, sources, Catalogue(sources, shapes, given), waiting)
        if only is not None:
            found = [delivery for delivery in found if delivery.path in only]
        summary = Summary(inbox, db, dry_run)
        summary.lake = lake
        summary.notes += [f"{name}: still being downloaded" for name in waiting]
        summary.undelivered = _undelivered(found, sources)
        log = Log(None if dry_run else logs)
        summary.log_path = log.path
        log.write("started", inbox=inbox, database=db, files=len(found))
        try:
            asked = sources if ask else {}
            done = partial(_done, summary, log, landed or _nothing, each or _nothing)
            declared = sources, shapes
            _run(summary, found, declared, asked, log, archive_to, progress, done)
            summary.notes += _set_aside(summary, archive_to)
        except (IngestError, sqlite3.Error) as error:
            failure = (
                error
                if isinstance(error, IngestError)
                else plain(error, summary.ledger)
            )
            log.write("failed", "error", reason=str(failure))
            raise failure from None
        except OSError as error:
            log.write("failed", "error", reason=str(error))
            raise IngestError(f"{error.filename}: {error.strerror}") from None
        except KeyboardInterrupt:
            log.write("interrupted", "error")
            raise
        except Exception as error:
            log.write("unexpected", "error", trace=traceback.format_exc())
            reason = f"unexpected {type(error).__name__}: {error}"
            more = f" (more in {log.path})" if log.path else ""
            raise IngestError(reason + more) from error
        finally:
            release()
            summary.log_problem = log.problem
            log.close()
    return summary


def _run(
    summary: Summary,
    found: list[Delivery],
    declared: tuple[dict[str, Source], tuple[Table, ...]],
    asked: dict[str, Source],
    log: Log,
    archive_to: Path | None,
    progress: Progress | None,
    done: Callable[[Outcome], None],
) -> None:
    if summary.dry_run:
        archive_to = None
        ledger = Ledger.copy_of(summary.ledger)
    else:
        ledger = Ledger(connect(summary.ledger))
    with closing(ledger.conn):
        with transaction(ledger.conn):
            ledger.create()
            summary.batch_id = ledger.open_batch()
        status = "failed"
        with closing(_bronze(summary, ledger)) as bronze:
            try:
                sources, shapes = declared
                summary.amended = ledger.create_bronze(bronze, sources.values(), shapes)
                lander = Lander(ledger, bronze, summary.batch_id, log)
                _land_all(found, lander, archive_to, progress or _silent, done)
                _land_feeds(summary, asked, lander, archive_to, done)
                status = summary.status
            except KeyboardInterrupt:
                status = "interrupted"
                raise
            finally:
                _close(ledger, status, summary)
                bronze.publish()
    for source, tables in summary.undelivered.items():
        log.write("no_file", "warning", source=source, tables=tables)
    log.write("finished", "info", status=status, **summary.counts)


def _bronze(summary: Summary, ledger: Ledger) -> Bronze:
    if summary.dry_run:
        return Nowhere()
    if summary.lake is None:
        kind = CopiedTables if summary.ledger.suffix == SERVERS else Tables
        return kind(ledger.conn)
    from .lake import Lake  # pyarrow takes its time to load

    return Lake(summary.lake, ledger.conn)


def _land_all(
    found: list[Delivery],
    lander: Lander,
    archive_to: Path | None,
    progress: Progress,
    done: Callable[[Outcome], None],
) -> None:
    lander.prepare(found)
    sizes = [delivery.size for delivery in found]
    left = Counter(delivery.path for delivery in found)
    dealt: dict[Path, list[_Dealt]] = {}
    for number, delivery in enumerate(found):
        label = f"file {number + 1} of {len(found)}: {delivery.label}"

        def tell(read: int, number: int = number, label: str = label) -> None:
            progress(sum(sizes[:number]) + read, sum(sizes), label)

        tell(0)
        parts = dealt.setdefault(delivery.path, [])
        parts.append(_Dealt(delivery, *lander.land(delivery, tell)))
        left[delivery.path] -= 1
        if left[delivery.path]:  # other members of the ZIP file, or sheets
            continue
        if archive_to and all(part.fingerprint for part in parts):
            _put_away_whole(parts, archive_to, lander.ledger)
        for part in dealt.pop(delivery.path):
            done(part.outcome)
    progress(sum(sizes), sum(sizes), "")


def _put_away_whole(parts: list[_Dealt], root: Path, ledger: Ledger) -> None:
    """Archive a file all of whose parts are dealt with; set aside if none landed."""
    release()
    outcomes = [part.outcome for part in parts if not part.outcome.twin]
    landed = [part for part in parts if part.outcome.status != "refused"]
    delivery, outcome, fingerprint = (landed or parts)[0]

    def note(kept: str) -> None:
        for each in outcomes:
            _note(each, ledger, kept)
            each.path = root / kept

    if len(parts) > 1 and not landed:
        reasons = [f"{p.outcome.label}: {p.outcome.reason}" for p in parts]
        outcome = replace(outcome, reason="\n".join(reasons))
    put = partial(_moved, delivery, outcome, cast(Fingerprint, fingerprint), root, note)
    _put_away(outcome, put, ledger)
    for each in outcomes:
        each.archive_problem = outcome.archive_problem


def _land_feeds(
    summary: Summary,
    sources: dict[str, Source],
    lander: Lander,
    archive_to: Path | None,
    done: Callable[[Outcome], None],
) -> None:
    for source, declared in configured(sources.values(), os.environ):
        if summary.dry_run:
            summary.unasked.append(f"{source.name}/{declared.name}")
            continue
        try:
            feed = opened(source, declared, os.environ)
        except Refusal as refusal:
            feed = None
            found = iter([unusable(declared, source, refusal.reason)])
        with tempfile.TemporaryDirectory() as folder:
            if feed:
                found = delivered(feed, lander.ledger, Path(folder))
            for delivery in found:
                if feed and feed.stops:
                    delivery = replace(delivery, is_page=True)
                outcome, fingerprint = lander.land(delivery, lambda read: None)
                if feed and fingerprint:
                    note = partial(_note, outcome, lander.ledger)
                    put: Callable[[], str | None]
                    put = partial(feed.put_away, delivery, outcome, note)
                    if feed.stops and archive_to:
                        what = delivery, outcome, fingerprint, archive_to
                        put = partial(_moved, *what, note)
                    _put_away(outcome, put, lander.ledger)
                done(outcome)
                if feed and feed.stops and outcome.status == "refused":
                    break
        summary.notes += feed.notes if feed else []


def _close(ledger: Ledger, status: str, summary: Summary) -> None:
    try:
        ledger.note_repairs()
        ledger.close_batch(cast(int, summary.batch_id), status, summary.counts)
    except sqlite3.Error:
        if status not in ("failed", "interrupted"):
            raise  # else the first error counts; the next run marks the batch


def _moved(
    delivery: Delivery,
    outcome: Outcome,
    fingerprint: Fingerprint,
    root: Path,
    note: Callable[[str], None],
) -> None:
    """Archive or set aside; `note` takes the path below `root`."""
    label = delivery.whole_label
    file_id = cast(int, outcome.file_id)
    what = delivery.path, root, label, file_id, fingerprint.state
    if outcome.status == "refused":
        set_aside(*what, note, outcome.reason or "")
    else:
        archive(*what, note)


def _put_away(outcome: Outcome, put: Callable[[], str | None], ledger: Ledger) -> None:
    """Move a file and note where to; one that cannot be moved stays, with a word."""
    try:
        kept = put()
    except OSError as error:
        outcome.archive_problem = error.strerror or str(error)
    except Refusal as refusal:
        outcome.archive_problem = refusal.reason
    else:
        if kept:
            _note(outcome, ledger, kept)


def _note(outcome: Outcome, ledger: Ledger, kept: str) -> None:
    if outcome.archived_as != kept:
        ledger.update_file(cast(int, outcome.file_id), archived_as=kept)
        outcome.archived_as = kept


def _set_aside(summary: Summary, data: Path | None) -> list[str]:
    """Where the refused files are."""
    place = data and data / "refused"
    is_new = summary.files("refused") and not summary.dry_run
    if not (place and is_new and place.is_dir()):
        return []
    return [f"refused files are in {shown(place)}: mend them, and put them back"]


def _undelivered(
    found: list[Delivery], sources: dict[str, Source]
) -> dict[str, list[str]]:
    """Per source that delivered something: its tables that got no file."""
    came = {(d.source, d.table.name) for d in found if d.table and not d.system}
    active = {source for source, _ in came}
    lacking = {
        name: [
            table.name
            for table in source.tables
            if not table.is_occasional and (name, table.name) not in came
        ]
        for name, source in sources.items()
        if name in active
    }
    return {name: tables for name, tables in lacking.items() if tables}


def _done(
    summary: Summary,
    log: Log,
    landed: Callable[[], None],
    each: Callable[[Outcome], None],
    outcome: Outcome,
) -> None:
    """Add what became of a file."""
    summary.outcomes.append(outcome)
    _log_file(log, outcome)
    each(outcome)
    if outcome.status == "landed":
        landed()


def _log_file(log: Log, outcome: Outcome) -> None:
    level = "error" if outcome.status == "refused" else "info"
    if outcome.remarks and level == "info":
        level = "warning"
    log.write(
        "file",
        level,
        file=outcome.label,
        status=outcome.status,
        file_id=outcome.file_id,
        records=outcome.records,
        landed=outcome.landed,
        rejected=outcome.rejected,
        separators=outcome.separators,
        remarks=outcome.remarks,
    )


def _silent(done: int, total: int, label: str) -> None:
    pass


def _nothing(*_: object) -> None:
    pass
