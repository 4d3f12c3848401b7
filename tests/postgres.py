"""A PostgreSQL of our own for tests: one server per test process, one database from a template per test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pbx_bridge.asterisk.ports import free_port

STOP_SECONDS = 5  # then it is killed
_ROOM_FOR_EACH = [
    "-c",
    "fsync=off",
    "-c",
    "max_connections=60",
    "-c",
    "shared_buffers=16MB",
    "-c",
    "log_min_messages=panic",
    "-c",
    "wal_recycle=off",
]
"""The last as docs/operating.md has it: no log of before lies under the name of one to come."""


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine."""


def programs() -> Path:
    """The folder with initdb and postgres: the newest of the distribution's, else the one on PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    if not found:
        raise NoPostgres("PostgreSQL is not installed (apt-get install postgresql)")
    return Path(found).parent


@contextmanager
def server() -> Iterator[str]:
    """A running server with trust on loopback only; yields its URL without a database name,
    `postgresql://tester@host:port`."""
    binaries = programs()
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="pbx-bridge-pg-"))
    if user:
        shutil.chown(folder, user)
    port = free_port()
    data = folder / "data"
    _run(
        [binaries / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"],
        folder,
        user,
    )
    options = [
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"port={port}",
        "-c",
        f"unix_socket_directories={folder}",
    ]
    process = subprocess.Popen(
        [binaries / "postgres", "-D", data, *options, *_ROOM_FOR_EACH],
        cwd=folder, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _run(
            [binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-t", "30"],
            folder,
            user,
            until_ready=True,
        )
        yield f"postgresql://tester@127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """PostgreSQL refuses root: its own user or nobody then, otherwise whoever runs the tests."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(command: list[Path | str], folder: Path, user: str | None, *, until_ready: bool = False) -> None:
    for _ in range(300 if until_ready else 1):
        done = subprocess.run(
            command, cwd=folder, user=user, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode == 0:
            return
        if until_ready:
            subprocess.run(["sleep", "0.1"], check=False, timeout=5)
    raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr}")
