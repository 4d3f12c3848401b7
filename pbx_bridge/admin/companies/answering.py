"""Who answers for a company: its team, in which language, and who helps after how many seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import teams as editing
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.customers import teams
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.kit.spoken_languages import choices, in_words
from rules.calls.answering import belongs, plan
from rules.model import Customer
from rules.office.typed_teams import ALL, answering_texts
from rules.vocabulary import SpokenLanguage


@dataclass(frozen=True, slots=True)
class Answers:
    """`team`, `wider`: names, "" for all agents; `after`: seconds, None for never; `agents`: how many may be
    offered a call at first, whatever they speak, `then`: in the end; `speak`: those of the first who speak
    the company's `language` (in words, "" where that is German and all of them do)."""

    team: str
    after: int | None
    wider: str
    agents: int
    then: int
    language: str
    speak: int


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """As it is stored, and how many agents that is."""
    customer = await company_of(ctx)
    async with ctx.office.db.read() as conn:
        now = await teams.answering_of(conn, customer.id)
    customer = replace(customer, answering=now)
    return await _page(ctx, customer, forms.shown(answering_texts(now)))


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """The PBX hears of it at once; who waits already waits where they are."""
    posted, company_id = await ctx.posted(), ctx.request.match_info["company"]
    async with ctx.office.editing.change(company_id, ctx.editor) as change:
        done = await editing.save_answering(change, lambda stored: forms.sent(posted, stored))
        customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, done.wanted.with_faults(done.faults))
    code = "answering_saved" if done.step else "unchanged"
    return ctx.said(f"{PATH}/{customer.id}/annahme", code, done.step)


async def _page(ctx: OfficeContext, customer: Customer, form: Form) -> web.Response:
    async with ctx.office.db.read() as conn:
        names, people = await teams.names(conn), await agents.load_all(conn)
    how, answering = plan(customer), customer.answering
    speak = sum(belongs(one, how.first) for one in people)
    first = sum(belongs(one, replace(how.first, language="")) for one in people)
    unsaid = answering.language == SpokenLanguage.GERMAN and speak == first
    answers = Answers(
        names.get(answering.team or "", ""),
        how.after,
        names.get(answering.overflow_team or "", ""),
        first,
        sum(belongs(one, how.then or how.first) for one in people),
        "" if unsaid else in_words(ctx.t, [answering.language]),
        speak,
    )
    everybody = (ALL, ctx.t("answering.all"))
    return ctx.page(
        "companies/answering.html",
        status=200 if form.ready else 422,
        customer=customer,
        answers=answers,
        form=form,
        has_teams=bool(names),
        teams=[everybody, *names.items()],
        languages=choices(ctx.t),
        path=f"{PATH}/{customer.id}",
    )


ROUTES = (
    Route("admin.company.answering", "GET", f"{ONE}/annahme", show),
    Route("admin.company.answering", "POST", f"{ONE}/annahme", save),
)
