"""Hold music from a slow disk: the PBX is nearly always in the middle of reading it."""

from __future__ import annotations

import array
import fcntl
import os
import shutil
import termios
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager

from pbx_bridge.asterisk.runner import RunningAsterisk

FRAME = 320  # bytes of 20 ms, 8 kHz, 16 bit
SLOW = 0.003  # seconds for each of them
LATE = 0.3  # seconds for which a writer that had no turn makes up


@contextmanager
def slow_music(pbx: RunningAsterisk) -> Iterator[None]:
    """The PBX waits for each 20 ms of its music, which all listeners share; to be begun before the first."""
    folder = pbx.run_dir / "moh"
    with wave.open(str(folder / "hold.wav")) as music:
        melody = music.readframes(music.getnframes())
    pipe = folder / "hold.sln"
    os.mkfifo(pipe, 0o600)
    shutil.chown(pipe, folder.stat().st_uid)
    (folder / "hold.wav").unlink()
    end = threading.Event()
    writing = os.open(pipe, os.O_RDWR)  # never without a writer, never without a reader
    thread = threading.Thread(target=_write, args=(writing, melody, end))
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
        os.close(writing)


def _write(pipe: int, melody: bytes, end: threading.Event) -> None:
    """One frame at a time; but the disk is never slower than `SLOW`, also where this thread gets no turn.

    Four listeners take a frame each 5 ms, and would else wait for us for ever, with their channels locked.
    """
    at, whole, since = 0, len(melody) - len(melody) % FRAME, time.monotonic()
    while not end.wait(SLOW):
        now = time.monotonic()
        waiting = array.array("i", [0])
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)
        if waiting[0] == 0:
            for _ in range(max(1, int(min(now - since, LATE) / SLOW))):
                os.write(pipe, melody[at : at + FRAME])
                at = (at + FRAME) % whole
        since = now
