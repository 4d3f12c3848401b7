"""A desk written from docs/desk-protocol.md alone; and each list in that page is the code's."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_type_hints

import aiohttp
import pytest

from pbx_bridge.calls.effects import EndReason, OfferGoneReason
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk import schema
from pbx_bridge.desk.protocol import values
from pbx_bridge.desk.protocol.status import PAUSES
from pbx_bridge.transfers.states import Result
from pbx_bridge.web.i18n import catalogue
from rules.calls.colleagues import Standing
from rules.model import FieldKind
from rules.presence.availability import Presence
from rules.vocabulary import CloseReason
from tests.desk_room import ORIGIN, DeskRoom, desk_room
from tests.sample_company import SampleCompany

BOOK = Path(schema.FILE).with_name("desk-protocol.md").read_text(encoding="utf-8")
TICKED = re.compile(r"`([^`]+)`")


def listed() -> dict[str, set[str]]:
    """The page's table of values: where → all of them."""
    table = BOOK.partition("### Values")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    return {name: set(TICKED.findall(cells)) for where, cells in rows for name in TICKED.findall(where)}


def literal(kind: type, name: str) -> set[str]:
    """The words that this field takes."""
    found: set[str] = set()
    for part in (hint := get_type_hints(kind)[name], *get_args(hint)):
        found |= {word for word in get_args(part) if isinstance(word, str) and word}
    return found


CODE: dict[str, set[str]] = {
    "me.state": literal(p.AgentView, "state"),
    "me.reason": set(PAUSES) - {""},
    "me.after": set(PAUSES) - {""},
    "view.phase": literal(p.CallView, "phase"),
    "view.end_reason": {str(reason) for reason in EndReason} | {"requeued"},
    "put_through.step": literal(p.PutThroughView, "step"),
    "put_through.mode": literal(p.PutThroughView, "mode"),
    "tried.result": {str(result) for result in Result},
    "offer_gone.reason": {str(reason) for reason in OfferGoneReason},
    "caller.kind": literal(p.CallerView, "kind"),
    "availability.kind": {str(kind) for kind in Presence},
    "note_fields.kind": {str(kind) for kind in FieldKind},
    "notes.state": set(get_args(p.NoteState)),
    "colleagues.state": {str(word) for word in Standing},
    "block.state": set(get_args(p.BlockState)),
    "close_call.reason": {str(reason) for reason in CloseReason},
}


@pytest.mark.parametrize("where", CODE)
def test_each_list_of_the_page_is_the_codes(where: str) -> None:
    assert listed()[where] == CODE[where]


def test_no_list_of_the_page_is_held_against_nothing() -> None:
    assert listed().keys() == CODE.keys() | {"notice.code"}
    assert set(get_args(values.EndReason)) == CODE["view.end_reason"]


@pytest.mark.parametrize("locale", ["de", "en"])
def test_each_notice_has_its_words(locale: str) -> None:
    assert {f"notices.{code}" for code in listed()["notice.code"]} <= catalogue("desk", locale).keys()


# ---- the desk


@dataclass
class Desk:
    """What the page says a client does, in as few lines as it promises."""

    socket: aiohttp.ClientWebSocketResponse
    picture: dict[str, Any] = field(default_factory=dict)
    hello: dict[str, Any] = field(default_factory=dict)
    seq: int = -1
    ids: itertools.count[int] = field(default_factory=itertools.count)

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = await self.socket.receive_json(timeout=10)
        if message.get("type") == "hello":
            self.hello = message
        elif message.get("type") == "beat":
            assert message["seq"] == self.seq
        elif "event" in message:
            event = message["event"]
            assert event["type"] == "snapshot" or message["seq"] == self.seq + 1, "a gap"
            self.seq = message["seq"]
            self.fold(event)
        return message

    def fold(self, event: dict[str, Any]) -> None:
        calls, kind = self.picture.get("calls", []), event["type"]
        if kind == "snapshot":
            self.picture = event
        elif kind in {"me", "link", "waiting", "notes", "today", "mine", "block"}:
            self.picture[kind] = event[kind]
        elif kind == "offer":
            self.picture["calls"] = [c for c in calls if c["view"]["call"] != event["view"]["call"]] + [event]
        elif kind in {"offer_gone", "call_closed"}:
            self.picture["calls"] = [c for c in calls if c["view"]["call"] != event["call"]]
        elif kind == "others_changed":
            for call in calls:
                if call["view"]["call"] == event["call"]:
                    call["pop"]["edition"] = event["edition"]
        else:
            names = {"call": "view", "pop_changed": "pop", "earlier": "earlier", "draft": "draft"}
            for call in calls if kind in names else []:
                value = event[names[kind]]
                if call["view"]["call"] == (value["call"] if isinstance(value, dict) else event["call"]):
                    call[names[kind]] = value

    async def ask(self, kind: str, **values: Any) -> dict[str, Any]:
        name = values.pop("id", f"book-{next(self.ids)}")
        await self.socket.send_json({"type": kind, "id": name, **values})
        while (message := await self.hear()).get("type") != "answer" or message["id"] != name:
            pass
        return message

    async def until(self, **view: Any) -> dict[str, Any]:
        """The call, once its view is like that."""
        while True:
            for call in self.picture.get("calls", []):
                if all(call["view"][name] == value for name, value in view.items()):
                    return dict(call["view"])
            await self.hear()


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def opened(room: DeskRoom) -> Desk:
    headers = {"Origin": ORIGIN, "Cookie": await room.log_in("anna")}
    desk = Desk(await room.client.ws_connect(f"{room.url}/desk/socket", headers=headers))
    while not desk.picture:
        await desk.hear()
    return desk


