"""Everybody who may log in, for the operator: who is where, and out with whom it must be."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.account.pages import moments_of
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.access import access_log, account_changes, accounts, log_ins
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit.confirming import Confirmation, ask_once_more
from pbx_bridge.web.kit.lists import Listed

PATH = "/zugaenge"
ROWS = 50


async def show(ctx: PortalContext) -> web.StreamResponse:
    """In pages, and found by typing; `wer`: the id of the one that another page leads to."""
    asked = ctx.query
    query, page = asked.get("q", "").strip()[:100], page_of(asked.get("page", "1"))
    async with ctx.portal.db.read() as conn:
        only, skip = asked.get("wer", ""), (page - 1) * ROWS
        found, total = await log_ins.listed(conn, query, account_id=only, skip=skip, most=ROWS)
    listed = Listed(tuple(found), total, page, max(1, -(-total // ROWS)))
    return ctx.page("logins/list.html", query=query, listed=listed, moments=moments_of(ctx))


_ASKED = {"abmelden": "log_out", "zweiter-faktor": "remove_factor", "sperren": "lock"}
_FIELDS = {"sperren": {"locked": "yes"}}


async def ask(ctx: PortalContext) -> web.StreamResponse:
    """What ends somebody's work, or cannot be taken back, is asked once more."""
    action = ctx.request.path.rpartition("/")[2]
    async with ctx.portal.db.read() as conn:
        account = await _meant(ctx, conn)
    word = _ASKED[action]
    question = Confirmation(
        title=ctx.t(f"people.{word}_of", login=account.shown),
        what=ctx.t(f"people.{word}_ask", login=account.shown),
        button=ctx.t(f"people.{word}"),
        path=ctx.request.path,
        fields=_FIELDS.get(action, {}),
        back=PATH,
    )
    return ask_once_more(ctx, question)


async def log_out(ctx: PortalContext) -> web.StreamResponse:
    """End all sessions of somebody."""
    async with ctx.portal.db.write() as conn:
        account = await _meant(ctx, conn)
        await _note(ctx, conn, AccessEvent.SESSIONS_ENDED, account)
    await ctx.portal.sessions.end_all_of(account.id)
    return ctx.go(PATH, said="person_logged_out")


async def lock(ctx: PortalContext) -> web.StreamResponse:
    """Keep somebody out, or let them in again; nobody locks themselves."""
    disabled = (await ctx.posted())["locked"] == "yes"
    async with ctx.portal.db.write() as conn:
        account = await _meant(ctx, conn)
        if account.id == ctx.account.id:
            return ctx.go(PATH, said="person_is_you")
        await account_changes.lock(conn, account, ctx.by, locked=disabled)
        await data_version.touch(conn, None, ctx.now)
    if disabled:
        await ctx.portal.sessions.end_all_of(account.id)
    return ctx.go(PATH, said="person_locked" if disabled else "person_unlocked")


async def factor(ctx: PortalContext) -> web.StreamResponse:
    """Somebody has lost their phone and the recovery codes: the password alone leads to a new one."""
    async with ctx.portal.db.write() as conn:
        account = await _meant(ctx, conn)
        own = ctx.portal.own_account
        await own.factor.remove(conn, account, ctx.owner.where, done_by=ctx.account.login)
    await ctx.portal.sessions.end_all_of(account.id)
    return ctx.go(PATH, said="person_factor_removed")


def page_of(text: str) -> int:
    """The page that an address names; the first one if it names none."""
    return max(1, int(text[:6])) if text.isascii() and text.isdecimal() else 1


async def _meant(ctx: PortalContext, conn: AsyncConnection) -> Account:
    account = await accounts.by_id(conn, ctx.request.match_info["account"])
    if account is None:
        raise NotFoundError
    return account


async def _note(ctx: PortalContext, conn: AsyncConnection, event: AccessEvent, account: Account) -> None:
    await access_log.write(conn, event, account, ctx.now, ctx.owner.where, done_by=ctx.account.login)


ROUTES = (
    Route("portal.people", "GET", PATH, show),
    Route("portal.people.log_out", "GET", f"{PATH}/{{account}}/abmelden", ask),
    Route("portal.people.log_out", "POST", f"{PATH}/{{account}}/abmelden", log_out),
    Route("portal.people.factor", "GET", f"{PATH}/{{account}}/zweiter-faktor", ask),
    Route("portal.people.factor", "POST", f"{PATH}/{{account}}/zweiter-faktor", factor),
    Route("portal.people.lock", "GET", f"{PATH}/{{account}}/sperren", ask),
    Route("portal.people.lock", "POST", f"{PATH}/{{account}}/sperren", lock),
)
