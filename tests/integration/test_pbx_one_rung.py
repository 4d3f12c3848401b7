"""Each attempt ends as what it was: a mailbox, several handsets, a network that changes its mind."""

from __future__ import annotations

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.raw_peers import RawPeers, open_street
from tests.integration.test_pbx_forwarding_phones import tried
from tests.pbx.sip_message import Message, answers, busy
from tests.until import until

pytestmark = pytest.mark.asterisk
EMPLOYEE, DEPUTY = "493023125700", "493023125701"
RINGS, SESSION = b"SIP/2.0 180 Ringing\r\n", b"SIP/2.0 183 Session Progress\r\n"
TAKEN, GONE = b"SIP/2.0 200 OK\r\n", b"SIP/2.0 480 Temporarily Unavailable\r\n"


def tagged(answer: bytes, tag: bytes) -> bytes:
    """From this handset of several, which a network rings side by side."""
    return answer + b"X-To-Tag: " + tag + b"\r\n"


async def ring(street: RawPeers, mode: msg.Mode) -> str:
    """Anna rings the employee, who picks up; the call."""
    await street.bystander()
    (call,) = [one.pbx_call for one in street.calls]
    transfers = street.service.transfers
    await until(lambda: "hold" in transfers.may(call), message="Anna may")
    plan = Plan((Target(EMPLOYEE, f"+{EMPLOYEE}", 4), Target(DEPUTY, f"+{DEPUTY}", 4)))
    asked = msg.AskRing(call=call, agent="PJSIP/anna", plan=plan, employee=EMPLOYEE, mode=mode)
    assert await street.service.ask(asked) is None
    wanted = TransferStep.CONSULTING if mode == "hold" else TransferStep.ANSWERED
    await until(lambda: transfers.views[call].step is wanted, message=lambda: str(transfers.views[call]))
    return call


async def ask(street: RawPeers, call: str, kind: type[msg.Ask], step: TransferStep) -> None:
    assert await street.service.ask(kind(call=call, agent="PJSIP/anna")) is None
    views = street.service.transfers.views
    await until(lambda: views[call].step is step, message=lambda: str(views[call]))


@pytest.mark.parametrize("mode", ["hold", "talk"])
async def test_a_mailbox_that_is_left_alone_has_declined_nothing(
    asterisk_tree: AsteriskTree, mode: msg.Mode
) -> None:
    """Heard before the agent goes back; nobody else is rung."""
    async with open_street(asterisk_tree) as street:
        street.trunk.phones[EMPLOYEE.encode()] = answers
        call = await ring(street, mode)
        if mode == "talk":
            await ask(street, call, msg.AskSwitch, TransferStep.CONSULTING)
        await ask(street, call, msg.AskBack, TransferStep.TALKING)
        view = street.service.transfers.views
        await until(
            lambda: [str(one.result) for one in view[call].tried] == ["answered"],
            message=lambda: str(view[call]),
        )
        assert [rung.user.decode() for rung in street.trunk.rung] == ["anna", EMPLOYEE]


async def test_the_handset_that_is_picked_up_is_the_one_that_counts(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:

        def several(_invite: Message) -> tuple[bytes, ...]:
            return (
                tagged(RINGS, b"desk"),
                tagged(RINGS, b"mobile"),
                tagged(SESSION, b"mailbox"),
                tagged(TAKEN, b"mobile"),
            )

        street.trunk.phones[EMPLOYEE.encode()] = several
        call = await ring(street, "hold")
        await ask(street, call, msg.AskConnect, TransferStep.JOINED)
        assert [str(one.result) for one in street.service.transfers.views[call].tried] == ["joined"]


async def test_handsets_that_all_ring_in_vain_are_one_attempt(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:

        def in_vain(_invite: Message) -> tuple[bytes, ...]:
            return (tagged(RINGS, b"desk"), tagged(RINGS, b"mobile"), tagged(GONE, b"desk"))

        await street.bystander()
        street.trunk.phones |= {EMPLOYEE.encode(): in_vain, DEPUTY.encode(): busy}
        assert await tried(street, "hold", EMPLOYEE, DEPUTY) == [(EMPLOYEE, "no_answer"), (DEPUTY, "busy")]
