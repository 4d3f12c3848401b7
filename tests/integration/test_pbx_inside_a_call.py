"""What is offered and asked within a call: codecs, transfers, changes of name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.effects import Phase
from tests.integration.raw_peers import RawPeers, open_street
from tests.pbx import hostile
from tests.pbx.room import open_folder, quick_config
from tests.pbx.sip_message import PCMU, SDP, Invite, answers
from tests.until import until

pytestmark = pytest.mark.asterisk

WIDE = SDP.replace(b"RTP/AVP 8\r\n", b"RTP/AVP 9 0\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\n")
BOTH = SDP.replace(b"RTP/AVP 8\r\n", b"RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\n")
REFER = ((b"Refer-To", b"<sip:493023125700@127.0.0.1>"), (b"Referred-By", b"<sip:anna@127.0.0.1>"))


@pytest.fixture
async def street(asterisk_tree: AsteriskTree, root: Path) -> AsyncIterator[RawPeers]:
    """On an Asterisk that knows how to transfer."""
    with open_folder() as folder:
        modules = (root / "docker" / "asterisk" / "modules.conf").read_text()
        (folder / "modules.conf").write_text(f"{modules}load = res_pjsip_refer.so\n")
        async with open_street(asterisk_tree, templates=(*quick_config(0).templates, folder)) as opened:
            yield opened


async def test_nobody_sends_a_call_elsewhere(street: RawPeers) -> None:
    victim = await street.bystander()
    (call,), (phone,) = street.callers, street.trunk.rung
    asked = [
        street.trunk.inside(call, b"REFER", REFER),
        street.trunk.from_phone(phone, b"REFER", headers=REFER),
        street.trunk.inside(call, b"REFER", ((b"Refer-To", b"<sip:anna@127.0.0.1?Replaces=x>"),)),
    ]
    assert {await street.trunk.answer_to(key) // 100 for key in asked} <= {4, 6}
    assert street.service.registry.calls[victim.call].phase is Phase.TALKING
    assert not call.over
    assert len(street.trunk.rung) == 1, "nobody else is rung"
    # and it is still alive: it can be ended by its own people
    street.trunk.hang_up(call)
    await until(lambda: not street.service.registry.calls[victim.call].live, message="over")


@pytest.mark.parametrize("offer", [PCMU, WIDE, BOTH, SDP], ids=["pcmu", "g722-pcmu", "pcmu-pcma", "pcma"])
async def test_a_caller_is_answered_in_either_law(street: RawPeers, offer: bytes) -> None:
    await street.agent("anna", answers)
    call = street.trunk.send(Invite(body=offer))
    assert await street.trunk.answered(call) == 200
    await until(lambda: any(one.phase is Phase.TALKING for one in street.calls), message="a conversation")


async def test_nothing_that_is_said_within_a_call_is_believed(street: RawPeers) -> None:
    async with street.nothing_believed() as victim:
        (call,) = street.callers
        (phone,) = street.trunk.rung
        for number, forged in enumerate(hostile.forgers(victim, 12, seed=5)):
            headers = tuple(header for header in forged.headers if header[0] != b"Contact")
            for method in (b"MESSAGE", b"OPTIONS", b"NOTIFY", b"SUBSCRIBE"):
                street.trunk.inside(call, method, headers)  # not always answered
            for method in (b"INVITE", b"UPDATE", b"INFO"):
                offer = SDP if method == b"INVITE" else b""
                await street.trunk.answer_to(street.trunk.inside(call, method, headers, offer))
            await street.trunk.answer_to(street.trunk.from_phone(phone, b"INFO", 900 + number, headers))
        assert not call.over
