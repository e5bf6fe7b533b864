"""Full disks, read-only folders, files gone or older: nothing is lost by them."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from random import Random

from tools.torture.place import (
    Failure,
    Place,
    Skipped,
    Work,
    cold,
    compare,
    ingesting,
    running,
)
from tools.torture.report import Report
from tools.torture.samples import write

COUNT = 5
"""How often a disk is filled for each of ingestion and build."""
STOPPED = (1, 3, 4)
"""Exit codes of a run that could not do its work."""
CAPABILITY_VERSION = 0x20080522
DAC = 0b110
"""Linux's capabilities to pass over the rights of files."""
MEGABYTE = 1 << 20
ROOM = 96 * MEGABYTE


class Scenes:
    """What can happen to a warehouse of one engine between two deliveries."""

    def __init__(self, place: Place, work: Path, first: Path, second: Path) -> None:
        self.place, self.work = place, work
        self.first, self.second = first, second
        self._saved = work / "after the first"

    def prepare(self) -> None:
        """Make the state after the first delivery, and what the second makes."""
        self.place.deliver(self.first)
        self.place.do(running())
        self.place.save(self._saved)
        self.begin()
        self.place.do(running())
        self.clean = self.place.state()

    def begin(self) -> None:
        """Begin with the first delivery built, the second in the inbox."""
        self.place.restore(self._saved)
        self.place.deliver(self.second)

    def end(self, work: Work | None = None) -> None:
        """Run once more: nothing is lost, and all is as if nothing had been."""
        self.place.check_files()
        self.place.do(work or running())
        self.place.check_files()
        compare(self.clean, self.place.state())

    # -- a disk that is full, a file that may not grow -----------------------

    def full_disk(self, command: Callable[[], Work], random: Random) -> None:
        """Leave only some room on the disk of the data folder."""
        self.begin()
        with _small_disk(self.place) as fill:
            fill(round(random.uniform(0, 1) ** 3 * 6 * MEGABYTE))
            self.place.do(command(), (0, *STOPPED))
            fill(None)
            self.place.settle()
            self.end()

    def short_files(self, command: Callable[[], Work], random: Random) -> None:
        """Let no file grow beyond some size."""
        self.begin()
        sizes = [p.stat().st_size for p in self.place.data.rglob("*") if p.is_file()]
        limit = round(max(sizes) * random.uniform(0, 1.2))

        def work() -> int:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            return command()()

        self.place.do(work, (0, *STOPPED))
        self.place.settle()
        self.end()

    # -- folders that may not be written -------------------------------------

    def read_only(self, name: str) -> None:
        """Take the right to write a folder of the data folder away."""
        self.begin()
        folder = self.place.data / name
        folder.mkdir(exist_ok=True)
        folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]

        def work() -> int:
            _rights_of_users()
            return running()()

        try:
            for path in folders:
                path.chmod(0o555)
            self.place.do(work, (0, *STOPPED))
        finally:
            for path in folders:
                path.chmod(0o755)
        self.place.settle()
        self.end()

    # -- files that are gone, or older ---------------------------------------

    def without_target(self) -> None:
        """Delete what dbt keeps between two runs."""
        self.begin()
        target = self.place.folder / "target"
        kept = self.place.environment["DBT_TARGET_PATH"]
        self.place.environment["DBT_TARGET_PATH"] = str(target)
        try:
            self.place.do(cold())
            shutil.rmtree(target)
            self.end(cold())
        finally:
            self.place.environment["DBT_TARGET_PATH"] = kept

    def target_deleted_meanwhile(self, random: Random) -> None:
        """Delete what dbt keeps while a run is at work."""
        self.begin()
        target = self.place.folder / "target"
        kept = self.place.environment["DBT_TARGET_PATH"]
        shutil.copytree(kept, target, dirs_exist_ok=True)
        self.place.environment["DBT_TARGET_PATH"] = str(target)
        try:
            child = self.place.start(cold())
            child.wait(random.uniform(0.5, 8))
            shutil.rmtree(target, ignore_errors=True)
            self.place.finished(child, (0, *STOPPED))
            self.end()
        finally:
            self.place.environment["DBT_TARGET_PATH"] = kept

    def without_archive(self) -> None:
        """Delete the archive."""
        self.begin()
        shutil.rmtree(self.place.data / "archive")
        self.place.delivered = self.place.kept()
        self.end()

    def restored_backup(self) -> None:
        """Go back to an older database: other files take the numbers again."""
        place, changed = self.place, self.place.folder / "changed"
        _changed(self.second, changed)
        self.begin()
        backup = place.folder / "backup"
        _back_up(place, backup)
        states = []
        for is_restored in (False, True):
            self.begin()
            if is_restored:
                place.do(running())
                for path in backup.iterdir():
                    _replace(path, place.data / path.name)
            else:
                shutil.rmtree(place.inbox)
                place.delivered = place.kept()
            for folder in (changed, self.second):
                place.deliver(folder)
                place.do(running(), (0, 1))
                place.check_files()
            states.append(place.state())
        compare(*states)

    def another_database(self) -> None:
        """Use the data folder with another database, too: numbers begin anew."""
        self.begin()
        place = self.place
        target = self.work / "other_target"
        other = Place(place.folder, place.engine, target, "other")
        other.delivered = place.delivered
        changed = place.folder / "changed"
        _changed(self.first, changed)
        place.do(running())
        other.deliver(changed)
        other.do(cold(), (0, 1))  # a parsed project knows the database's name
        other.check_files()
        compare(self.clean, place.state())


