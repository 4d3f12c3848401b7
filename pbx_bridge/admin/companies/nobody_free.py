"""What happens to a company's callers when nobody is free: as the house has it, or as is set for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import nobody_free
from pbx_bridge.editing.values import Rejected
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.language import language
from rules.calls.nobody_free import NOTED, SOUND, keeps_files, takes_messages
from rules.customers.nobody_free import texts_of
from rules.fields.nobody_free import Ending, Outside
from rules.model import Customer

FREE = f"{ONE}/niemand-frei"


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """As it is stored."""
    customer = await company_of(ctx)
    return await _page(ctx, customer, forms.shown(_texts(ctx, customer)))


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """The phones' exchange is told at once."""
    posted, names = await ctx.posted(), ctx.request.match_info
    sounds = await announcements(ctx)
    async with ctx.office.editing.change(names["company"], ctx.editor) as change:
        done = await nobody_free.save(
            change,
            lambda stored: forms.sent(posted, _texts(ctx, stored)),
            sounds,
            _days(ctx),
            ctx.office.settings.nobody_free.music,
        )
        customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, done.wanted.with_faults(done.faults))
    return ctx.said(f"{PATH}/{customer.id}", "nobody_free_saved" if change.step else "unchanged", change.step)


async def announcements(ctx: OfficeContext) -> tuple[str, ...]:
    """Names of the sounds that there are; one that only follows another is not chosen by itself. They are
    listed beside the loop: the folder may be a slow disk, or of another machine."""
    names = await asyncio.to_thread(_sounds_in, ctx.office.settings.nobody_free.sounds)
    return tuple(sorted(name for name in names if SOUND.fullmatch(name) and not name.endswith(NOTED)))


def _sounds_in(folder: Path) -> list[str]:
    return [path.stem for path in folder.glob("*.wav")] if folder.is_dir() else []


def _days(ctx: OfficeContext) -> Sequence[str]:
    return language(ctx.locale).weekdays


def _texts(ctx: OfficeContext, customer: Customer) -> Mapping[str, str]:
    return texts_of(customer.nobody_free, ctx.office.settings.nobody_free.policy, _days(ctx))


async def _page(ctx: OfficeContext, customer: Customer, form: Form) -> web.Response:
    house = ctx.office.settings.nobody_free
    # What is stored and gone is shown as it is: else the list would choose another one without a word.
    shown = {form.values["announcement"], form.values["call_back"]}
    sounds = sorted({*await announcements(ctx), *shown} - {""})
    holds = customer.nobody_free or house.policy
    return ctx.page(
        "companies/nobody_free.html",
        status=200 if form.ready else 422,
        customer=customer,
        form=form,
        endings=tuple(Ending),
        outsides=tuple(Outside),
        sounds=sounds,
        music=sorted({*house.music, form.values["music"]} - {""}),
        no_folder=keeps_files(holds) and not house.recordings.is_dir(),
        untold=takes_messages(holds) and not customer.default_email,
        path=f"{PATH}/{customer.id}",
    )


ROUTES = (
    Route("admin.company.nobody_free", "GET", FREE, show),
    Route("admin.company.nobody_free", "POST", FREE, save),
)
