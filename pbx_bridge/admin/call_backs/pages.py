"""Rückrufe: what callers were promised, what became of it, and what a person decides about one."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route, Sorting
from pbx_bridge.errors import NotFoundError
from pbx_bridge.notes import call_backs_by_hand as by_hand
from pbx_bridge.storage.calls import call_back_list
from pbx_bridge.storage.calls.call_back_list import (
    LISTED,
    CallBackChoice,
    CallBackOrder,
    CallBackSearch,
    ListedCallBack,
)
from pbx_bridge.storage.customers import customers
from pbx_bridge.web.kit.forms import Form
from rules.calls.call_backs import KEPT, RingState
from rules.fault import Fault
from rules.vocabulary import CallBackEnd

PATH = "/admin/rueckrufe"
ONE = f"{PATH}/{{back}}"
ROWS = 50
SIGNS = {
    "waiting": "waiting",
    "ringing": "sending",
    CallBackEnd.NOT_REACHED: "failed",
    CallBackEnd.NOT_DIALLED: "failed",
    CallBackEnd.TOO_OLD: "failed",
}
"""The sign beside what became of it; that of all others says that it is kept."""


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """`q` searches companies and callers' numbers, `art` chooses; of those that are open the oldest come
    first, as they wait longest. `unternehmen`: the id of a company, whose name is searched for then."""
    if company := ctx.words("unternehmen"):
        async with ctx.office.db.read() as conn:
            name = await customers.name(conn, company) or ""
        return ctx.look_for(PATH, q=name, art=CallBackChoice.ALL)
    search = search_of(ctx)
    async with ctx.office.db.read() as conn:
        skip = (ctx.page_number - 1) * ROWS
        found, total = await call_back_list.listed(conn, search, skip=skip, most=ROWS)
    return ctx.page(
        "call_backs/list.html",
        query=search.words,
        choice=search.choice.value,
        choices=tuple(CallBackChoice),
        sorting=_sorting(ctx, search.choice),
        sorts=tuple(CallBackOrder),
        listed=ctx.listed(found, total, ROWS),
        stage=stage,
        signs=SIGNS,
    )


def search_of(ctx: OfficeContext) -> CallBackSearch:
    """As the address asks for it."""
    wanted = ctx.words("art")
    choice = CallBackChoice(wanted) if wanted in set(CallBackChoice) else CallBackChoice.OPEN
    column, down = _sorting(ctx, choice)
    return CallBackSearch(choice, ctx.now - LISTED, ctx.words(), CallBackOrder(column), down)


def _sorting(ctx: OfficeContext, choice: CallBackChoice) -> Sorting:
    return ctx.sorting(tuple(CallBackOrder), down=choice is not CallBackChoice.OPEN)


def stage(one: ListedCallBack) -> str:
    """How far it is: how it ended, that the caller is just being rung, or that they wait."""
    if one.done_how:
        return one.done_how.value
    return "ringing" if one.ring in {RingState.UNSEEN, RingState.OPEN} else "waiting"


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """Whatever became of it."""
    return await _page(ctx)


async def settle(ctx: OfficeContext) -> web.StreamResponse:
    """Seen to in another way, or nobody can reach the caller."""
    reason = (await ctx.posted())["reason"]
    async with ctx.office.db.write() as conn:
        done = await by_hand.settle(conn, _id(ctx), reason, ctx.by)
    if isinstance(done, Fault):
        return await _page(ctx, done, reason)
    return _said(ctx, "call_back_settled" if done else "call_back_overtaken")


async def reopen(ctx: OfficeContext) -> web.StreamResponse:
    """It was settled by mistake."""
    async with ctx.office.db.write() as conn:
        done = await by_hand.reopen(conn, _id(ctx), ctx.by)
    return _said(ctx, "call_back_reopened" if done else "call_back_not_reopened")


def _id(ctx: OfficeContext) -> str:
    return ctx.request.match_info["back"]


def _said(ctx: OfficeContext, code: str) -> web.Response:
    return ctx.said(f"{PATH}/{_id(ctx)}", code)


async def _page(ctx: OfficeContext, fault: Fault | None = None, reason: str = "") -> web.Response:
    async with ctx.office.db.read() as conn:
        found = await call_back_list.one(conn, _id(ctx))
    if found is None:
        raise NotFoundError
    form = Form({"reason": reason})
    return ctx.page(
        "call_backs/one.html",
        status=422 if fault else 200,
        one=found,
        stage=stage(found),
        sign=SIGNS.get(stage(found), "sent"),
        form=form.with_faults([fault]) if fault else form,
        can_reopen=found.done_how is CallBackEnd.BY_HAND and found.at > ctx.now - KEPT,
        path=f"{PATH}/{found.id}",
    )


ROUTES = (
    Route("admin.call_backs", "GET", PATH, show),
    Route("admin.call_back", "GET", ONE, show_one),
    Route("admin.call_back.settle", "POST", f"{ONE}/erledigt", settle),
    Route("admin.call_back.reopen", "POST", f"{ONE}/wieder-aufnehmen", reopen),
)
