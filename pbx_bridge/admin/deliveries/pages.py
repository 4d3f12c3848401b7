"""Zustellungen: what of the outbox waits, failed or is uncertain, found by company, kind and channel."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.outbox import deliveries
from pbx_bridge.storage.outbox.deliveries import Delivery, DeliveryChoice, DeliveryOrder, DeliverySearch
from rules.model import Channel
from rules.office.needs import OVERDUE_AFTER
from rules.text.salutation import spoken

PATH = "/admin/zustellungen"
ROWS = 50


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """The newest first, or by company, in pages. `unternehmen`: the id of a company, whose name is searched
    for then."""
    if company := ctx.words("unternehmen"):
        async with ctx.office.db.read() as conn:
            return ctx.look_for(PATH, q=await customers.name(conn, company) or "")
    wanted, channel = ctx.words("art"), ctx.words("weg")
    sorting = ctx.sorting(tuple(DeliveryOrder), down=True)
    search = DeliverySearch(
        DeliveryChoice(wanted) if wanted in set(DeliveryChoice) else DeliveryChoice.STUCK,
        ctx.now - OVERDUE_AFTER,
        ctx.words(),
        Channel(channel) if channel in set(Channel) else None,
        DeliveryOrder(sorting.column),
        sorting.down,
    )
    async with ctx.office.db.read() as conn:
        skip = (ctx.page_number - 1) * ROWS
        found, total = await deliveries.listed(conn, search, skip=skip, most=ROWS)
    return ctx.page(
        "deliveries/list.html",
        choice=search.choice.value,
        choices=tuple(DeliveryChoice),
        channel=channel if search.channel else "",
        channels=tuple(Channel),
        query=search.words,
        sorting=sorting,
        listed=ctx.listed(found, total, ROWS),
        whom=lambda one: whom(ctx, one),
    )


def whom(ctx: OfficeContext, one: Delivery) -> str:
    """For whom it is: a person, a company's address, or somebody of the house."""
    message = one.message
    if message.employee_name:
        return spoken(message.employee_name)
    return ctx.t("undelivered.company" if message.customer_id else "undelivered.house")


ROUTES = (Route("admin.deliveries", "GET", PATH, show),)
