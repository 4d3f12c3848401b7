"""An agent's phone shows which company is called, with no service running."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from tests.pbx.room import Room
from tests.pbx.watch import Watch, watching

pytestmark = pytest.mark.asterisk

LINE = "493023125100"
COMPANY = "Kanzlei%20Brandt%20%26%20Wei%C3%9F%2C%20Berlin"


@pytest.mark.parametrize("dialled", [LINE, f"+{LINE}", f"00{LINE}", "03023125100"])
async def test_the_company_is_shown_however_the_trunk_writes_the_line(
    room: Room, watch: Watch, dialled: str
) -> None:
    await watch.name_line(LINE, COMPANY)
    await watch.add_agent("anna")
    await room.far.call(dialled, number="491713920042", name="Hans Müller")
    phone = await room.far.rang("anna")
    assert (phone.shown_name, phone.shown_number) == (unquote(COMPANY), "491713920042")
    arrived = await watch.seen("SecCall")
    assert unquote(arrived["CallerName"]) == "Hans Müller"
    assert arrived["Did"] == dialled


async def test_the_name_outlives_a_restart_of_the_pbx(room: Room) -> None:
    async with watching(room.pbx) as before:
        await before.name_line(LINE, COMPANY)
    await room.pbx.restart()
    async with watching(room.pbx) as after:
        await after.add_agent("anna")
        await room.far.call(LINE)
        assert (await room.far.rang("anna")).shown_name == unquote(COMPANY)


async def test_a_withheld_number_reaches_nobody_and_the_company_is_shown(room: Room, watch: Watch) -> None:
    await watch.name_line(LINE, COMPANY)
    await watch.add_agent("anna")
    await room.far.call(LINE, number="491713920042", name="Hans Müller", withheld=True)
    phone = await room.far.rang("anna")
    assert (phone.shown_name, phone.shown_number) == (unquote(COMPANY), "anonymous")
    arrived = await watch.seen("SecCall")
    assert (arrived["CallerIDNum"], arrived["CallerName"]) == ("anonymous", "")
    assert "3920042" not in str(watch.events)
    assert "Hans" not in str(watch.events)


async def test_an_unknown_line_rings_all_the_same(room: Room, watch: Watch) -> None:
    await watch.add_agent("anna")
    await room.far.call("493023125999", number="491713920042", name="Hans Müller")
    phone = await room.far.rang("anna")
    assert (phone.shown_name, phone.shown_number) == ("Hans Müller", "491713920042")


async def test_who_forwarded_the_call_is_reported(room: Room, watch: Watch) -> None:
    history = "<sip:+493023125900@carrier.example>;index=1,<sip:+493023125100@carrier.example>;index=1.1"
    diversion = "<sip:+493023125900@carrier.example>;reason=no-answer"
    await room.far.call(LINE, diversion=diversion, history_info=history)
    arrived = await watch.seen("SecCall")
    assert (arrived["Rdnis"], arrived["RdnisReason"]) == ("+493023125900", "cfnr")
    assert unquote(arrived["HistoryInfo"]) == history
