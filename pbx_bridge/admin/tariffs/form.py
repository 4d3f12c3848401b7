"""A new version of a tariff's prices; one to come is changed, or withdrawn."""

from __future__ import annotations

from datetime import date

import structlog
from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.admin.tariffs.pages import ONE, PATH, path_of, tariff_of, today
from pbx_bridge.editing import tariffs
from pbx_bridge.editing.values import Rejected
from pbx_bridge.errors import NotFoundError
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.kit.money import decimal_point
from rules.billing.terms import STEPS, CallTime, Terms, running
from rules.billing.typed_terms import FIELDS, MONTHLY, PER_USE, texts_of

VERSION = f"{ONE}/ab/{{version}}"
BLANK = dict.fromkeys(FIELDS, "")
NOT_CHANGED = frozenset({"terms_gone", "terms_begun"})
"""Faults after which what was typed can be stored as a new version only."""
log = structlog.get_logger(__name__)


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """Filled in with what holds; from when on is to be said."""
    async with ctx.office.db.read() as conn:
        found = await tariff_of(ctx, conn)
    now = running(found.terms, today(ctx)) or Terms(today(ctx))
    return await _page(ctx, forms.shown(_texts(ctx, now) | {"first_day": ""}), None)


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """From its day on; what held before stays as it was."""
    form = forms.sent_new(await ctx.posted(), BLANK)
    async with ctx.office.db.write() as conn:
        done = await tariffs.add_terms(conn, _id(ctx), form, today(ctx), ctx.by)
    if isinstance(done, Rejected):
        return await _page(ctx, form.with_faults(done.faults), None)
    if done is None:
        return ctx.said(f"{PATH}/{_id(ctx)}", "unchanged")
    return _stored(ctx, "terms_stored", done.first_day)


async def show_version(ctx: OfficeContext) -> web.StreamResponse:
    """One that is still to come; of one that has begun the tariff's page says so."""
    first_day = _first_day(ctx)
    async with ctx.office.db.read() as conn:
        found = await tariff_of(ctx, conn)
    stored = next((one for one in found.terms if one.first_day == first_day), None)
    if stored is None:
        raise NotFoundError
    if first_day <= today(ctx):
        return ctx.said(path_of(found), "terms_begun")
    return await _page(ctx, forms.shown(_texts(ctx, stored)), first_day)


async def save_version(ctx: OfficeContext) -> web.StreamResponse:
    """Merged with what somebody else has stored meanwhile."""
    posted, first_day = await ctx.posted(), _first_day(ctx)

    def values(stored: Terms | None) -> Form:
        if stored and first_day > today(ctx):
            return forms.sent(posted, _texts(ctx, stored))
        return forms.sent_new(posted, BLANK)

    async with ctx.office.db.write() as conn:
        done = await tariffs.change_terms(conn, _id(ctx), first_day, values, today(ctx), ctx.by)
    if isinstance(done, Rejected):
        form = done.wanted.with_faults(done.faults)
        is_new = any(fault.code in NOT_CHANGED for fault in done.faults)
        return await _page(ctx, form, None if is_new else first_day)
    return _stored(ctx, "terms_stored", done.first_day)


async def withdraw(ctx: OfficeContext) -> web.StreamResponse:
    """As if it had never been said."""
    first_day = _first_day(ctx)
    async with ctx.office.db.write() as conn:
        done = await tariffs.withdraw_terms(conn, _id(ctx), first_day, today(ctx), ctx.by)
    if not done:
        return ctx.said(f"{PATH}/{_id(ctx)}", "terms_begun")
    return _stored(ctx, "terms_withdrawn", first_day)


def _stored(ctx: OfficeContext, code: str, first_day: date) -> web.Response:
    log.info(code, tariff=_id(ctx), first_day=first_day.isoformat(), account=ctx.account.id)
    return ctx.said(f"{PATH}/{_id(ctx)}", code)


def _id(ctx: OfficeContext) -> str:
    return ctx.request.match_info["tariff"]


def _first_day(ctx: OfficeContext) -> date:
    """Which the path names. Raises NotFoundError for what is no day."""
    try:
        return date.fromisoformat(ctx.request.match_info["version"])
    except ValueError:
        raise NotFoundError from None


def _texts(ctx: OfficeContext, terms: Terms) -> dict[str, str]:
    return texts_of(terms, decimal_point(ctx.locale))


async def _page(ctx: OfficeContext, form: Form, version: date | None) -> web.Response:
    """`version`: the one that is changed; None: a new one."""
    async with ctx.office.db.read() as conn:
        found = await tariff_of(ctx, conn)
    fault = form.faults.get("first_day")
    return ctx.page(
        "tariffs/form.html",
        status=200 if form.ready else 422,
        form=form,
        found=found,
        version=version,
        back=path_of(found),
        path=f"{path_of(found)}/ab/{version}" if version else f"{path_of(found)}/neu",
        monthly=MONTHLY,
        per_use=PER_USE,
        kinds=tuple(CallTime),
        steps=[(str(step), ctx.t(f"tariffs.steps.{step}")) for step in STEPS],
        asks_replace=bool(form.values["replace"]) or (fault is not None and fault.code == "terms_same_day"),
    )


ROUTES = (
    Route("admin.tariff.new", "GET", f"{ONE}/neu", show_new),
    Route("admin.tariff.new", "POST", f"{ONE}/neu", create),
    Route("admin.tariff.version", "GET", VERSION, show_version),
    Route("admin.tariff.version", "POST", VERSION, save_version),
    Route("admin.tariff.withdraw", "POST", f"{VERSION}/zuruecknehmen", withdraw),
)
