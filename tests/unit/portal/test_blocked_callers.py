from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import blocked_callers as blocked_callers_editing
from pbx_bridge.web.i18n import catalogue
from rules.calls.blocking import BlockRefusal
from rules.model import BlockedCaller, BlockReason
from tests.sample_company import NOW
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served

PATH = "/portal/gesperrte-rufnummern"
PUSHY = "+491713920077"
FORM = {"number": "0171 / 39200-77", "reason": "advertising", "remark": "ruft täglich an"}


async def blocked(served: Served) -> list[str]:
    return [one.number for one in (await served.company()).blocked]


async def block(served: Served, number: str = PUSHY, by: str | None = None) -> BlockedCaller:
    caller = BlockedCaller(new_id(), number, BlockReason.ADVERTISING)
    async with served.db.write() as conn:
        await blocked_callers_editing.insert(
            conn, served.house.customer_id, caller, by, NOW - timedelta(days=3)
        )
    return caller


async def called(served: Served, outcome: Outcome, hours: float) -> None:
    at = NOW - timedelta(hours=hours)
    call = StoredCall(
        new_id(), new_id(), "+493023125100", at, served.house.customer_id, caller_number=PUSHY,
        ended_at=at, outcome=outcome,
    )  # fmt: skip
    async with served.db.write() as conn:
        await calls.insert(conn, call)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_an_empty_list_says_what_it_is_for_and_offers_the_first_step(client: Client) -> None:
    page = await client.get(PATH)
    assert "Keine Rufnummer ist gesperrt." in page.text
    assert f'href="{PATH}/neu"' in page.text


async def test_blocked_by_hand_and_taken_back_at_once(client: Client) -> None:
    await client.get(f"{PATH}/neu")
    page = await client.post(f"{PATH}/neu", FORM)
    assert "Anrufe von dieser Rufnummer werden ab jetzt abgewiesen." in page.text
    shown = words(page.text)
    assert "0171 3920077 23.11.2026 Sie selbst Werbung ruft täglich an 0 Anrufe" in shown
    (stored,) = (await client.served.company()).blocked
    assert (stored.number, stored.reason, stored.remark) == (
        PUSHY,
        BlockReason.ADVERTISING,
        "ruft täglich an",
    )

    client.last = page
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await blocked(client.served) == []


async def test_the_company_sees_who_blocked_and_how_often_it_was_needed(client: Client) -> None:
    served = client.served
    await block(served, by=served.house.anna_account)
    await block(served, "+491713920078")
    for hours in (1, 2):
        await called(served, Outcome.BLOCKED, hours)
    await called(served, Outcome.ABANDONED, 3)

    shown = words((await client.get(PATH)).text)
    assert "0171 3920077 20.11.2026 Anna Keller, Sekretariat Werbung 2 Anrufe" in shown
    assert "zuletzt Mo 23.11.2026, 09:00 Uhr" in shown
    assert "0171 3920078 20.11.2026 Sekretariat Werbung 0 Anrufe" in shown
    assert "1 gesperrte Rufnummer" in words((await client.get(f"{PATH}?q=20077")).text)
    assert "1 gesperrte Rufnummer" in words((await client.get(f"{PATH}?q=keller")).text)
    assert "keine Rufnummer gesperrt" in words((await client.get(f"{PATH}?q=niemand")).text)
    by_need = words((await client.get(f"{PATH}?sort=turned_away")).text)
    assert by_need.index("3920077") < by_need.index("3920078")


async def test_released_and_back_again_with_its_day(client: Client) -> None:
    caller = await block(client.served, by=client.served.house.anna_account)
    await client.get(PATH)
    page = await client.post(f"{PATH}/{caller.id}/freigeben")
    assert "kommen ab jetzt wieder an" in page.text
    assert await blocked(client.served) == []

    client.last = page
    back = await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert "20.11.2026 Anna Keller" in words(back.text)
    assert await blocked(client.served) == [PUSHY]


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_refusal_has_words(locale: str) -> None:
    known = catalogue("portal", locale)
    stored = [code for code in BlockRefusal if code is not BlockRefusal.WITHHELD]  # has no number to store
    wanted = [f"faults.{code}" for code in BlockRefusal] + [f"blocked.through.{code}" for code in stored]
    wanted += [f"blocked.reasons.{reason}" for reason in BlockReason]
    assert [key for key in wanted if key not in known] == []
    assert [code for code in BlockRefusal if f"errors.{code}" not in catalogue("desk", locale)] == []


