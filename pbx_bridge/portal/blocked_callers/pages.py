"""Gesperrte Rufnummern: whose calls the company has turned away, since when, why, how often they tried."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from pbx_bridge.editing import blocked_callers as editing
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.customers import blocked_callers, lines
from pbx_bridge.storage.customers.blocked_callers import Block
from pbx_bridge.time_slices import finished, gently
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.forms import Form, sent_new, shown
from pbx_bridge.web.kit.lists import part
from rules.calls.blocking import judging
from rules.calls.vip import table_of
from rules.decision import Allowed, Refused
from rules.model import BlockReason
from rules.text.names import is_found
from rules.text.phone_numbers import national

PATH = "/portal/gesperrte-rufnummern"
SORTS = ("since", "number", "turned_away")
BLANK = {"number": "", "reason": BlockReason.ADVERTISING.value, "remark": ""}


async def show(ctx: PortalContext) -> web.StreamResponse:
    """`q` searches numbers, remarks and who blocked; `sort` is one of `SORTS`."""
    customer, asked = await ctx.customer(), ctx.query
    query, order = asked.get("q", "").strip()[:100], asked.get("sort", SORTS[0])
    async with ctx.portal.db.read() as conn:
        blocks = await blocked_callers.listed(conn, customer.id)
        found = [block async for block in gently(blocks) if fits(ctx, block, query)]
        listed = part(in_order(found, order), asked.get("page", "1"))
        ours = await lines.among(conn, [block.caller.number for block in listed.rows])
    find = (await finished(table_of(customer.vip_callers))).find
    may = judging([block.caller.number for block in listed.rows], customer, find, ours)
    return ctx.page(
        "blocked_callers/list.html",
        blocks=blocks,
        listed=listed,
        query=query,
        order=order if order in SORTS else SORTS[0],
        sorts=SORTS,
        moments=Moments(ctx.t, customer.zone),
        shown_number=lambda number: national(number, customer.region),
        who=lambda block: who(ctx, block),
        through=lambda block: through(ctx, may(block.caller.number)),
    )


def fits(ctx: PortalContext, block: Block, query: str) -> bool:
    """Whether a search means it."""
    if not query:
        return True
    digits = "".join(char for char in query if char.isdecimal()).lstrip("0")
    named = is_found(query, block.caller.remark, who(ctx, block), reason(ctx, block))
    return named or (len(digits) > 2 and digits in block.caller.number)


def in_order(found: Sequence[Block], order: str) -> Sequence[Block]:
    """Newest first, or by number, or the most insistent first."""
    if order == "number":
        return sorted(found, key=lambda block: block.caller.number)
    return sorted(found, key=lambda block: -block.turned_away) if order == "turned_away" else found


def reason(ctx: PortalContext, block: Block) -> str:
    return ctx.t(f"blocked.reasons.{block.caller.reason.value}")


def who(ctx: PortalContext, block: Block) -> str:
    """By whom it was blocked, as far as that is the company's business."""
    if block.role in (Role.AGENT, Role.SUPERVISOR):
        return ctx.t("blocked.by.agent", name=block.by)
    if block.role is Role.CUSTOMER:
        return ctx.t("blocked.by.you") if block.by == ctx.account.login else block.by
    return ctx.t("blocked.by.secretariat")


def through(ctx: PortalContext, decision: Allowed | Refused) -> str:
    """Why this caller gets through all the same; "" when not."""
    if isinstance(decision, Allowed):
        return ""
    return ctx.t(f"blocked.through.{decision.code}", **decision.params)


async def new(ctx: PortalContext) -> web.StreamResponse:
    """`nummer` fills the form."""
    await ctx.customer()  # what is missing there stands in the navigation
    number = ctx.query.get("nummer", "")[:40]
    return _page(ctx, shown(BLANK | {"number": number}))


async def add(ctx: PortalContext) -> web.StreamResponse:
    """Turned away from now on."""
    form = sent_new(await ctx.posted(), BLANK)
    async with ctx.change() as change:
        done = await editing.add(change, form)
    if isinstance(done, Rejected):
        return _page(ctx, form.with_faults(done.faults))
    return ctx.done(PATH, change)


async def release(ctx: PortalContext) -> web.StreamResponse:
    """Gets through again; the flash turns it back. Raises NotFoundError for what is not one's own."""
    async with ctx.change(whole=False) as change:
        await editing.release(change, ctx.request.match_info["blocked"])
    return ctx.done(PATH, change)


def _page(ctx: PortalContext, form: Form) -> web.Response:
    reasons = [(one.value, ctx.t(f"blocked.reasons.{one.value}")) for one in BlockReason]
    return ctx.page(
        "blocked_callers/form.html", status=200 if form.ready else 422, form=form, reasons=reasons
    )


ROUTES = (
    Route("portal.blocked", "GET", PATH, show),
    Route("portal.blocked.new", "GET", f"{PATH}/neu", new),
    Route("portal.blocked.new", "POST", f"{PATH}/neu", add),
    Route("portal.blocked.release", "POST", f"{PATH}/{{blocked}}/freigeben", release),
)
