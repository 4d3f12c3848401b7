"""A new tariff, its name, and whether companies may still get it."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.admin.tariffs.pages import ONE, PATH, path_of, tariff_of
from pbx_bridge.editing import tariffs
from pbx_bridge.editing.values import Rejected
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.billing.typed_tariff import FIELDS
from rules.model import Tariff

BLANK = dict.fromkeys(FIELDS, "")
log = structlog.get_logger(__name__)


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """Empty."""
    return _page(ctx, forms.shown(BLANK), None)


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """Then its prices are asked for."""
    form = forms.sent_new(await ctx.posted(), BLANK)
    async with ctx.office.db.write() as conn:
        done = await tariffs.create(conn, form, ctx.by)
    if isinstance(done, Rejected):
        return _page(ctx, form.with_faults(done.faults), None)
    log.info("tariff_created", tariff=done.id, account=ctx.account.id)
    return ctx.said(f"{PATH}/{done.id}/neu", "tariff_created")


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """Its name as it is stored."""
    async with ctx.office.db.read() as conn:
        found = await tariff_of(ctx, conn)
    return _page(ctx, forms.shown({"name": found.tariff.name}), found.tariff)


async def rename(ctx: OfficeContext) -> web.StreamResponse:
    """Merged with what somebody else has stored meanwhile."""
    posted = await ctx.posted()

    def values(stored: Mapping[str, str]) -> Form:
        return forms.sent(posted, stored)

    async with ctx.office.db.write() as conn:
        found = await tariff_of(ctx, conn)
        done = await tariffs.rename(conn, found.tariff.id, values, ctx.by)
    if isinstance(done, Rejected):
        return _page(ctx, done.wanted.with_faults(done.faults), found.tariff)
    log.info("tariff_renamed", tariff=done.id, account=ctx.account.id)
    return ctx.said(path_of(found), "tariff_renamed" if done != found.tariff else "unchanged")


async def retire(ctx: OfficeContext) -> web.StreamResponse:
    """`retired`: "yes", or "" to have it back."""
    retired = (await ctx.posted())["retired"] == "yes"
    async with ctx.office.db.write() as conn:
        found = await tariff_of(ctx, conn)
        done = await tariffs.retire(conn, found.tariff.id, ctx.by, retired=retired)
    code = "tariff_retired" if retired else "tariff_back"
    if done:
        log.info(code, tariff=found.tariff.id, account=ctx.account.id)
    return ctx.said(path_of(found), code if done else "unchanged")


def _page(ctx: OfficeContext, form: Form, tariff: Tariff | None) -> web.Response:
    """`tariff`: the one that is changed; None: a new one."""
    return ctx.page(
        "tariffs/edit.html",
        status=200 if form.ready else 422,
        form=form,
        tariff=tariff,
        path=f"{PATH}/{tariff.id}/bearbeiten" if tariff else f"{PATH}/neu",
        back=f"{PATH}/{tariff.id}" if tariff else PATH,
    )


ROUTES = (
    Route("admin.tariff.create", "GET", f"{PATH}/neu", show_new),
    Route("admin.tariff.create", "POST", f"{PATH}/neu", create),
    Route("admin.tariff.edit", "GET", f"{ONE}/bearbeiten", show),
    Route("admin.tariff.edit", "POST", f"{ONE}/bearbeiten", rename),
    Route("admin.tariff.retire", "POST", f"{ONE}/vergabe", retire),
)
