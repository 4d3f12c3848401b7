"""Everything around the secretariat: its PBX, everybody's phones, a mail server, an SMS centre."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pbx_bridge.asterisk.config import PbxConfig, PhoneConfig, Timers
from pbx_bridge.asterisk.far_end import FarEnd
from pbx_bridge.asterisk.far_end_config import FarEndConfig
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port, speech_ports
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.demo import cast
from pbx_bridge.demo.mail_sink import MailSink
from pbx_bridge.demo.sms_centre import SmsCentre

RTP_PORTS = 100


@dataclass(frozen=True, slots=True)
class Pace:
    """How long people have patience; seconds."""

    timers: Timers
    wrap_up: int


FOR_PEOPLE = Pace(Timers(), wrap_up=20)
FOR_THE_CHECK = Pace(
    Timers(queue_wait=60, agent_ring=5, ring=3, grace=2, wait_max=8, park=5, hold_max=20), wrap_up=2
)


class DemoStage:
    """`async with DemoStage(…) as stage`: all of it runs, on free ports but for `sip_port`."""

    def __init__(self, tree: AsteriskTree, folder: Path, pace: Pace, sip_port: int) -> None:
        self.folder, self.pace = folder, pace
        self.mail = MailSink(folder)
        self.sms = SmsCentre()
        far_sip = free_port()
        self.config = _pbx(pace.timers, sip_port, far_sip)
        self.pbx = RunningAsterisk(tree, self.config, folder / "pbx")
        self.far = FarEnd(tree, _far_end(far_sip, sip_port), folder / "far-end")
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as starting:
            for part in (self.mail, self.sms, self.pbx, self.far):
                await starting.enter_async_context(part)
            self._running = starting.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._running.aclose()


def _pbx(timers: Timers, sip_port: int, far_sip: int) -> PbxConfig:
    peer = f"127.0.0.1:{far_sip}"
    return PbxConfig(
        ami_port=free_port(),
        ami_secret=secrets.token_urlsafe(16),
        sip_port=sip_port,
        rtp_ports=speech_ports(RTP_PORTS),
        trunk_peer=peer,
        phones=tuple(PhoneConfig(name, contact=f"sip:{name}@{peer}") for name in cast.agent_phones()),
        timers=timers,
    )


def _far_end(far_sip: int, pbx_sip: int) -> FarEndConfig:
    return FarEndConfig(
        ami_port=free_port(),
        ami_secret=secrets.token_urlsafe(16),
        sip_port=far_sip,
        rtp_ports=speech_ports(RTP_PORTS),
        pbx_peer=f"127.0.0.1:{pbx_sip}",
    )
