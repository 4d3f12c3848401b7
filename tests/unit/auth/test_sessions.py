from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pbx_bridge.auth.sessions import Session, Sessions
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from tests.until import PATIENCE
from tests.web_server import Clock


class Desk:
    """Sessions of Anna, and a list of what ended."""

    def __init__(self, db: Database) -> None:
        self.db, self.clock, self.ended = db, Clock(), list[str]()
        self.sessions = Sessions(db, AuthSettings(), self.clock)
        self.sessions.on_ended(self.ended.append)
        self.anna = Account("", "anna", Role.AGENT)

    async def begin(self) -> tuple[str, Session]:
        async with self.db.write() as conn:
            if not self.anna.id:
                account_id = await accounts.insert(conn, self.anna, "no hash", self.clock())
                self.anna = replace(self.anna, id=account_id)
            return await self.sessions.begin(conn, self.anna)


@pytest.fixture
def desk(sqlite_db: Database) -> Desk:
    return Desk(sqlite_db)


async def test_the_token_finds_the_session_and_is_not_stored(desk: Desk) -> None:
    token, session = await desk.begin()

    assert await desk.sessions.find(token) == session
    assert session.account == desk.anna
    assert session.id != token
    assert await desk.sessions.find(session.id) is None
    assert await desk.sessions.find("") is None


async def test_a_session_ends_by_age_even_in_use(desk: Desk) -> None:
    token, _ = await desk.begin()
    for _ in range(11):
        desk.clock.wind(hours=1)
        assert await desk.sessions.find(token)
    desk.clock.wind(hours=1)

    assert await desk.sessions.find(token) is None
    await desk.sessions.sweep()
    assert len(desk.ended) == 1


async def test_a_session_ends_when_unused(desk: Desk) -> None:
    token, _ = await desk.begin()
    desk.clock.wind(minutes=240)
    assert await desk.sessions.find(token)
    desk.clock.wind(minutes=241)

    assert await desk.sessions.find(token) is None


async def test_logging_out_tells_who_holds_a_socket(desk: Desk) -> None:
    token, session = await desk.begin()
    _, other = await desk.begin()
    await desk.sessions.end(session.id)
    assert desk.ended == [session.id]
    assert await desk.sessions.find(token) is None

    await desk.sessions.end_all_of(desk.anna.id)
    assert desk.ended == [session.id, other.id]


async def test_a_disabled_account_is_out_at_once(desk: Desk) -> None:
    token, _ = await desk.begin()
    async with desk.db.write() as conn:
        await accounts.update(conn, replace(desk.anna, disabled=True))

    assert await desk.sessions.find(token) is None


async def test_what_another_process_ended_is_noticed(desk: Desk) -> None:
    _, gone = await desk.begin()
    other_process = Sessions(desk.db, AuthSettings(), desk.clock)
    told = asyncio.Event()
    desk.sessions.on_ended(lambda _session: told.set())
    watching = asyncio.create_task(desk.sessions.watch(lambda: [gone.id], seconds=0.02))
    await other_process.end(gone.id)
    async with asyncio.timeout(PATIENCE):
        await told.wait()
    watching.cancel()

    assert desk.ended[0] == gone.id
