"""The own log-in of whoever is here: password, address, and where else one is logged in."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.access import accounts, second_factors
from pbx_bridge.storage.customers import data_version
from pbx_bridge.web.i18n import LOCALES
from pbx_bridge.web.kit.date_format import Moments
from rules.email import bare_email, is_email
from rules.passwords import SHORTEST, SHORTEST_FOR_STAFF

PATH = "/zugang"
HOUSE_ZONE = "Europe/Berlin"
"""Whose clock the people of the house look at."""


async def show(visit: Visit) -> web.StreamResponse:
    """All of it."""
    return await _page(visit)


async def password(visit: Visit) -> web.StreamResponse:
    """Another one; all other sessions end."""
    posted = await visit.posted()
    words = [posted[f"password_{name}"] for name in ("old", "new", "again")]
    refused = await visit.portal.own_account.change_password(visit.owner, *words)
    return (
        await _page(visit, "password", refused) if refused is not None else _done(visit, "password_changed")
    )


async def email(visit: Visit) -> web.StreamResponse:
    """Where the link for a forgotten password goes; none is fine."""
    posted = await visit.posted()
    typed = bare_email(posted["email"])
    if typed and not is_email(typed):
        return await _page(visit, "email", Refused("email"), typed)
    refused = await visit.portal.own_account.change_email(visit.owner, posted["password_now"], typed)
    return (
        await _page(visit, "email", refused, typed) if refused is not None else _done(visit, "email_changed")
    )


async def language(visit: Visit) -> web.StreamResponse:
    """German or English, from the next page on and wherever they log in; one that we lack changes nothing."""
    wanted = (await visit.posted())["locale"]
    if wanted in LOCALES:
        async with visit.portal.db.write() as conn:
            await accounts.set_locale(conn, visit.account.id, wanted)
            await data_version.touch(conn, None, visit.now)
    return _done(visit, "language_changed")


async def end(visit: Visit) -> web.StreamResponse:
    """Log out in another browser."""
    posted = await visit.posted()
    if not await visit.portal.own_account.end_session(visit.owner, posted["session"]):
        raise NotFoundError
    return _done(visit, "session_ended")


async def end_others(visit: Visit) -> web.StreamResponse:
    """Log out everywhere but here."""
    await visit.portal.own_account.end_others(visit.owner)
    return _done(visit, "sessions_ended")


async def ask_end_others(visit: Visit) -> web.StreamResponse:
    """All at once is asked once more."""
    if visit.account.customer_id:
        await visit.customer()  # its name stands in the frame
    return visit.page(
        "confirm.html",
        title=visit.t("account.sessions.end_others"),
        what=visit.t("account.sessions.end_others_ask"),
        button=visit.t("account.sessions.end_others"),
        path=visit.request.path,
        fields=(),
        back=PATH,
    )


def moments_of(visit: Visit) -> Moments:
    """On the clock of the house: these pages belong to no company."""
    return Moments(visit.t, HOUSE_ZONE)


async def _page(
    visit: Visit, part: str = "", refused: Refused | None = None, typed: str | None = None
) -> web.Response:
    if visit.account.customer_id:
        await visit.customer()  # its name stands in the frame
    async with visit.portal.db.read() as conn:
        account = await accounts.by_id(conn, visit.account.id)
        factor = await second_factors.of_account(conn, visit.account.id)
    if account is None:
        raise NotFoundError
    response = visit.page(
        "account/page.html",
        status=status_of(refused),
        owner=account,
        languages=LOCALES,
        email=account.email if typed is None else typed,
        mails_to=account.mails_to,
        least=SHORTEST_FOR_STAFF if account.is_staff else SHORTEST,
        sessions=await visit.portal.sessions.of_account(account.id),
        this=visit.request["session"].id,
        moments=moments_of(visit),
        has_factor=factor is not None and factor.confirmed,
        faults={part: said(visit, refused)} if refused is not None else {},
    )
    if refused is not None and "seconds" in refused.params:
        response.headers["Retry-After"] = str(refused.params["seconds"])
    return response


def said(visit: Visit, refused: Refused) -> str:
    """Why not, in words."""
    key = f"faults.{refused.code}"
    return visit.t(key if visit.knows(key) else f"errors.{refused.code}", **refused.params)


def status_of(refused: Refused | None) -> int:
    """The page that says so comes with this one."""
    return 200 if refused is None else 429 if refused.code == "too_many" else 422


def _done(visit: Visit, deed: str) -> web.Response:
    return visit.go(PATH, said=deed)


ROUTES = (
    Route("portal.account", "GET", PATH, show),
    Route("portal.account.password", "POST", f"{PATH}/kennwort", password),
    Route("portal.account.email", "POST", f"{PATH}/e-mail", email),
    Route("portal.account.language", "POST", f"{PATH}/sprache", language),
    Route("portal.account.end", "POST", f"{PATH}/anmeldungen/beenden", end),
    Route("portal.account.end_others", "GET", f"{PATH}/anmeldungen/andere-beenden", ask_end_others),
    Route("portal.account.end_others", "POST", f"{PATH}/anmeldungen/andere-beenden", end_others),
)
