"""One message: its tries with the other side's own words, and what a person decides about it."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.deliveries.pages import PATH, whom
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.outbox import deliveries
from pbx_bridge.storage.outbox.deliveries import BY_HAND
from pbx_bridge.storage.outbox.notifications import State
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault

ONE = f"{PATH}/{{message}}"
OPEN = (State.WAITING, State.FAILED, State.UNCERTAIN)
"""What a person can decide about: nobody is sending it, and it has not arrived."""


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """Whatever state it is in."""
    return await _page(ctx)


async def again(ctx: OfficeContext) -> web.StreamResponse:
    """To the address that is on file now."""
    done = await ctx.office.by_hand.send_again(_id(ctx), ctx.account.id)
    return _said(ctx, "message_again" if done else "message_gone")


async def elsewhere(ctx: OfficeContext) -> web.StreamResponse:
    """To another address, this once."""
    typed = (await ctx.posted())["address"]
    done = await ctx.office.by_hand.send_to(_id(ctx), typed, ctx.account.id)
    if isinstance(done, Fault):
        return await _page(ctx, done, address=typed)
    return _said(ctx, "message_elsewhere" if done else "message_gone")


async def settle(ctx: OfficeContext) -> web.StreamResponse:
    """Seen to in another way."""
    reason = (await ctx.posted())["reason"]
    done = await ctx.office.by_hand.settle(_id(ctx), reason, ctx.account.id)
    if isinstance(done, Fault):
        return await _page(ctx, done, reason=reason)
    return _said(ctx, "message_settled" if done else "message_gone")


def _id(ctx: OfficeContext) -> str:
    return ctx.request.match_info["message"]


def _said(ctx: OfficeContext, code: str) -> web.Response:
    return ctx.said(f"{PATH}/{_id(ctx)}", code)


async def _page(
    ctx: OfficeContext, fault: Fault | None = None, *, address: str = "", reason: str = ""
) -> web.Response:
    async with ctx.office.db.read() as conn:
        found = await deliveries.one(conn, _id(ctx))
    if found is None:
        raise NotFoundError
    one, attempts = found
    form = Form({"address": address, "reason": reason})
    return ctx.page(
        "deliveries/form.html",
        status=422 if fault else 200,
        one=one,
        message=one.message,
        attempts=attempts,
        by_hand=f"{BY_HAND} ",
        form=form.with_faults([fault]) if fault else form,
        can_decide=one.message.state in OPEN,
        whom=lambda one: whom(ctx, one),
        path=f"{PATH}/{_id(ctx)}",
    )


ROUTES = (
    Route("admin.delivery", "GET", ONE, show),
    Route("admin.delivery.again", "POST", f"{ONE}/erneut", again),
    Route("admin.delivery.elsewhere", "POST", f"{ONE}/andere-adresse", elsewhere),
    Route("admin.delivery.settle", "POST", f"{ONE}/erledigt", settle),
)
