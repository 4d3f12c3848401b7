"""The pool grows and shrinks; a line is given to a company, made free, or shared: each can be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from pbx_bridge.admin.lines.pages import GIVEN, ONE, PATH, line_of, page_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import company_lines, lines
from pbx_bridge.editing.change import Editor
from pbx_bridge.editing.values import Given, Rejected
from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.storage.customers import company_list, line_list
from pbx_bridge.storage.customers.company_list import CompanySearch
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault
from rules.office.new_company import LONGEST_NAME

NEW = f"{PATH}/neu"
BLANK = {"numbers": "", "shared": ""}


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """Empty, or with what the address says."""
    return _form(ctx, forms.shown(BLANK | {"numbers": ctx.words("leitung")}))


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """All of them or none. One alone leads to its page, as it is wanted for somebody; several to those that
    are free."""
    form = forms.sent_new(await ctx.posted(), BLANK)
    async with ctx.office.db.write() as conn:
        done = await lines.add(conn, ctx.editor, form)
        if isinstance(done, Rejected):
            return _form(ctx, form.with_faults(done.faults))
        alone = await line_list.by_number(conn, done.numbers) if len(done.numbers) == 1 else {}
    code = "lines_there" if not done.added else "lines_added"
    if 0 < done.added < len(done.numbers):
        code = "lines_added_others_there"
    path = next((f"{PATH}/{one.id}" for one in alone.values()), PATH)
    return ctx.said(path, code, done.step)


async def give(ctx: OfficeContext) -> web.StreamResponse:
    """To the company that is named; whose it was, or that it was shared, has to be said."""
    form = forms.sent_new(await ctx.posted(), GIVEN)
    async with ctx.office.db.read() as conn:
        line = await line_of(ctx, conn)
        company = await _company(conn, form.values["company"].strip())
    if isinstance(company, Fault):
        return page_of(ctx, line, form.with_faults([company]))
    try:
        async with ctx.office.editing.change(company, ctx.editor) as change:
            done = await company_lines.assign(change, Given({"line": line.number, **form.values}))
    except NotFoundError:  # erased between both looks
        return page_of(ctx, line, form.with_faults([Fault("company", "line_no_company")]))
    if isinstance(done, Rejected):
        faults = [replace(one, field="company") for one in done.faults]
        return page_of(ctx, line, form.with_faults(faults))
    return ctx.said(f"{PATH}/{line.id}", "line_assigned", done.step)


async def _company(conn: AsyncConnection, typed: str) -> str | Fault:
    """The id of the company with this name, or of the only one in whose name it is."""
    if not typed:
        return Fault("company", "required")
    if len(typed) > LONGEST_NAME:
        return Fault("company", "too_long", {"length": str(len(typed)), "max": str(LONGEST_NAME)})
    found, total = await company_list.listed(conn, CompanySearch(typed), most=20)
    same = [one for one in found if one.name.casefold() == typed.casefold()]
    if len(same) == 1 or total == 1:
        return (same or list(found))[0].id
    return Fault("company", "line_companies" if total else "line_no_company")


async def free(ctx: OfficeContext) -> web.StreamResponse:
    """`owner`: the company whose it was when the page was made; if it is another one's by now, nothing is
    done."""
    owner = (await ctx.posted())["owner"]
    async with ctx.office.db.read() as conn:
        line = await line_of(ctx, conn)
    if line.customer_id != owner:
        return ctx.said(f"{PATH}/{line.id}", "line_not_theirs")
    async with ctx.office.editing.change(owner, ctx.editor) as change:
        done = await company_lines.free(change, line.id)
    return _said(ctx, line.id, done, "line_freed")


async def share(ctx: OfficeContext) -> web.StreamResponse:
    """Or no more, as the form says."""
    shared = (await ctx.posted())["shared"] == lines.YES
    code = "line_shared" if shared else "line_unshared"
    return await _done(ctx, code, lambda conn, who, line: lines.share(conn, who, line, shared=shared))


async def remove(ctx: OfficeContext) -> web.StreamResponse:
    """A free one is the house's no more."""
    return await _done(ctx, "line_removed", lines.remove)


async def _done(
    ctx: OfficeContext, code: str, action: Callable[[AsyncConnection, Editor, str], Awaitable[str | Refused]]
) -> web.Response:
    async with ctx.office.db.write() as conn:
        line = await line_of(ctx, conn)
        done = await action(conn, ctx.editor, line.id)
    return _said(ctx, line.id, done, code)


def _said(ctx: OfficeContext, line_id: str, done: str | Refused, code: str) -> web.Response:
    """On the page of the line, or, when it has none any more, on the list."""
    if isinstance(done, Refused):
        return ctx.said(f"{PATH}/{line_id}", done.code)
    path = PATH if code == "line_removed" else f"{PATH}/{line_id}"
    return ctx.said(path, code if done else "unchanged", done)


def _form(ctx: OfficeContext, form: Form) -> web.Response:
    return ctx.page("lines/form.html", status=422 if form.faults else 200, form=form, path=NEW, back=PATH)


ROUTES = (
    Route("admin.lines.new", "GET", NEW, show_new),
    Route("admin.lines.new", "POST", NEW, create),
    Route("admin.line.give", "POST", f"{ONE}/vergeben", give),
    Route("admin.line.free", "POST", f"{ONE}/frei", free),
    Route("admin.line.share", "POST", f"{ONE}/gemeinsam", share),
    Route("admin.line.remove", "POST", f"{ONE}/herausnehmen", remove),
)
