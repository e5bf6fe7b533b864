"""Builds this package (PEP 517 and 660): src/ as it is, and METADATA."""

from __future__ import annotations

import base64
import hashlib
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
METADATA = (ROOT / "METADATA").read_text(encoding="utf-8")
_HEADERS = HeaderParser().parsestr(METADATA)
STEM = f"{_HEADERS['Name'].replace('-', '_')}-{_HEADERS['Version']}"
TAG = "py3-none-any"
WHEEL = f"Wheel-Version: 1.0\nGenerator: wheels\nRoot-Is-Purelib: true\nTag: {TAG}\n"


def build_wheel(directory: str, *_: Any, **__: Any) -> str:
    """Write a wheel of the files in src/; return its name."""
    files = {
        path.relative_to(ROOT / "src").as_posix(): path.read_bytes()
        for path in sorted((ROOT / "src").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    return _write(Path(directory), files)


def build_editable(directory: str, *_: Any, **__: Any) -> str:
    """Write a wheel that names src/, so that changes there count; return its name."""
    return _write(Path(directory), {"dbt_strict.pth": f"{ROOT / 'src'}\n".encode()})


def build_sdist(directory: str, *_: Any, **__: Any) -> str:
    """Write an archive of this folder; return its name."""
    name = f"{STEM}.tar.gz"
    with tarfile.open(Path(directory) / name, "w:gz") as archive:
        for path in sorted(ROOT.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.add(path, f"{STEM}/{path.relative_to(ROOT)}")
        archive.add(ROOT / "METADATA", f"{STEM}/PKG-INFO")
    return name


def _write(directory: Path, files: dict[str, bytes]) -> str:
    info = f"{STEM}.dist-info"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    files[f"{info}/METADATA"] = f"{METADATA}\n{readme}".encode()
    files[f"{info}/WHEEL"] = WHEEL.encode()
    record = [f"{name},{_digest(data)},{len(data)}\n" for name, data in files.items()]
    record.append(f"{info}/RECORD,,\n")
    files[f"{info}/RECORD"] = "".join(record).encode()
    name = f"{STEM}-{TAG}.whl"
    with zipfile.ZipFile(directory / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            wheel.writestr(path, data)
    return name


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return "sha256=" + digest.decode().rstrip("=")
