"""RELIABILITY.md section 2: the database's file becomes read-only, or is gone, while calls come in.

Permissions would not stop root, so the file itself says that it may not be written (offset 18, see
sqlite.org/fileformat.html), or something else stands in its place, or nothing; connections are opened anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.maintenance import retention
from pbx_bridge.storage.notes import notes
from tests.desk_room import DeskRoom, desk_room
from tests.sample_company import NOW, SampleCompany, furnish
from tests.until import eventually, until

WRITE_VERSION, WRITABLE, UNKNOWN = 18, 2, 3

Fault = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def read_only(file: Path) -> Iterator[None]:
    """For whoever opens it from now on."""
    _write_version(file, UNKNOWN)
    yield
    _write_version(file, WRITABLE)


@contextmanager
def out_of_reach(file: Path) -> Iterator[None]:
    """As after a `chmod` or a wrong mount."""
    away = file.rename(file.with_suffix(".away"))
    file.mkdir()
    yield
    file.rmdir()
    away.rename(file)


@contextmanager
def gone(file: Path) -> Iterator[None]:
    """As a volume that is not mounted: whoever opens the file could make a new one."""
    away = file.rename(file.with_suffix(".away"))
    yield
    assert not file.exists(), "an empty database would refuse for good what waits to be stored"
    away.rename(file)


def _write_version(file: Path, version: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(WRITE_VERSION)
        opened.write(bytes([version]))


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    house = await furnish(sqlite_db)
    await sqlite_db.close()
    return house


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def opened_anew(db: Database) -> None:
    """What a connection holds in its hands stays writable; the service makes new ones all the time."""
    await db.close()


@pytest.mark.parametrize("fault", [read_only, out_of_reach, gone])
async def test_calls_go_on_agents_are_told_and_all_is_stored_afterwards(
    room: DeskRoom, furnished: SampleCompany, fault: Fault
) -> None:
    anna, db = await room.tab("anna"), room.rooms.db
    body: dict[str, Any] = {
        "name": "Sabine Krause", "concern": "Bittet um Rückruf.", "recipients": [furnished.erika],
        "fields": {"art": "Neukunde"},
    }  # fmt: skip
    file, call = Path(str(db.url.database)), room.id_of("1.1")
    await room.rooms.calls.journal.settled()
    await opened_anew(db)
    with fault(file):
        room.pbx.ring_and_answer("1.1")
        await until(lambda: anna.phase(call) == "talking", message="the call")
        refused = await anna.ask("save_draft", call=call, revision=1, body=body)
        assert (refused.ok, refused.code) == (False, "storage_down")
        refused = await anna.ask("save_note", call=call, body=body)
        assert (refused.ok, refused.code) == (False, "storage_down")
        assert (await anna.ask("ring", call=call, employee=furnished.erika)).ok, "telephony goes on"
        room.pbx.hang_up("1.1")
        await until(lambda: anna.phase(call) == "ended", message="the end")
        shown = anna.call(call)
        assert shown is not None
        assert shown.draft is not None, "what was typed is on the screen"
        await opened_anew(db)

    async def stored() -> calls.StoredCall | None:
        async with db.read() as conn:
            return await calls.by_id(conn, call)

    await eventually(lambda: _ended(stored), "the journal has caught up")
    assert (await anna.ask("save_note", call=call, body=body)).ok
    await until(lambda: not anna.picture.calls, message="an empty screen")
    async with db.read() as conn:
        (saved,) = await notes.versions(conn, call)
    assert saved.note.caller_name == "Sabine Krause"
    found = await stored()
    assert found is not None
    assert found.agent_id == furnished.anna
    assert found.outcome is calls.Outcome.NOTED


async def _ended(stored: Callable[[], Awaitable[calls.StoredCall | None]]) -> bool:
    try:
        found = await stored()
    except StorageUnavailable:
        return False
    return bool(found and found.answered_at and found.ended_at)


@pytest.mark.parametrize("fault", [out_of_reach, gone])
async def test_tidying_up_waits(sqlite_db: Database, furnished: SampleCompany, fault: Fault) -> None:
    file = Path(str(sqlite_db.url.database))
    keep = RetentionSettings()
    tidying = retention.Retention(sqlite_db, keep, lambda: NOW)
    await tidying.round()
    await opened_anew(sqlite_db)
    with fault(file):
        with pytest.raises(StorageUnavailable):
            await tidying.round()
        with pytest.raises(StorageUnavailable):
            await sqlite_db.empty_log()
        await opened_anew(sqlite_db)
    await tidying.round()
