"""The own second factor: set up, new recovery codes, and done without again where that is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from pbx_bridge.errors import Refused
from pbx_bridge.portal.account.pages import said, status_of
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.access import second_factors
from pbx_bridge.web.qr_code import qr_picture
from pbx_bridge.web.rendering import RENDERING
from rules.access.one_time import app_address, secret_words

PATH = "/zugang/zweiter-faktor"


async def show(ctx: PortalContext) -> web.StreamResponse:
    """Whether there is one, and what can be done."""
    return await _page(ctx)


async def begin(ctx: PortalContext) -> web.StreamResponse:
    """With the password a secret is shown; with its first code it is asked for from then on."""
    posted, own = await ctx.posted(), ctx.portal.own_account
    if posted["code"]:
        codes = await own.confirm_factor(ctx.owner, posted["code"])
        return (
            await _page(ctx, codes, proposing=True) if isinstance(codes, Refused) else await _page(ctx, codes)
        )
    refused = await own.proves(ctx.owner, posted["password_now"])
    return await _page(ctx, refused, proposing=refused is None)


async def codes(ctx: PortalContext) -> web.StreamResponse:
    """New recovery codes."""
    posted = await ctx.posted()
    return await _page(ctx, await ctx.portal.own_account.renew_codes(ctx.owner, posted["password_now"]))


async def remove(ctx: PortalContext) -> web.StreamResponse:
    """The password alone is enough again."""
    posted = await ctx.posted()
    refused = await ctx.portal.own_account.remove_factor(ctx.owner, posted["password_now"])
    return await _page(ctx, refused) if refused is not None else ctx.go(PATH, said="factor_removed")


async def _page(
    ctx: PortalContext, result: Refused | Sequence[str] | None = None, *, proposing: bool = False
) -> web.Response:
    account, own = ctx.account, ctx.portal.own_account
    if account.customer_id:
        await ctx.customer()  # its name stands in the frame
    async with ctx.portal.db.read() as conn:
        factor = await second_factors.of_account(conn, account.id)
        left = await second_factors.codes_left(conn, account.id)
    refused = result if isinstance(result, Refused) else None
    secret = await own.proposed_factor(ctx.owner) if proposing else b""
    issuer = ctx.request.config_dict[RENDERING].brand(ctx.locale)
    address = app_address(secret, issuer, account.login)
    response = ctx.page(
        "account/second_factor.html",
        status=status_of(refused),
        has_factor=factor is not None and factor.confirmed,
        required=own.factor.requires(account),
        left=left,
        codes=() if refused is not None or result is None else result,
        secret=secret_words(secret),
        app_address=address,
        picture=qr_picture(address, ctx.t("second.setup.picture")) if proposing else "",
        fault="" if refused is None else said(ctx, refused),
    )
    if refused is not None and "seconds" in refused.params:
        response.headers["Retry-After"] = str(refused.params["seconds"])
    return response


ROUTES = (
    Route("portal.account.factor", "GET", PATH, show),
    Route("portal.account.factor.begin", "POST", PATH, begin),
    Route("portal.account.factor.codes", "POST", f"{PATH}/ersatzcodes", codes),
    Route("portal.account.factor.remove", "POST", f"{PATH}/entfernen", remove),
)
