"""Streams of a real Asterisk 22 and 16 as events, from the recordings in this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pbx_bridge.ami.decode import decode
from pbx_bridge.calls import events as ev

FOLDER = Path(__file__).with_name("recorded")
NAMES = sorted(path.stem for path in FOLDER.glob("*.ami"))


def recorded(name: str) -> list[ev.PbxEvent]:
    """The events of one recording, in order."""
    return list(_read(name))


@cache
def _read(name: str) -> tuple[ev.PbxEvent, ...]:
    messages = (FOLDER / f"{name}.ami").read_bytes().split(b"\r\n\r\n")
    return tuple(event for message in messages if (event := decode(message)))
