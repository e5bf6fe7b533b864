"""What lies within a ZIP file: a delivery for each member that may hold records.

Nothing is extracted by its name; a name is a label, such as `WE_1.ZIP!Account.csv`.
"""

import re
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from scripts.printable import printable

from .errors import Refusal
from .files import (
    ZIP_MAGIC,
    Inner,
    archive_of,
    begins,
    opened,
    sought,
    too_large,
)
from .limits import limit

DEEPEST = 2
"""ZIP files within ZIP files that are opened."""
COUNT_LIMIT = "WAREHOUSE_ZIP_LIMIT"
TOTAL_LIMIT = "WAREHOUSE_UNPACKED_LIMIT"
BETWEEN = "!"
"""Stands between the name of a ZIP file and that of its member."""
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, 14}
_OFFICE = {
    "[content_types].xml", "mimetype", "index/document.iwa", "xl/workbook.xml",
}  # fmt: skip
_JUNK = re.compile(r"\..*|~\$.*|__macosx|thumbs\.db|desktop\.ini", re.DOTALL)
_FOLDERS = {"attachments", "contentversion"}
_MEDIA = {
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff", ".heic",
    ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".odt", ".odp", ".rtf", ".md", ".eml",
    ".msg", ".ics", ".vcf", ".mp3", ".mp4", ".m4a", ".mov", ".avi", ".wav", ".css",
    ".js", ".exe", ".dll", ".p7m",
}  # fmt: skip
"""Suffixes of attachments, which hold no records."""


@dataclass(frozen=True)
class Member:
    """A file within a ZIP file; with a problem it is refused."""

    inner: Inner
    label: str
    """Its name after that of the ZIP file, as `!Account.csv`."""
    size: int = 0
    """Bytes it takes in the ZIP file."""
    problem: str | None = None

    @property
    def name(self) -> str:
        """Its own name, without folders."""
        return PurePosixPath(self.label.rpartition(BETWEEN)[2]).name


@dataclass
class Unpacked:
    """What a ZIP file holds."""

    members: list[Member] = field(default_factory=list)
    attachments: int = 0
    """Files that are counted and not read."""
    names: set[str] = field(default_factory=set)
    total: int = 0


def is_zip(path: Path, inner: Inner = ()) -> bool:
    """Whether a file is a ZIP file and no workbook, by its content."""
    with opened(path, inner) as content:
        if not begins(content).startswith(ZIP_MAGIC):
            return False
        try:
            with sought(content.stream) as file, archive_of(file) as archive:
                return not is_office(archive)
        except Refusal:
            return True  # its members say what is wrong


def is_office(archive: zipfile.ZipFile) -> bool:
    """Whether a ZIP file is a document of an office program."""
    return any(name.lower() in _OFFICE for name in archive.namelist())


def unpacked(path: Path) -> Unpacked:
    """The members of a ZIP file; raises Refusal if it cannot be opened at all."""
    found = Unpacked()
    _unpack(path, (), "", found)
    return found


def _unpack(path: Path, inner: Inner, label: str, found: Unpacked) -> None:
    with (
        opened(path, inner) as content,
        sought(content.stream) as file,
        archive_of(file) as archive,
    ):
        infos = archive.infolist()
        if len(infos) + len(found.members) > limit(COUNT_LIMIT):
            most = limit(COUNT_LIMIT)
            raise Refusal(f"more than {most:,} files in a ZIP file ({COUNT_LIMIT})")
        for at, info in enumerate(infos):
            _add(path, (*inner, at), f"{label}{BETWEEN}", archive, info, found)


def _add(
    path: Path,
    inner: Inner,
    before: str,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    found: Unpacked,
) -> None:
    name = unicodedata.normalize("NFC", info.filename)
    parts = PurePosixPath(name).parts or (name,)
    named = [part.lower() for part in parts if part != ".."]
    if name.endswith("/") or any(map(_JUNK.fullmatch, named)):
        return
    if _is_attachment(parts):
        found.attachments += 1
        return
    label = before + printable(name)
    twin = 2
    while label in found.names:
        label, twin = f"{before}{printable(name)}#{twin}", twin + 1
    found.names.add(label)
    problem = _problem(info, name, found)
    try:
        if not problem and _is_nested(archive, info) and is_zip(path, inner):
            if len(inner) <= DEEPEST:
                _unpack(path, inner, label, found)
                return
            problem = f"ZIP files are opened {DEEPEST} deep, this one is deeper"
    except Refusal as refusal:
        problem = refusal.reason
    found.members.append(Member(inner, label, info.compress_size, problem))


def _is_nested(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(info) as file:
            return file.read(4).startswith(ZIP_MAGIC)
    except Exception:  # reading it says what is wrong
        return False


def _is_attachment(parts: tuple[str, ...]) -> bool:
    folders = {part.lower() for part in parts[:-1]}
    return bool(folders & _FOLDERS) or Path(parts[-1]).suffix.lower() in _MEDIA


def _problem(info: zipfile.ZipInfo, name: str, found: Unpacked) -> str | None:
    """What keeps a member from being read."""
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "its name within the ZIP file is an absolute path"
    if ".." in re.split(r"[/\\]", name):
        return "its name within the ZIP file leads out of it (..)"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a symbolic link within the ZIP file"
    if info.flag_bits & 1:
        return "it is encrypted: unpack it with its password first"
    if info.compress_type not in _METHODS:
        return f"compression method {info.compress_type} is not known"
    if problem := too_large(info.file_size, info.compress_size):
        return problem
    found.total += info.file_size
    if found.total > limit(TOTAL_LIMIT):
        most = limit(TOTAL_LIMIT)
        return f"all that is in the ZIP file is over {most:,} bytes ({TOTAL_LIMIT})"
    return None
