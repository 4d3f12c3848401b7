"""Whatever ends a log-in, in whichever process: no socket and no page of it goes on."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from pbx_bridge.auth import commands
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.importing.importer import import_document
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts, invitations
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.access.invitations import hashed
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications
from rules.model import Channel, MessageKind
from tests.desk_room import ORIGIN, Clock, DeskRoom, desk_room
from tests.floor_room import staffed
from tests.sample_company import NOW, SampleCompany
from tests.until import PATIENCE, until

PASSWORD = "Drei Birnen am Baum"
ERIKA = "erika@example.org"
PAGES = {"anna": "/desk", "carla": "/floor", "kunde": "/portal", ERIKA: "/portal/abwesend"}
"""Who logs in, and a page of theirs."""
SOCKETS = {"anna": ("/desk/socket",), "carla": ("/floor/socket", "/desk/socket")}


@dataclass
class Life:
    """One log-in: its cookie, its page and its sockets."""

    room: DeskRoom
    url: str
    house: SampleCompany
    clock: Clock
    login: str
    cookie: str = ""
    sockets: list[asyncio.Task[int | None]] = field(default_factory=list)

    async def begin(self) -> None:
        self.cookie = await self.room.log_in(self.login)
        for path in SOCKETS.get(self.login, ()):
            headers = {"Origin": ORIGIN, "Cookie": self.cookie}
            socket = await self.room.client.ws_connect(f"{self.room.url}{path}", headers=headers)
            self.sockets.append(asyncio.create_task(_code_at_the_end(socket)))
        assert await self.page() == 200

    async def page(self) -> int:
        headers = {"Cookie": self.cookie, "Accept": "text/html"}
        where = self.room.url + PAGES[self.login]
        async with self.room.client.get(where, headers=headers, allow_redirects=False) as answer:
            return answer.status

    async def sends(self, path: str, login: str = "", **form: str) -> None:
        """A form of somebody who is logged in."""
        login = login or self.login
        cookie = self.cookie if login == self.login else await self.room.log_in(login)
        headers = {"Cookie": cookie, "X-CSRF-Token": self.room.sessions[login].csrf}
        where = self.room.url + path
        async with self.room.client.post(where, data=form, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 303

    async def closed(self) -> list[int | None]:
        """The codes with which its sockets have ended."""
        async with asyncio.timeout(PATIENCE):
            return list(await asyncio.gather(*self.sockets))

    @property
    def settings(self) -> Settings:
        """Of another process on the same database."""
        return replace(Settings(), database=replace(Settings().database, url=self.url))

    async def by_hand(self, sql: str, **values: Any) -> None:
        """In another process, past all of our code."""
        await self.elsewhere(lambda conn: conn.execute(text(sql), {"login": self.login} | values))

    async def elsewhere(self, deed: Callable[[Any], Awaitable[object]]) -> None:
        """In another process."""
        db = Database(self.url)
        async with db.write() as conn:
            await deed(conn)
        await db.close()

    async def imported(self, lines: str) -> None:
        db, read = Database(self.url), tomllib.loads(lines)
        done = await import_document(db, read, datetime.now(UTC), Passwords(Settings().auth).hash)
        await db.close()
        assert not isinstance(done, list), done

    async def account(self) -> Account:
        async with self.room.rooms.db.read() as conn:
            found = await accounts.by_login(conn, self.login)
        assert found is not None
        return found[0]


async def _code_at_the_end(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _ in socket:
        pass
    return socket.close_code


async def log_out(life: Life) -> None:
    await life.sends("/logout")


async def unused(life: Life) -> None:
    life.clock.ahead += timedelta(minutes=241)


async def too_old(life: Life) -> None:
    life.clock.ahead += timedelta(hours=12)


async def new_password_by_command_line(life: Life) -> None:
    role = (await life.account()).role
    assert await commands.add_user(
        life.settings,
        login=life.login,
        role=role.value,
        name="Vor Nach",
        phone=f"PJSIP/{life.login}" if life.login in SOCKETS else "",
        customer="Mustermann AG" if role is Role.CUSTOMER else "",
        password=PASSWORD,
    ) == 0  # fmt: skip


async def other_role(life: Life) -> None:
    role = {"anna": "supervisor", "carla": "agent", "kunde": "operator"}[life.login]
    await life.by_hand("UPDATE account SET role = :role, customer_id = NULL WHERE login = :login", role=role)


async def imported_password(life: Life) -> None:
    await life.imported(_person(life.login, f'password = "{PASSWORD}"', supervisor=life.login == "carla"))


async def imported_role(life: Life) -> None:
    more = 'role = "operator"' if life.login == "kunde" else ""
    await life.imported(_person(life.login, more, supervisor=life.login == "anna"))


def _person(login: str, more: str, *, supervisor: bool) -> str:
    if login not in SOCKETS:
        return f'[[user]]\nlogin = "{login}"\n{more}'
    names = f'given_name = "Vor"\nfamily_name = "Nach"\ninterface = "PJSIP/{login}"'
    return f'[[agent]]\nlogin = "{login}"\nsupervisor = {str(supervisor).lower()}\n{names}\n{more}'


async def locked(life: Life) -> None:
    assert await commands.lock_user(life.settings, life.login, locked=True) == 0


async def locked_by_hand(life: Life) -> None:
    await life.by_hand("UPDATE account SET disabled = TRUE WHERE login = :login")


async def deleted(life: Life) -> None:
    assert await commands.delete_user(life.settings, life.login) == 0


async def logged_out_by_the_operator(life: Life) -> None:
    assert await commands.log_out_user(life.settings, life.login) == 0


async def password_by_a_link(life: Life) -> None:
    account, then = await life.account(), datetime.now(UTC) + timedelta(hours=1)
    mail = notifications.Notification(
        "mail", None, life.house.customer_id, Channel.EMAIL, MessageKind.INVITATION, "e@example.org", "",
        NOW, NOW, account_id=account.id,
    )  # fmt: skip
    await life.elsewhere(lambda conn: invitations.invite(conn, hashed("x" * 20), then, mail))
    await life.sends(f"/einladung/{'x' * 20}", password=PASSWORD, again=PASSWORD)


async def taken_away_in_the_portal(life: Life) -> None:
    path = f"/portal/subaccounts/{(await life.account()).id}/loeschen"
    await life.sends(path, "kunde", once="0123456789")


async def employee_leaves(life: Life) -> None:
    await life.by_hand("DELETE FROM employee WHERE id = :id", id=life.house.erika)


async def company_leaves(life: Life) -> None:
    await life.by_hand("DELETE FROM customer WHERE id = :id", id=life.house.customer_id)


Deed = Callable[[Life], Awaitable[None]]
EVERYBODY = ("anna", "carla", "kunde")
ENDS: dict[Deed, tuple[str, ...]] = {
    log_out: EVERYBODY,
    unused: EVERYBODY,
    too_old: EVERYBODY,
    new_password_by_command_line: EVERYBODY,
    other_role: EVERYBODY,
    imported_password: EVERYBODY,
    imported_role: EVERYBODY,
    locked: EVERYBODY,
    locked_by_hand: EVERYBODY,
    deleted: EVERYBODY,
    logged_out_by_the_operator: EVERYBODY,
    password_by_a_link: (*EVERYBODY, ERIKA),
    taken_away_in_the_portal: (ERIKA,),
    employee_leaves: (ERIKA,),
    company_leaves: ("kunde", ERIKA),
}
CASES = [(deed, login) for deed, logins in ENDS.items() for login in logins]
Open = tuple[DeskRoom, SampleCompany, Clock]


@pytest.fixture
async def open_house(database_url: str) -> AsyncIterator[Open]:
    db, clock = Database(database_url), Clock()
    house = await staffed(db, supervisor_is_agent=True)
    people = (("kunde", Role.CUSTOMER, None), (ERIKA, Role.SUBACCOUNT, house.erika))
    async with db.write() as conn:
        for login, role, employee in people:
            one = Account("", login, role, "de", house.customer_id, employee)
            await accounts.insert(conn, one, "no hash", NOW)
    await db.close()
    async with desk_room(database_url, clock) as room:
        yield room, house, clock


@pytest.mark.parametrize("deed,login", CASES, ids=lambda one: getattr(one, "__name__", str(one)))
async def test_a_log_in_ends_with_its_pages_and_sockets(
    open_house: Open, database_url: str, deed: Deed, login: str
) -> None:
    room, house, clock = open_house
    life = Life(room, database_url, house, clock, login)
    await life.begin()
    await deed(life)
    assert await life.page() in {303, 401}
    assert await life.closed() == [4001] * len(life.sockets)


async def test_whoever_works_at_a_desk_is_not_unused(open_house: Open, database_url: str) -> None:
    room, _, clock = open_house
    anna = await room.tab("anna")
    for _ in range(3):
        clock.ahead += timedelta(minutes=200)
        await anna.ask("pause", reason="break")
        before = clock() - timedelta(minutes=5)
        await until(lambda before=before: _seen(room) > before, message="the use is written down")  # type: ignore[misc]
    assert anna.closed is None


def _seen(room: DeskRoom) -> datetime:
    written = room.rooms.sessions._written.get(room.sessions["anna"].id)
    return written or datetime.min.replace(tzinfo=UTC)


async def test_a_new_language_ends_nothing(open_house: Open, database_url: str) -> None:
    room, house, clock = open_house
    life = Life(room, database_url, house, clock, "anna")
    await life.begin()
    await life.sends("/desk/language", locale="en")
    assert await life.page() == 200
    assert not any(socket.done() for socket in life.sockets)
