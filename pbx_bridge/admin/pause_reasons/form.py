"""A reason for a pause: a new one, or how one is called, where it stands and whether it is offered."""

from __future__ import annotations

import structlog
from aiohttp import web

from pbx_bridge.admin.pause_reasons.pages import PATH
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import pause_reasons
from pbx_bridge.editing.values import Rejected
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import pause_reasons as stored_reasons
from pbx_bridge.web.i18n import languages, names_of_languages
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.kit.pause_names import pause_name
from rules.presence.pause_reasons import STEP, PauseChoice, choices, texts_of

NEW, ONE = f"{PATH}/neu", f"{PATH}/{{reason}}"
log = structlog.get_logger(__name__)


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """At the end of the menu."""
    place = max(one.place for one in await _all(ctx)) + STEP
    return _page(ctx, forms.shown(texts_of(PauseChoice("", place=place), languages())), None)


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """Offered by every desk that is opened from now on."""
    form = forms.sent_new(await ctx.posted(), texts_of(PauseChoice(""), languages()))
    async with ctx.office.db.write() as conn:
        done = await pause_reasons.add(conn, form, languages(), ctx.by)
    return _done(ctx, done, None)


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """As it is."""
    one = await _asked(ctx)
    return _page(ctx, forms.shown(texts_of(one, languages())), one)


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """Merged with what somebody else has stored meanwhile."""
    posted, one = await ctx.posted(), await _asked(ctx)

    def values(stored: PauseChoice) -> Form:
        return forms.sent(posted, texts_of(stored, languages()))

    async with ctx.office.db.write() as conn:
        done = await pause_reasons.save(conn, one.code, values, languages(), ctx.by)
    return _done(ctx, done, one)


def _done(ctx: OfficeContext, done: PauseChoice | Rejected[Form], one: PauseChoice | None) -> web.Response:
    if isinstance(done, Rejected):
        return _page(ctx, done.wanted.with_faults(done.faults), one)
    code = "pause_retired" if done.retired else "pause_stored"
    log.info(code, reason=done.code, account=ctx.account.id)
    return ctx.said(PATH, code)


async def _all(ctx: OfficeContext) -> tuple[PauseChoice, ...]:
    async with ctx.office.db.read() as conn:
        return choices(await stored_reasons.kept(conn))


async def _asked(ctx: OfficeContext) -> PauseChoice:
    """Which the path names. Raises NotFoundError."""
    found = next((one for one in await _all(ctx) if one.code == ctx.request.match_info["reason"]), None)
    if found is None:
        raise NotFoundError
    return found


def _page(ctx: OfficeContext, form: Form, one: PauseChoice | None) -> web.Response:
    """`one`: which is changed; None: a new one."""
    return ctx.page(
        "pause_reasons/form.html",
        status=200 if form.ready else 422,
        form=form,
        one=one,
        name=pause_name(one, ctx.locale) if one else "",
        path=f"{PATH}/{one.code}" if one else NEW,
        back=PATH,
        languages=names_of_languages(),
    )


ROUTES = (
    Route("admin.pause_reason.new", "GET", NEW, show_new),
    Route("admin.pause_reason.new", "POST", NEW, create),
    Route("admin.pause_reason", "GET", ONE, show_one),
    Route("admin.pause_reason", "POST", ONE, save),
)
