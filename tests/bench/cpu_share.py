"""CPU of the whole service beside Asterisk's, for the same calls with speech; two desks are open."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pbx_bridge.asterisk.cache import cache_folder
from pbx_bridge.asterisk.config import PbxConfig
from pbx_bridge.asterisk.locate import locate
from pbx_bridge.asterisk.ports import free_port, speech_ports
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.asterisk.tools import sipp
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.demo import cast
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from rules.text.phone_numbers import dial_digits
from tests.bench.figure import Figure, held
from tests.pbx.room import open_folder, quick_config
from tests.pbx.sipp import callers, phones
from tests.pbx.watch import watching

CALLS, PER_SECOND, TALK_MS = 100, 5, 10_000
AGENTS = ("anna", "ben", *(f"agent{number}" for number in range(58)))


async def run() -> list[Figure]:
    """One load of calls; both processes' CPU seconds are read from the system before and after."""
    port, tool = free_port(), sipp()
    config = replace(quick_config(port, AGENTS), strategy="rrmemory", rtp_ports=speech_ports(600))
    with open_folder() as folder:
        async with (
            RunningAsterisk(locate(cache_folder()), config, folder / "pbx") as pbx,
            watching(pbx) as watch,
            _service(config, folder) as (service, url, line),
            phones(tool, "agent_answers", port, folder),
        ):
            for name in AGENTS:
                await watch.add_agent(name)
            anna, ben = (who for who in cast.log_ins() if who.phone)
            async with Desk(url, anna), Desk(url, ben):
                before = _cpu(service), _cpu(pbx.pid)
                played = await callers(
                    tool,
                    "caller_with_speech",
                    config.sip_port,
                    folder,
                    line=line,
                    calls=CALLS,
                    rate=PER_SECOND,
                    talk_ms=TALK_MS,
                )
                ours, asterisk = _cpu(service) - before[0], _cpu(pbx.pid) - before[1]
    if played.failed:
        raise RuntimeError(f"{played.failed} calls failed: the figure would be of something else")
    name = "CPU of the service per Asterisk's, 5 calls/s of 10 s"
    return [held(name, ours / asterisk, "times", "at most", 0.25)]


@contextlib.asynccontextmanager
async def _service(config: PbxConfig, folder: Path) -> AsyncIterator[tuple[int, str, str]]:
    """The service as anybody starts it, with the demo's cast: process id, address, a company's line."""
    web, database = free_port(), f"sqlite:///{folder / 'bench.db'}"
    db = Database(database)
    await cast.furnish(db, datetime.now(UTC), Passwords(Settings().auth).hash)
    await db.close()
    settings = folder / "settings.toml"
    settings.write_text(
        f'[web]\nport = {web}\npublic_url = "http://localhost:{web}"\n'
        f'[database]\nurl = "{database}"\n'
        f'[ami]\nport = {config.ami_port}\nusername = "{config.ami_user}"\n'
        '[log]\nlevel = "error"\n'
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pbx_bridge", "--settings", str(settings), "serve",
        env=os.environ | {"PBX_BRIDGE_AMI_SECRET": config.ami_secret},
    )  # fmt: skip
    try:
        await _answers(web)
        yield process.pid, f"http://localhost:{web}", dial_digits(cast.own_lines()[0])
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    for _ in range(400):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("the service does not listen")


def _cpu(pid: int) -> float:
    """CPU seconds that this process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
