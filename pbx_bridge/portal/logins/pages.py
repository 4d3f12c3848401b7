"""Everybody who may log in, for the operator: who is where, and out with whom it must be."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.account.pages import moments_of
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.access import access_log, account_changes, accounts, log_ins
from pbx_bridge.storage.access.access_log import Deed
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit.lists import Listed

PATH = "/zugaenge"
ROWS = 50


async def show(visit: Visit) -> web.StreamResponse:
    """In pages, and found by typing."""
    asked = visit.request.query
    query, page = asked.get("q", "").strip()[:100], page_of(asked.get("page", "1"))
    async with visit.portal.db.read() as conn:
        found, total = await log_ins.listed(conn, query, skip=(page - 1) * ROWS, most=ROWS)
    listed = Listed(tuple(found), total, page, max(1, -(-total // ROWS)))
    return visit.page("logins/list.html", query=query, listed=listed, moments=moments_of(visit))


_ASKED = {"abmelden": "log_out", "zweiter-faktor": "remove_factor", "sperren": "lock"}
_FIELDS = {"sperren": (("locked", "yes"),)}


async def ask(visit: Visit) -> web.StreamResponse:
    """What ends somebody's work, or cannot be taken back, is asked once more."""
    deed = visit.request.path.rpartition("/")[2]
    async with visit.portal.db.read() as conn:
        account = await _meant(visit, conn)
    word = _ASKED[deed]
    return visit.page(
        "confirm.html",
        title=visit.t(f"people.{word}_of", login=account.shown),
        what=visit.t(f"people.{word}_ask", login=account.shown),
        button=visit.t(f"people.{word}"),
        path=visit.request.path,
        fields=_FIELDS.get(deed, ()),
        back=PATH,
    )


async def log_out(visit: Visit) -> web.StreamResponse:
    """End all sessions of somebody."""
    async with visit.portal.db.write() as conn:
        account = await _meant(visit, conn)
        await _note(visit, conn, Deed.SESSIONS_ENDED, account)
    await visit.portal.sessions.end_all_of(account.id)
    return visit.go(PATH, said="person_logged_out")


async def lock(visit: Visit) -> web.StreamResponse:
    """Keep somebody out, or let them in again; nobody locks themselves."""
    disabled = (await visit.posted())["locked"] == "yes"
    async with visit.portal.db.write() as conn:
        account = await _meant(visit, conn)
        if account.id == visit.account.id:
            return visit.go(PATH, said="person_is_you")
        await account_changes.lock(conn, account, visit.by, locked=disabled)
        await data_version.touch(conn, None, visit.now)
    if disabled:
        await visit.portal.sessions.end_all_of(account.id)
    return visit.go(PATH, said="person_locked" if disabled else "person_unlocked")


async def factor(visit: Visit) -> web.StreamResponse:
    """Somebody has lost their phone and the recovery codes: the password alone leads to a new one."""
    async with visit.portal.db.write() as conn:
        account = await _meant(visit, conn)
        own = visit.portal.own_account
        await own.factor.remove(conn, account, visit.owner.where, done_by=visit.account.login)
    await visit.portal.sessions.end_all_of(account.id)
    return visit.go(PATH, said="person_factor_removed")


def page_of(text: str) -> int:
    """The page that an address names; the first one if it names none."""
    return max(1, int(text[:6])) if text.isascii() and text.isdecimal() else 1


async def _meant(visit: Visit, conn: AsyncConnection) -> Account:
    account = await accounts.by_id(conn, visit.request.match_info["account"])
    if account is None:
        raise NotFoundError
    return account


async def _note(visit: Visit, conn: AsyncConnection, deed: Deed, account: Account) -> None:
    await access_log.write(conn, deed, account, visit.now, visit.owner.where, done_by=visit.account.login)


ROUTES = (
    Route("portal.people", "GET", PATH, show),
    Route("portal.people.log_out", "GET", f"{PATH}/{{account}}/abmelden", ask),
    Route("portal.people.log_out", "POST", f"{PATH}/{{account}}/abmelden", log_out),
    Route("portal.people.factor", "GET", f"{PATH}/{{account}}/zweiter-faktor", ask),
    Route("portal.people.factor", "POST", f"{PATH}/{{account}}/zweiter-faktor", factor),
    Route("portal.people.lock", "GET", f"{PATH}/{{account}}/sperren", ask),
    Route("portal.people.lock", "POST", f"{PATH}/{{account}}/sperren", lock),
)
