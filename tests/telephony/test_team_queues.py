"""The numbered queues of the PBX: who sits in them, whose callers wait there, and what is put right."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from pbx_bridge.ami.actions import (
    Action,
    DBGet,
    Originate,
    QueueAdd,
    QueuePause,
    QueueRemove,
    QueueStatus,
    Response,
)
from pbx_bridge.ami.codec import Frame
from pbx_bridge.ami.errors import ActionFailed, Unsendable
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.telephony import team_queues
from pbx_bridge.telephony.agent_queue import AgentQueue
from pbx_bridge.telephony.astdb.routes import Routes
from pbx_bridge.telephony.astdb.telling import AT_ONCE
from pbx_bridge.telephony.queue_seats import QueuesOfPbx, differences
from pbx_bridge.telephony.team_queues import TeamQueues
from rules.model import Agent, Answering, Line
from tests.calls import call_events as happens
from tests.fake_astdb import FakeAstdb
from tests.rules.sample_facts import ANNA, MUSTERMANN
from tests.sample_company import NOW
from tests.until import until

BEN = Agent("ben", "Ben", "Vogt", "PJSIP/ben", bound=True)
SOMMER = replace(MUSTERMANN, id="sommer", name="Praxis Dr. Sommer", confidential=True, public_numbers=())
LINES = [Line("l1", "+493023125100", "DE", "mustermann"), Line("l2", "+493023125101", "DE", "sommer")]


@dataclass
class Pbx:
    """Asterisk's queues: name → phone → whether it pauses; `db`: its own database; `led_over`: callers whom
    it was asked to lead out of a queue."""

    queues: dict[str, dict[str, bool]] = field(
        default_factory=lambda: {
            "sec": {},
            **{f"sec-{n}": {} for n in range(1, 41)},
            "other": {"PJSIP/x": True},
        }
    )
    db: FakeAstdb = field(default_factory=FakeAstdb)
    led_over: list[dict[str, str]] = field(default_factory=list)

    async def send(self, action: Action) -> Response:
        match action:
            case QueueStatus():
                return Response(ok=True, message="", events=tuple(self._status()))
            case QueueAdd() | QueueRemove() | QueuePause():
                self._move(action)
            case DBGet():
                answer = self.db.read(action)
                if not answer.ok:
                    raise ActionFailed(action.name, answer.message)
                return answer
            case Originate(channel="Local/00@sec-left/n"):
                self.led_over.append(dict(action.variables))
            case Originate():
                self.db.take(action)
        return Response(ok=True, message="")

    def _move(self, action: QueueAdd | QueueRemove | QueuePause) -> None:
        match action:
            case QueueAdd(queue=queue, interface=phone, paused=paused):
                if queue not in self.queues:
                    raise ActionFailed(action.name, "Unable to add interface to queue: No such queue")
                self.queues[queue].setdefault(phone, paused)
            case QueueRemove(queue=queue, interface=phone):
                self.queues[queue].pop(phone, None)
            case QueuePause(queue=only, interface=phone, paused=paused):
                for name, members in self.queues.items():
                    if phone in members and only in ("", name):
                        members[phone] = paused

    def _status(self) -> list[Frame]:
        found = [Frame("QueueParams", {"Queue": name}, {}) for name in self.queues]
        for name, members in self.queues.items():
            for phone, paused in members.items():
                told = {"Queue": name, "Location": phone, "Paused": "1" if paused else "0"}
                found.append(Frame("QueueMember", told, {}))
        return found

    def seats(self) -> dict[str, set[str]]:
        return {name: set(members) for name, members in self.queues.items() if members and name != "other"}


async def test_the_pbx_has_who_may_be_rung_where_and_is_put_right(sqlite_db: Database) -> None:
    pbx, index, staff = Pbx(), Index([MUSTERMANN, SOMMER], LINES), Staff([ANNA, BEN])
    teams = TeamQueues(pbx, "sec", happens.registry(), index, staff, sqlite_db, lambda: NOW)
    queue = AgentQueue(pbx, also=teams.also_in)
    working = asyncio.create_task(teams.run())
    try:
        await teams.changed(index.customers, LINES)
        teams.resynced(None)  # type: ignore[arg-type]
        await until(
            lambda: pbx.db.routes() == {"493023125101": "sec-1...b"}, message="the route of the practice"
        )
        for agent in (ANNA, BEN):
            assert await queue.ready(agent.interface, agent.name) is None
        assert pbx.seats() == {"sec": {"PJSIP/anna", "PJSIP/ben"}, "sec-1": {"PJSIP/ben"}}

        assert await queue.pause("PJSIP/ben", "lunch") is None
        assert pbx.queues["sec-1"] == {"PJSIP/ben": True}, "a pause holds everywhere"

        north = replace(ANNA, teams=frozenset({"north"}))
        staff.replace([north, replace(BEN, bound=False)])
        index.replace(replace(MUSTERMANN, answering=Answering("north", 20), version=1))
        await teams.changed(["mustermann"])
        routes = {
            "493023125100": "sec-2.20.sec.",
            "493023125000": "sec-2.20.sec.",
            "493023125101": "sec-1...b",
        }
        await until(lambda: pbx.db.routes() == routes, message="the routes of the team")
        assert pbx.seats() == {"sec": {"PJSIP/anna", "PJSIP/ben"}, "sec-2": {"PJSIP/anna"}}
        assert pbx.queues["other"] == {"PJSIP/x": True}, "not ours"

        index.replace(replace(SOMMER, confidential=False, version=1))
        await teams.changed(["sommer"])
        del routes["493023125101"]
        await until(lambda: pbx.db.routes() == routes, message="the practice is everybody's")

        assert await queue.sign_out("PJSIP/anna") is None
        assert pbx.seats() == {"sec": {"PJSIP/ben"}}
    finally:
        working.cancel()


async def test_a_pbx_without_numbered_queues_is_told_no_route(sqlite_db: Database) -> None:
    pbx, index = Pbx({"sec": {"PJSIP/anna": False}}), Index([SOMMER], LINES)
    teams = TeamQueues(pbx, "sec", happens.registry(), index, Staff([ANNA]), sqlite_db, lambda: NOW)
    teams.resynced(None)  # type: ignore[arg-type]
    assert await teams._turn()
    assert pbx.db.routes() == {}


async def test_a_sign_in_is_no_reason_to_look_at_all_companies(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pbx, registry = Pbx(), happens.registry()
    teams = TeamQueues(pbx, "sec", registry, Index([SOMMER], LINES), Staff([BEN]), sqlite_db, lambda: NOW)
    working = asyncio.create_task(teams.run())
    try:
        teams.resynced(None)  # type: ignore[arg-type]
        await until(lambda: bool(pbx.db.routes()), message="the route of the practice")
        looks: list[str] = []
        monkeypatch.setattr(team_queues, "plan", lambda one: looks.append(one.id))
        pbx.queues["sec"]["PJSIP/ben"] = False
        registry.apply(ev.MemberChanged("PJSIP/ben", "sec", False, "", ev.MemberStatus.FREE), NOW)
        teams.agent_changed(fx.AgentChanged("PJSIP/ben"))
        await until(lambda: pbx.queues["sec-1"] == {"PJSIP/ben": False}, message="Ben has his seat")
        assert looks == []
    finally:
        working.cancel()


async def test_what_a_crash_has_left_is_done_afterwards(sqlite_db: Database) -> None:
    pbx = Pbx()
    teams = TeamQueues(
        pbx, "sec", happens.registry(), Index([SOMMER], LINES), Staff([BEN]), sqlite_db, lambda: NOW
    )
    teams.resynced(None)  # type: ignore[arg-type]
    queues, pbx.queues = pbx.queues, {"sec": None}  # type: ignore[dict-item]
    with pytest.raises(AttributeError):
        await teams.run()
    pbx.queues = queues
    working = asyncio.create_task(teams.run())
    try:
        await until(lambda: bool(pbx.db.routes()), message="the route of the practice, without a new change")
    finally:
        working.cancel()


async def test_routes_are_told_by_the_hundred_and_make_way() -> None:
    pbx = Pbx()
    routes = Routes(pbx)
    wanted = {f"4930231{number:05}": "sec-1...b" for number in range(AT_ONCE + 1)}
    await routes.set_desired(wanted)
    assert not await routes.sync(lambda: True)
    (told,) = pbx.db.route_lists.values()
    assert (len(told), pbx.db.routes()) == (AT_ONCE, {})
    assert await routes.sync()
    assert pbx.db.routes() == wanted


async def test_a_route_that_cannot_be_sent_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    pbx = Pbx()
    routes, take = Routes(pbx), pbx.db.take
    await routes.set_desired({"493023125100": "sec-1...b", "493023125101": "odd", "493023125102": "sec-2..."})

    def picky(action: Action) -> None:
        if isinstance(action, Originate) and any(route.startswith("odd") for _, route in action.variables):
            raise Unsendable("comma or quote in a variable")
        take(action)

    monkeypatch.setattr(pbx.db, "take", picky)
    assert not await routes.sync()
    (told,) = pbx.db.route_lists.values()
    assert told == {"493023125100": "sec-1...b", "493023125102": "sec-2..."}
    assert pbx.db.routes() == told, "nor does it keep the list from counting"
    await routes.set_desired({"493023125100": "sec-1...b"})
    assert await routes.sync(), "and it is forgotten when nobody wants it any more"


async def test_callers_of_who_is_bound_are_never_everybodys_while_their_route_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pbx = Pbx()
    earlier, routes, take = Routes(pbx), Routes(pbx), pbx.db.take
    wanted = {"493023125100": "sec-1...b", "493023125102": "sec-2..."}
    await earlier.set_desired(wanted)
    assert await earlier.sync()

    def picky(action: Action) -> None:
        if isinstance(action, Originate) and ("_SEC_ROUTE", "sec-1...b") in action.variables:
            raise Unsendable("comma or quote in a variable")
        take(action)

    monkeypatch.setattr(pbx.db, "take", picky)
    await routes.set_desired(wanted)
    assert not await routes.sync()
    assert pbx.db.routes() == wanted, "those of the earlier list"
    monkeypatch.undo()
    assert await routes.sync()


def test_whoever_may_not_be_there_goes_before_others_come() -> None:
    found = QueuesOfPbx(
        there=frozenset({"sec", "sec-1"}),
        seats={("sec-1", "PJSIP/anna"): False, ("sec-1", "PJSIP/gone"): False, ("sec-2", "PJSIP/ben"): False},
        everybody={"PJSIP/anna": False, "PJSIP/ben": True, "PJSIP/carla": True},
    )
    wanted = {"sec-1": {"PJSIP/ben", "PJSIP/carla", "PJSIP/gone", "PJSIP/out"}, "sec-9": {"PJSIP/ben"}}
    assert list(differences(found, wanted, {"PJSIP/ben": "Ben Vogt"})) == [
        QueueRemove("sec-1", "PJSIP/anna"),
        QueueRemove("sec-1", "PJSIP/gone"),
        QueueRemove("sec-2", "PJSIP/ben"),
        QueueAdd("sec-1", "PJSIP/ben", "Ben Vogt", state_interface="PJSIP/ben", paused=True),
        QueueAdd("sec-1", "PJSIP/carla", "", state_interface="PJSIP/carla", paused=True),
    ]
