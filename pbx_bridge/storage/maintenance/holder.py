"""Who leads, as a process: named so that nobody else on any machine is ever taken for it, and ended if it
hangs beside us.

A process that hangs keeps its session at the PBX, which then lets in nobody else; the database can end its
connections, and nothing but its own machine can end it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from pathlib import Path

PROC = Path("/proc")
STARTED = 19
"""Place of the moment in which a process began, behind its name in `stat`."""


def own() -> str:
    """This process: machine and number, for people; behind them what no other one has, where the machine
    says so."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    try:
        return f"{name} {_here()} {_started(os.getpid())}"
    except OSError:
        return name


def end(holder: str) -> bool:
    """Whether `holder` was another process of this machine, and was killed: by its number only if it began
    in the same moment of the same start of the machine, and seen from where we are."""
    name, _, rest = holder.partition(" ")
    number = name.rpartition(":")[2]
    if not number.isdecimal() or int(number) == os.getpid():
        return False
    with contextlib.suppress(OSError):
        process = os.pidfd_open(int(number))  # from here on the number is nobody else's
        try:
            if rest == f"{_here()} {_started(int(number))}":
                signal.pidfd_send_signal(process, signal.SIGKILL)
                return True
        finally:
            os.close(process)
    return False


def _here() -> str:
    """This start of this machine, and whose numbers of processes we see: those of a container are its own.
    Raises OSError where /proc does not say so."""
    boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot} {(PROC / 'self/ns/pid').readlink()}"


def _started(number: int) -> str:
    """In ticks since the start of the machine. Raises OSError where there is no such process any more."""
    return (PROC / str(number) / "stat").read_text().rpartition(")")[2].split()[STARTED]
