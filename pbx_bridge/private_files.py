"""Files and folders that only we may read: callers' numbers and what they said are in them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

EVERYBODY = 0o007


def private_file(path: Path) -> None:
    """There, and closed to others: made empty if it is missing, and closed if everybody could read it.

    What its owner opened for a group of theirs stays so. A file that is there is not even opened: closing it
    would end the locks that SQLite has on it. Raises OSError when it cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        close_to_others(path)


def close_to_others(path: Path) -> None:
    """Nobody but the owner may read it any more, if everybody could; a missing file, or somebody else's, is
    left alone."""
    with contextlib.suppress(OSError):
        if path.stat().st_mode & EVERYBODY:
            path.chmod(0o600)


def private_folder(path: Path) -> None:
    """There, with what leads to it; folders made by us are closed to others.

    For root they may be passed through, as Asterisk of ours runs as nobody and has its folder below.
    """
    missing = [step for step in (path, *path.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(mode=0o700, exist_ok=True)
        step.chmod(0o711 if os.geteuid() == 0 else 0o700)
