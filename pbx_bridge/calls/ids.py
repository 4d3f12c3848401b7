"""The database's names for what a PBX tells of, made from its own, so that a restart finds the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CallNames:
    """How the calls of one PBX are named where calls of others stand as well. `pbx`: its name, "" where there
    is only one.

    A Uniqueid is the second and a counter: two machines give two calls the same one. A machine that has its
    `systemname` puts it in front itself; one that lacks it must not make one call of two for that.
    """

    pbx: str = ""

    def id_of(self, told: str) -> str:
        """The database's id of the call that this PBX names so."""
        return call_id(told, self.pbx)

    def stored(self, told: str) -> str:
        """A Uniqueid, a ChannelId or the name of a recording, as nobody else's is called."""
        return told if not self.pbx or told.startswith(f"{self.pbx}-") else f"{self.pbx}/{told}"

    def told(self, stored: str) -> str:
        """As this PBX says it. What another one told of keeps a name that nothing of this one has."""
        return stored.removeprefix(f"{self.pbx}/") if self.pbx else stored


def call_id(pbx_call: str, pbx: str = "") -> str:
    """A UUIDv7 whose time is the second in which the call arrived and whose other bits are a hash of its
    Uniqueid.

    `pbx_call` is Asterisk's Uniqueid ("1795429654.114", with a systemname in front where there are several);
    `pbx` is the PBX's name in our settings. The same call gets the same id in every life of this service.
    """
    digest = int.from_bytes(hashlib.sha256(f"{pbx}/{pbx_call}".encode()).digest()[:10])
    milliseconds = int(_seconds(pbx_call) * 1000) & (1 << 48) - 1
    chance_a, chance_b = digest >> 62 & 0xFFF, digest & (1 << 62) - 1
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | chance_a << 64 | 0b10 << 62 | chance_b))


def _seconds(pbx_call: str) -> int:
    """The epoch in "name-1795429654.114"; 0 when there is none."""
    epoch = pbx_call.rpartition("-")[2].partition(".")[0]
    return int(epoch) if epoch.isascii() and epoch.isdigit() and len(epoch) < 13 else 0
