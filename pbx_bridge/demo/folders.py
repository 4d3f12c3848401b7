"""Where a demo keeps its things: a folder that Asterisk may enter, for one demo at a time."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pbx_bridge.asterisk.cache import open_to_all
from pbx_bridge.private_files import private_file, private_folder

HOME = Path("var/demo")
DATABASE = "demo.db"


ENTERED = 0o711
"""Asterisk, which may be another user, gets to its own folder, and nobody reads what else there is."""


class AlreadyRunning(Exception):
    """Another demo uses the folder."""


@contextmanager
def own_folder(home: Path = HOME) -> Iterator[Path]:
    """The demo's folder, ours until the end. Raises `AlreadyRunning`."""
    private_folder(home)
    private_file(home / "lock")
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gone with the process, however it ends
        except BlockingIOError:
            raise AlreadyRunning(f"A demo runs here already (it uses {home}).") from None
        folder = _enterable(home.absolute())
        for leftover in folder.glob(f"{DATABASE}*"):
            leftover.unlink()
        yield folder


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pbx-bridge-demo-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(ENTERED)
        yield Path(name)


def _enterable(home: Path) -> Path:
    """`home`; for root in a closed checkout a folder elsewhere, as Asterisk runs as nobody."""
    if os.geteuid() != 0 or open_to_all(home):
        return home
    note = home / "elsewhere"
    known = Path(note.read_text()) if note.exists() else None
    if known is None or not known.is_dir() or known.stat().st_uid != 0:
        known = Path(tempfile.mkdtemp(prefix="pbx-bridge-demo-"))
        note.write_text(str(known))
    known.chmod(ENTERED)
    return known
