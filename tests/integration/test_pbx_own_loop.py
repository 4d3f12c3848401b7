"""An employee's network forwards our put-through to a line of ours: nobody gets a call of our own making."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from pbx_bridge.ami.actions import Originate
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.effects import Phase
from pbx_bridge.transfers import messages as msg
from rules.calls.call_backs import ring_name
from tests.integration.raw_peers import RawPeers, open_street
from tests.integration.test_pbx_forwarding_phones import tried
from tests.pbx.sip_message import Headers, Invite, Message, Phone, answers, busy
from tests.until import until

pytestmark = pytest.mark.asterisk

CALLER = b"491713920042"
LINE, OTHER_LINE = b"493023125100", b"493023125101"


@dataclass(frozen=True, slots=True)
class Way:
    """How the network brings it back. `headers` of the number that was rung; `caller` None: as we told it."""

    title: str
    headers: Callable[[bytes], Headers]
    caller: bytes | None = None
    line: bytes = OTHER_LINE
    mode: msg.Mode = "hold"


def diversion(number: bytes) -> Headers:
    return ((b"Diversion", b"<sip:+%s@carrier.example>;reason=unconditional" % number),)


def behind_another(number: bytes) -> Headers:
    return ((b"Diversion", b"<sip:+494023125777@c>;reason=busy, <sip:0%s@c>;reason=no-answer" % number[2:]),)


def history(number: bytes) -> Headers:
    station = b"<sip:%%2B%s@c?Reason=SIP%%3Bcause%%3D302>;index=1" % number
    return ((b"History-Info", station), (b"History-Info", b"<sip:%s@c>;index=1.1" % OTHER_LINE))


WAYS = (
    Way("by Diversion", diversion),
    Way("to the very line that was called", diversion, line=LINE),
    Way("ring while talking", diversion, mode="talk"),
    Way("behind another station", behind_another),
    Way("by History-Info", history, mode="talk"),
    Way("with a line of ours as the caller", diversion, caller=OTHER_LINE),
    Way("our caller written nationally", diversion, caller=b"01713920042"),
)


def comes_back(street: RawPeers, way: Way, number: bytes) -> Phone:
    """The network tells us 181, and calls one of our lines."""

    def phone(invite: Message) -> tuple[bytes, ...]:
        told = invite.headers[b"from"].partition(b"sip:")[2].partition(b"@")[0]
        street.trunk.send(Invite(way.line, way.caller or told, headers=way.headers(number)))
        return (b"SIP/2.0 181 Call Is Being Forwarded\r\n",)

    return phone


async def test_it_is_known_as_our_own_and_the_deputy_is_rung(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:
        await street.bystander()
        await street.name_line("493023125100")
        await street.name_line("493023125101")
        number = 493023125700
        for way in WAYS:
            first, deputy, number = str(number), str(number + 1), number + 2
            street.trunk.phones |= {
                first.encode(): comes_back(street, way, first.encode()), deputy.encode(): busy,
            }  # fmt: skip
            assert await tried(street, way.mode, first, deputy) == [
                (first, "unreachable"),
                (deputy, "busy"),
            ], way
            back = street.callers[-1]
            assert await street.trunk.answered(back) >= 400, way
        assert street.stream.count("SecCall") == 1, "nothing has come round as a new call"
        assert len(street.calls) == 1


async def test_an_extension_that_is_a_line_of_ours_is_known_too(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:
        await street.bystander()
        way = Way("dialled itself", lambda _number: ())
        street.trunk.phones |= {OTHER_LINE: comes_back(street, way, OTHER_LINE), b"493023125701": busy}
        results = await tried(street, "hold", OTHER_LINE.decode(), "493023125701")
        assert results == [(OTHER_LINE.decode(), "unreachable"), ("493023125701", "busy")]
        assert street.stream.count("SecCall") == 1


async def test_somebody_else_who_is_forwarded_from_there_is_an_ordinary_caller(
    asterisk_tree: AsteriskTree,
) -> None:
    async with open_street(asterisk_tree) as street:
        await street.bystander()
        way = Way("somebody else", diversion, caller=b"491713920043")
        street.trunk.phones |= {
            b"493023125700": comes_back(street, way, b"493023125700"),
            b"493023125701": busy,
        }
        results = await tried(street, "hold", "493023125700", "493023125701")
        assert results == [("493023125700", "no_answer"), ("493023125701", "busy")]
        await until(
            lambda: [one.phase for one in street.calls] == [Phase.TALKING, Phase.WAITING], message="both"
        )


async def test_a_call_back_to_a_telephone_that_forwards_to_us_has_not_reached_anybody(
    asterisk_tree: AsteriskTree,
) -> None:
    """Our own queue would answer it, and the promise be taken for kept."""
    async with open_street(asterisk_tree) as street:
        await street.name_line(LINE.decode())
        await street.agent("anna", answers)
        caller, line = CALLER.decode(), LINE.decode()
        street.trunk.phones[CALLER] = comes_back(street, Way("a caller's", diversion, line=LINE), CALLER)
        told = (("_SEC_TO", caller), ("_SEC_FROMLINE", line), ("_SEC_OF", line))
        name = ring_name(datetime.now(UTC), 7)
        order = Originate(name, f"Local/{caller}@sec-ringback/n", "sec-again", line, variables=told)
        await street.service.link.send(order)
        await until(lambda: street.callers, message="it comes back")
        assert await street.trunk.answered(street.callers[0]) >= 400
        await until(lambda: not any(call.live for call in street.calls), message="Anna hears that it is over")
        assert street.stream.count("SecCall") == 1
