"""How the Asterisk that plays everybody outside is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pbx_bridge.asterisk.config import SHARED
from pbx_bridge.asterisk.ports import free_port

FIRST_OFFERED = "incoming_call_offer_pref = remote"


@dataclass(frozen=True, slots=True)
class FarEndConfig:
    """The far end on loopback; `pbx_peer` is where the secretariat's PBX listens for SIP, host:port."""

    ami_port: int
    sip_port: int
    rtp_ports: range
    pbx_peer: str
    ami_secret: str = field(repr=False)
    ami_user: str = "far-end"
    ears_port: int = field(default_factory=free_port)
    as_offered: bool = True
    """Phones take the first codec that they are offered; Asterisk 16 as a phone cannot."""
    keys: str = "rfc4733"
    """How a key is told: as telephone-event, or "inband": as a tone and by nothing else."""
    templates: tuple[Path, ...] = (SHARED, Path(__file__).with_name("far_end"))

    @property
    def ami_looker(self) -> str:
        """Whoever plays it."""
        return self.ami_user

    def values(self) -> Mapping[str, object]:
        """Placeholder → value."""
        return {
            "AMI_PORT": self.ami_port,
            "AMI_SECRET": self.ami_secret,
            "SIP_PORT": self.sip_port,
            "PBX_PEER": self.pbx_peer,
            "RTP_START": self.rtp_ports.start,
            "RTP_END": self.rtp_ports.stop - 1,
            "EARS_PORT": self.ears_port,
            "KEYS": self.keys,
            "PBX_NAME": "",
            "CODEC_PREFERENCE": FIRST_OFFERED if self.as_offered else "",
        }

    def files(self) -> Mapping[str, str]:
        """None of its own."""
        return {}
