"""What happens to callers for whom nobody is free, on a real Asterisk and without the service."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbx_bridge.asterisk.hold_music import write_hold_music
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.telephony.astdb.blocklist import Blocklist
from pbx_bridge.telephony.astdb.nobody_free import HOUSE, NobodyFreeBook
from rules.calls.nobody_free import NextStep, caller_step, in_plan
from rules.calls.voice_message import HEAD, mended_head
from rules.fault import Fault
from rules.fields.nobody_free import AS_EVER, Ending, NobodyFree, Outside
from rules.text.working_hours import WorkingHours, read_week
from tests.integration.test_pbx_blocked_callers import linked
from tests.pbx.fixtures import asterisk_tree, pbx, room, watch
from tests.pbx.room import Room, open_folder, open_room
from tests.pbx.watch import Watch
from tests.until import until

__all__ = ["asterisk_tree", "pbx", "room", "watch"]
pytestmark = pytest.mark.asterisk

LINE, OTHER, SHARED, PUBLIC = "493023125100", "493023125200", "493023125900", "493023125000"
FURTHER = "493023125300"
BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 29, tzinfo=ZoneInfo(BERLIN))
SOON = "1|{}|busy||Europe/Berlin||"
"""The shortest wait that the dial plan can do; people may set ten seconds at least."""


def spool(room: Room) -> Path:
    return room.pbx.run_dir / "spool" / "voice"


def files(room: Room, kind: str) -> list[Path]:
    return sorted(spool(room).glob(f"*.{kind}"))


async def told(room: Room, said: dict[str, str]) -> None:
    async with linked(room) as link:
        book = NobodyFreeBook(link)
        book.set_desired(said)
        assert await book.sync()


def loudest(file: Path) -> int:
    with closing(wave.open(str(file))) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (8000, 2, 1)
        return max(abs(sample) for sample in memoryview(sound.readframes(sound.getnframes())).cast("h"))


async def test_whoever_waits_too_long_speaks_after_a_tone(room: Room) -> None:
    await told(room, {LINE: SOON.format("message")})
    caller = await room.far.call(LINE, "491713920042")
    await until(lambda: files(room, "wav") and files(room, "wav")[0].stat().st_size > 8000, message="speech")
    assert not files(room, "done")
    unclosed = files(room, "wav")[0].read_bytes()
    assert mended_head(unclosed[:HEAD], len(unclosed)), "as Asterisk leaves it when it is killed now"
    await room.far.hang_up(caller)
    await until(lambda: files(room, "done"), message="done")
    (sound,), (call,) = files(room, "wav"), files(room, "call")
    name, line, epoch = sound.stem.split("_")
    assert (line, call.stem, call.read_text().strip()) == (LINE, sound.stem, "491713920042.")
    assert name.rpartition(".")[0].rpartition("-")[2].isdigit()
    assert epoch.isdigit()
    assert loudest(sound) > 1000


async def test_what_cannot_be_written_is_not_promised(room: Room) -> None:
    await told(room, {LINE: SOON.format("message"), OTHER: "1|hang_up|message||Europe/Berlin|never|"})
    spool(room).rename(spool(room).with_name("gone"))
    late, closed = await room.far.call(LINE), await room.far.call(OTHER)
    await room.far.over(closed)
    assert room.far.cause(closed) == 34
    await room.far.hears(late, "tone")
    assert not files(room, "wav")
    await room.far.over(late)


async def test_the_line_decides_then_who_forwarded_then_the_house(room: Room, watch: Watch) -> None:
    closed = in_plan(NobodyFree(WorkingHours(((),) * 7), Outside.BUSY), BERLIN, NOW.date())
    await told(room, {LINE: SOON.format("busy"), PUBLIC: closed, HOUSE: SOON.format("hang_up")})
    await watch.name_line(OTHER, "Praxis%20Dr.%20Sommer")

    async def waited(line: str, diversion: str = "") -> bool:
        seen = len(watch.find("QueueCallerJoin"))
        caller = await room.far.call(line, diversion=diversion)
        await room.far.over(caller)
        return len(watch.find("QueueCallerJoin")) > seen

    forwarded = f"<sip:+{PUBLIC}@carrier.example>;reason=unconditional"
    assert not await waited(SHARED, forwarded)
    assert await waited(SHARED)
    assert await waited(OTHER, forwarded)

    # Companies are known now: the last one who forwarded has nothing of its own, and an earlier one has.
    async with linked(room) as link:
        companies = Blocklist(link)
        companies.set_desired({f"+{number}": frozenset() for number in (PUBLIC, FURTHER)})
        assert await companies.sync()
    await told(room, {FURTHER: closed, HOUSE: SOON.format("hang_up")})
    further = f"<sip:+{FURTHER}@carrier.example>;reason=unconditional"
    assert not await waited(SHARED, further)
    assert await waited(SHARED, f"{forwarded},{further}")


def moments() -> Iterator[datetime]:
    """Around both ends of a span, on a holiday, and around both changes of the clock."""
    for text in (
        *("2026-11-30T07:59:59", "2026-11-30T08:00:00", "2026-11-30T11:59:59", "2026-11-30T12:00:00"),
        *("2026-12-25T09:00:00", "2026-12-27T02:59:59", "2026-12-27T03:00:00"),
        *("2026-03-29T01:59:59", "2026-03-29T03:00:00"),
    ):
        yield datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN))
    for fold in (0, 1):
        yield datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN), fold=fold)


async def test_the_dial_plan_looks_at_the_clock_as_the_rule_does(room: Room, watch: Watch) -> None:
    week = read_week("Mo–Fr 8–12; So 2–3")
    assert week
    assert not isinstance(week, Fault)
    policy = replace(AS_EVER, hours=WorkingHours(week, "BE"), outside=Outside.BUSY, ending=Ending.BUSY)
    at = moments()
    for moment in at:
        await told(room, {LINE: in_plan(policy, BERLIN, moment.date())})
        seen = watch.events[-1] if watch.events else None
        await watch.manager.action(
            "Originate", Channel=f"Local/{LINE}@sec-call/n", Context="sec-line", Exten="done", Priority=1,
            Async="true", Variable=f"__TESTTIME={int(moment.timestamp())}",
        )  # fmt: skip
        await watch.seen("SecCall", after=seen)
        end = await watch.seen("Hangup", after=seen, Context="sec-call")
        waits = end["Cause"] != "17"  # engaged: SIP 486
        assert waits == (caller_step(policy, BERLIN, moment).step is NextStep.WAIT), moment


async def test_an_announcement_is_heard_and_one_that_is_missing_holds_nobody_up(
    asterisk_tree: AsteriskTree,
) -> None:
    with open_folder() as folder:
        write_hold_music(folder / "spaeter.wav")
        async with open_room(asterisk_tree, sounds=str(folder)) as opened:
            closed = "1|hang_up|announcement|{}|Europe/Berlin|never|"
            await told(opened, {LINE: closed.format("spaeter"), OTHER: closed.format("fehlt")})
            caller = await opened.far.call(LINE)
            await opened.far.hears(caller, "music")
            await opened.far.hang_up(caller)
            await opened.far.over(await opened.far.call(OTHER))
            await _hung_up_before_the_tone(opened)


async def _hung_up_before_the_tone(opened: Room) -> None:
    """Nothing of the caller stays behind until somebody finds it old."""
    await told(opened, {LINE: "1|hang_up|message|spaeter|Europe/Berlin|never|"})
    caller = await opened.far.call(LINE)
    await opened.far.hears(caller, "music")
    await opened.far.hang_up(caller)
    await until(lambda: files(opened, "done"), message="over")
    assert not files(opened, "wav")


async def test_a_company_has_its_own_music_and_one_that_is_missing_is_the_usual_one(
    room: Room, watch: Watch
) -> None:
    policy = replace(AS_EVER, music="ruhig")
    await told(room, {LINE: in_plan(policy, BERLIN, NOW.date())})
    caller = await room.far.call(LINE)
    waits = await watch.seen("QueueCallerJoin")

    async def asked(variable: str, **channel: str) -> str:
        return (await watch.manager.action("Getvar", Variable=variable, **channel))["Value"]

    assert await asked("CHANNEL(musicclass)", Channel=waits["Channel"]) == "ruhig"
    await room.far.hears(caller, "music")
    await room.far.hang_up(caller)
    # As `pbx-bridge check` asks.
    assert await asked("AST_CONFIG(musiconhold.conf,default,mode)") == "files"
    assert await asked("AST_CONFIG(musiconhold.conf,ruhig,mode)") == ""
