"""The company sees what happened to its call, and nothing of the house behind it."""

from __future__ import annotations

import re

from pbx_bridge.storage.calls import offers
from pbx_bridge.storage.calls.offers import StoredOffer
from pbx_bridge.storage.db.ids import new_id
from rules.vocabulary import OfferGoneReason
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW
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


async def test_nobody_sees_the_proof_of_a_call_that_is_not_theirs(client: Client) -> None:
    assert (await client.get("/portal/statistik/anruf/none/nachweis")).status == 404
