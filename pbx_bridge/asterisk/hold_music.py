"""A quiet melody of our own for callers on hold, so that nothing has to be licensed or shipped."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

RATE = 8000  # Hz, what a telephone line carries
BEAT = 0.6  # seconds
MELODY = (
    392.0,
    493.9,
    587.3,
    493.9,
    440.0,
    523.3,
    659.3,
    523.3,
    392.0,
    493.9,
    587.3,
    784.0,
    659.3,
    587.3,
    493.9,
    440.0,
)


def write_hold_music(file: Path) -> None:
    """Write the melody as WAV, 8 kHz mono 16 bit, about 10 s."""
    samples = array("h", (sample for note in MELODY for sample in _note(note)))
    with wave.open(str(file), "wb") as music:
        music.setnchannels(1)
        music.setsampwidth(2)
        music.setframerate(RATE)
        music.writeframes(samples.tobytes())


def write_silence(stem: Path) -> None:
    """Write 20 ms of silence in the codecs of the telephone network, as `stem`.alaw and `stem`.ulaw."""
    for codec, level in (("alaw", 0xD5), ("ulaw", 0xFF)):
        stem.with_suffix(f".{codec}").write_bytes(bytes([level]) * (RATE // 50))


def _note(pitch: float) -> list[int]:
    steps = range(int(RATE * BEAT))
    return [int(6000 * math.exp(-3 * t / RATE) * math.sin(2 * math.pi * pitch * t / RATE)) for t in steps]
