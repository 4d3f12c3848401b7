"""Who else takes part in the processing of data, as far as the settings tell: where it is, and how the way
there is protected. An operator has to be able to show it (Art. 28 and 32 GDPR)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from rules.access.public_address import is_public


class ServerPlace(StrEnum):
    """Where a server is, as its name or address tells."""

    OFF = "off"
    HERE = "here"
    INSIDE = "inside"
    OUTSIDE = "outside"


class Protection(StrEnum):
    """How the way to a server is protected."""

    TLS = "tls"
    NOT_NEEDED = "not_needed"
    OPEN = "open"


class ServerKind(StrEnum):
    """Which server it is."""

    WEB = "web"
    DATABASE = "database"
    PBX = "pbx"
    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Processor:
    """`host`: "" where there is none; whoever is `OUTSIDE` is a processor of its own, unless it is the
    house's."""

    part: ServerKind
    place: ServerPlace
    protection: Protection
    host: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Data leave this machine unprotected."""
        return self.protection is Protection.OPEN


_INSIDE = (".local", ".lan", ".internal", ".intern", ".home.arpa")


def place_of(host: str) -> ServerPlace:
    """By its address; by its name, if that says it. "" is on this machine, as a file is."""
    name = host.strip("[]").casefold()
    if name in {"", "localhost"}:
        return ServerPlace.HERE
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return ServerPlace.INSIDE if "." not in name or name.endswith(_INSIDE) else ServerPlace.OUTSIDE
    if address.is_loopback:
        return ServerPlace.HERE
    return ServerPlace.OUTSIDE if is_public(name) else ServerPlace.INSIDE


def processor(part: ServerKind, host: str, *, encrypted: bool, off: bool = False) -> Processor:
    """`encrypted`: TLS all the way to it."""
    if off:
        return Processor(part, ServerPlace.OFF, Protection.NOT_NEEDED)
    place = place_of(host)
    protection = Protection.TLS if encrypted else Protection.OPEN
    if place is ServerPlace.HERE and not encrypted:
        protection = Protection.NOT_NEEDED
    return Processor(part, place, protection, host)
