"""Whoever hangs beside us is ended, and nobody else who happens to have the same number."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from pbx_bridge.storage.maintenance import holder


@pytest.fixture
def other() -> Iterator[tuple[int, str]]:
    """Another process, and how it names itself."""
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(told, holder.own().encode())
            signal.pause()
        finally:
            os._exit(1)
    os.close(told)
    yield child, os.read(heard, 4096).decode()
    os.close(heard)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def lives(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


@pytest.mark.parametrize("place", [1, 2, 3], ids=["another start of it", "a container", "an earlier process"])
def test_whoever_only_has_its_number_is_left_alone(other: tuple[int, str], place: int) -> None:
    child, name = other
    parts = name.split(" ")
    parts[place] = "another"
    assert not holder.end(" ".join(parts))
    assert lives(child)


@pytest.mark.parametrize(
    "name", ["", "elsewhere", "elsewhere:1", "elsewhere:x a b 1", "elsewhere:999999999 a b 1"]
)
def test_what_names_nobody_ends_nobody(name: str) -> None:
    assert not holder.end(name)


def test_nobody_ends_himself() -> None:
    assert not holder.end(holder.own())


def test_the_process_itself_is_killed(other: tuple[int, str]) -> None:
    child, name = other
    assert holder.end(name)
    found = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert found is not None
    assert found.si_status == signal.SIGKILL
