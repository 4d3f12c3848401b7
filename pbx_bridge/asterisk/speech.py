"""Announcements of the house, spoken by a free program: made on the machine that needs them, nobody's
recordings.

The texts are in `announcements`, one file a language. What lies in the folder already is left as it is:
people put better ones there.
"""

from __future__ import annotations

import math
import subprocess
import tempfile
import tomllib
import wave
from array import array
from collections.abc import Iterator, Sequence
from operator import mul
from pathlib import Path

from pbx_bridge.asterisk.tools import Tool, ToolMissing
from pbx_bridge.asterisk.tools import speech as speech_program

TEXTS = Path(__file__).with_name("announcements")
RATE = 8000
"""Hz, what a telephone line carries."""
WORDS_A_MINUTE = 150
TAPS = 16
"""Samples on each side that a sample of the slower sound is made of."""


class SpeechFailed(ToolMissing):
    """The program did not speak; the message has its own words."""


def texts() -> dict[str, tuple[str, str]]:
    """Name of the file → language and what is said: "de_niemand_frei" → ("de", "Guten Tag. …")."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(TEXTS.glob("*.toml")):
        for name, said in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found[f"{file.stem}_{name}"] = file.stem, said
    return found


def write_announcements(folder: Path, cache: Path) -> tuple[list[str], list[str]]:
    """Write those that are missing as WAV, 8 kHz mono 16 bit; names of the written ones, and of those that
    were there. Raises FetchError where there is no such program, SpeechFailed, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = texts()
    missing = [name for name in wanted if not (folder / f"{name}.wav").exists()]
    if missing:
        program = speech_program(cache)
        for name in missing:
            _write(program, folder / f"{name}.wav", *wanted[name])
    return missing, sorted(wanted.keys() - set(missing))


def _write(program: Tool, file: Path, language: str, said: str) -> None:
    """Whole or not at all."""
    with tempfile.TemporaryDirectory(dir=file.parent) as work:
        spoken, done = Path(work, "spoken.wav"), Path(work, "done.wav")
        options = ["-v", language, "-s", str(WORDS_A_MINUTE), "-w", str(spoken)]
        command = [str(program.program), *options, said]
        ended = subprocess.run(command, capture_output=True, text=True, env=program.env, check=False)
        if ended.returncode != 0 or not spoken.is_file():
            raise SpeechFailed(f"{program.program.name} does not speak: {ended.stderr.strip() or 'no sound'}")
        with wave.open(str(spoken)) as sound:
            samples = array("h", sound.readframes(sound.getnframes()))
            slower = array("h", resampled(samples, sound.getframerate(), RATE))
        with wave.open(str(done), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(slower.tobytes())
        done.chmod(0o644)  # Asterisk is another user
        done.replace(file)


def resampled(samples: Sequence[int], rate: int, wanted: int) -> Iterator[int]:
    """The same sound at a lower rate, without the frequencies that it cannot carry: each sample is a sum of
    its neighbours, weighed by a windowed sinc."""
    reach = math.ceil(TAPS * rate / wanted)
    phases = wanted // math.gcd(rate, wanted)
    weights = [_weights(place * rate % wanted / wanted, wanted / rate, reach) for place in range(phases)]
    padded = [0] * reach + list(samples) + [0] * (reach + 1)
    for place in range(len(samples) * wanted // rate):
        first = place * rate // wanted
        around = padded[first : first + 2 * reach + 1]
        yield max(-32768, min(32767, round(sum(map(mul, around, weights[place % phases])))))


def _weights(between: float, cut: float, reach: int) -> list[float]:
    """Of the samples around a place that lies so far behind the middle one."""
    return [_weight(at - between, cut, reach) for at in range(-reach, reach + 1)]


def _weight(distance: float, cut: float, reach: int) -> float:
    if abs(distance) >= reach:
        return 0.0
    window = 0.5 + 0.5 * math.cos(math.pi * distance / reach)
    turn = math.pi * distance * cut
    return cut * window * (math.sin(turn) / turn if turn else 1.0)
