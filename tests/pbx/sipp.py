"""SIPp as a phone or as any number of callers; the scenarios beside it are named by actor and deed."""

from __future__ import annotations

import asyncio
import contextlib
import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pbx_bridge.asterisk.ports import free_port, free_ports
from pbx_bridge.asterisk.tools import Tool

SCENARIOS = Path(__file__).with_name("scenarios")
STAYS = """  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
  <timewait milliseconds="500"/>
</scenario>
"""
"""How a caller ends who waits until the other side hangs up."""
A_LAW_SECOND = bytes([0xD5, 0x54] * 4000)  # not quite silence, 8 kHz


@dataclass(frozen=True, slots=True)
class Played:
    """How SIPp's calls went."""

    successful: int
    failed: int
    said: str


@asynccontextmanager
async def phones(sipp: Tool, scenario: str, port: int, folder: Path) -> AsyncIterator[None]:
    """Any number of phones at this port, all doing the same, until the block ends."""
    process = await _start(sipp, scenario, folder, ["-p", str(port)])
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def callers(
    sipp: Tool,
    scenario: str,
    target_port: int,
    folder: Path,
    *,
    line: str,
    calls: int = 1,
    rate: int = 1,
    talk_ms: int | None = 1000,
) -> Played:
    """`calls` people call `line`, `rate` a second, each hanging up `talk_ms` after the queue has them; None:
    who waits until the other side hangs up."""
    (folder / "speech.alaw").write_bytes(A_LAW_SECOND * 30)
    statistics = folder / f"{scenario}.csv"
    arguments = [f"127.0.0.1:{target_port}", "-p", str(free_port()), "-s", line, "-d", str(talk_ms or 0)]
    arguments += ["-m", str(calls), "-r", str(rate), "-timeout", "60", "-timeout_error"]
    arguments += ["-trace_stat", "-stf", str(statistics)]
    process = await _start(sipp, scenario, folder, arguments, stays=talk_ms is None)
    try:
        await asyncio.wait_for(process.wait(), 90)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    last = list(csv.DictReader(statistics.open(), delimiter=";"))[-1]
    errors = "\n".join(file.read_text(errors="replace") for file in folder.glob(f"{scenario}_*_errors.log"))
    return Played(int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"]), errors)


async def _start(
    sipp: Tool, scenario: str, folder: Path, arguments: list[str], *, stays: bool = False
) -> asyncio.subprocess.Process:
    played = folder / f"{scenario}.xml"
    text = (SCENARIOS / played.name).read_text()
    played.write_text(text[: text.index("  <pause/>")] + STAYS if stays else text)
    told = ["-sf", str(played), "-i", "127.0.0.1", "-mp", str(free_ports(4).start)]
    with (folder / f"{scenario}.out").open("wb") as screen:
        return await asyncio.create_subprocess_exec(
            str(sipp.program), *arguments, *told, "-nostdin", "-trace_err", "-rtp_echo",
            cwd=folder, env=sipp.env, stdout=screen, stderr=screen,
        )  # fmt: skip
