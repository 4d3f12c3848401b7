"""Asterisk writes down no caller: what is kept of calls is kept by the service, and erased in its time."""

from __future__ import annotations

import pytest

from tests.integration.test_pbx_put_through import Talk, talk
from tests.pbx.fixtures import asterisk_tree, pbx, room, watch
from tests.pbx.room import Room

__all__ = ["asterisk_tree", "pbx", "room", "talk", "watch"]
pytestmark = pytest.mark.asterisk
NUMBER = b"1713920042"
"""Of the caller, as the network or the house writes it."""


async def test_no_file_of_the_pbx_names_a_caller(room: Room, talk: Talk) -> None:
    """But for its own database of the moment (`memory`), which the service empties."""
    await talk.far.hang_up(talk.caller)
    await talk.watch.seen("Hangup", Uniqueid=talk.call)
    files = [path for path in room.pbx.run_dir.rglob("*") if path.is_file() and ".sqlite3" not in path.name]
    assert [path.name for path in files if NUMBER in path.read_bytes()] == []
    assert [path.name for path in files if path.name == "queue_log" and path.stat().st_size] == []
