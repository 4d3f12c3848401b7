from __future__ import annotations

import math

import pytest

from pbx_bridge.asterisk import ears
from pbx_bridge.asterisk.ears import AGENTS, CALLERS, EMPLOYEES, FRAME, FRAMES, RATE, listen, voice_of
from pbx_bridge.asterisk.hold_music import MELODY

NAMES = {CALLERS[0]: "caller", AGENTS[0]: "agent", EMPLOYEES[0]: "employee"}


def speech(*tones: tuple[float, float]) -> bytes:
    """A-law of these (Hz, amplitude) at once, as long as is listened to at once."""
    return bytes(
        ears._a_law(sum(loud * math.sin(2 * math.pi * hertz * t / RATE) for hertz, loud in tones))
        for t in range(FRAME * FRAMES)
    )


@pytest.mark.parametrize("tones, heard", [
    (((CALLERS[0], 6000),), {"caller"}),
    (((CALLERS[0], 600),), {"caller"}),
    (((CALLERS[0], 6000), (AGENTS[0], 6000)), {"caller", "agent"}),
    (((CALLERS[0], 5000), (AGENTS[0], 5000), (EMPLOYEES[0], 5000)), {"caller", "agent", "employee"}),
    (((CALLERS[1], 6000),), {f"somebody at {CALLERS[1]} Hz"}),
    (((CALLERS[0], 6000), (AGENTS[1], 6000)), {"caller", f"somebody at {AGENTS[1]} Hz"}),
    (((425, 4000),), {"tone"}),
    (((425, 4000), (480, 4000)), {"tone"}),
    *((((pitch, 3000),), {"music"}) for pitch in MELODY[:4]),
    (((CALLERS[0], 6000), (MELODY[0], 6000)), {"caller", "music"}),
    (((700, 6000),), {"somebody at 0 Hz"}),
    ((), set()),
    (((CALLERS[0], 50),), set()),
])  # fmt: skip
def test_voices_are_told_apart(tones: tuple[tuple[float, float], ...], heard: set[str]) -> None:
    assert listen(speech(*tones), NAMES) == heard


@pytest.mark.parametrize("lost", [(1,), (2,), (1, 4), (2, 4, 5), (1, 3, 5, 7)])
@pytest.mark.parametrize("voice", [CALLERS[0], CALLERS[3], AGENTS[0], AGENTS[5], EMPLOYEES[0], EMPLOYEES[7]])
def test_a_voice_is_known_although_packets_are_lost(voice: int, lost: tuple[int, ...]) -> None:
    """A crowded machine is late now and then: whoever listens hears a click and still knows who speaks."""
    second = ears._second_of(voice)
    frames = [second[at : at + FRAME] for at in range(0, RATE, FRAME)]
    came = [frame for number, frame in enumerate(frames) if number not in lost][:FRAMES]
    assert listen(b"".join(came), {voice: "who speaks"}) == {"who speaks"}
    others = {other: "somebody else" for other in (*CALLERS, *AGENTS, *EMPLOYEES) if other != voice}
    assert listen(b"".join(came), others) == {f"somebody at {voice} Hz"}


def test_nothing_received_is_silence() -> None:
    assert listen(b"", NAMES) == frozenset()


def test_neighbours_have_different_voices() -> None:
    agents = [voice_of(name) for name in ("anna", "ben")]
    numbered = [voice_of(f"anna{place}") for place in range(8, 13)]
    callers = [voice_of(f"caller-{place}") for place in range(8, 13)]
    employees = [voice_of(f"4930231252{place:02}") for place in range(17)]
    assert len(set(agents)) == 2
    assert len(set(numbered)) == len(numbered)
    assert len(set(callers)) == len(callers)
    assert len(set(employees)) == len(employees)


def test_no_two_parts_share_a_voice() -> None:
    assert len({*CALLERS, *AGENTS, *EMPLOYEES}) == len(CALLERS) + len(AGENTS) + len(EMPLOYEES)
