"""Whoever asks for a free port is given one that nobody else is given, taken already or not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbx_bridge.asterisk import ports

HERE = range(14_000 + os.getpid() % 40 * 20, 14_020 + os.getpid() % 40 * 20)
NAME = f"\0port of {os.getpid()} "
"""Others may play these tests at the same time."""
ASK = f"""
from pbx_bridge.asterisk import ports
ports.LOWEST, ports.SPEECH, ports.NAME = {HERE.start}, {HERE.stop + 1}, {NAME!r}
print(ports.free_port())
"""


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    held: deque[list[socket.socket]] = deque()
    few = {"LOWEST": HERE.start, "SPEECH": HERE.stop + 1, "HELD": 10, "NAME": NAME, "_held": held}
    for name, value in few.items():
        monkeypatch.setattr(ports, name, value)
    yield
    for names in held:
        for one in names:
            one.close()


def test_nobody_in_this_process_is_given_the_same_one() -> None:
    assert len({ports.free_port() for _ in range(10)}) == 10


def test_nor_in_another_process(root: Path) -> None:
    mine = {ports.free_port() for _ in range(9)}
    (last,) = set(HERE[::2]) - mine
    assert asked(root).stdout == f"{last}\n"
    ports.free_port()
    assert "No 1 free ports" in asked(root).stderr


def test_what_lies_between_two_ends_of_a_row_is_held_as_well() -> None:
    row = ports.free_ports(8)
    others = {ports.free_port() for _ in range(6)}
    assert not others & set(row)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
@pytest.mark.parametrize("address", ["127.0.0.1", ""])
def test_what_is_in_use_is_not_free(
    monkeypatch: pytest.MonkeyPatch, kind: socket.SocketKind, address: str
) -> None:
    with socket.socket(socket.AF_INET, kind) as user:
        user.bind((address, 0))
        port = user.getsockname()[1]
        monkeypatch.setattr(ports, "LOWEST", port)
        monkeypatch.setattr(ports, "SPEECH", port + 2)
        with pytest.raises(OSError, match=f"between {port} and"):
            ports.free_port()


def test_the_oldest_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "HELD", 5)
    given = [ports.free_port() for _ in range(40)]
    assert all(len(set(given[at : at + 5])) == 5 for at in range(35))


def test_speech_never_comes_where_single_ports_are() -> None:
    assert all(ports.speech_ports(600).start >= ports.SPEECH for _ in range(100))


def asked(root: Path) -> subprocess.CompletedProcess[str]:
    """Another process asks for one."""
    return subprocess.run(
        [sys.executable, "-c", ASK], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
