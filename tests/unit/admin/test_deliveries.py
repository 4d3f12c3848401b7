"""The operator finds what hangs, sees each try, and decides: again, elsewhere, or done."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.outbox.notifications import Notification
from tests.stuck_messages import ADDRESS, STUCK, all_kinds
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/zustellungen"


async def stored(office: OfficeSite, one: Notification) -> tuple[str, str]:
    async with office.db.read() as conn:
        query = select(t.notification.c.state, t.notification.c.address)
        row = (await conn.execute(query.where(t.notification.c.id == one.id))).one()
    return row.state, row.address


async def test_the_list_follows_what_is_asked_for(office: OfficeSite) -> None:
    made = await all_kinds(office.db, office.house)
    for query, names in {
        "": STUCK,
        "?art=failed": [name for name in STUCK if not name.startswith("uncertain")],
        "?art=uncertain&weg=sms": ["uncertain SMS"],
        "?art=under_way": ["waiting"],
        "?art=all&q=MUSTER": [*STUCK, "waiting"],
        "?art=nonsense&weg=nonsense&page=x": STUCK,
        "?q=Sommer": [],
    }.items():
        status, page = await office.see(f"{PATH}{query}")
        assert status == 200
        found = {name for name, one in made.items() if f'href="{PATH}/{one.id}"' in page}
        assert found == set(names), query


async def test_a_message_shows_each_try_in_the_servers_own_words(office: OfficeSite) -> None:
    made = await all_kinds(office.db, office.house)
    _, page = await office.see(f"{PATH}/{made['address'].id}")
    assert "smtp_550 5.1.1 unknown" in page
    assert ADDRESS in page
    assert "Beispiel, Erika" not in page
    assert "Nachricht an Erika Beispiel" in page
    assert (await office.see(f"{PATH}/none"))[0] == 404


async def test_it_goes_out_again(office: OfficeSite) -> None:
    one = (await all_kinds(office.db, office.house))["address"]
    _, page, where = await office.send(f"{PATH}/{one.id}", f"{PATH}/{one.id}/erneut")
    assert "geht jetzt noch einmal hinaus" in page
    assert where.startswith(f"{PATH}/{one.id}")
    assert await stored(office, one) == ("waiting", ADDRESS)
    assert office.played.wakings == 1


async def test_it_goes_elsewhere_and_a_typing_error_is_named_and_kept(office: OfficeSite) -> None:
    made = await all_kinds(office.db, office.house)
    one, sms = made["message"], made["reported"]
    for wrong, said in (("anna@", "keine vollständige E-Mail-Adresse"), (" ", "füllen Sie dieses Feld aus")):
        status, page, _ = await office.send(
            f"{PATH}/{one.id}", f"{PATH}/{one.id}/andere-adresse", address=wrong
        )
        assert status == 422
        assert said in page
        assert f'value="{wrong}"' in page
    assert (await stored(office, one))[0] == "failed"
    where = f"{PATH}/{one.id}/andere-adresse"
    _, page, _ = await office.send(f"{PATH}/{one.id}", where, address=" Anna <anna@example.org>")
    assert "geht jetzt an die andere Adresse" in page
    assert await stored(office, one) == ("waiting", "anna@example.org")
    where = f"{PATH}/{sms.id}/andere-adresse"
    assert (await office.send(f"{PATH}/{sms.id}", where, address="030 23125100"))[0] == 422
    await office.send(f"{PATH}/{sms.id}", where, address="0171 3920043")
    assert await stored(office, sms) == ("waiting", "+491713920043")


async def test_it_is_settled_by_hand_only_with_a_reason(office: OfficeSite) -> None:
    one = (await all_kinds(office.db, office.house))["uncertain"]
    page_path, path = f"{PATH}/{one.id}", f"{PATH}/{one.id}/erledigt"
    status, page, _ = await office.send(page_path, path, reason="  ")
    assert (status, "was Sie getan haben" in page) == (422, True)
    status, page, _ = await office.send(page_path, path, reason="x" * 301)
    assert (status, "Platz ist für 300" in page) == (422, True)
    _, page, _ = await office.send(page_path, path, reason="Frau Beispiel angerufen")
    assert "Die Nachricht ist erledigt." in page
    assert "von Hand erledigt" in page
    assert "Frau Beispiel angerufen" in page
    assert "andere-adresse" not in page, "nothing is left to decide"
    assert (await stored(office, one))[0] == "sent"
    _, page, _ = await office.send(page_path, f"{PATH}/{one.id}/erneut")
    assert "es wurde nichts geändert" in page
