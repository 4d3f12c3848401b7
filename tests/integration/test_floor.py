"""The floor over real HTTP and WebSockets; only the PBX is played."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import msgspec
import pytest

from pbx_bridge.auth import permissions
from pbx_bridge.floor.view import AgentRow
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import ANNA, BEN, ORIGIN, DeskRoom, desk_room
from tests.floor_room import CONSULT, TALK, WAIT, busy, noon, staffed, store
from tests.sample_company import SampleCompany
from tests.until import until


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    return await staffed(sqlite_db)


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url, noon()) as opened:
        yield opened


@dataclass
class Watcher:
    """Somebody who looks at the floor, and may do something about it."""

    room: DeskRoom
    headers: dict[str, str]
    socket: aiohttp.ClientWebSocketResponse | None = None
    pictures: list[dict[str, Any]] = field(default_factory=list)
    closed: int | None = None

    async def look(self) -> None:
        self.socket = await self.room.client.ws_connect(f"{self.room.url}/floor/socket", headers=self.headers)
        self.room.tasks.append(asyncio.create_task(self._read(self.socket)))
        await until(lambda: self.pictures, message="the first picture")

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = msgspec.json.decode(message.data)
            if frame["type"] == "floor":
                self.pictures.append(frame)
        self.closed = socket.close_code

    @property
    def view(self) -> dict[str, Any]:
        view: dict[str, Any] = self.pictures[-1]["view"]
        return view

    def agent(self, name: str) -> dict[str, Any]:
        return next(row for row in self.view["agents"] if row["name"] == name)

    def day(self, company: str) -> dict[str, Any]:
        return next((row for row in self.view["companies"] if row["company"]["name"] == company), {})

    async def does(self, deed: str, agent_id: str, **fields: str) -> tuple[int, dict[str, Any]]:
        path = f"{self.room.url}/floor/agents/{agent_id}/{deed}"
        async with self.room.client.post(path, data=fields, headers=self.headers) as answer:
            return answer.status, await answer.json()


async def watcher(room: DeskRoom, login: str = "carla") -> Watcher:
    cookie = await room.log_in(login)
    headers = {"Cookie": cookie, "Origin": ORIGIN, "Accept": "application/json"}
    return Watcher(room, headers | {"X-CSRF-Token": room.sessions[login].csrf})


@pytest.fixture
async def carla(room: DeskRoom) -> Watcher:
    watching = await watcher(room)
    await watching.look()
    return watching


# ---- what is seen


async def test_everybody_is_shown_with_the_call_its_company_and_its_step(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany
) -> None:
    assert carla.agent("Anna Keller")["state"] == "ready"
    await busy(room, furnished)
    await until(
        lambda: (carla.agent("Ben Vogt")["call"] or {}).get("step") == "consulting", message="consulting"
    )
    await until(lambda: len(carla.view["waiting"]) == 2, message="both who wait")
    anna, ben = carla.agent("Anna Keller"), carla.agent("Ben Vogt")
    assert (anna["state"], anna["call"]["step"]) == ("talking", "talking")
    assert anna["call"]["company"]["name"] == "Kanzlei Brandt & Weiß"
    assert anna["call"]["call_since"] == _wire(room.rooms.calls.registry.calls[TALK].answered_at)
    assert (ben["state"], ben["call"]["company"]["name"]) == ("talking", "Mustermann AG")
    assert ben["call"]["since"] > ben["call"]["call_since"]
    waiting = [(row["company"]["name"], row["vip"]) for row in carla.view["waiting"]]
    assert waiting == [("Praxis Dr. Sommer", False), ("Mustermann AG", True)]
    assert carla.view["waiting"][0]["since"] == _wire(room.rooms.calls.registry.calls[WAIT].waiting_since)
    assert carla.view["services"]["pbx"] == "up"


async def test_the_day_of_each_company_follows_the_calls(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany, sqlite_db: Database
) -> None:
    this_minute = noon()() - timedelta(seconds=45)
    await store(sqlite_db, furnished.customer_id, this_minute, answered=40, ended=44)
    await store(sqlite_db, furnished.customer_id, this_minute, ended=30)
    await until(lambda: carla.day("Mustermann AG").get("calls") == 2, message="the stored calls")
    row = carla.day("Mustermann AG")
    assert (row["in_time"], row["decided"], row["abandoned"], row["longest_wait"]) == (0, 2, 1, 40)
    room.pbx.ring_and_answer(CONSULT, BEN)
    await until(
        lambda: carla.day("Mustermann AG")["in_time"] == 1, message="the call that was answered at once"
    )
    assert carla.day("Mustermann AG")["calls"] == 3


async def test_versions_grow_and_who_comes_back_gets_the_whole_floor(room: DeskRoom, carla: Watcher) -> None:
    for number in range(3):
        before = carla.pictures[-1]
        room.pbx.arrive(f"1795429654.5{number}")
        await until(partial(_newer, carla, before), message="one more waits")
    versions = [frame["version"] for frame in carla.pictures]
    assert versions == sorted(set(versions))
    assert carla.socket
    await carla.socket.close()
    room.pbx.arrive("1795429654.59")
    back = await watcher(room)
    await back.look()
    assert len(back.view["waiting"]) == 4
    assert back.pictures[0]["version"] > versions[-1]


def test_nothing_on_the_floor_counts_what_one_agent_has_done() -> None:
    """§ 87 BetrVG: whoever wants to add a figure here needs a works agreement first."""
    shown = set(AgentRow.__struct_fields__)
    assert shown == {"id", "name", "state", "reason", "since", "desk_open", "leaving", "call"}


async def test_no_number_and_no_address_is_on_the_floor(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany
) -> None:
    await busy(room, furnished)
    await until(lambda: len(carla.view["waiting"]) == 2, message="both who wait")
    text = msgspec.json.encode(carla.pictures).decode()
    assert "@" not in text
    assert "493023125" not in text  # ours; an id may hold shorter ones
    assert "4917139200" not in text


# ---- who may


async def test_only_supervisor_and_operator_find_the_floor(room: DeskRoom, furnished: SampleCompany) -> None:
    for login, status in (("anna", 404), ("carla", 200), ("office", 200)):
        person = await watcher(room, login)
        for path in ("/floor", "/floor/wall"):
            async with room.client.get(room.url + path, headers=person.headers) as answer:
                assert answer.status == status, (login, path)
        for deed in ("text", "log-out", "stay"):
            found, _ = await person.does(deed, furnished.ben)
            assert (found == 404) is (status == 404), (login, deed)
    async with room.client.get(f"{room.url}/floor", headers={"Accept": "application/json"}) as nobody:
        assert nobody.status == 401


def test_every_route_of_the_floor_is_the_supervisors() -> None:
    for name in ("floor", "floor.wall", "floor.socket", "floor.text", "floor.log_out", "floor.stay"):
        assert [role for role in Role if permissions.may(role, name)] == [Role.SUPERVISOR, Role.OPERATOR]


async def test_an_agent_gets_no_socket_and_no_foreign_page_does(room: DeskRoom) -> None:
    anna, carla = await watcher(room, "anna"), await watcher(room)
    for headers in (anna.headers, carla.headers | {"Origin": "https://elsewhere.example"}):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await room.client.ws_connect(f"{room.url}/floor/socket", headers=headers)


async def test_the_floor_closes_with_the_log_in(room: DeskRoom, carla: Watcher) -> None:
    await room.rooms.sessions.end(room.sessions["carla"].id)
    await until(lambda: carla.closed == 4001, message="the socket to close")


# ---- help


async def test_a_text_appears_once_on_the_agents_desk_with_the_supervisors_name(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany
) -> None:
    tab = await room.tab("anna")
    status, answer = await carla.does("text", furnished.anna, text=" Herr Müller  ist\nder Vater. ")
    assert (status, answer) == (200, {"done": "told"})
    await until(lambda: tab.events("notice"), message="the notice")
    expected = {"by": "carla", "text": "Herr Müller ist der Vater."}
    assert [(one["code"], one["params"]) for one in tab.events("notice")] == [("from_supervisor", expected)]


async def test_a_text_that_nobody_would_read_is_refused(carla: Watcher, furnished: SampleCompany) -> None:
    refused = await carla.does("text", furnished.anna, text="Hallo")
    assert refused == (409, {"code": "desk_closed", "params": {"agent": "Anna Keller"}})
    for words in ("", "   ", "x" * 301):
        assert (await carla.does("text", furnished.anna, text=words))[0] == 422
    long = await carla.does("text", furnished.anna, text="x" * 301)
    assert long == (422, {"code": "text_too_long", "params": {"length": "301", "max": "300"}})
    assert (await carla.does("text", "nobody", text="Hallo"))[0] == 404


async def test_whoever_is_free_is_logged_out_at_once(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany
) -> None:
    tab = await room.tab("anna")
    assert await carla.does("log-out", furnished.anna) == (200, {"done": "now"})
    await until(lambda: tab.closed == 4001, message="the desk to close")
    assert len(room.pbx.named("QueueRemove")) == 1
    await until(lambda: carla.agent("Anna Keller")["state"] == "signed_out", message="Anna to be gone")


async def test_whoever_is_on_a_call_is_logged_out_after_it_and_its_note(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany
) -> None:
    tab = await room.tab("anna")
    room.pbx.ring_and_answer(TALK)
    await until(lambda: tab.phase(room.id_of(TALK)) == "talking", message="Anna to talk")
    assert await carla.does("log-out", furnished.anna) == (200, {"done": "after_call"})
    await until(lambda: carla.agent("Anna Keller")["leaving"], message="the floor to say so")
    room.pbx.hang_up(TALK)
    await until(lambda: carla.agent("Anna Keller")["state"] == "wrap_up", message="the wrap-up")
    assert not room.pbx.named("QueueRemove")
    answer = await tab.ask("close_call", call=room.id_of(TALK), reason="other")
    assert answer.ok
    await until(lambda: tab.closed == 4001, message="the desk to close")
    assert len(room.pbx.named("QueueRemove")) == 1
    await until(lambda: not carla.agent("Anna Keller")["leaving"], message="Anna to be gone")


async def test_a_log_out_that_waits_can_be_taken_back(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany
) -> None:
    tab = await room.tab("anna")
    room.pbx.ring_and_answer(TALK)
    await until(lambda: tab.phase(room.id_of(TALK)) == "talking", message="Anna to talk")
    await carla.does("log-out", furnished.anna)
    assert await carla.does("stay", furnished.anna) == (200, {"done": "stays"})
    room.pbx.hang_up(TALK)
    await tab.ask("close_call", call=room.id_of(TALK), reason="other")
    await until(lambda: carla.agent("Anna Keller")["state"] == "ready", message="Anna to be ready")
    assert not room.pbx.named("QueueRemove")
    assert tab.closed is None


async def test_without_the_pbx_nobody_is_logged_out_by_halves(
    room: DeskRoom, carla: Watcher, furnished: SampleCompany
) -> None:
    tab = await room.tab("anna")
    room.pbx.connected = False
    assert await carla.does("log-out", furnished.anna) == (503, {"code": "pbx_down", "params": {}})
    assert tab.closed is None
    room.pbx.connected = True
    room.pbx.arrive(WAIT)
    await until(lambda: carla.view["waiting"], message="a call")
    assert tab.closed is None
    assert room.rooms.calls.registry.agents.keys() == {ANNA, BEN}


def _newer(carla: Watcher, before: dict[str, Any]) -> bool:
    return len(carla.view["waiting"]) > len(before["view"]["waiting"])


def _wire(moment: datetime | None) -> Any:
    return msgspec.to_builtins(moment)
