"""A phone that answers "call him there instead" (302, 305, 380 …) is not reached, and is followed nowhere."""

from __future__ import annotations

import itertools

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.effects import Phase
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.raw_peers import RawPeers, open_street
from tests.pbx.hostile import FORWARDS
from tests.pbx.sip_message import Invite, Message, Phone, answers, busy
from tests.until import until

pytestmark = pytest.mark.asterisk

PLACES = (b"+491713920077", b"493023125200", b"493023125100", b"deputy")
"""A mobile, another line of ours, the very line that was called."""


def forwards(status: bytes, place: bytes) -> Phone:
    """A phone that sends all calls to this user at our own PBX, which it is rung from."""

    def phone(invite: Message) -> tuple[bytes, ...]:
        return (b"%s\r\nContact: <sip:%s@127.0.0.1>\r\n" % (status, place),)

    return phone


async def tried(street: RawPeers, mode: msg.Mode, *numbers: str) -> list[tuple[str, str]]:
    """Anna rings these employees for her caller, one after the other; what became of it."""
    (call,) = [one.pbx_call for one in street.calls if one.phase is Phase.TALKING]
    transfers = street.service.transfers
    await until(lambda: "hold" in transfers.may(call), message="Anna may")
    plan = Plan(tuple(Target(number, f"+{number}", 4) for number in numbers))
    ring = msg.AskRing(call=call, agent="PJSIP/anna", plan=plan, employee=numbers[0], mode=mode)
    assert await street.service.ask(ring) is None

    def over() -> bool:
        state = transfers.views[call]
        return state.step is TransferStep.TALKING and not state.plan

    await until(over, message="all have been tried")
    return [(one.employee, str(one.result)) for one in transfers.views[call].tried[-len(numbers) :]]


async def test_an_employee_who_forwards_is_not_reached_and_the_deputy_is_rung(
    asterisk_tree: AsteriskTree,
) -> None:
    modes: tuple[msg.Mode, ...] = ("hold", "talk")
    async with open_street(asterisk_tree) as street:
        await street.bystander()
        number = 493023125700
        for status, (place, mode) in itertools.product(FORWARDS, zip(PLACES, modes, strict=False)):
            first, deputy, number = str(number), str(number + 1), number + 2
            street.trunk.phones |= {first.encode(): forwards(status, place), deputy.encode(): busy}
            results = await tried(street, mode, first, deputy)
            assert results == [(first, "unreachable"), (deputy, "busy")], status
            assert [rung.user.decode() for rung in street.trunk.rung[-2:]] == [first, deputy]
        assert street.stream.count("SecCall") == 1, "nothing has come round as a new call"
        assert {rung.user for rung in street.trunk.rung}.isdisjoint(PLACES)


@pytest.mark.parametrize("strategy", ["ringall", "rrmemory"])
async def test_an_agents_phone_that_forwards_is_followed_nowhere(
    asterisk_tree: AsteriskTree, strategy: str
) -> None:
    async with open_street(asterisk_tree, strategy=strategy) as street:
        for status, place in itertools.product(FORWARDS, PLACES):
            await _rings_ben_then_anna(street, forwards(status, place))
        assert street.stream.count("SecCall") == len(FORWARDS) * len(PLACES)
        assert {rung.user for rung in street.trunk.rung} == {b"anna", b"ben"}


async def _rings_ben_then_anna(street: RawPeers, phone: Phone) -> None:
    await street.agent("ben", phone)
    rung = len(street.trunk.rung)
    call = street.trunk.send(Invite())
    await until(lambda: len(street.trunk.rung) > rung, message="Ben's phone is rung")
    await street.agent("anna", answers)
    await until(lambda: any(one.phase is Phase.TALKING for one in street.calls), message="Anna has the call")
    street.trunk.hang_up(call)
    await until(lambda: not any(one.live for one in street.calls), message="over")
    for agent in ("anna", "ben"):
        assert await street.service.queue.sign_out(f"PJSIP/{agent}") is None
