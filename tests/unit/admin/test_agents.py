"""The operator finds an agent, gives a telephone with a password that is shown once, and takes it away."""

from __future__ import annotations

import re
from types import SimpleNamespace

from sqlalchemy import func, select

from pbx_bridge.calls.state import LinkState
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import (
    access_log,
    account_changes,
    accounts,
    agent_list,
    agent_phones,
    agents,
    invitations,
)
from pbx_bridge.storage.access.account_changes import By
from rules.access.phones import password_digest
from rules.model import Agent
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/agenten"
NEW = {"name": "Roth, Clara", "email": "Clara <clara@example.org>", "role": "supervisor", "give_phone": "yes"}
PASSWORD = re.compile(r'<code class="secret">([^<]+)</code>')


async def digest(office: OfficeSite) -> dict[str, str]:
    async with office.db.read() as conn:
        return await agent_phones.load_all(conn)


async def deeds(office: OfficeSite) -> list[str]:
    """Events about telephones, the oldest first."""
    async with office.db.read() as conn:
        found, _ = await access_log.listed(conn)
    return [one.event for one in reversed(found) if one.event.startswith("phone_")]


async def test_the_list_finds_them_and_says_what_they_are_doing(office: OfficeSite) -> None:
    house, played = office.house, office.played
    played.known = [Agent(house.anna, "Anna", "Keller", "PJSIP/anna")]
    played.people[house.anna] = SimpleNamespace(state="talking", reason="", since=NOW)
    async with office.db.write() as conn:
        ben = await accounts.by_login(conn, "ben")
        assert ben
        await account_changes.lock(conn, ben[0], By(NOW), locked=True)
    for query, found in {"": ["anna", "ben"], "KELL ann": ["anna"], "pjsip/be": ["ben"], "%": []}.items():
        status, page = await office.see(f"{PATH}?q={query}")
        assert status == 200
        ids = {"anna": house.anna, "ben": house.ben}
        assert [name for name, one in ids.items() if f'href="{PATH}/{one}"' in page] == found, query
    _, page = await office.see(PATH)
    assert "2 Agenten" in page
    assert page.index("Anna Keller") < page.index("Ben Vogt")
    for words in ("im Gespräch", "gesperrt", "nicht von hier vergeben"):
        assert words in page
    played.link = LinkState(up=False, reason="lost", since=NOW)
    assert "im Gespräch" not in (await office.see(PATH))[1], "of a PBX that is away nothing is known"


async def test_a_password_is_on_the_answer_and_nowhere_else(office: OfficeSite) -> None:
    one = f"{PATH}/{office.house.anna}"
    async with office.browsers[office.login].get(one) as answer:
        form = dict(re.findall(r'name="(csrf|once|given)" value="([^"]*)"', await answer.text()))
    browser = office.browsers[office.login]
    async with browser.post(f"{one}/telefon", data=form, allow_redirects=False) as answer:
        page, told = await answer.text(), answer.headers
    (password,) = PASSWORD.findall(page)
    for words in ("127.0.0.1:5060", "<code>anna</code>", "<code>UDP</code>"):
        assert words in page
    assert told["Cache-Control"] == "no-store"
    assert password not in str(told)
    assert await digest(office) == {"anna": password_digest("anna", password)}

    async with browser.post(f"{one}/telefon", data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, f"{one}?said=phone_shown")
    assert await digest(office) == {"anna": password_digest("anna", password)}, "the first one counts on"
    assert await deeds(office) == ["phone_given"]
    for path in (one, f"{one}?said=phone_shown", f"{one}/telefon", PATH, "/anmeldeprotokoll"):
        assert password not in (await office.see(path))[1]
    assert "sein Kennwort wurde schon einmal gezeigt" in (await office.see(f"{one}?said=phone_shown"))[1]


async def test_another_password_is_asked_for_once_more(office: OfficeSite) -> None:
    one = f"{PATH}/{office.house.anna}"
    _, page, _ = await office.send(one, f"{one}/telefon", given="")
    (before,) = PASSWORD.findall(page)
    status, page, _ = await office.send(one, f"{one}/telefon", given="")
    assert (status, PASSWORD.findall(page)) == (409, []), "somebody else was faster"
    assert "bisherige Telefon sofort abgemeldet" in page
    assert await digest(office) == {"anna": password_digest("anna", before)}

    _, asked = await office.see(f"{one}/telefon")
    (given,) = re.findall(r'name="given" value="([^"]+)"', asked)
    status, page, _ = await office.send(one, f"{one}/telefon", given=given)
    (after,) = PASSWORD.findall(page)
    assert status == 201
    assert before != after
    assert await digest(office) == {"anna": password_digest("anna", after)}


