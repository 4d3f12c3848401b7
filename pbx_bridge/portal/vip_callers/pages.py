"""VIP-Kunden: known callers of the company and of its employees, and which entry wins where two meet."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import vip_callers
from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.time_slices import finished, gently
from pbx_bridge.web.kit.lists import part
from rules.customers.vip_entries import Strange, block_stem, strange
from rules.customers.vip_register import ORDERS
from rules.model import Customer, VipCaller
from rules.text.phone_numbers import international, is_block

PATH = "/portal/vip-kunden"
CLASHES = 50
"""Of strange entries so many are named, the others are counted."""


async def show(ctx: PortalContext) -> web.StreamResponse:
    """`q` searches names, infos and digits; `sort` is "name", "number" or "owner". `mitarbeiter`: the id
    of an employee, whose name is searched for then."""
    customer, asked = await ctx.customer(), ctx.query
    if owner := customer.employee(asked.get("mitarbeiter", "")):
        return ctx.look_for(PATH, q=owner.name)
    query, order = asked.get("q", "").strip()[:100], asked.get("sort", "name")
    order = order if order in ORDERS else "name"
    found = (await ctx.vip_register(customer)).find(query, order)
    clashes = await finished(strange(customer.vip_callers))
    return ctx.page(
        "vip_callers/list.html",
        customer=customer,
        listed=part(found, asked.get("page", "1")),
        query=query,
        order=order,
        sorts=ORDERS,
        owner=lambda vip: owner_words(ctx, customer, vip),
        number=lambda vip: number_words(ctx, vip.pattern),
        strange=[strange_words(ctx, customer, one) async for one in gently(clashes[:CLASHES])],
        clashes=len(clashes),
    )


def owner_words(ctx: PortalContext, customer: Customer, vip: VipCaller) -> str:
    """Whose VIP it is."""
    owner = customer.employee(vip.employee_id)
    return owner.name if owner else ctx.t("vips.company")


def number_words(ctx: PortalContext, pattern: str) -> str:
    """The number as people read it; a block as what its numbers begin with."""
    if is_block(pattern):
        return ctx.t("vips.block", start=block_stem(pattern))
    return international(pattern)


def strange_words(ctx: PortalContext, customer: Customer, one: Strange) -> tuple[str, str]:
    """What is strange, and the id of the entry to look at."""
    gaps = {
        "entry": one.entry.name,
        "other": one.other.name,
        "number": number_words(ctx, one.other.pattern),
        "block": number_words(ctx, one.entry.pattern),
        "owner": owner_words(ctx, customer, one.other),
    }
    return ctx.t(f"vips.strange.{one.code}", **gaps), one.entry.id


async def delete(ctx: PortalContext) -> web.StreamResponse:
    """It goes; the flash brings it back."""
    async with ctx.change() as change:
        await vip_callers.delete(change, ctx.request.match_info["vip"])
    return ctx.done(PATH, change)


def own_entry(ctx: PortalContext, customer: Customer) -> VipCaller:
    """The entry in the path; raises NotFoundError for anybody else's, and for none."""
    wanted = ctx.request.match_info["vip"]
    found = next((vip for vip in customer.vip_callers if vip.id == wanted), None)
    if found is None:
        raise NotFoundError
    return found


ROUTES = (
    Route("portal.vips", "GET", PATH, show),
    Route("portal.vips.delete", "POST", f"{PATH}/{{vip}}/loeschen", delete),
)
