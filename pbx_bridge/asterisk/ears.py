"""Who hears whom: every far-end telephone speaks a tone of its own, and what reaches its ear is looked at.

The far end's Asterisk hands each leg's speech on as it is, by RTP and in A-law (UnicastRTP in
far_end/extensions.conf): nothing is transcoded on the way, so an ear hears exactly what the secretariat sent.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from pbx_bridge.asterisk.hold_music import MELODY

RATE = 8000  # samples a second
FRAME = 160  # samples in 20 ms; A-law has one byte each
FRAMES = 5
"""Listened to at once: short enough for a turn in a conversation, long enough to hear through a click."""
STALE = 0.2  # seconds without a packet: nothing comes in
PCMU, PCMA = 0, 8  # payload types of µ-law and A-law, RFC 3551
HEADER = 12  # bytes, RFC 3550
SPACING = 48  # Hz; a packet is long enough to tell 50 Hz apart
CALLERS = tuple(range(900, 1650, SPACING))
AGENTS = tuple(range(1700, 2450, SPACING))
EMPLOYEES = tuple(range(2500, 3300, SPACING))
"""Voices in Hz, a band for each part, away from the melody on hold and from the tones of the network."""
NETWORK = (425, 480)  # ringing and engaged, any_run/indications.conf
LOUD = 200.0  # mean amplitude of a sample below which a line counts as silent
SHARE = 0.2  # of all that is heard, from which on a tone counts as a voice
AMPLITUDE = 6000


def voice_of(name: str) -> int:
    """Hz of a phone by its number or name, of a caller by "caller-…": neighbours have different ones."""
    if name[:1].isdigit():
        return EMPLOYEES[int(name[-2:]) % len(EMPLOYEES)]
    digits = int("0" + "".join(sign for sign in name if sign.isdigit()))
    band = CALLERS if name.startswith("caller-") else AGENTS
    return band[(digits + len(name)) % len(band)]


@dataclass(slots=True)
class Leg:
    """One phone's speech: a second of its tone, which it speaks again and again, and what it heard last.

    `tone` in A-law; it speaks in the codec in which it is spoken to.
    """

    tone: bytes
    codec: int = PCMA
    ssrc: bytes = field(default_factory=lambda: secrets.token_bytes(4))
    number: int = field(default_factory=lambda: secrets.randbelow(1 << 16))  # as real phones begin
    spoken: int = 0
    heard: deque[bytes] = field(default_factory=lambda: deque(maxlen=FRAMES))
    heard_at: float = 0.0

    def packet(self) -> bytes:
        """The next 20 ms."""
        at = self.spoken * FRAME
        head = bytes((0x80, self.codec)) + self.number.to_bytes(2) + (at % (1 << 32)).to_bytes(4) + self.ssrc
        self.number = (self.number + 1) % (1 << 16)
        self.spoken += 1
        speech = self.tone[at % RATE : at % RATE + FRAME]
        return head + (speech if self.codec == PCMA else speech.translate(TO_MU_LAW))


class Ears(asyncio.DatagramProtocol):
    """The one place to which all legs send what they hear, and from which they speak."""

    def __init__(self) -> None:
        self._legs: dict[tuple[str, int], Leg] = {}
        self._names: dict[str, tuple[str, int]] = {}
        self._tones: dict[int, bytes] = {}
        self._wire: asyncio.DatagramTransport | None = None
        self._speaking: asyncio.Task[None] | None = None

    async def listen(self, port: int) -> Self:
        """On loopback."""
        loop = asyncio.get_running_loop()
        self._wire, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", port))
        self._speaking = asyncio.create_task(self._speak())
        return self

    async def close(self) -> None:
        """Hear and say no more."""
        if self._speaking is not None:
            self._speaking.cancel()
        if self._wire is not None:
            self._wire.close()

    def open(self, leg: str, port: int, voice: int) -> None:
        """From now on this leg speaks, to the port of its Asterisk; `voice` in Hz."""
        tone = self._tones.get(voice)
        if tone is None:
            tone = self._tones[voice] = _second_of(voice)
        self._names[leg] = ("127.0.0.1", port)
        self._legs[self._names[leg]] = Leg(tone)

    def shut(self, leg: str) -> None:
        """The leg is over."""
        self._legs.pop(self._names.pop(leg, ("", 0)), None)

    def heard(self, leg: str, voices: Mapping[int, str]) -> frozenset[str]:
        """What this leg hears now: names of `voices` (Hz → name), "music", "tone" (of the network),
        "somebody at … Hz" (0: no voice at all); nothing = silence.
        """
        found = self._legs.get(self._names.get(leg, ("", 0)))
        if found is None or asyncio.get_running_loop().time() - found.heard_at > STALE:
            return frozenset()
        return listen(b"".join(found.heard), voices)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Keep the newest packets of each leg."""
        leg = self._legs.get(addr)
        codec = data[1] & 0x7F
        if leg is not None and codec in {PCMU, PCMA}:
            leg.codec = codec
            leg.heard.append(data[HEADER:] if codec == PCMA else data[HEADER:].translate(TO_A_LAW))
            leg.heard_at = asyncio.get_running_loop().time()

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while self._wire is not None:
            for address, leg in list(self._legs.items()):
                self._wire.sendto(leg.packet(), address)
            due = max(due + FRAME / RATE, loop.time() - 0.1)  # a late loop catches up a little, not for ever
            await asyncio.sleep(due - loop.time())


