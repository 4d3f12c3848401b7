"""What a caller said after the tone is played with its call, to whom the call belongs."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes, voice_messages
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from rules.model import CallNote
from tests.planted import plant
from tests.sample_company import NOW, arrive
from tests.unit.portal.serving import Served, serving

SOUND = b"RIFF" + bytes(40) + bytes(range(256))


@pytest.fixture
def sounds(tmp_path: Path) -> VoiceSounds:
    made = VoiceSounds(tmp_path / "voice")
    made.kept.mkdir(parents=True)
    return made


@pytest.fixture
async def served(sqlite_db: Database, sounds: VoiceSounds) -> AsyncIterator[Served]:
    async with serving(sqlite_db, lambda portal: dataclasses.replace(portal, sounds=sounds)) as opened:
        yield opened


async def left(served: Served, sounds: VoiceSounds) -> VoiceMessage:
    note = CallNote(new_id(), "Hans Müller", "Sprachnachricht (0:05 min)")
    async with served.db.write() as conn:
        call_id, company = await arrive(conn, served.house), served.house.customer_id
        await notes.insert(conn, note, call_id=call_id, customer_id=company, agent_id=None, now=NOW)
        message = VoiceMessage(new_id(), "1.1_49_1795424400", call_id, note.id, 5, NOW)
        assert await voice_messages.insert(conn, message)
        assert not await voice_messages.insert(conn, dataclasses.replace(message, id=new_id()))
    sounds.path(message.id).write_bytes(SOUND)
    return message


async def get(
    served: Served, path: str, who: str, **headers: str
) -> tuple[int, bytes, aiohttp.ClientResponse]:
    cookies, headers = {"session": who}, {"Accept": "text/html", **headers}
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(served.address + path, cookies=cookies, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, await answer.read(), answer


async def test_it_is_played_and_nobody_keeps_it(served: Served, sounds: VoiceSounds) -> None:
    message, who = await left(served, sounds), await served.cookie()
    path = f"/portal/statistik/anruf/{message.call_id}"
    _, page, answer = await get(served, path, who)
    sound = f"{path}/aufnahme/{message.id}"
    assert f'src="{sound}"' in page.decode()
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    status, content, answer = await get(served, sound, who)
    assert (status, content, answer.content_type) == (200, SOUND, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    status, content, _ = await get(served, sound, who, Range="bytes=0-3")
    assert (status, content) == (206, b"RIFF")


async def test_whoever_listens_is_in_the_access_log_and_going_on_is_no_other_listening(
    served: Served, sounds: VoiceSounds
) -> None:
    message, who = await left(served, sounds), await served.cookie()
    sound = f"/portal/statistik/anruf/{message.call_id}/aufnahme/{message.id}"

    async def told() -> list[tuple[str, str]]:
        async with served.db.read() as conn:
            return [(row.deed, row.detail) for row in await conn.execute(select(t.access_log))]

    heard = ("notes_read", f"Mustermann AG · {message.call_id}")
    for part, times in (("", 1), ("bytes=4-", 1), ("bytes=0-", 2), ("bytes=-9", 3)):
        asked = {"Range": part} if part else {}
        assert (await get(served, sound, who, **asked))[0] in {200, 206}, part
        assert await told() == [heard] * times, part


async def test_not_to_others_not_of_another_call_and_not_when_it_is_gone(
    served: Served, sounds: VoiceSounds
) -> None:
    message = await left(served, sounds)
    sound = f"/portal/statistik/anruf/{message.call_id}/aufnahme/{message.id}"
    foreign = await plant(served.db, "Fremdmarke", "+493077771111", NOW)
    other = await served.cookie(customer_id=foreign.id("customer"))
    mine = await served.cookie()
    assert (await get(served, sound, other))[0] == 404
    assert (await get(served, sound.replace(message.call_id, foreign.id("call")), other))[0] == 404
    for role in (Role.SUBACCOUNT, Role.AGENT, Role.OPERATOR):
        assert (await get(served, sound, await served.cookie(role)))[0] in {403, 404}, role
    assert (await get(served, sound, ""))[0] in {303, 401}
    sounds.path(message.id).unlink()
    assert (await get(served, sound, mine))[0] == 404
