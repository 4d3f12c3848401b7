"""Our reading of the manager interface beside bare panoramisk's, on the same recorded calls in one run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from pbx_bridge.ami.codec import Framer
from pbx_bridge.ami.decode import EVENTS, decode
from tests.bench.figure import Figure, held

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
READ_BYTES = 65_536
ROUNDS = 5


def run() -> list[Figure]:
    """The best of five rounds each, taken in turn, so that a busy machine hits both."""
    chunks = call_mix()
    megabytes = sum(map(len, chunks)) / 1e6
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(read_ours, chunks))
        bare.append(_seconds(read_bare, chunks))
    ratio = min(bare) / min(ours)
    return [
        held("AMI reading: speed against bare panoramisk", ratio, "times", "at least", 10),
        held("AMI reading: CPU per megabyte of events", min(ours) / megabytes * 1e3, "ms", "at most", 50),
    ]


def call_mix() -> list[bytes]:
    """All recordings (unfiltered events of calls, put-throughs, failures), cut as the socket would."""
    stream = b"".join(path.read_bytes() for path in sorted(RECORDINGS.glob("*.ami")))
    return [stream[start : start + READ_BYTES] for start in range(0, len(stream), READ_BYTES)]


def read_ours(chunks: list[bytes]) -> int:
    """Number of events understood."""
    framer = Framer()
    return sum(decode(raw) is not None for chunk in chunks for raw in framer.feed(chunk))


def read_bare(chunks: list[bytes]) -> int:
    """Number of events handed to callbacks: the names that we want too, registered one by one."""
    seen: list[Any] = []
    manager = Manager()
    for name in EVENTS:
        manager.register_event(name.decode(), lambda _, event: seen.append(event))
    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.factory = manager
    protocol.encoding = "utf8"
    protocol.version = "11"
    for chunk in chunks:
        protocol.data_received(chunk)
    return len(seen)


def _seconds(reading: Callable[[list[bytes]], int], chunks: list[bytes]) -> float:
    began = time.process_time()
    found = reading(chunks)
    took = time.process_time() - began
    if not found:
        raise RuntimeError(f"{reading.__name__} has understood nothing")
    return took


async def _main() -> None:
    for figure in run():
        print(figure)


if __name__ == "__main__":
    asyncio.run(_main())
