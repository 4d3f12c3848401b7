"""The company sees what happened to its call, and nothing of the house behind it."""

from __future__ import annotations

import re

from pbx_bridge.storage.calls import call_backs, offers
from pbx_bridge.storage.calls.offers import StoredOffer
from pbx_bridge.storage.db.ids import new_id
from rules.vocabulary import OfferGoneReason, WishReason
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW, arrive
from tests.unit.portal.conftest import Client


async def test_a_proof_has_what_happened_and_no_agent(client: Client) -> None:
    db, house = client.served.db, client.served.house
    full = (await call_often(db, house, NOW, 0))[0]
    since = NOW
    async with db.write() as conn:
        rang = StoredOffer(new_id(), full, house.ben, since, since, OfferGoneReason.NOT_ANSWERED)
        assert await offers.insert(conn, rang)

    assert (
        f'href="/portal/statistik/anruf/{full}/nachweis"'
        in (await client.get(f"/portal/statistik/anruf/{full}")).text
    )
    page = (await client.get(f"/portal/statistik/anruf/{full}/nachweis")).text

    text = re.sub(r"<[^>]*>", " ", page.replace("<wbr>", ""))
    for said in (
        "Erika Beispiel hat abgelehnt",
        "Als Vertretung",
        "Die Notiz ist berichtigt",
        "erika@example.org",
    ):
        assert said in text
    for hidden in ("Anna", "Keller", "Ben Vogt", "Das Telefon von"):
        assert hidden not in text


async def test_a_promised_call_back_and_its_end_are_told_and_no_reason_of_the_house(client: Client) -> None:
    db, house = client.served.db, client.served.house
    async with db.write() as conn:
        call = await arrive(conn, house)
        assert await call_backs.add(conn, "wish", call, NOW, WishReason.CLOSED)
        (wish,) = await call_backs.waiting(conn)
        assert await call_backs.settle(conn, wish.id, "Anna hat ihn selbst erreicht", NOW)
    page = (await client.get(f"/portal/statistik/anruf/{call}/nachweis")).text
    for said in ("bittet mit einer Taste um Rückruf", "außerhalb der Zeiten", "von Hand erledigt"):
        assert said in page
    assert "Anna" not in page


async def test_nobody_sees_the_proof_of_a_call_that_is_not_theirs(client: Client) -> None:
    assert (await client.get("/portal/statistik/anruf/none/nachweis")).status == 404
