"""What the README promises to people with a SIP client of their own."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from pbx_bridge.asterisk.tools import Tool
from pbx_bridge.demo.cast import log_ins
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.demo_process import running_demo
from tests.pbx.room import open_folder
from tests.pbx.sipp import callers

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("asterisk_tree")]


async def test_any_sip_client_can_call_in_and_is_answered_at_the_desk(root: Path, sipp_tool: Tool) -> None:
    with open_folder() as folder:
        async with running_demo(folder, root) as demo, Desk(demo.url, log_ins()[0]) as anna:
            address = re.search(r"sip:(\d+)@127\.0\.0\.1:(\d+)", demo.said)
            assert address, demo.said
            await anna.ask(p.Ready)
            calling = asyncio.create_task(
                callers(
                    sipp_tool, "caller_with_diversion", int(address[2]), folder, line=address[1], talk_ms=None
                )
            )
            ringing = await anna.until(lambda now: now.calls, "the call")
            assert ringing.calls[0].pop.company.name == "Mustermann AG"
            assert ringing.calls[0].pop.caller.name == "Hans Müller"
            await anna.until(
                lambda now: now.calls[0].view.phase == "talking", "Anna's phone answering by itself"
            )
            assert (await anna.ask(p.HangUp, call=ringing.calls[0].view.call)).ok
            await anna.until(lambda now: now.calls[0].view.end_reason == "agent", "the end")
            assert (await calling).failed == 0