@pytest.mark.parametrize(
    "cookie, origin, status", [(False, ORIGIN, 401), (True, "http://elsewhere.example", 403)]
)
async def test_a_socket_that_may_not_be_opened_is_answered_with_a_status(
    room: DeskRoom, cookie: bool, origin: str, status: int
) -> None:
    headers = {"Origin": origin} | ({"Cookie": await room.log_in("anna")} if cookie else {})
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await room.client.ws_connect(f"{room.url}/desk/socket", headers=headers)
    assert refused.value.status == status


async def test_a_call_as_the_page_tells_it(room: DeskRoom, furnished: SampleCompany) -> None:
    desk = await opened(room)
    assert desk.hello["beat_seconds"] == 5
    room.pbx.ring_and_answer("1.1")
    view = await desk.until(phase="talking")
    call = view["call"]
    assert (await desk.ask("pause", reason="lunch"))["ok"]
    while desk.picture["me"]["after"] != "lunch":
        await desk.hear()
    assert desk.picture["me"]["state"] == "talking"
    body = {"name": "Hans Müller", "concern": "Angebot", "fields": {"art": "Neukunde"}}
    body |= {"recipients": [furnished.erika], "callback": "0171 3920042"}
    assert (await desk.ask("save_note", call=call, body=body))["ok"]
    while not next(c for c in desk.picture["calls"] if c["view"]["call"] == call)["view"]["noted"]:
        await desk.hear()
    assert (await desk.ask("save_note", call=call, body=body))["code"] == "already_noted"
    assert (await desk.ask("save_note", call=call, body=body | {"concern": "Angebot, eilig"}))["ok"]
    room.pbx.hang_up("1.1")
    while desk.picture["calls"] or desk.picture["me"]["state"] != "paused":
        await desk.hear()
    assert desk.picture["me"]["reason"] == "lunch"


async def test_two_desks_of_one_agent_write_as_the_page_tells_it(room: DeskRoom) -> None:
    one, other = await opened(room), await opened(room)
    room.pbx.ring_and_answer("1.1")
    call = (await one.until(phase="talking"))["call"]
    await other.until(phase="talking")
    mine, theirs = {"concern": "Angebot"}, {"company": "Müller GmbH"}
    assert (await one.ask("save_draft", call=call, revision=1, base=0, body=mine))["ok"]
    refused = await other.ask("save_draft", call=call, revision=20, base=0, body=theirs)
    assert (refused["code"], refused["params"]) == ("draft_outdated", {"revision": "1"})
    draft = other.picture["calls"][0]["draft"]
    assert draft["body"]["concern"] == "Angebot", "it came before the answer"
    both = draft["body"] | theirs
    assert (await other.ask("save_draft", call=call, revision=21, base=draft["revision"], body=both))["ok"]
    assert (await one.ask("save_draft", call=call, revision=2, base=1, body=mine))["code"] == "draft_outdated"
    shown = one.picture["calls"][0]["draft"]
    assert (shown["revision"], shown["body"]["company"]) == (21, "Müller GmbH")


@pytest.mark.parametrize("name", ["", "x" * 65, "x" * 5_000])
async def test_an_id_that_is_empty_or_too_long_is_unreadable_and_harms_nobody(
    room: DeskRoom, name: str
) -> None:
    desk = await opened(room)
    assert (await desk.ask("ready", id=name))["code"] == "unreadable"
    assert (await desk.ask("ready"))["ok"]
