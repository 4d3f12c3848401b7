"""One VIP caller: new or changed, with the number as we understand it and what it meets in the list."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import vip_callers
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import choices
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.portal.vip_callers.pages import PATH, number_words, own_entry, strange_words
from pbx_bridge.time_slices import finished
from pbx_bridge.web.kit import choosing
from pbx_bridge.web.kit.choosing import Chosen
from pbx_bridge.web.kit.forms import Form, Posted, sent, sent_new, shown
from rules.customers.vip_entries import KEYS, block_stem, met, of_a_switchboard
from rules.fields.declaration import sections
from rules.fields.values import texts_of
from rules.fields.vip_caller import VIP_CALLER
from rules.model import Customer, VipCaller
from rules.text.phone_numbers import normalise_pattern

TYPED = "typed"
MOST_MET = 5
"""Of what an entry meets so much is said while it is typed."""


async def new(ctx: PortalContext) -> web.StreamResponse:
    return await _page(ctx, await ctx.customer(), shown(_blank(ctx)))


async def add(ctx: PortalContext) -> web.StreamResponse:
    """Store a new entry."""
    owner, posted = await _owner(ctx, await ctx.posted())
    form = sent_new(posted, _blank(ctx)).with_faults(choosing.faults("employee", owner))
    async with ctx.change() as change:
        done = await vip_callers.add(change, form)
    if isinstance(done, Rejected):
        return await _page(ctx, await change.customer(), form.with_faults(done.faults), owner=owner)
    return ctx.done(PATH, change)


async def show(ctx: PortalContext) -> web.StreamResponse:
    customer = await ctx.customer()
    stored = own_entry(ctx, customer)
    return await _page(ctx, customer, shown(_texts(stored)), stored)


async def save(ctx: PortalContext) -> web.StreamResponse:
    """Store what changed."""
    owner, posted = await _owner(ctx, await ctx.posted())
    faults = choosing.faults("employee", owner)
    async with ctx.change() as change:
        done = await vip_callers.save(
            change,
            ctx.request.match_info["vip"],
            lambda stored: sent(posted, _texts(stored)).with_faults(faults),
        )
    if isinstance(done, Rejected):
        customer = await change.customer()
        form = done.wanted.with_faults(done.faults)
        return await _page(ctx, customer, form, own_entry(ctx, customer), owner)
    return ctx.done(PATH, change)


async def _owner(ctx: PortalContext, posted: Posted) -> tuple[Chosen, Posted]:
    """Whose VIP the form means, before anything is locked; and the form as if the id had been sent."""
    owner = choosing.read(posted, "employee", await _people(ctx))
    return owner, choosing.taken(posted, "employee", owner)


async def _people(ctx: PortalContext) -> choosing.Choosing:
    return choices.people(await ctx.directory(await ctx.customer()))


async def preview(ctx: PortalContext) -> web.StreamResponse:
    """The number as we understand it, while somebody types."""
    posted, customer = await ctx.posted(), await ctx.customer()
    form = Form(dict.fromkeys(KEYS, "") | posted)
    spoken, more = await _seen(ctx, customer, form, posted["vip"])
    return web.json_response({"kind": "wait", "spoken": spoken, "more": more})


async def _seen(ctx: PortalContext, customer: Customer, form: Form, known: str) -> tuple[str, str]:
    """Our reading of the number, and what the entry meets."""
    pattern = normalise_pattern(form.values["pattern"], customer.region)
    if not pattern:
        return ctx.t("vips.preview.wait"), ""
    owner = customer.employee(form.values["employee"])
    name = form.values["name"].strip() or ctx.t("vips.preview.nameless")
    entry = VipCaller(known or TYPED, pattern, name, "", owner.id if owner else None)
    near = await finished(met(entry, customer.vip_callers))
    words = " ".join(strange_words(ctx, customer, one)[0] for one in near[:MOST_MET])
    if block := of_a_switchboard(form.values["pattern"], customer.region):
        words = f"{ctx.t('vips.preview.switchboard', block=f'{block_stem(block)}*')} {words}".strip()
    return ctx.t("vips.preview.number", number=number_words(ctx, pattern)), words


def _blank(ctx: PortalContext) -> dict[str, str]:
    return dict.fromkeys(KEYS, "") | {"employee": ctx.query.get("mitarbeiter", "")}


def _texts(stored: VipCaller) -> dict[str, str]:
    return texts_of(VIP_CALLER, stored)


async def _page(
    ctx: PortalContext,
    customer: Customer,
    form: Form,
    stored: VipCaller | None = None,
    owner: Chosen | None = None,
) -> web.Response:
    return ctx.page(
        "vip_callers/form.html",
        status=200 if form.ready else 422,
        form=form,
        stored=stored,
        sections=sections(VIP_CALLER),
        owners=choosing.shown(await _people(ctx), form.values["employee"], owner),
        seen=await _seen(ctx, customer, form, stored.id if stored else ""),
    )


ROUTES = (
    Route("portal.vips.new", "GET", f"{PATH}/neu", new),
    Route("portal.vips.new", "POST", f"{PATH}/neu", add),
    Route("portal.vips.preview", "POST", f"{PATH}/vorschau", preview),
    Route("portal.vips.one", "GET", f"{PATH}/{{vip}}", show),
    Route("portal.vips.one", "POST", f"{PATH}/{{vip}}", save),
)