def torture(
    report: Report, place: Place, work: Path, seed: int, count: int = COUNT
) -> None:
    """Damage what lies around a warehouse; disks are filled `count` times each."""
    scenes = Scenes(place, work, *write(work / "samples", seed))
    place.clear()
    report.attempt("clean", "", scenes.prepare)
    trials: list[tuple[str, Callable[[], None]]] = []
    for number in range(count):
        random = Random(f"{seed} {place.engine} damage {number}")
        for name, command in (("ingest", ingesting), ("run", running)):
            full, short = scenes.full_disk, scenes.short_files
            trials += [
                (f"disk full, {name}", partial(full, command, random)),
                (f"file may not grow, {name}", partial(short, command, random)),
            ]
    lake = [place.lake.name] if place.lake else []
    for name in (".", "archive", "inbox", "logs", *lake):
        what = "data folder" if name == "." else name
        trials.append((f"read-only: {what}", partial(scenes.read_only, name)))
    meanwhile = partial(scenes.target_deleted_meanwhile, Random(seed))
    trials += [
        ("target/ deleted", scenes.without_target),
        ("target/ deleted during a run", meanwhile),
        ("archive deleted", scenes.without_archive),
        ("older backup restored", scenes.restored_backup),
        ("two databases, one data folder", scenes.another_database),
    ]
    for number, (name, trial) in enumerate(trials):
        report.attempt(name, f"seed {seed}, trial {number}", trial)


@contextmanager
def _small_disk(place: Place) -> Iterator[Callable[[int | None], None]]:
    """Have the data folder on a small disk; give what leaves only so much room."""
    kept = place.folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    place.data.rename(kept)
    place.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(place.data)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(place.data)
        kept.rename(place.data)
        raise Skipped("no right to mount: run as root, or below `unshare -rm`")
    try:
        shutil.copytree(kept, place.data, dirs_exist_ok=True)
        ballast = place.data / ".ballast"

        def fill(room: int | None) -> None:
            if room is None:
                ballast.unlink()
                return
            free = shutil.disk_usage(place.data).free
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, free - room))

        yield fill
    finally:
        subprocess.run(["umount", "-l", str(place.data)], check=True)
        shutil.rmtree(kept)


def _rights_of_users() -> None:
    """Let rights hold for this process, also if it is root's."""
    if os.geteuid():
        return
    libc = ctypes.CDLL(None)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    libc.capget(header, sets)
    for number in range(3):  # effective, permitted, inheritable
        sets[number] &= ~DAC
    if libc.capset(header, sets):
        raise Skipped("root cannot give up its rights here")


def _back_up(place: Place, to: Path) -> None:
    """Copy the database as the maintenance guide says."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    if place.lake:
        shutil.copytree(place.lake, to / place.lake.name)
        shutil.copy(place.database, to)
        return
    with (
        closing(sqlite3.connect(place.database)) as database,
        closing(sqlite3.connect(to / place.database.name)) as copy,
    ):
        database.backup(copy)


def _replace(source: Path, target: Path) -> None:
    """Put a file or folder in the place of another, with nothing left of it."""
    for path in target.parent.glob(f"{target.name}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    copy = shutil.copytree if source.is_dir() else shutil.copy
    copy(source, target)


def _changed(source: Path, target: Path) -> None:
    """Copy deliveries under their names, each text with one record less."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    for path in target.rglob("*"):
        if path.suffix == ".csv":
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[:-1]), encoding="utf-8")
    if not any(target.rglob("*.csv")):
        raise Failure("no file of text among the samples")
