"""What became of a note's messages is on its writer's desk at once, and nobody else's desk is read again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pbx_bridge.desk.notes import desk_refresher
from pbx_bridge.desk.notes.desk_refresher import DeskRefresher
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Agent, CallNote, Channel, MessageKind
from tests.desk_room import desk_room
from tests.sample_company import SampleCompany, arrive
from tests.until import until

TOKEN = "the-secret-of-one-sms"
NEVER = 3_600.0


@pytest.fixture(autouse=True)
def no_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is seen by looking again."""
    monkeypatch.setattr(desk_refresher, "REFRESH_SECONDS", NEVER)


async def told_by_sms(db: Database, house: SampleCompany, versions: int) -> Notification:
    """A note of Anna's in so many versions, of which the first has told somebody."""
    now, first = datetime.now(UTC), new_id()
    async with db.write() as conn:
        where: Any = {
            "call_id": await arrive(conn, house), "customer_id": house.customer_id, "agent_id": house.anna,
        }  # fmt: skip
        replaced = None
        for number in range(versions):
            note = CallNote(new_id() if replaced else first, "Hans Müller", f"Angebot {number}")
            await notes.insert(conn, note, now=now, replaces_id=replaced, **where)
            replaced = note.id
        sms = Notification(
            new_id(), first, house.customer_id, Channel.SMS, MessageKind.NOTE, "+491713920042", "Text",
            due_at=now, created_at=now, state=State.SENT, attempts=1, report_token=TOKEN,
        )  # fmt: skip
        await notifications.insert(conn, [sms])
    return sms


@pytest.mark.parametrize("versions", [1, 2, 3])
async def test_a_message_of_any_version_moves_at_once(
    sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, versions: int
) -> None:
    sms = await told_by_sms(sqlite_db, furnished, versions)
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        await until(lambda: [one.state for one in anna.picture.notes] == ["sent"], message="the note")
        async with sqlite_db.write() as conn:
            table = tables.notification
            await conn.execute(table.update().where(table.c.id == sms.id).values(state="failed"))
        assert sms.note_id
        room.rooms.desks.refresher.note_moved(sms.note_id)
        await until(lambda: [one.state for one in anna.picture.notes] == ["failed"], message="moved")


@pytest.mark.parametrize("versions", [1, 2])
async def test_a_gateways_report_is_on_the_writers_desk_and_reads_no_other(
    sqlite_url: str,
    sqlite_db: Database,
    furnished: SampleCompany,
    monkeypatch: pytest.MonkeyPatch,
    versions: int,
) -> None:
    await told_by_sms(sqlite_db, furnished, versions)
    async with desk_room(sqlite_url) as room:
        anna, _ben = await room.tab("anna"), await room.tab("ben")
        await until(lambda: [one.state for one in anna.picture.notes] == ["sent"], message="the note")
        await until(lambda: room.rooms.desks.reads.idle, message="nothing is being read")
        refresh, read = DeskRefresher.refresh, list[str]()

        async def seen(refresher: DeskRefresher, agent: Agent) -> None:
            read.append(agent.id)
            await refresh(refresher, agent)

        monkeypatch.setattr(DeskRefresher, "refresh", seen)
        async with room.client.get(f"{room.url}/hooks/sms/{TOKEN}", params={"type": "1"}) as answer:
            assert answer.status == 200
        await until(lambda: [one.state for one in anna.picture.notes] == ["delivered"], message="delivered")
        await until(lambda: room.rooms.desks.reads.idle, message="all that was begun is read")
        assert read == [furnished.anna]
