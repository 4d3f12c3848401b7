"""Abfragefelder: what a company has asked of its callers, in which order, and what was asked once."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import note_fields
from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.customers import customers
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.customers.asked_fields import NEW, asked, kinds_for, texts_of
from rules.model import NoteField

FIELDS = f"{ONE}/abfragefelder"
FIELD = f"{FIELDS}/{{field}}"


@dataclass(frozen=True, slots=True)
class Asking:
    """A company, and what it has asked or had once."""

    id: str
    name: str
    fields: tuple[NoteField, ...]

    @property
    def path(self) -> str:
        return _path(self.id)

    def own(self, key: str) -> NoteField:
        """Raises NotFoundError."""
        found = next((one for one in self.fields if one.key == key), None)
        if found is None:
            raise NotFoundError
        return found


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """Those that are asked, and those of former days; as stored, which the memory may just not know yet."""
    company = await _company(ctx)
    return ctx.page(
        "companies/note_fields.html",
        company=company,
        asked=asked(company.fields),
        retired=[one for one in company.fields if one.retired],
        path=company.path,
        back=f"{PATH}/{company.id}",
    )


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """An empty form."""
    return _page(ctx, await _company(ctx), forms.shown(texts_of(NEW)))


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """Asked last, and on the desks at once."""
    form = forms.sent_new(await ctx.posted(), texts_of(NEW))
    async with _change(ctx) as change:
        done = await note_fields.add(change, form)
    if isinstance(done, Rejected):
        return _page(ctx, await _company(ctx), form.with_faults(done.faults))
    return _done(ctx, change)


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """As it is."""
    company = await _company(ctx)
    field = company.own(ctx.request.match_info["field"])
    return _page(ctx, company, forms.shown(texts_of(field)), field)


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """Merged with what somebody else has stored meanwhile."""
    posted, key = await ctx.posted(), ctx.request.match_info["field"]
    async with _change(ctx) as change:
        done = await note_fields.save(change, key, lambda stored: forms.sent(posted, texts_of(stored)))
    if isinstance(done, Rejected):
        company = await _company(ctx)
        return _page(ctx, company, done.wanted.with_faults(done.faults), company.own(key))
    return _done(ctx, change)


async def move(ctx: OfficeContext) -> web.StreamResponse:
    """One place up or down."""
    up = (await ctx.posted())["direction"] == "up"
    async with _change(ctx) as change:
        await note_fields.move(change, ctx.request.match_info["field"], up=up)
    return _done(ctx, change)


async def retire(ctx: OfficeContext) -> web.StreamResponse:
    """Asked no more; answers stay where they are."""
    async with _change(ctx) as change:
        await note_fields.retire(change, ctx.request.match_info["field"])
    return _done(ctx, change)


async def bring_back(ctx: OfficeContext) -> web.StreamResponse:
    """Asked again, or its form with the reason why not."""
    key = ctx.request.match_info["field"]
    async with _change(ctx) as change:
        fault = await note_fields.bring_back(change, key)
    if fault is not None:
        company = await _company(ctx)
        field = company.own(key)
        return _page(ctx, company, forms.shown(texts_of(field)).with_faults([fault]), field)
    return _done(ctx, change)


def _change(ctx: OfficeContext) -> AbstractAsyncContextManager[Change]:
    return ctx.office.editing.change(ctx.request.match_info["company"], ctx.editor)


def _done(ctx: OfficeContext, change: Change) -> web.Response:
    return ctx.said(_path(change.customer_id), change.code if change.step else "unchanged", change.step)


def _path(company_id: str) -> str:
    return f"{PATH}/{company_id}/abfragefelder"


async def _company(ctx: OfficeContext) -> Asking:
    """Whom the path names. Raises NotFoundError."""
    company_id = ctx.request.match_info["company"]
    async with ctx.office.db.read() as conn:
        name = await customers.name(conn, company_id)
        fields = await customers.note_fields(conn, company_id)
    if name is None:
        raise NotFoundError
    return Asking(company_id, name, fields)


def _page(ctx: OfficeContext, company: Asking, form: Form, field: NoteField | None = None) -> web.Response:
    """`field`: which is changed; None: a new one."""
    return ctx.page(
        "companies/note_field.html",
        status=200 if form.ready else 422,
        company=company,
        form=form,
        field=field,
        kinds=kinds_for(field),
        back=company.path,
        path=f"{company.path}/{field.key if field else 'neu'}",
    )


ROUTES = (
    Route("admin.company.note_fields", "GET", FIELDS, show),
    Route("admin.company.note_field.new", "GET", f"{FIELDS}/neu", show_new),
    Route("admin.company.note_field.new", "POST", f"{FIELDS}/neu", create),
    Route("admin.company.note_field", "GET", FIELD, show_one),
    Route("admin.company.note_field", "POST", FIELD, save),
    Route("admin.company.note_field.move", "POST", f"{FIELD}/verschieben", move),
    Route("admin.company.note_field.retire", "POST", f"{FIELD}/stilllegen", retire),
    Route("admin.company.note_field.back", "POST", f"{FIELD}/zurueckholen", bring_back),
)
