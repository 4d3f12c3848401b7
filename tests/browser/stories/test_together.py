"""Several windows and several people on one call, and the queue that is shared by all."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from pbx_bridge.asterisk.far_end import Doing
from tests.browser.stories.secretariat import Secretariat
from tests.pbx.watch import watching

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]


async def test_two_windows_of_one_agent_show_one_truth(secretariat: Secretariat) -> None:
    anna = await secretariat.talking("anna")
    other = await secretariat.agent("anna")
    await other.sees("#desk[data-phase=talking]")
    await anna.writes("Zwei Fenster")
    await other.concern_becomes("Zwei Fenster")
    await other.writes(", eine Notiz")
    await anna.concern_becomes("Zwei Fenster, eine Notiz")
    await other.press("Escape", "h")
    for window in (anna, other):
        await window.sees(".company .chip[data-state=waiting]")
    await anna.press("Escape", "Escape")
    for window in (anna, other):
        await window.sees(".company .chip[data-state=talking]")
    await secretariat.caller_talks_to("anna")


async def test_two_agents_pick_up_the_same_call_and_the_other_one_is_told_who_has_it(
    secretariat: Secretariat,
) -> None:
    anna, ben = await secretariat.ready("anna"), await secretariat.ready("ben")
    await secretariat.call("Kanzlei Brandt & Weiß")
    for agent in (anna, ben):
        await agent.rings()
    done = await asyncio.gather(
        *(secretariat.far.pick_up(agent.phone) for agent in (anna, ben)), return_exceptions=True
    )
    assert None in done, "the later one may find that the phone has stopped ringing, the first one not"
    either = "#desk:is([data-phase=talking], [data-phase=idle])"
    for agent in (anna, ben):
        await agent.sees(either)
    has = [await agent.page.locator("#desk[data-phase=talking]").count() for agent in (anna, ben)]
    assert sorted(has) == [0, 1], "one wins"
    loser, name = (ben, "Anna Keller") if has[0] else (anna, "Ben Vogt")
    await loser.sees(".notice", f"Kanzlei Brandt & Weiß: {name} hat angenommen.")
    await loser.sees("desk-idle")


async def test_the_supervisor_sees_who_is_on_which_call_and_helps_with_a_text(
    secretariat: Secretariat,
) -> None:
    chief = await secretariat.supervisor()
    anna = await secretariat.talking("anna")
    row = chief.page.get_by_role("row", name="Anna Keller")
    await expect(row).to_contain_text("im Gespräch", timeout=chief.patience)
    await expect(row).to_contain_text("Mustermann AG")
    await secretariat.call("Praxis Dr. Sommer")
    await chief.sees(".waiting li", "Praxis Dr. Sommer")
    await anna.sees("desk-waiting .row", "Praxis Dr. Sommer")
    await chief.page.get_by_role("button", name="Nachricht an Anna Keller").press("Enter")
    await chief.press("Control+Enter")
    await chief.sees("#text-error", "Bitte schreiben Sie zuerst einen Text.")
    await chief.type("Frau Beispiel ist <b>gleich</b> zurück.")
    await chief.press("Control+Enter")
    await chief.sees("#notice", "am Arbeitsplatz von Anna Keller")
    notice = anna.page.locator(".notice[data-kind=message]")
    await expect(notice).to_contain_text(
        "leitung schreibt: Frau Beispiel ist <b>gleich</b> zurück.", timeout=anna.patience
    )
    await anna.sees("#live p", "leitung schreibt")  # said to those who listen instead of look
    await notice.get_by_role("button").click()
    await expect(notice).to_have_count(0, timeout=anna.patience)


async def test_pause_and_wrap_up_are_in_step_with_the_queue(secretariat: Secretariat) -> None:
    async with watching(secretariat.house.phones.pbx) as queue:

        async def paused(reason: str) -> None:
            await queue.seen("QueueMemberPause", Interface="PJSIP/ben", Paused="1", PausedReason=reason)

        ben = await secretariat.ready("ben")
        await ben.press("p", "2")
        await ben.sees("desk-me .chip", "Pause: Mittag")
        await paused("lunch")
        caller = await secretariat.call()
        await ben.sees("desk-waiting .row", "Mustermann AG")
        assert secretariat.far.phone(ben.phone).doing is not Doing.RINGING
        await ben.press("b")
        await ben.picks_up()
        await secretariat.far.hang_up(caller)
        await ben.sees("desk-me .chip", "Nacharbeit")
        await paused("wrap_up")
        queue.events.clear()
        await ben.press("Alt+o", "1")  # a wrong number: with nothing left to write, the wrap-up is over
        await queue.seen("QueueMemberPause", Interface="PJSIP/ben", Paused="0")
        await ben.sees("desk-idle", "Sie sind bereit.")