@pytest.mark.parametrize(
    "typed,fault",
    [
        ("", "Bitte füllen Sie dieses Feld aus."),
        ("Reklame", "Das ist keine Rufnummer, die sich sperren lässt."),
        ("23125777", "Das ist keine Rufnummer, die sich sperren lässt."),
        ("112", "Das ist keine Rufnummer, die sich sperren lässt."),
        ("0171 3920042", "Hans Müller ist VIP-Kunde."),
        ("030 23125110", "Das ist eine Rufnummer Ihres Unternehmens"),  # Erika's extension
        ("030 231251", "Das ist eine Rufnummer Ihres Unternehmens"),
        ("030 23125100", "Das ist eine Rufnummer des Sekretariats."),
    ],
)
async def test_who_cannot_be_blocked_is_refused_in_words(client: Client, typed: str, fault: str) -> None:
    await client.get(f"{PATH}/neu")
    page = await client.post(f"{PATH}/neu", FORM | {"number": typed})
    assert page.status == 422
    assert fault in words(page.text)
    assert "ruft täglich an" in page.text  # what was typed is kept
    assert await blocked(client.served) == []


async def test_the_same_number_twice_and_a_remark_too_long(client: Client) -> None:
    await block(client.served)
    await client.get(f"{PATH}/neu")
    assert "schon gesperrt" in (await client.post(f"{PATH}/neu", FORM)).text
    other = {"number": "0171 3920078", "remark": "x" * 201}
    assert "Platz ist für 200" in (await client.post(f"{PATH}/neu", FORM | other)).text


async def test_whoever_became_a_vip_is_answered_all_the_same_and_the_list_says_so(client: Client) -> None:
    await block(client.served, "+491713920042")
    page = words((await client.get(PATH)).text)
    assert "Kommt trotzdem an: Hans Müller ist VIP-Kunde." in page


async def test_the_statistics_show_them_and_leave_all_other_figures_alone(client: Client) -> None:
    served = client.served
    await called(served, Outcome.ABANDONED, 1)
    today = "/portal/statistik?period=today"
    before = words((await client.get(today)).text)
    figures = re.search(r"Anrufe 1 in 20 Sekunden angenommen 0 % .* verloren 100 %", before)
    assert figures
    assert "gesperrte Rufnummern" not in before.partition("Anrufe 1 ")[2]

    await called(served, Outcome.BLOCKED, 2)
    after = words((await client.get(today)).text)
    assert figures[0] in after
    assert "abgewiesen 1 gesperrte Rufnummern" in after
    only = words((await client.get(f"{today}&result=blocked")).text)
    assert "abgewiesen Mo 23.11., 08:00 Uhr" in only
    assert "1 Anruf heute" in words((await client.get("/portal")).text)


async def test_a_call_that_was_turned_away_says_so(client: Client) -> None:
    await called(client.served, Outcome.BLOCKED, 1)
    listed = await client.get("/portal/statistik?period=today")
    link = re.search(r'href="(/portal/statistik/anruf/[^"]+)"', listed.text)
    assert link
    assert "Diese Rufnummer haben Sie gesperrt." in (await client.get(link[1])).text


async def test_the_rehearsal_says_that_the_call_would_not_arrive(client: Client) -> None:
    await block(client.served)
    asked = "way=%2B493023125100~&caller=number&number=0171+3920077&day=2026-11-24&time=10:00&employee="
    page = words((await client.get(f"/portal/probeanruf?{asked}")).text)
    assert "Dieser Anruf käme nicht an" in page
    other = words((await client.get(f"/portal/probeanruf?{asked.replace('20077', '20078')}")).text)
    assert "Dieser Anruf käme nicht an" not in other
