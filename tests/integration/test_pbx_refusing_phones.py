"""An agent's phone on "do not disturb", or one that forwards: after two refusals at once the agent pauses."""

from __future__ import annotations

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.effects import Phase
from tests.integration.raw_peers import RawPeers, open_street
from tests.pbx.hostile import FORWARDS
from tests.pbx.sip_message import Invite, Message, answers
from tests.until import until

pytestmark = pytest.mark.asterisk

SAYS_NO = (
    b"SIP/2.0 486 Busy Here",
    b"SIP/2.0 603 Decline",
    b"SIP/2.0 480 Temporarily Unavailable",
    b"SIP/2.0 600 Busy",
)
AGENT = "PJSIP/ben"


async def pauses(street: RawPeers, status: bytes, reason: str) -> None:
    """Ben's phone says this to each call; then Ben is back, and takes the caller who waited."""

    def phone(_invite: Message) -> tuple[bytes, ...]:
        return (status + b"\r\nContact: <sip:+491713920077@127.0.0.1>\r\n",)

    rung, agents = len(street.trunk.rung), street.service.registry.agents
    await street.agent("ben", phone)
    call = street.trunk.send(Invite())
    await until(lambda: AGENT in agents and agents[AGENT].paused, message=f"paused after {status!r}")
    assert (agents[AGENT].pause_reason, len(street.trunk.rung) - rung) == (reason, 2)
    assert [one.phase for one in street.calls if one.live] == [Phase.WAITING], "the caller waits on"
    await street.agent("ben", answers)
    await until(lambda: any(one.phase is Phase.TALKING for one in street.calls), message="Ben has the call")
    street.trunk.hang_up(call)
    await until(lambda: not any(one.live for one in street.calls), message="over")
    assert await street.service.queue.sign_out(AGENT) is None


async def test_a_phone_that_says_no_at_once_is_rung_twice(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:
        for status in SAYS_NO:
            await pauses(street, status, "phone_refuses")


async def test_a_phone_that_forwards_is_rung_twice(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:
        for status in FORWARDS[:1] + FORWARDS[2:4]:
            await pauses(street, status, "phone_forwards")


async def test_the_same_on_the_oldest_asterisk(oldest_asterisk: AsteriskTree) -> None:
    async with open_street(oldest_asterisk) as street:
        await pauses(street, SAYS_NO[0], "phone_refuses")
        await pauses(street, FORWARDS[0], "phone_forwards")


async def test_whoever_is_too_late_or_is_given_up_has_refused_nothing(asterisk_tree: AsteriskTree) -> None:
    """Two phones ring, one is faster, three times; and callers who hang up while it rings."""
    async with open_street(asterisk_tree) as street:
        ringing = (b"SIP/2.0 180 Ringing\r\n",)
        await street.agent("ben", lambda _invite: ringing)
        for _ in range(3):
            rung = len(street.trunk.rung)
            call = street.trunk.send(Invite())
            await until(lambda rung=rung: len(street.trunk.rung) > rung, message="Ben's phone rings")  # type: ignore[misc]  # a default
            street.trunk.hang_up(call)
            await until(lambda: not any(one.live for one in street.calls), message="over")
        for _ in range(3):
            await street.agent("anna", answers)
            call = street.trunk.send(Invite())
            await until(
                lambda: any(one.phase is Phase.TALKING for one in street.calls), message="Anna has the call"
            )
            street.trunk.hang_up(call)
            await until(lambda: not any(one.live for one in street.calls), message="over")
        assert not street.service.registry.agents[AGENT].paused
