"""VIPs who wait are moved up, each once; nobody else is, and a PBX that refuses costs nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from pbx_bridge.ami.actions import Action, QueueChangePriorityCaller, Response
from pbx_bridge.ami.errors import ActionFailed, LinkGone
from pbx_bridge.calls.effects import WaitingChanged
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.registry import Registry
from pbx_bridge.telephony.agent_queue import AgentQueue
from pbx_bridge.telephony.caller_priority import CallerPriority
from rules.calls.call_backs import ring_name
from rules.model import VipCaller
from tests.calls import call_events as happens

VIP = VipCaller("v1", "+491713920042", "Hans Müller")


@dataclass
class PlayedLink:
    fails: Exception | None = None
    sent: list[Action] = field(default_factory=list)

    async def send(self, action: Action) -> Response:
        self.sent.append(action)
        if self.fails:
            raise self.fails
        return Response(ok=True, message="")


def waiting(*events: Message, vip: bool = True) -> Registry:
    """A registry in which these events happened to one call; `vip`: its caller is one."""

    def resolve(event: object) -> object:
        found = happens.resolve(event)  # type: ignore[arg-type]
        return replace(found, caller=replace(found.caller, vip=VIP, vips=(VIP,))) if vip else found

    registry = happens.registry()
    registry._resolve = resolve  # type: ignore[assignment]
    for event in (happens.ARRIVED, *events):
        registry.apply(event, happens.NOW)
    return registry


async def moved(registry: Registry, times: int = 1, fails: Exception | None = None) -> list[Action]:
    link = PlayedLink(fails)
    vips = CallerPriority(registry, AgentQueue(link))
    for _ in range(times):
        vips.waiting_changed(WaitingChanged())
        await asyncio.sleep(0)
    return link.sent


async def test_a_vip_who_waits_is_moved_up_once() -> None:
    up = QueueChangePriorityCaller("sec", happens.CALLER, 50)
    assert await moved(waiting(happens.QUEUED), times=3) == [up]
    assert up.headers()[1:] == [
        ("Queue", "sec"),
        ("Caller", happens.CALLER),
        ("Priority", "50"),
        ("Immediate", "true"),
    ]


@pytest.mark.parametrize("events", [(), (happens.QUEUED, happens.OFFERED, happens.ANSWERED)])
async def test_a_vip_who_does_not_wait_is_left_alone(events: tuple[Message, ...]) -> None:
    assert await moved(waiting(*events)) == []


async def test_whoever_is_no_vip_keeps_the_place() -> None:
    assert await moved(waiting(happens.QUEUED, vip=False)) == []


async def test_whoever_fell_back_from_an_agent_is_first_already() -> None:
    events = (*happens.TO_TALKING[1:], happens.CALLER_HELD, happens.AGENT_GONE, happens.QUEUED)
    registry = waiting(*events)
    assert registry.waiting
    assert await moved(registry) == []


async def test_whoever_is_rung_back_is_first_already() -> None:
    registry = waiting(happens.QUEUED)
    name = ring_name(happens.NOW, 1)
    for event in (replace(happens.ARRIVED, call=name), replace(happens.QUEUED, call=name)):
        registry.apply(event, happens.NOW)
    assert len(registry.waiting) == 2
    assert len(await moved(registry)) == 1


@pytest.mark.parametrize(
    "failure", [LinkGone("down"), ActionFailed("QueueChangePriorityCaller", "No such queue")]
)
async def test_a_pbx_that_does_not_do_it_is_not_asked_again(failure: Exception) -> None:
    assert len(await moved(waiting(happens.QUEUED), times=2, fails=failure)) == 1
