from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.ami.actions import Action, Hangup, Originate, Redirect, Response
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone
from pbx_bridge.calls.commands import AgentHangsUp
from pbx_bridge.telephony.agent_queue import AgentQueue
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.executor import Executor, ShownTo
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, CALL, CALLER, CHANNEL

OK, NOT_UP = Response(True, "Success"), Response(False, "Channel not up")
MOVE = msg.Move(CALLER, CHANNEL)
RING = msg.Ring(f"{CALL}-a1", "+493023125201", 20, CALLER, CHANNEL)


class Link:
    """Answers as told, keeps what was written; one inner tuple is one write."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers = list(answers)
        self.writes: list[tuple[Action, ...]] = []
        self.looked = 0

    async def send_together(self, *actions: Action) -> tuple[Response, ...]:
        for action in actions:
            action.headers()  # raises what cannot be sent
        self.writes.append(actions)
        return tuple(self._answer() for _ in actions)

    async def send(self, action: Action) -> Response:
        (answer,) = await self.send_together(action)
        if not answer.ok:
            raise ActionFailed(action.name, answer.message)
        return answer

    async def snapshot(self) -> None:
        self.looked += 1

    def _answer(self) -> Response:
        answer = self.answers.pop(0) if self.answers else OK
        if isinstance(answer, Exception):
            raise answer
        return answer


async def carry_out(link: Link, *acts: msg.Act, shown: str = "") -> list[object]:
    put: list[object] = []
    executor = Executor(link, happens.registry(*happens.TO_TALKING).calls, put.append, ShownTo(shown))
    await executor.send(msg.Send(CALL, acts))
    return put


async def test_move_and_ring_are_one_write() -> None:
    link = Link()
    assert await carry_out(link, MOVE, RING) == []
    ((move, ring),) = link.writes
    assert move == Redirect(
        CALLER,
        "sec-hold",
        "s",
        extra_channel=CHANNEL,
        extra_context="sec-consult",
        extra_exten="s",
        extra_priority=1,
    )
    assert isinstance(ring, Originate)
    headers = dict(ring.headers())
    assert headers["Channel"] == "Local/493023125201@sec-target/n"
    assert headers["ChannelId"] == f"{CALL}-a1"
    assert headers["Timeout"] == "30000"
    assert headers["CallerID"] == '"Jens Müller" <+491713920042>'
    assert "Application" not in headers


async def test_the_shown_number_can_be_the_house_own() -> None:
    link = Link()
    await carry_out(link, RING, shown="+493023125000")
    (originate,) = link.writes[0]
    assert dict(originate.headers())["CallerID"] == '"Jens Müller" <+493023125000>'


async def test_a_refused_redirect_is_tried_once_more_then_told() -> None:
    link = Link(NOT_UP, OK)
    assert await carry_out(link, msg.Back(CHANNEL)) == []
    assert len(link.writes) == 2
    link = Link(NOT_UP, NOT_UP)
    assert await carry_out(link, msg.Back(CHANNEL)) == [msg.ActionRefused(CALL)]
    assert len(link.writes) == 2


async def test_a_refused_originate_names_its_attempt_and_is_never_sent_again() -> None:
    link = Link(OK, NOT_UP)
    assert await carry_out(link, MOVE, RING) == [msg.ActionRefused(CALL, RING.attempt)]
    assert len(link.writes) == 1


@pytest.mark.parametrize("error", [LinkGone("lost"), ActionTimeout("late")])
async def test_an_unknown_outcome_is_never_repeated(error: Exception) -> None:
    link = Link(error)
    assert await carry_out(link, MOVE, RING) == [msg.ActionRefused(CALL)]
    assert len(link.writes) == 1


async def test_hanging_up_what_is_gone_is_fine() -> None:
    link = Link(Response(False, "No such channel"))
    assert await carry_out(link, msg.Drop(RING.attempt)) == []
    assert link.writes == [(Hangup(RING.attempt),)]


async def test_a_number_that_is_none_never_leaves() -> None:
    link = Link()
    evil = msg.Ring(f"{CALL}-a1", "+4930231252\r\nAction: Logoff", 20, CALLER, CHANNEL)
    assert await carry_out(link, evil) == [msg.ActionRefused(CALL, evil.attempt)]
    assert link.writes == []


async def test_ready_signs_in_and_ends_the_pause() -> None:
    link = Link(Response(False, "Unable to add interface: Already there"), OK)
    assert await AgentQueue(link).ready(ANNA, "Anna Keller") is None
    assert [write[0].name for write in link.writes] == ["QueueAdd", "QueuePause"]
    assert dict(link.writes[0][0].headers())["StateInterface"] == ANNA


async def test_the_queue_says_no_in_codes() -> None:
    refused = await AgentQueue(Link(LinkGone("lost"))).pause(ANNA, "lunch")
    assert refused is not None
    assert refused.code == "pbx_down"
    refused = await AgentQueue(Link(Response(False, "Permission denied"))).sign_out(ANNA)
    assert refused is not None
    assert refused.code == "pbx_refused"


async def test_a_phone_rings_when_its_attempt_is_written_down_and_not_much_later_than_that() -> None:
    link, stored = Link(), asyncio.Event()
    calls = happens.registry(*happens.TO_TALKING).calls
    executor = Executor(link, calls, lambda _: None, written=stored.wait)  # type: ignore[arg-type]  # returns True
    ringing = asyncio.create_task(executor.send(msg.Send(CALL, (MOVE, RING))))
    await asyncio.sleep(0)
    assert not link.writes
    stored.set()
    await ringing
    assert len(link.writes) == 1
    stored.clear()
    await executor.send(msg.Send(CALL, (MOVE,)))
    assert len(link.writes) == 2, "only a phone waits"
    await executor.send(msg.Send(CALL, (RING,)))
    assert len(link.writes) == 3, "and not for a database that is silent"


async def test_whoever_ends_the_call_by_the_desk_is_named_before_the_pbx_hears_of_it() -> None:
    assert await carry_out(Link(), msg.HangUpAgent(f"{ANNA}-1")) == [AgentHangsUp(CALL)]
    nobody_knows = await carry_out(Link(LinkGone("down")), msg.HangUpAgent(f"{ANNA}-1"))
    assert nobody_knows == [AgentHangsUp(CALL), AgentHangsUp(CALL, sure=False), msg.ActionRefused(CALL)]
