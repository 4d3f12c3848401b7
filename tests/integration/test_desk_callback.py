"""Whether a call-back is wanted is part of the note: in its draft, its versions and all that goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.sample_company import SampleCompany
from tests.until import until

NUMBER = {"name": "Sabine Krause", "callback": "0171 3920077", "fields": {"art": "Neukunde"}}


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def talking(room: DeskRoom, tab: Tab, call: str) -> str:
    room.pbx.ring_and_answer(call)
    await until(lambda: tab.phase(room.id_of(call)) == "talking", message="the call")
    return room.id_of(call)


@pytest.mark.parametrize(
    "typed, wanted",
    [
        ({"concern": "Angebot"}, True),
        ({"concern": "Angebot", "callback_wanted": False}, False),
        ({"concern": "Kein Rückruf nötig."}, False),
        ({"concern": "Kein Rückruf nötig.", "callback_wanted": True}, True),
        ({"concern": "Angebot", "callback": ""}, False),
        ({"concern": "Angebot", "callback": "", "callback_wanted": True}, True),
    ],
)
async def test_a_note_asks_for_a_call_exactly_when_one_is_wanted(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database, typed: dict[str, Any], *, wanted: bool
) -> None:
    anna = await room.tab("anna")
    call = await talking(room, anna, "1.1")
    body = NUMBER | {"recipients": [furnished.erika]} | typed
    read = await anna.ask("check_note", call=call, body=body)
    assert (read.read.get("callback_wanted") == "yes") is wanted, "what the desk shows before it is saved"

    assert (await anna.ask("save_note", call=call, body=body)).ok

    async with sqlite_db.read() as conn:
        (version,) = await notes.versions(conn, call)
        sent = await notifications.of_note(conn, version.note.id)
    assert version.note.callback_wanted is wanted
    assert sent
    for message in sent:
        said = f"{message.subject}\n{message.body_text}\n{message.body_html}"
        assert ("bitte zurückrufen" in said or "bitte RR" in said) is wanted


async def test_it_is_kept_in_the_draft_and_comes_back_with_the_correction(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna, other = await room.tab("anna"), await room.tab("anna")
    call = await talking(room, anna, "1.1")
    body = NUMBER | {"concern": "Angebot", "recipients": [furnished.erika], "callback_wanted": False}
    assert (await anna.ask("save_draft", call=call, revision=1, body=body)).ok
    await until(lambda: (c := other.call(call)) and c.draft, message="the draft in the other tab")
    shown = other.call(call)
    assert shown is not None
    assert shown.draft is not None
    assert shown.draft.body.callback_wanted is False
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    assert (await anna.ask("save_note", call=call, body=body)).ok
    await until(lambda: anna.picture.notes and anna.call(call) is None, message="saved")

    assert (await anna.ask("correct_note", note=anna.picture.notes[0].id)).ok
    await until(lambda: anna.call(call), message="open again")
    again = anna.call(call)
    assert again is not None
    assert again.view.correction is not None
    assert again.view.correction.versions[0].body.callback_wanted is False
    assert (await anna.ask("save_note", call=call, body=body | {"callback_wanted": True})).ok

    async with sqlite_db.read() as conn:
        versions = await notes.versions(conn, call)
        (mail,) = await notifications.of_note(conn, versions[-1].note.id)
    assert [v.note.callback_wanted for v in versions] == [False, True]
    assert mail.kind == "correction", "whether to call back is news"
    assert "bitte zurückrufen" in mail.subject