def listen(speech: bytes, voices: Mapping[int, str]) -> frozenset[str]:
    """Tell voices by their share of the power of all that is heard; `speech` in A-law."""
    samples = [LINEAR[byte] for byte in speech]
    whole = sum(sample * sample for sample in samples)
    if whole < LOUD * LOUD * max(len(samples), 1):
        return frozenset()
    shares = {hertz: _power(samples, hertz) / whole for hertz in voices}
    found = {voices[hertz] for hertz, share in shares.items() if share >= SHARE}
    rest = 1 - sum(share for share in shares.values() if share >= SHARE)
    if rest < SHARE:
        return frozenset(found)
    return frozenset(found | {_rest(samples, whole * rest, voices)})


def _rest(samples: list[int], power: float, known: Mapping[int, str]) -> str:
    """What this power is that no voice explains."""
    lines = {
        name: tones
        for name, tones in (("tone", NETWORK), ("music", frozenset(MELODY)))
        if sum(_power(samples, hertz) for hertz in tones) >= power / 2
    }
    if lines:  # these two lie closer together than a packet can tell
        return max(lines, key=lambda name: sum(_power(samples, hertz, len(samples)) for hertz in lines[name]))
    strangers = (
        hertz
        for hertz in (*CALLERS, *AGENTS, *EMPLOYEES)
        if hertz not in known and _power(samples, hertz) >= power / 2
    )
    return f"somebody at {next(strangers, 0)} Hz"


def _power(samples: list[int], hertz: float, piece: int = FRAME) -> float:
    """Goertzel: the power at this frequency, in the same unit as the sum of squares. Packet by packet: where
    one was lost, a wave does not go on as it was, and yet it is the same voice. `piece` in samples."""
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    power = 0.0
    for start in range(0, len(samples), piece):
        one = two = 0.0
        packet = samples[start : start + piece]
        for sample in packet:
            one, two = sample + turn * one - two, one
        power += 2 * (one * one + two * two - turn * one * two) / len(packet)
    return power


def _linear(byte: int) -> int:
    """One A-law byte as a 16-bit sample, ITU-T G.711."""
    byte ^= 0x55
    segment, step = (byte & 0x70) >> 4, byte & 0x0F
    size = (step << 4) + 8 if segment == 0 else ((step << 4) + 0x108) << (segment - 1)
    return size if byte & 0x80 else -size


LINEAR = tuple(_linear(byte) for byte in range(256))
_NEAREST = sorted((value, byte) for byte, value in enumerate(LINEAR))


def _second_of(hertz: int) -> bytes:
    """A whole number of waves in a second, so that it can be repeated without a seam."""
    times = math.gcd(hertz, RATE)  # the samples come again that often: calculating them all holds the loop
    once = (AMPLITUDE * math.sin(2 * math.pi * hertz * t / RATE) for t in range(RATE // times))
    return bytes(map(_a_law, once)) * times


def _mu_linear(byte: int) -> int:
    """One µ-law byte as a 16-bit sample, ITU-T G.711."""
    byte = ~byte & 0xFF
    size = ((((byte & 0x0F) << 3) + 0x84) << ((byte & 0x70) >> 4)) - 0x84
    return -size if byte & 0x80 else size


def _a_law(sample: float) -> int:
    place = min(bisect_left(_NEAREST, (int(sample), 0)), len(_NEAREST) - 1)
    return _NEAREST[place][1]


TO_A_LAW = bytes(_a_law(_mu_linear(byte)) for byte in range(256))
TO_MU_LAW = bytes(min(range(256), key=lambda mu: abs(_mu_linear(mu) - LINEAR[a])) for a in range(256))
