"""A real Kannel on loopback with its fake SMS centre, whose log shows what reached the network."""

from __future__ import annotations

import asyncio
import contextlib
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.tools import Tool, fake_sms_centre, kannel
from pbx_bridge.settings import Secret, SmsSettings
from tests.until import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

USER, PASSWORD = "bridge", "only-for-tests"
GOT = re.compile(r"Got message \d+: <(?P<sender>\S+) (?P<to>\S+) (?P<coding>\S+) (?P<text>.*)>")


@dataclass
class Kannel:
    """`url`: where to send; `arrived()`: what the SMS centre got, as (sender, receiver, text)."""

    folder: Path
    url: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def settings(self) -> SmsSettings:
        """Settings with which the service reaches this gateway."""
        return SmsSettings(
            preset="kannel", url=self.url, username=USER, secret=Secret(PASSWORD), sender="Sekretariat"
        )

    def log(self, program: str) -> str:
        """What this program has written so far."""
        return (self.folder / f"{program}.out").read_text(errors="replace")

    def arrived(self) -> list[tuple[str, str, str]]:
        """All messages at the SMS centre, first one first."""
        return [(m["sender"], m["to"], m["text"]) for m in GOT.finditer(self.log("fakesmsc"))]

    def start(self, tool: Tool, arguments: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        """Start one of its programs, writing into its own file."""
        with (self.folder / f"{tool.program.name}.out").open("wb") as output:
            process = subprocess.Popen(  # its own session, so that it is ended by its own id only
                [tool.program, *arguments],
                env=tool.env,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
            )
        self.running.append(process)
        return process


@contextlib.asynccontextmanager
async def running_kannel() -> AsyncIterator[Kannel]:
    """Bearerbox first, then the SMS box and the SMS centre, which connect to it; ended in reverse order."""
    with tempfile.TemporaryDirectory(prefix="kannel-") as name:
        admin, boxes, centre, sending = (free_port() for _ in range(4))
        house = Kannel(Path(name), f"http://127.0.0.1:{sending}/cgi-bin/sendsms")
        conf = house.folder / "kannel.conf"
        conf.write_text(_configuration(admin, boxes, centre, sending))
        bearerbox = kannel()
        smsbox = Tool(bearerbox.folder / "smsbox", bearerbox.extra_env)
        try:
            house.start(bearerbox, [conf])
            await _listens(boxes)
            house.start(smsbox, [conf])
            await _listens(sending)
            house.start(fake_sms_centre(), ["-H", "127.0.0.1", "-r", str(centre), "-m", "0", "1 2 text -"])
            await until(
                lambda: "connected" in house.log("bearerbox").lower(), message="the SMS centre connects"
            )
            yield house
        finally:
            for process in reversed(house.running):
                process.terminate()
            for process in house.running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(5)
                process.kill()


async def _listens(port: int) -> None:
    for _ in range(500):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(f"nobody listens on port {port}")


def _configuration(admin: int, boxes: int, centre: int, sending: int) -> str:
    return f"""
group = core
admin-port = {admin}
admin-password = {PASSWORD}
smsbox-port = {boxes}
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = centre
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sending}

group = sendsms-user
username = {USER}
password = {PASSWORD}
max-messages = 3
concatenation = true

group = sms-service
keyword = default
text = "-"
max-messages = 0
"""
