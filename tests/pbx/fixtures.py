"""Fixtures with the real Asterisk: each test gets its own, on its own ports."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import NoReturn

import pytest

from pbx_bridge.asterisk.cache import cache_folder
from pbx_bridge.asterisk.debian import FetchError
from pbx_bridge.asterisk.far_end import FarEnd
from pbx_bridge.asterisk.locate import OLDEST, AsteriskTree, locate
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.asterisk.tools import Tool, sipp
from tests.pbx.room import Room, open_room
from tests.pbx.watch import Watch, watching


@pytest.fixture(scope="session")
def asterisk_tree() -> AsteriskTree:
    """The Asterisk to test on; PBX_BRIDGE_ASTERISK_SUITE=bullseye chooses 16.28."""
    try:
        return locate(cache_folder(), os.environ.get("PBX_BRIDGE_ASTERISK_SUITE"))
    except FetchError as error:
        return _missing(error)


@pytest.fixture(scope="session")
def oldest_asterisk() -> AsteriskTree:
    """Asterisk 16 of the machine's own mirror, which need not have Debian 11: then that is said."""
    try:
        tree = locate(cache_folder(), "bullseye")
    except FetchError as error:
        return _missing(error)
    assert tree.major == OLDEST
    return tree


@pytest.fixture(scope="session")
def sipp_tool() -> Tool:
    """SIPp, installed or fetched."""
    try:
        return sipp()
    except FetchError as error:
        return _missing(error)


@pytest.fixture
async def room(asterisk_tree: AsteriskTree) -> AsyncIterator[Room]:
    """Our PBX and the far end."""
    async with open_room(asterisk_tree) as opened:
        yield opened


@pytest.fixture
def pbx(room: Room) -> RunningAsterisk:
    """Our PBX of this test."""
    return room.pbx


@pytest.fixture
def far_end(room: Room) -> FarEnd:
    """Everybody's phones of this test."""
    return room.far


@pytest.fixture
async def watch(pbx: RunningAsterisk) -> AsyncIterator[Watch]:
    """What our PBX reports to the service's manager user."""
    async with watching(pbx) as found:
        yield found


def _missing(error: FetchError) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(str(error))
    pytest.skip(str(error))
