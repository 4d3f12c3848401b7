"""Any SIP software can play any part: here SIPp is trunk, callers and phones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.asterisk.tools import Tool
from tests.pbx.room import open_folder, quick_config
from tests.pbx.sipp import callers, phones
from tests.pbx.watch import Watch, watching
from tests.until import until

pytestmark = pytest.mark.asterisk

LINE, EMPLOYEE = "493023125100", "493023125700"


@dataclass(frozen=True)
class Bench:
    """Our PBX; whatever it dials goes to `phone_port`."""

    pbx: RunningAsterisk
    watch: Watch
    sipp: Tool
    folder: Path
    sip_port: int
    phone_port: int


@pytest.fixture
async def bench(asterisk_tree: AsteriskTree, sipp_tool: Tool) -> AsyncIterator[Bench]:
    port = free_port()
    agents = tuple(f"agent{number}" for number in range(20))
    config = replace(quick_config(port, agents), strategy="rrmemory")
    with open_folder() as folder:
        async with RunningAsterisk(asterisk_tree, config, folder / "pbx") as pbx, watching(pbx) as watch:
            yield Bench(pbx, watch, sipp_tool, folder, config.sip_port, port)


async def test_a_forwarded_call_reaches_the_agent_with_its_diversion(bench: Bench) -> None:
    await bench.watch.add_agent("agent0")
    async with phones(bench.sipp, "agent_answers", bench.phone_port, bench.folder):
        played = await callers(bench.sipp, "caller_with_diversion", bench.sip_port, bench.folder, line=LINE)
    assert (played.successful, played.failed) == (1, 0), played.said
    arrived = await bench.watch.seen("SecCall")
    assert (arrived["Did"], arrived["Rdnis"], arrived["RdnisReason"]) == (LINE, "+493023125900", "cfnr")
    assert arrived["CallerIDName"] == "Hans Müller"


@pytest.mark.parametrize("line, did", [(LINE, LINE), (f"+{LINE}", f"+{LINE}"), ("sekretariat", "0")])
async def test_whatever_the_provider_dials_nobody_is_turned_away(bench: Bench, line: str, did: str) -> None:
    await bench.watch.add_agent("agent0")
    async with phones(bench.sipp, "agent_hangs_up", bench.phone_port, bench.folder):
        played = await callers(
            bench.sipp, "caller_by_account", bench.sip_port, bench.folder, line=line, talk_ms=None
        )
    assert (played.successful, played.failed) == (1, 0), played.said
    assert (await bench.watch.seen("SecCall"))["Did"] == did
    assert await bench.watch.seen("AgentConnect")


async def test_no_number_makes_the_pbx_report_what_the_caller_wants(bench: Bench) -> None:
    await bench.watch.add_agent("agent0")
    async with phones(bench.sipp, "agent_answers", bench.phone_port, bench.folder):
        played = await callers(bench.sipp, "caller_forges_events", bench.sip_port, bench.folder, line=LINE)
    assert (played.successful, played.failed) == (1, 0), played.said
    arrived = await bench.watch.seen("SecCall")
    assert arrived["CallerIDNum"].startswith("491713920042EventUserEvent"), "all of it, on its own line"
    assert {event.get("Call", arrived["Call"]) for event in bench.watch.events} == {arrived["Call"]}


@pytest.mark.parametrize(
    "scenario, result",
    [
        ("employee_busy", "BUSY"),
        ("employee_declines", "CHANUNAVAIL"),
        ("employee_unavailable", "CONGESTION"),
        ("employee_does_not_answer", "NOANSWER"),
        ("employee_forges_events", "BUSY"),
    ],
)
async def test_what_an_employee_phone_says_is_reported(bench: Bench, scenario: str, result: str) -> None:
    call = asyncio.create_task(
        callers(bench.sipp, "caller_with_diversion", bench.sip_port, bench.folder, line=LINE, talk_ms=None)
    )
    async with phones(bench.sipp, scenario, bench.phone_port, bench.folder):
        arrived = await bench.watch.seen("SecCall")
        told = {"CALL": arrived["Call"], "CHAN": arrived["Channel"], "ATT": "first", "RING": 2}
        await bench.watch.manager.action(
            "Originate", Channel=f"Local/{EMPLOYEE}@sec-target/n", Context="sec-answered", Exten="s",
            Priority=1, Async="true", Variable=[f"__SEC_{key}={value}" for key, value in told.items()],
        )  # fmt: skip
        assert (await bench.watch.seen("SecTarget", Att="first"))["Result"] == result
        await bench.watch.manager.action("Hangup", Channel=arrived["Channel"])
        assert (await call).successful == 1, "the caller noticed nothing"
    assert len(bench.watch.find("SecCall")) == 1, "nobody but the PBX reports calls"


async def test_forty_calls_at_ten_a_second_all_reach_an_agent(bench: Bench) -> None:
    for number in range(20):
        await bench.watch.add_agent(f"agent{number}")
    async with phones(bench.sipp, "agent_hangs_up", bench.phone_port, bench.folder):
        played = await callers(
            bench.sipp, "caller_with_diversion", bench.sip_port, bench.folder,
            line=LINE, calls=40, rate=10, talk_ms=None,
        )  # fmt: skip
    assert (played.successful, played.failed) == (40, 0), played.said
    for event, key in (("SecCall", "Call"), ("AgentConnect", "Uniqueid")):
        await until(lambda event=event, key=key: len(of(bench, event, key)) == 40, message=event)  # type: ignore[misc]  # a default


def of(bench: Bench, event: str, key: str) -> set[str]:
    """Of which calls this was told."""
    return {found[key] for found in bench.watch.find(event)}
