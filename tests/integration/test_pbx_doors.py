"""Who comes in as whom: the trunk by its address, a phone by password or its own address, none by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from pbx_bridge.asterisk.config import PhoneConfig
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from tests.integration.raw_peers import TRUNK, RawPeers, open_street
from tests.pbx.raw_sip import raw_sip
from tests.pbx.sip_message import Invite
from tests.until import until

pytestmark = pytest.mark.asterisk

PASSWORD = "correct horse"
OWN_ADDRESS = "127.0.0.3"
AGENTS = frozenset({"anna", "101", "called", "olda", "bound"})
NAMES = (*(name.encode() for name in sorted(AGENTS)), b"trunk", b"nobody")
USERS = (b"*1", b"493023125100")
REGISTER = ((b"Contact", b"<sip:anna@127.0.0.2:9>"), (b"Expires", b"60"))


@dataclass(frozen=True)
class Block:
    """A block as an operator may have written it into pjsip_phones.conf."""

    sections: str


FIXED = "sip:phone@127.0.0.1:9"
WITHOUT_PROOF = Block(f"[olda](agent-phone)\naors = olda\n[olda]\ntype = aor\ncontact = {FIXED}\n")
BOUND = Block(
    "[bound](agent-phone)\naors = bound\nidentify_by = ip\n[bound]\ntype = aor\n"
    f"contact = {FIXED}\n[bound]\ntype = identify\nendpoint = bound\nmatch = {OWN_ADDRESS}\n"
)
PHONES = (
    PhoneConfig("anna", password=PASSWORD),
    PhoneConfig("101", FIXED),
    PhoneConfig("called", FIXED),
    WITHOUT_PROOF,
    BOUND,
)


@pytest.fixture
async def street(asterisk_tree: AsteriskTree) -> AsyncIterator[RawPeers]:
    """All agents pause, and whoever ends that has been taken for one."""
    async with open_street(asterisk_tree, phones=PHONES) as opened:
        for name in AGENTS:
            assert await opened.service.queue.ready(f"PJSIP/{name}", name) is None
            assert await opened.service.queue.pause(f"PJSIP/{name}", "wrap_up") is None
        await until(lambda: paused(opened) == AGENTS, message="all pause")
        yield opened


def paused(street: RawPeers) -> set[str]:
    """Who takes no calls."""
    agents = street.service.registry.agents
    return {name.removeprefix("PJSIP/") for name, agent in agents.items() if agent.paused}


async def test_who_calls_from_the_trunk_is_a_caller_whatever_he_names_himself(street: RawPeers) -> None:
    invites = []
    for name in NAMES:
        pai = ((b"P-Asserted-Identity", b"<sip:%s@c.example>" % name),)
        invites += [Invite(user, name, headers=headers) for user in USERS for headers in ((), pai)]
    await street.all_reach_the_queue(invites)
    assert paused(street) == AGENTS


async def test_a_name_from_elsewhere_is_nobody(street: RawPeers) -> None:
    proofless = b"olda"  # has no password to ask for; what becomes of it is the next test's
    asked = [Invite(user, name) for name in NAMES if name != proofless for user in (*USERS, b"anna")]
    for name in NAMES:
        for method, headers in ((b"REGISTER", REGISTER), (b"SUBSCRIBE", ()), (b"MESSAGE", ())):
            asked.append(Invite(caller=name, to=name, method=method, headers=headers, body=b""))
    told = {call.id: await street.stranger.answered(street.stranger.send(call)) for call in asked}
    assert min(told.values()) >= 400
    assert {told[call.id] for call in asked if call.caller != proofless} == {401}
    assert paused(street) == AGENTS
    assert not street.calls


async def test_a_phone_without_any_proof_is_rung_and_can_do_nothing(street: RawPeers) -> None:
    call = street.stranger.send(Invite(b"*1", b"olda"))
    assert await street.stranger.answered(call) == 403
    assert paused(street) == AGENTS


async def test_nobody_registers_at_the_trunks_address(street: RawPeers) -> None:
    for name in NAMES:
        call = Invite(caller=name, to=name, method=b"REGISTER", headers=REGISTER, body=b"")
        assert await street.trunk.answered(street.trunk.send(call)) in {403, 404}, name


async def test_a_phone_with_its_password_ends_its_own_pause_and_dials_nobody(street: RawPeers) -> None:
    for user, status in ((b"493023125100", 403), (b"*1", 200)):
        asked = street.stranger.send(Invite(user, b"anna"))
        assert await street.stranger.answered(asked) == 401
        wrong = street.stranger.authorised(asked, "anna", "wrong")
        assert await street.stranger.answered(wrong) == 401
        assert paused(street) == AGENTS
        right = street.stranger.authorised(asked, "anna", PASSWORD)
        assert await street.stranger.answered(right) == status
    await until(lambda: paused(street) == AGENTS - {"anna"}, message="Anna's pause is over")
    assert not street.calls


async def test_a_phone_at_its_own_address_ends_its_own_pause(street: RawPeers) -> None:
    async with raw_sip((OWN_ADDRESS, free_port()), (TRUNK, street.config.sip_port)) as phone:
        assert await phone.answered(phone.send(Invite(b"*1", b"anna"))) == 200
        await until(lambda: paused(street) == AGENTS - {"bound"}, message="its pause is over")
