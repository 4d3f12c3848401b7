"""The wheel, built with what is in the environment: nobody is asked for anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def build(root: Path, folder: Path) -> Path:
    """Its file in `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once for all tests of a module."""
    return build(root, tmp_path_factory.mktemp("wheel"))
