"""What tests of several folders share."""

from pathlib import Path

import pytest

from scripts.settings import PROJECT


@pytest.fixture(scope="session")
def real_exports() -> Path:
    """Return the folder of real exports beside the checkout, or skip the test."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs the real exports in {folder}")
    return folder
