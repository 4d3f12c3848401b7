"""Our configuration for Asterisk, `docker/asterisk/`, filled in for one run."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pbx_bridge.asterisk.set_up import place
from pbx_bridge.settings.sections import LOOKS_ON

PLACEHOLDER = re.compile(r"@([A-Z_]+)@")
SHARED = Path(__file__).with_name("any_run")  # what every Asterisk of ours has, and a real PBX has already
LEFT_EMPTY = (
    "acl",
    "ccss",
    "features",
    "pjproject",
    "stasis",
    "udptl",
)  # an absent file is logged as an error


@dataclass(frozen=True, slots=True)
class PhoneConfig:
    """An agent's telephone: called at a fixed SIP address, or registering itself.

    What it sends it proves by its password. If none is given nobody knows it: the phone is called, no more.
    """

    name: str  # "anna", known to the queue as PJSIP/anna
    contact: str | None = None  # "sip:anna@127.0.0.1:5090"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def sections(self) -> str:
        """Its part of pjsip_phones.conf."""
        endpoint = f"[{self.name}](agent-phone)\naors = {self.name}\nauth = {self.name}\n"
        registers = "max_contacts = 1\nremove_existing = yes"
        aor = f"[{self.name}]\ntype = aor\n{f'contact = {self.contact}' if self.contact else registers}\n"
        auth = f"[{self.name}]\ntype = auth\nauth_type = userpass\nusername = {self.name}\n"
        return f"{endpoint}{aor}{auth}password = {self.password}\n"


@dataclass(frozen=True, slots=True)
class Timers:
    """Time limits of the dial plan in seconds; docker/asterisk/extensions.conf says what each is for."""

    queue_wait: int = 300
    agent_ring: int = 20
    ring: int = 20
    grace: int = 3
    wait_max: int = 25
    park: int = 20
    hold_max: int = 150
    voice_max: int = 120


class Configuration(Protocol):
    """What can be rendered for a run: files and the values to put into them. `ami_looker`: who may log in
    beside whoever works with it."""

    @property
    def templates(self) -> tuple[Path, ...]: ...
    @property
    def ami_port(self) -> int: ...
    @property
    def ami_user(self) -> str: ...
    @property
    def ami_secret(self) -> str: ...
    @property
    def ami_looker(self) -> str: ...
    def values(self) -> Mapping[str, object]: ...
    def files(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class PbxConfig:
    """The secretariat's PBX on loopback. Every port is the caller's choice."""

    ami_port: int
    sip_port: int
    rtp_ports: range
    trunk_peer: str  # "127.0.0.1:5070", where employees are called
    ami_secret: str = field(repr=False)
    trunk_host: str = "127.0.0.1"
    phones: tuple[PhoneConfig, ...] = ()
    timers: Timers = Timers()
    allowed: str = "^49([2-9][0-9]|1[567])[0-9]{3,11}$"
    internal: str = ""
    internal_via: str = "trunk"
    caller: str = "asserted"
    caller_shown: str = "from"
    from_user: str = ""
    strategy: str = "ringall"
    queue_options: str = ""
    sounds: str = ""
    name: str = ""
    rtp_timeout: int = 30
    ami_user: str = "pbx-bridge"
    templates: tuple[Path, ...] = (SHARED, place("asterisk"))

    @property
    def ami_looker(self) -> str:
        """Who may look on beside the service."""
        return self.ami_user + LOOKS_ON

    def values(self) -> Mapping[str, object]:
        """Placeholder → value."""
        timers = self.timers
        return {
            "AMI_PORT": self.ami_port,
            "AMI_USER": self.ami_user,
            "AMI_SECRET": self.ami_secret,
            "SIP_ADDRESS": f"127.0.0.1:{self.sip_port}",
            "TRUNK_PEER": self.trunk_peer,
            "TRUNK_HOST": self.trunk_host,
            "RTP_START": self.rtp_ports.start,
            "RTP_END": self.rtp_ports.stop - 1,
            "RTP_TIMEOUT": self.rtp_timeout,
            "QUEUE_WAIT": timers.queue_wait,
            "STRATEGY": self.strategy,
            "QUEUE_OPTIONS": self.queue_options,
            "AGENT_RING": timers.agent_ring,
            "RING": timers.ring,
            "GRACE": timers.grace,
            "WAIT_MAX": timers.wait_max,
            "PARK": timers.park,
            "HOLD_MAX": timers.hold_max,
            "VOICE_MAX": timers.voice_max,
            "SOUNDS": self.sounds,
            "ALLOWED": self.allowed,
            "INTERNAL": self.internal,
            "INTERNAL_VIA": self.internal_via,
            "CALLER": self.caller,
            "SHOW": self.caller_shown,
            "FROM_USER": self.from_user,
            "PBX_NAME": self.name,
        }

    def files(self) -> Mapping[str, str]:
        """Files written for this run instead of the example that lies beside the others."""
        return {"pjsip_phones.conf": "\n".join(phone.sections for phone in self.phones)}


def render(config: Configuration, etc: Path, values: Mapping[str, object]) -> None:
    """Write every file of `config` into the empty folder `etc`; `values` are those that only the run knows.

    Raises KeyError for a placeholder that nobody fills.
    """
    known = {**config.values(), **values}
    texts = {f"{name}.conf": "" for name in LEFT_EMPTY}
    texts |= {
        file.name: file.read_text() for folder in config.templates for file in sorted(folder.glob("*.conf"))
    }
    texts |= config.files()
    for name, text in texts.items():
        (etc / name).write_text(PLACEHOLDER.sub(lambda found: str(known[found[1]]), text))
