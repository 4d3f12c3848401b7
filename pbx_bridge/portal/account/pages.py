"""The own log-in of whoever is here: password, address, and where else one is logged in."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.access import accounts, second_factors
from pbx_bridge.storage.customers import data_version
from pbx_bridge.web.i18n import languages, names_of_languages
from pbx_bridge.web.kit.confirming import Confirmation, ask_once_more
from pbx_bridge.web.kit.date_format import HOUSE_ZONE, Moments
from rules.access.passwords import SHORTEST, SHORTEST_FOR_STAFF
from rules.text.email import bare_email, is_email

PATH = "/zugang"
"""Whose clock the people of the house look at."""


async def show(ctx: PortalContext) -> web.StreamResponse:
    """All of it."""
    return await _page(ctx)


async def password(ctx: PortalContext) -> web.StreamResponse:
    """Another one; all other sessions end."""
    posted = await ctx.posted()
    words = [posted[f"password_{name}"] for name in ("old", "new", "again")]
    refused = await ctx.portal.own_account.change_password(ctx.owner, *words)
    return await _page(ctx, "password", refused) if refused is not None else _done(ctx, "password_changed")


async def email(ctx: PortalContext) -> web.StreamResponse:
    """Where the link for a forgotten password goes; none is fine."""
    posted = await ctx.posted()
    typed = bare_email(posted["email"])
    if typed and not is_email(typed):
        return await _page(ctx, "email", Refused("email"), typed)
    refused = await ctx.portal.own_account.change_email(ctx.owner, posted["password_now"], typed)
    return await _page(ctx, "email", refused, typed) if refused is not None else _done(ctx, "email_changed")


async def language(ctx: PortalContext) -> web.StreamResponse:
    """From the next page on and wherever they log in; one that we lack changes nothing."""
    wanted = (await ctx.posted())["locale"]
    if wanted in languages():
        async with ctx.portal.db.write() as conn:
            await accounts.set_locale(conn, ctx.account.id, wanted)
            await data_version.touch(conn, None, ctx.now)
    return _done(ctx, "language_changed")


async def end(ctx: PortalContext) -> web.StreamResponse:
    """Log out in another browser."""
    posted = await ctx.posted()
    if not await ctx.portal.own_account.end_session(ctx.owner, posted["session"]):
        raise NotFoundError
    return _done(ctx, "session_ended")


async def end_others(ctx: PortalContext) -> web.StreamResponse:
    """Log out everywhere but here."""
    await ctx.portal.own_account.end_others(ctx.owner)
    return _done(ctx, "sessions_ended")


async def ask_end_others(ctx: PortalContext) -> web.StreamResponse:
    """All at once is asked once more."""
    if ctx.account.customer_id:
        await ctx.customer()  # its name stands in the frame
    question = Confirmation(
        title=ctx.t("account.sessions.end_others"),
        what=ctx.t("account.sessions.end_others_ask"),
        button=ctx.t("account.sessions.end_others"),
        path=ctx.request.path,
        back=PATH,
    )
    return ask_once_more(ctx, question)


def moments_of(ctx: PortalContext) -> Moments:
    """On the clock of the house: these pages belong to no company."""
    return Moments(ctx.t, HOUSE_ZONE)


async def _page(
    ctx: PortalContext, part: str = "", refused: Refused | None = None, typed: str | None = None
) -> web.Response:
    if ctx.account.customer_id:
        await ctx.customer()  # its name stands in the frame
    async with ctx.portal.db.read() as conn:
        account = await accounts.by_id(conn, ctx.account.id)
        factor = await second_factors.of_account(conn, ctx.account.id)
    if account is None:
        raise NotFoundError
    response = ctx.page(
        "account/page.html",
        status=status_of(refused),
        owner=account,
        languages=names_of_languages(),
        email=account.email if typed is None else typed,
        mails_to=account.mails_to,
        least=SHORTEST_FOR_STAFF if account.is_staff else SHORTEST,
        sessions=await ctx.portal.sessions.of_account(account.id),
        this=ctx.request["session"].id,
        moments=moments_of(ctx),
        has_factor=factor is not None and factor.confirmed,
        faults={part: said(ctx, refused)} if refused is not None else {},
    )
    if refused is not None and "seconds" in refused.params:
        response.headers["Retry-After"] = str(refused.params["seconds"])
    return response


def said(ctx: PortalContext, refused: Refused) -> str:
    """Why not, in words."""
    key = f"faults.{refused.code}"
    return ctx.t(key if ctx.knows(key) else f"errors.{refused.code}", **refused.params)


def status_of(refused: Refused | None) -> int:
    """The page that says so comes with this one."""
    return 200 if refused is None else 429 if refused.code == "too_many" else 422


def _done(ctx: PortalContext, code: str) -> web.Response:
    return ctx.go(PATH, said=code)


ROUTES = (
    Route("portal.account", "GET", PATH, show),
    Route("portal.account.password", "POST", f"{PATH}/kennwort", password),
    Route("portal.account.email", "POST", f"{PATH}/e-mail", email),
    Route("portal.account.language", "POST", f"{PATH}/sprache", language),
    Route("portal.account.end", "POST", f"{PATH}/anmeldungen/beenden", end),
    Route("portal.account.end_others", "GET", f"{PATH}/anmeldungen/andere-beenden", ask_end_others),
    Route("portal.account.end_others", "POST", f"{PATH}/anmeldungen/andere-beenden", end_others),
)
