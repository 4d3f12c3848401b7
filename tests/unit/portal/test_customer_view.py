"""The view of a customer: an operator in the portal of a company, under their own name, plainly marked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import accounts, invitations
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Channel, MessageKind
from rules.vocabulary import ServiceState
from tests.unit.portal.conftest import Client, jar
from tests.unit.portal.serving import Served

MARK = "Ansicht des Kunden: "


@pytest.fixture
async def operator(served: Served) -> AsyncIterator[Client]:
    """Looks at Mustermann AG; there is Praxis Dr. Sommer as well."""
    async with ClientSession(
        cookies={"session": await served.cookie(Role.OPERATOR)}, cookie_jar=jar()
    ) as session:
        async with served.db.write() as conn:
            row = dict((await conn.execute(t.customer.select())).mappings().one())
            await insert_all(conn, t.customer, [row | {"id": "other", "name": "Praxis Dr. Sommer"}])
        await look_at(served, served.house.customer_id)
        yield Client(served, session)


async def look_at(served: Served, customer_id: str | None) -> None:
    async with served.db.write() as conn:
        await conn.execute(t.session.update().values(viewed_id=customer_id))


async def told(served: Served) -> list[tuple[str, str, str]]:
    async with served.db.read() as conn:
        rows = await conn.execute(select(t.access_log).order_by(t.access_log.c.id))
        return [(row.deed, row.login, row.detail) for row in rows]


async def test_each_page_is_marked_and_each_change_is_the_operators(operator: Client) -> None:
    served = operator.served
    for path in ("/portal", "/portal/unternehmen", "/portal/mitarbeiter", "/portal/letzte-aenderungen"):
        page = await operator.get(path)
        assert (page.status, MARK in page.text) == (200, True), path
    await operator.get("/portal/unternehmen")
    wanted = {"greeting": "Guten Tag, mein Name ist [Nachname].", "instruction": "Bitte durchstellen."}
    answer = await operator.post("/portal/unternehmen", wanted)
    assert "said=company_saved" in answer.path
    assert (await served.company()).instruction == "Bitte durchstellen."
    async with served.db.read() as conn:
        step = (await conn.execute(select(t.undo_step))).one()
        login = (
            await conn.execute(select(t.account.c.login).where(t.account.c.id == step.account_id))
        ).scalar()
    assert login
    assert login.startswith("operator")
    assert await told(served) == [("view_changed", login, "Mustermann AG · company_saved")]


async def test_without_a_view_there_is_no_portal(operator: Client) -> None:
    assert (await operator.get("/portal/mitarbeiter")).status == 200
    await look_at(operator.served, None)
    assert (await operator.get("/portal/mitarbeiter")).status == 404
    await look_at(operator.served, operator.served.house.customer_id)
    async with operator.served.db.write() as conn:
        await conn.execute(t.customer.delete().where(t.customer.c.id == operator.served.house.customer_id))
    assert (await operator.get("/portal/mitarbeiter")).status == 404, (
        "the company is gone, and the view with it"
    )


async def test_a_form_of_one_customers_view_changes_no_other(operator: Client) -> None:
    served = operator.served
    await operator.get("/portal/faq/neu")
    await look_at(served, "other")
    answer = await operator.post("/portal/faq/neu", {"question": "Wann?", "answer": "Jetzt."})
    assert answer.status == 409
    assert '"code": "view_changed"' in answer.text
    async with served.db.read() as conn:
        owners = (await conn.execute(select(t.faq_entry.c.customer_id))).scalars().all()
    assert set(owners) == {served.house.customer_id}
    assert len(owners) == 2


async def test_log_ins_and_secret_addresses_stay_the_companys(operator: Client) -> None:
    page = await operator.get("/portal/subaccounts")
    assert page.status == 200
    for path in ("/portal/subaccounts", "/portal/subaccounts/any/loeschen", "/portal/kalender/adresse"):
        assert (await operator.post(path, {"employee": operator.served.house.erika})).status == 403, path
    page = await operator.get("/zugang")
    assert MARK not in page.text, "this one is the operator's own"


async def test_the_link_of_an_invitation_that_is_stuck_is_not_the_operators(operator: Client) -> None:
    served = operator.served
    link = "https://portal.example/einladung/secret"
    async with served.db.write() as conn:
        company, erika = served.house.customer_id, served.house.erika
        account = Account("", "erika", Role.SUBACCOUNT, customer_id=company, employee_id=erika)
        account_id = await accounts.insert(conn, account, invitations.NO_PASSWORD, served.now)
        until = served.now + timedelta(days=1)
        invited = {"account_id": account_id, "token_hash": "any", "expires_at": until}
        await insert_all(conn, t.invitation, [invited])
        mail = Notification(
            id="mail", note_id=None, account_id=account_id, customer_id=company,
            channel=Channel.EMAIL, kind=MessageKind.INVITATION, address="erika@mustermann.example",
            body_text=f"Guten Tag,\n\n{link}\n", due_at=served.now, created_at=served.now,
        )  # fmt: skip
        await notifications.insert(conn, [mail])
        await conn.execute(t.notification.update().values(state=State.FAILED.value))
    page = await operator.get("/portal/subaccounts")
    assert "Die Einladung kam nicht an." in page.text
    assert "/einladung/" not in page.text
    cookies = {"session": await served.cookie(Role.CUSTOMER)}
    async with ClientSession(cookies=cookies, cookie_jar=jar()) as session:
        assert link in (await Client(served, session).get("/portal/subaccounts")).text, "the company's own"


async def test_what_is_no_change_to_undo_is_in_the_log_all_the_same(operator: Client) -> None:
    served = operator.served
    erika, calendar = served.house.erika, "/portal/kalender"
    await operator.get(calendar)
    for _ in range(2):
        await operator.post(f"{calendar}/{erika}", {"url": "https://calendar.example/erika.ics"})
    await operator.post(f"{calendar}/adresse/beenden", {"employee": erika})
    codes = ("calendar_saved", "calendar_again", "calendar_closed")
    assert [detail for _, _, detail in await told(served)] == [f"Mustermann AG · {code}" for code in codes]


async def test_while_the_company_rests_the_house_may_still_mend_it(operator: Client) -> None:
    async with operator.served.db.write() as conn:
        await conn.execute(t.customer.update().values(service=ServiceState.SUSPENDED.value))
    page = await operator.get("/portal/unternehmen")
    assert "Seine eigenen Leute können hier nichts ändern" in page.text
    await operator.get("/portal/faq/neu")
    answer = await operator.post("/portal/faq/neu", {"question": "Wann?", "answer": "Jetzt."})
    assert "said=faq_added" in answer.path


async def test_a_customer_and_an_agent_have_no_view(served: Served) -> None:
    """Whatever stands in their session."""
    for role, path in ((Role.AGENT, "/portal"), (Role.SUPERVISOR, "/portal"), (Role.CUSTOMER, "/portal")):
        cookies = {"session": await served.cookie(role, customer_id=served.house.customer_id)}
        await look_at(served, served.house.customer_id)
        async with ClientSession(cookies=cookies, cookie_jar=jar()) as session:
            page = await Client(served, session).get(path)
        assert page.status == (200 if role is Role.CUSTOMER else 404)
        assert MARK not in page.text
