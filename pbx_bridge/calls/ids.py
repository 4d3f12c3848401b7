"""The database's name for a call, made from the PBX's own, so that a restart finds the same one."""

from __future__ import annotations

import hashlib
from uuid import UUID


def call_id(pbx_call: str, pbx: str = "") -> str:
    """A UUIDv7 whose time is the second in which the call arrived and whose other bits are a hash of its
    Uniqueid.

    `pbx_call` is Asterisk's Uniqueid ("1795429654.114", with a systemname in front where there are several);
    `pbx` tells
    machines apart that were not given names. The same call gets the same id in every life of this service.
    """
    digest = int.from_bytes(hashlib.sha256(f"{pbx}/{pbx_call}".encode()).digest()[:10])
    milliseconds = int(_seconds(pbx_call) * 1000) & (1 << 48) - 1
    chance_a, chance_b = digest >> 62 & 0xFFF, digest & (1 << 62) - 1
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | chance_a << 64 | 0b10 << 62 | chance_b))


def _seconds(pbx_call: str) -> int:
    """The epoch in "name-1795429654.114"; 0 when there is none."""
    epoch = pbx_call.rpartition("-")[2].partition(".")[0]
    return int(epoch) if epoch.isascii() and epoch.isdigit() and len(epoch) < 13 else 0
