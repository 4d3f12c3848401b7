"""People look after their own log-in, in every role: password, address, sessions, a forgotten password."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox.notifications import Notification
from rules.model import MessageKind
from tests.house_door import BETTER, PASSWORD, PEOPLE, Browser, Door, Seen, house_door

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
async def door(db: Database) -> AsyncIterator[Door]:
    async with house_door(db) as door:
        yield door


async def change(browser: Browser, old: str = PASSWORD, new: str = BETTER, again: str = "") -> Seen:
    form = {"password_old": old, "password_new": new, "password_again": again or new}
    return await browser.post("/zugang/kennwort", **form)


@pytest.mark.parametrize("login", PEOPLE)
async def test_a_new_password_ends_all_other_sessions(door: Door, login: str) -> None:
    async with door.browser(login) as here, door.browser(login) as there, door.browser() as new:
        assert "Das neue Kennwort gilt." in (await change(here)).text
        assert await here.is_in()
        assert not await there.is_in()
        assert (await new.log_in(login)).status == 401
        assert (await new.log_in(login, BETTER)).status == 303
    assert ("password_changed", login) in await door.deeds()


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "the old one is wrong": ({"old": "falsch"}, "Das bisherige Kennwort stimmt nicht."),
    "they differ": ({"again": BETTER + "!"}, "verschieden"),
    "short": ({"new": "elf Zeichen"}, "mindestens 12 Zeichen"),
    "common": ({"new": "Sekretariat2026"}, "was jeder zuerst versucht"),
    "own name": ({"new": "Anna-Keller-1"}, "Ihren Namen"),
    "the same": ({"new": PASSWORD}, "das bisherige Kennwort"),
    "long": ({"new": "lang " * 50}, "Höchstens 200 Zeichen"),
}


@pytest.mark.parametrize("given,said", WRONG.values(), ids=WRONG)
async def test_what_is_not_taken_changes_nothing(door: Door, given: dict[str, str], said: str) -> None:
    async with door.browser("anna") as here, door.browser("anna") as there:
        seen = await change(here, **given)
        assert (seen.status, said in seen.text) == (422, True)
        assert await there.is_in()
        assert given.get("new", BETTER) not in seen.text, "no password stands in a page"
        assert (await there.log_in("anna")).status == 303


async def test_a_long_password_of_any_signs_is_taken(door: Door) -> None:
    long = 'Übermütige Igel 🦔 tanzen \\ "Walzer" & <Tango>; ' * 3
    async with door.browser("anna") as here:
        assert (await change(here, new=long)).status == 200
        assert (await here.log_in("anna", long)).status == 303


async def test_guesses_in_an_open_session_have_to_wait(door: Door) -> None:
    async with door.browser("anna") as here, door.browser("anna") as there:
        answers = [await change(here, old="falsch") for _ in range(6)]
        assert [seen.status for seen in answers] == [422] * 4 + [429] * 2
        assert answers[-1].headers["Retry-After"] == "2"
        assert (await change(there)).status == 200


async def test_the_own_sessions_are_listed_and_ended(door: Door) -> None:
    async with (
        door.browser("anna", **{"User-Agent": FIREFOX}) as here,
        door.browser("anna") as there,
        door.browser("anna") as third,
    ):
        page = (await here.get("/zugang")).text
        assert page.count('action="/zugang/anmeldungen/beenden"') == 2
        for words in (
            "Firefox · Windows",
            "Unbekanntes Gerät",
            "127.0.0.0/24",
            "dieses Gerät",
            "3 Anmeldungen",
        ):
            assert words in page
        assert "Mo 23.11.2026, 10:00 Uhr" in page
        session = page.partition('name="session" value="')[2].partition('"')[0]
        assert (
            "Die Anmeldung ist beendet."
            in (await here.post("/zugang/anmeldungen/beenden", session=session)).text
        )
        assert sorted([await there.is_in(), await third.is_in()]) == [False, True]
        await here.get("/zugang")
        assert "Alle anderen" in (await here.post("/zugang/anmeldungen/andere-beenden")).text
        assert [await one.is_in() for one in (here, there, third)] == [True, False, False]


async def test_nobody_ends_the_session_of_somebody_else(door: Door) -> None:
    async with door.browser("anna") as anna, door.browser("kunde") as kunde:
        (session,) = await door.portal.sessions.of_account((await door.account("anna")).id)
        for wanted in (session.id, "x", ""):
            assert (await kunde.post("/zugang/anmeldungen/beenden", session=wanted)).status == 404
        assert await anna.is_in()


async def test_an_address_is_kept_by_whoever_knows_the_password(door: Door) -> None:
    async with door.browser("anna") as here:
        assert "Zurzeit ist keine hinterlegt." in (await here.get("/zugang")).text
        wrong = await here.post("/zugang/e-mail", email="anna@example.org", password_now="falsch")
        assert (wrong.status, "stimmt nicht" in wrong.text) == (422, True)
        odd = await here.post("/zugang/e-mail", email="anna@", password_now=PASSWORD)
        assert (odd.status, "keine vollständige" in odd.text) == (422, True)
        assert (await door.account("anna")).email == ""
        copied = "Anna Keller <anna@example.org>"
        done = await here.post("/zugang/e-mail", email=copied, password_now=PASSWORD)
        assert "Zurzeit geht er an anna@example.org." in done.text
    assert (await door.account("anna")).email == "anna@example.org"


@pytest.mark.parametrize("login", PEOPLE)
async def test_everybody_chooses_the_language_of_the_pages(door: Door, login: str) -> None:
    async with door.browser(login) as here, door.browser("office" if login != "office" else "anna") as other:
        assert '<html lang="de">' in (await here.get("/zugang")).text
        chosen = await here.post("/zugang/sprache", locale="en")
        assert '<html lang="en">' in chosen.text
        assert "The language is chosen." in chosen.text
        assert '<html lang="en">' in (await here.post("/zugang/sprache", locale="fr")).text
        assert '<html lang="de">' in (await other.get("/zugang")).text, "nobody else's"
    assert (await door.account(login)).locale == "en", "and wherever they log in"


async def forget(door: Door, login: str) -> Seen:
    async with door.browser() as browser:
        await browser.get("/kennwort-vergessen")
        return await browser.post("/kennwort-vergessen", login=login)


async def give_address(door: Door, login: str) -> None:
    async with door.db.write() as conn:
        await accounts.set_email(conn, (await door.account(login)).id, "post@example.org")


@pytest.mark.parametrize("login", PEOPLE)
async def test_a_forgotten_password_is_set_by_a_link(door: Door, login: str) -> None:
    await give_address(door, login)
    async with door.browser(login) as before, door.browser() as browser:
        assert (await forget(door, f" {login.upper()} ")).status == 200
        (letter,) = await door.letters()
        assert (letter.address, letter.kind, letter.customer_id) == (
            "post@example.org",
            MessageKind.PASSWORD,
            None,
        )
        greeted = {"anna": "Guten Tag Anna Keller,"} | {
            name: "Guten Tag Jens Meier," for name, role in PEOPLE.items() if role is Role.SUBACCOUNT
        }
        assert letter.body_text.startswith(greeted.get(login, "Guten Tag,") + "\n")
        assert f"für den Benutzernamen {login} wurde" in letter.body_text
        assert "bis Mo 23.11.2026, 11:00 Uhr" in letter.body_text
        link = await door.link()
        assert login in (await browser.get(link)).text
        assert await before.is_in(), "nothing has changed yet"
        assert (await browser.post(link, password="kurz", again="kurz")).status == 422
        assert (await browser.post(link, password=BETTER, again=BETTER)).path == "/login"
        assert not await before.is_in()
        assert (await browser.log_in(login)).status == 401
        assert (await browser.log_in(login, BETTER)).status == 303
        assert (await browser.get(link)).status == 404, "good once"
        assert (await browser.post(link, password=PASSWORD, again=PASSWORD)).status == 404
    kinds = [letter.kind for letter in await door.letters()]
    assert kinds == [MessageKind.SECURITY], "no key is left behind, and its owner hears of it"
    assert [deed for deed, _ in await door.deeds(login)][1:3] == ["link_sent", "password_by_link"]


async def test_the_link_is_good_for_an_hour(door: Door) -> None:
    await give_address(door, "anna")
    await forget(door, "anna")
    link = await door.link()
    async with door.browser() as browser:
        door.clock.wind(minutes=59)
        assert (await browser.get(link)).status == 200
        door.clock.wind(minutes=2)
        assert (await browser.get(link)).status == 404
        assert (await browser.post(link, password=BETTER, again=BETTER)).status == 404


async def test_a_new_link_closes_the_old_one(door: Door) -> None:
    await give_address(door, "anna")
    await forget(door, "anna")
    old = await door.link()
    door.clock.wind(minutes=3)
    await forget(door, "anna")
    assert len(await door.letters()) == 1
    async with door.browser() as browser:
        assert (await browser.get(old)).status == 404
        assert (await browser.get(await door.link())).status == 200


async def change_address(browser: Browser) -> Seen:
    return await browser.post("/zugang/e-mail", email="neu@example.org", password_now=PASSWORD)


@pytest.mark.parametrize("deed", [change, change_address])
async def test_a_link_is_closed_by_what_its_owner_does(
    door: Door, deed: Callable[[Browser], Awaitable[Seen]]
) -> None:
    await give_address(door, "anna")
    await forget(door, "anna")
    link = await door.link()
    async with door.browser("anna") as here:
        await deed(here)
        assert (await here.get(link)).status == 404


async def test_nobody_learns_who_has_a_log_in(door: Door) -> None:
    """The same page, before anything is looked at; and no mail but to whoever it is for."""
    await give_address(door, "anna")
    async with door.db.write() as conn:
        await accounts.set_disabled(conn, (await door.account("carla")).id, disabled=True)
        await accounts.set_email(conn, (await door.account("carla")).id, "carla@example.org")
    pages = {
        (await forget(door, login)).text for login in ("anna", "nobody", "kunde", "carla", "", "x" * 5000)
    }
    assert len({page.replace("name=", "") for page in pages}) == 1
    assert [one.address for one in await door.letters()] == ["post@example.org"]


async def test_a_mailbox_is_not_filled_by_strangers(door: Door) -> None:
    await give_address(door, "anna")
    first: list[Notification] = []
    for _ in range(5):
        await forget(door, "anna")
        first = first or await door.letters()
        door.clock.wind(seconds=20)
    assert await door.letters() == first
    answers = [(await forget(door, f"name-{n}")).status for n in range(20)]
    assert answers == [200] * 15 + [429] * 5


async def test_a_log_in_that_is_an_address_needs_no_other(door: Door) -> None:
    await forget(door, "jens@example.org")
    assert [one.address for one in await door.letters()] == ["jens@example.org"]


async def test_a_typed_password_waits_in_no_page(door: Door) -> None:
    """What was typed when the session ran out waits in the log-in page, but for passwords."""
    async with door.browser("anna") as here:
        door.clock.wind(hours=13)
        seen = await change(here)
        assert BETTER not in seen.text
        assert PASSWORD not in seen.text


async def test_an_invitation_takes_no_address_and_tells_of_none(door: Door) -> None:
    """Somebody elsewhere has Erika's address as log-in: her company does not learn it, nobody loses it."""
    async with door.browser("kunde") as kunde, door.browser() as erika:
        free = await kunde.post("/portal/subaccounts", employee=door.house.erika, once="1" * 12)
        free_link = await door.link()
        async with door.db.write() as conn:
            await accounts.insert(
                conn, accounts.Account("", "erika@example.org", accounts.Role.AGENT), "!", door.clock()
            )
        door.clock.wind(minutes=1)
        taken = await kunde.post("/portal/subaccounts", employee=door.house.erika, once="2" * 12)
        assert _shown(free) == _shown(taken)
        assert "invited " not in taken.text
        assert "erika@example.org" in taken.text
        assert (await erika.get(free_link)).status == 404
        link = await door.link()
        assert "erika@example.org-2" in (await erika.get(link)).text
        assert (await erika.post(link, password=BETTER, again=BETTER)).path == "/login"
        assert (await erika.log_in("erika@example.org-2", BETTER)).status == 303
        assert "erika@example.org-2" not in (await kunde.get("/portal/subaccounts")).text
    assert (await door.account("erika@example.org")).role is accounts.Role.AGENT


def _shown(seen: Seen) -> str:
    """But for what is new each time."""
    return re.sub(r'value="[^"]*"|gilt bis [^<]*', "", seen.text)
