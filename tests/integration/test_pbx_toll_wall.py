"""The second wall against toll fraud stands in the dial plan, whatever the setting allows."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from tests.pbx.room import Room, open_room
from tests.pbx.watch import Watch, watching

pytestmark = pytest.mark.asterisk

NEVER = [
    "03023125700", "0900123456", "00493023125700", "+493023125700", "*21*493023125700#", "4930x3125700",
    "49900123456", "49137123456", "49138123456", "49180123456", "49118", "4911833", "49110", "49112",
    "4910123", "4912123456", "49190123456", "49191123", "49198123", "49700123456", "490900123456",
    "19001234567", "8811234567", "8821234567", "8831234567", "8701234567", "8781234567", "9791234567",
    "88812345", '493023125700" = "" | "1', '49900123456" | "1" = "1', "4930)23125700", "4930,23125700",
    "4930${EPOCH}", "493023125700&PJSIP",
]  # fmt: skip
NOT_IN_GERMANY = ["33123456789", "18091234567"]


@pytest.fixture
async def open_wall(asterisk_tree: AsteriskTree) -> AsyncIterator[Room]:
    """A PBX whose operator allowed everything."""
    async with open_room(asterisk_tree, allowed=".*") as opened:
        yield opened


async def test_forbidden_numbers_are_refused_even_when_everything_is_allowed(open_wall: Room) -> None:
    async with watching(open_wall.pbx) as watch:
        results = [await result(watch, number, f"try-{attempt}") for attempt, number in enumerate(NEVER)]
        assert results == ["FORBIDDEN"] * len(NEVER)
        assert not [number for number in NEVER if open_wall.far.phone(number).rings]
        assert (
            await result(watch, "493023125700", "control") == "NOCALL"
        )  # passes the wall: only the caller lacks


async def test_other_countries_are_refused_by_default(watch: Watch) -> None:
    assert [await result(watch, number, f"abroad-{number}") for number in NOT_IN_GERMANY] == ["FORBIDDEN"] * 2


async def test_the_service_cannot_widen_the_wall_by_a_variable(watch: Watch) -> None:
    assert await result(watch, "33123456789", "widen", "__SEC_ALLOWED=.*") == "FORBIDDEN"


async def test_only_the_operators_internal_extensions_are_rung(asterisk_tree: AsteriskTree) -> None:
    async with (
        open_room(asterisk_tree, internal="[1-8][0-9]{1,3}|23[0-9]{3}") as room,
        watching(room.pbx) as watch,
    ):
        asked = [
            "9000",
            "110",
            "112",
            "118",
            "012",
            "0",
            "5",
            "911",
            "24100",
            "123456",
            "49301",
            "12*",
            "8999",
            "23100",
            "12",
        ]
        told = {number: await result(watch, number, f"try-{number}") for number in asked}
    assert told == dict.fromkeys(asked, "FORBIDDEN") | dict.fromkeys(["8999", "23100", "12"], "NOCALL")


@pytest.mark.parametrize("internal", ["", ".*"])
async def test_without_a_rule_no_internal_extension_is_rung_and_with_any_no_outside_line(
    asterisk_tree: AsteriskTree, internal: str
) -> None:
    never = [
        "0",
        "00",
        "01",
        "09",
        "099",
        "00493",
        "110",
        "112",
        "113",
        "115",
        "118",
        "11833",
        "911",
        "999",
        "19222",
    ]
    async with open_room(asterisk_tree, internal=internal) as room, watching(room.pbx) as watch:
        told = {number: await result(watch, number, f"try-{number}") for number in (*never, "12")}
    assert told == dict.fromkeys(never, "FORBIDDEN") | {"12": "NOCALL" if internal else "FORBIDDEN"}


async def result(watch: Watch, number: str, attempt: str, *variables: str) -> str:
    """What became of an attempt to ring this number, as the dial plan reports it."""
    await watch.manager.action(
        "Originate", Channel=f"Local/{number}@sec-target/n", ChannelId=attempt, OtherChannelId=f"{attempt}b",
        Context="sec-answered", Exten="s", Priority=1, Async="true", Timeout=5000,
        Variable=[f"__SEC_ATT={attempt}", "__SEC_CALL=none", "__SEC_CHAN=none", *variables],
    )  # fmt: skip
    for leg in (attempt, f"{attempt}b"):
        await watch.seen("Hangup", Uniqueid=leg)
    return (await watch.seen("SecTarget", Att=attempt))["Result"]
