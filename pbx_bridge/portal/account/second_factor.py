"""The own second factor: set up, new recovery codes, and done without again where that is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from pbx_bridge.errors import Refused
from pbx_bridge.portal.account.pages import said, status_of
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.access import second_factors
from pbx_bridge.web.picture import qr_picture
from pbx_bridge.web.rendering import RENDERING
from rules.one_time import app_address, secret_words

PATH = "/zugang/zweiter-faktor"


async def show(visit: Visit) -> web.StreamResponse:
    """Whether there is one, and what can be done."""
    return await _page(visit)


async def begin(visit: Visit) -> web.StreamResponse:
    """With the password a secret is shown; with its first code it is asked for from then on."""
    posted, own = await visit.posted(), visit.portal.own_account
    if posted["code"]:
        codes = await own.confirm_factor(visit.owner, posted["code"])
        return (
            await _page(visit, codes, proposing=True)
            if isinstance(codes, Refused)
            else await _page(visit, codes)
        )
    refused = await own.proves(visit.owner, posted["password_now"])
    return await _page(visit, refused, proposing=refused is None)


async def codes(visit: Visit) -> web.StreamResponse:
    """New recovery codes."""
    posted = await visit.posted()
    return await _page(visit, await visit.portal.own_account.renew_codes(visit.owner, posted["password_now"]))


async def remove(visit: Visit) -> web.StreamResponse:
    """The password alone is enough again."""
    posted = await visit.posted()
    refused = await visit.portal.own_account.remove_factor(visit.owner, posted["password_now"])
    return await _page(visit, refused) if refused is not None else visit.go(PATH, said="factor_removed")


async def _page(
    visit: Visit, result: Refused | Sequence[str] | None = None, *, proposing: bool = False
) -> web.Response:
    account, own = visit.account, visit.portal.own_account
    if account.customer_id:
        await visit.customer()  # its name stands in the frame
    async with visit.portal.db.read() as conn:
        factor = await second_factors.of_account(conn, account.id)
        left = await second_factors.codes_left(conn, account.id)
    refused = result if isinstance(result, Refused) else None
    secret = await own.proposed_factor(visit.owner) if proposing else b""
    issuer = visit.request.config_dict[RENDERING].brand(visit.locale)
    address = app_address(secret, issuer, account.login)
    response = visit.page(
        "account/second_factor.html",
        status=status_of(refused),
        has_factor=factor is not None and factor.confirmed,
        required=own.factor.requires(account),
        left=left,
        codes=() if refused is not None or result is None else result,
        secret=secret_words(secret),
        app_address=address,
        picture=qr_picture(address, visit.t("second.setup.picture")) if proposing else "",
        fault="" if refused is None else said(visit, refused),
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
