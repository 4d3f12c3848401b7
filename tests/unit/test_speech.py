"""The announcements of the house: which there are, how they are made, and that nothing of others is lost."""

from __future__ import annotations

import math
import wave
from collections.abc import Sequence
from pathlib import Path

import pytest

from pbx_bridge.asterisk import speech
from pbx_bridge.asterisk.hold_music import write_hold_music
from pbx_bridge.asterisk.tools import Tool, ToolMissing
from pbx_bridge.web.i18n import languages
from rules.calls.nobody_free import NOTED, SOUND


def power(samples: Sequence[int], hertz: float, rate: int) -> float:
    turns = [2 * math.pi * hertz * at / rate for at in range(len(samples))]
    real = sum(one * math.cos(turn) for one, turn in zip(samples, turns, strict=True))
    other = sum(one * math.sin(turn) for one, turn in zip(samples, turns, strict=True))
    return math.hypot(real, other) / len(samples)


def test_each_language_says_the_same_and_names_what_the_dial_plan_takes() -> None:
    names = speech.texts()
    assert {language for language, _ in names.values()} == set(languages())
    of = [[name for name, (spoken, _) in names.items() if spoken == language] for language in languages()]
    assert len({(len(those), sum(name.endswith(NOTED) for name in those)) for those in of}) == 1
    assert all(SOUND.fullmatch(name) for name in names)
    assert {name.removesuffix(NOTED) for name in names} <= set(names), "each stands behind its own sound"


def test_a_slower_sound_keeps_what_a_telephone_carries_and_nothing_else() -> None:
    rate = 22050
    sound = [
        round(
            8000 * math.sin(2 * math.pi * 440 * at / rate) + 8000 * math.sin(2 * math.pi * 6000 * at / rate)
        )
        for at in range(2205)
    ]
    slower = list(speech.resampled(sound, rate, speech.RATE))
    assert len(slower) == 800
    inner = slower[40:-40]
    assert power(inner, 440, speech.RATE) == pytest.approx(4000, rel=0.1)
    assert power(inner, 2000, speech.RATE) < 200  # 6000 Hz would come out there


def speaker(folder: Path, does: str) -> Tool:
    """Stands for the program: `-w FILE` is its sixth and seventh word."""
    program = folder / "speaks"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    return Tool(program)


def test_what_is_missing_is_written_and_what_is_there_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken, folder = tmp_path / "spoken.wav", tmp_path / "announcements"
    write_hold_music(spoken)
    folder.mkdir()
    (folder / "de_rueckruf.wav").write_text("our own")
    with wave.open(str(spoken)) as sound:
        length = sound.getnframes()
    monkeypatch.setattr(speech, "speech_program", lambda _: speaker(tmp_path, f'cp {spoken} "$6"'))
    monkeypatch.setattr(speech, "resampled", lambda samples, *_: samples)
    written, there = speech.write_announcements(folder, tmp_path)
    assert there == ["de_rueckruf"]
    assert {path.stem for path in folder.iterdir()} == {*written, *there} == set(speech.texts())
    assert (folder / "de_rueckruf.wav").read_text() == "our own"
    with wave.open(str(folder / "en_call_back.wav")) as sound:
        kind = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth(), sound.getnframes())
    assert kind == (8000, 1, 2, length)
    assert speech.write_announcements(folder, tmp_path)[0] == []


def test_a_program_that_does_not_speak_leaves_nothing_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "announcements"
    monkeypatch.setattr(speech, "speech_program", lambda _: speaker(tmp_path, "echo no voice >&2; exit 1"))
    with pytest.raises(ToolMissing, match="no voice"):
        speech.write_announcements(folder, tmp_path)
    assert list(folder.iterdir()) == []
