"""A new company in one form: name, tariff, line, greeting, and the first contact, who is invited by mail."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.companies.pages import PATH
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.auth.log_in_links import LASTS, LogInLink
from pbx_bridge.editing import new_company
from pbx_bridge.editing.new_company import LineTakenMeanwhile
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.customers import customers, taken_names, teams
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.kit.spoken_languages import choices
from rules.model import Customer, Employee
from rules.office.new_company import FIELDS, NewCompany
from rules.text.phone_numbers import international
from rules.text.salutation import salutation
from rules.vocabulary import SpokenLanguage

NEW = f"{PATH}/neu"
BLANK = dict.fromkeys(FIELDS, "")


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """Empty but for the line: the one that the address names, or the first free one of the pool."""
    async with ctx.office.db.read() as conn:
        free = await taken_names.free_lines(conn, 1)
    line = international(ctx.words("leitung") or next(iter(free), ""))
    return await _page(ctx, forms.shown(BLANK | {"line": line, "language": SpokenLanguage.GERMAN.value}))


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """All of it in one transaction, or nothing; then the company's page, which says what is still missing."""
    form = forms.sent_new(await ctx.posted(), BLANK)
    wanted = _with_greeting(ctx, form)
    made: NewCompany | Rejected[Form]
    try:
        made = await _create(ctx, wanted)
    except LineTakenMeanwhile:
        made = await _create(ctx, wanted)
    if isinstance(made, Rejected):
        return await _page(ctx, form.with_faults(made.faults))
    if made.contact and made.contact.email:
        ctx.office.wake()
    code = "company_created_invited" if made.contact and made.contact.email else "company_created"
    return ctx.said(f"{PATH}/{made.customer.id}", code)


async def _create(ctx: OfficeContext, wanted: Form) -> NewCompany | Rejected[Form]:
    def invitation(company: Customer, contact: Employee) -> LogInLink:
        return _invitation(ctx, company, contact)

    async with ctx.office.editing.change(new_id(), ctx.editor) as change:
        return await new_company.create(change, wanted, ctx.locale, invitation)


def _with_greeting(ctx: OfficeContext, form: Form) -> Form:
    """Whoever leaves the greeting empty gets the usual one."""
    values, name = dict(form.values), form.values["name"].strip()
    if name and not values["greeting"].strip():
        values["greeting"] = ctx.t("new_company.usual_greeting", name=name)
    return Form(values, form.version)


def _invitation(ctx: OfficeContext, company: Customer, contact: Employee) -> LogInLink:
    def words(link: str) -> tuple[str, str]:
        gaps = {"name": salutation(contact.name), "company": company.name, "link": link}
        text = ctx.t("new_company.mail.text", days=LASTS.days, **gaps)
        return ctx.t("new_company.mail.subject", company=company.name), text

    return ctx.invitation(words, company.id, contact.id)


async def _page(ctx: OfficeContext, form: Form) -> web.Response:
    async with ctx.office.db.read() as conn:
        tariffs = [one for one in await customers.load_tariffs(conn) if not one.retired]
        free = await taken_names.free_lines(conn)
        of_teams = await teams.names(conn)
    return ctx.page(
        "companies/form.html",
        status=422 if form.faults else 200,
        form=form,
        tariffs=[("", ctx.t("new_company.tariff.nothing")), *((one.id, one.name) for one in tariffs)],
        has_tariffs=bool(tariffs),
        free=free,
        teams=[("", ctx.t("answering.all")), *of_teams.items()],
        languages=choices(ctx.t),
        asks_shared="line" in form.faults and form.faults["line"].code == "line_shared",
    )


ROUTES = (
    Route("admin.company.new", "GET", NEW, show),
    Route("admin.company.new", "POST", NEW, create),
)