async def test_it_is_taken_away_after_a_question(office: OfficeSite) -> None:
    one = f"{PATH}/{office.house.anna}"
    away = f"{one}/telefon/entziehen"
    _, page, _ = await office.send(one, away)
    assert "nicht von hier vergeben. Es steht in den Dateien" in page
    await office.send(one, f"{one}/telefon", given="")
    assert "klingelt nicht mehr" in (await office.see(away))[1]
    assert len(await digest(office)) == 1, "asking takes nothing"
    _, page, _ = await office.send(one, away)
    assert "Das Telefon ist entzogen" in page
    assert await digest(office) == {}
    assert await deeds(office) == ["phone_given", "phone_taken"]


async def test_everything_of_a_new_agent_is_there_at_once(office: OfficeSite) -> None:
    office.login = "english"
    _, empty = await office.see(f"{PATH}/neu")
    assert re.search(r'name="give_phone"[^>]* checked', empty)
    status, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", **NEW, bound="yes")
    assert status == 201
    (password,) = PASSWORD.findall(page)
    assert "The invitation goes to clara@example.org." in page
    async with office.db.read() as conn:
        (clara,), _ = await agent_list.listed(conn, "Clara")
        mail = (await conn.execute(select(t.notification))).one()
        (token,) = re.findall(r"/einladung/(\S+)", mail.body_text)
        invited = await invitations.find(conn, invitations.hashed(token), NOW)
        log, _ = await access_log.listed(conn)
    assert (clara.name, clara.interface, clara.given_at) == ("Clara Roth", "PJSIP/clara", NOW)
    assert (clara.account.role, clara.account.locale, clara.has_password) == ("supervisor", "en", False)
    assert invited == clara.account
    assert (mail.address, mail.customer_id, mail.kind) == ("clara@example.org", None, "invitation")
    assert "Clara Roth" in mail.body_text
    assert password not in mail.body_text
    assert {"added", "invited", "phone_given", "bound"} <= {one.event for one in log}
    assert (await digest(office))["clara"] == password_digest("clara", password)
    assert office.played.wakings == 1

    _, page, _ = await office.send(f"{PATH}/{clara.id}", f"{PATH}/{clara.id}/einladung")
    assert "The invitation goes out once more." in page
    async with office.db.read() as conn:
        assert await invitations.find(conn, invitations.hashed(token), NOW) is None, (
            "that of before is closed"
        )
        assert (await conn.execute(select(t.notification.c.address))).scalars().all() == ["clara@example.org"]
    _, page, _ = await office.send(PATH, f"{PATH}/{office.house.anna}/einladung")
    assert "no invitation went out" in page, "who has a password needs none"


async def test_what_does_not_fit_is_said_and_nothing_is_stored_or_lost(office: OfficeSite) -> None:
    wrong = {"name": "Clara", "email": "clara@", "role": "operator", "phone": "anna", "give_phone": "yes"}
    status, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", **wrong)
    assert status == 422
    for words in (
        "Vor- und Nachnamen",
        "keine vollständige",
        "wählen Sie eine Rolle",
        "gehört schon Anna Keller",
    ):
        assert words in page, words
    for typed in ('value="Clara"', 'value="clara@"', 'value="anna"'):
        assert typed in page, typed
    assert re.search(r'name="give_phone"[^>]* checked', page)
    async with office.db.read() as conn:
        assert (await agent_list.listed(conn))[1] == 2
        assert (await conn.execute(select(func.count()).select_from(t.notification))).scalar_one() == 0
    assert await deeds(office) == []


async def test_a_form_that_is_sent_twice_makes_one_agent_with_one_telephone(office: OfficeSite) -> None:
    sent = NEW | {"once": "the same page"}
    _, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", **sent)
    (password,) = PASSWORD.findall(page)
    status, page, where = await office.send(f"{PATH}/neu", f"{PATH}/neu", **sent)
    assert (status, where.endswith("?said=phone_shown")) == (200, True)
    assert PASSWORD.findall(page) == []
    assert await digest(office) == {"clara": password_digest("clara", password)}
    status, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", **NEW)
    assert (status, "gibt es schon Clara Roth" in page) == (422, True), "nor does a new page"
    assert await deeds(office) == ["phone_given"]


async def test_an_agent_with_a_telephone_of_the_files_gets_no_password(office: OfficeSite) -> None:
    _, page, where = await office.send(
        f"{PATH}/neu", f"{PATH}/neu", **NEW | {"give_phone": "", "phone": "C7"}
    )
    assert "die Einladung geht hinaus" in page
    assert where.startswith(PATH)
    assert "PJSIP/<wbr>C7" in page
    assert await digest(office) == {}


async def test_a_telephone_that_cannot_be_given_says_why(office: OfficeSite) -> None:
    one = f"{PATH}/{office.house.anna}"
    for login, words in (("office", "mit PJSIP/ beginnen"), ("english", "must begin with PJSIP/")):
        office.login = login
        async with office.db.write() as conn:
            await agents.update(conn, office.house.anna, "Anna", "Keller", "SIP/anna")
        _, page = await office.see(one)
        assert words in page
        assert f'action="{one}/telefon"' not in page
        _, page, _ = await office.send(one, f"{one}/telefon", given="")
        assert words in page
    assert await digest(office) == {}
    assert (await office.see(f"{PATH}/nobody"))[0] == 404
