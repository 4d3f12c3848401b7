"""Feiertage: of one Land and year by the law, and what the house counts otherwise."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import house_days
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.customers import house_days as stored
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.csv_writing import MARK, csv_text
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault
from rules.office.typed_holidays import FIRST_YEAR, FREE, LAST_YEAR, NEW, WORKING
from rules.text.holidays import STATES, ListedDay, listed
from rules.text.names import plain_key

PATH = "/admin/feiertage"


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """`land` and `jahr` choose; the year that runs, of the first Land, if they name none."""
    return await _list(ctx)


async def _list(ctx: OfficeContext, fault: Fault | None = None) -> web.Response:
    state, year = _asked(ctx)
    states = _states(ctx)
    return ctx.page(
        "holidays/list.html",
        status=422 if fault else 200,
        fault=fault,
        state=state,
        states=states,
        year=year,
        years=range(max(FIRST_YEAR, year - 1), min(LAST_YEAR, year + 3) + 1),
        rows=await _rows(ctx, state, year),
        name_of=dict(states),
        path=PATH,
    )


async def as_csv(ctx: OfficeContext) -> web.StreamResponse:
    """The same list as a table."""
    state, year = _asked(ctx)
    head = [ctx.t(f"holidays.column.{name}") for name in ("day", "name", "counts")]
    rows = [[one.day.isoformat(), one.name, _counts(ctx, one)] for one in await _rows(ctx, state, year)]
    return await ctx.file([MARK, csv_text([head, *rows])], f"feiertage-{state}-{year}.csv")


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """An empty form, for the Land that one comes from."""
    state = ctx.words("land")
    return _form(ctx, forms.shown(NEW | {"state": state if state in STATES else ""}))


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """It counts at once, on the desks and at the telephone system."""
    form = forms.sent_new(await ctx.posted(), NEW)
    async with ctx.office.db.write() as conn:
        done = await house_days.add(conn, form, ctx.by)
    if isinstance(done, Rejected):
        return _form(ctx, form.with_faults(done.faults))
    return _done(ctx, "house_day_added", done.state or ctx.words("land"), done.day.year)


async def remove(ctx: OfficeContext) -> web.StreamResponse:
    """The law counts again."""
    posted = await ctx.posted()
    async with ctx.office.db.write() as conn:
        gone = await house_days.remove(conn, posted, ctx.by)
    if isinstance(gone, Fault):
        return await _list(ctx, gone)
    state, year = _asked(ctx)
    return _done(ctx, "house_day_removed" if gone else "unchanged", state, gone.day.year if gone else year)


def _done(ctx: OfficeContext, code: str, state: str, year: int) -> web.Response:
    return ctx.go(PATH, land=state if state in STATES else STATES[0], jahr=str(year), said=code)


def _asked(ctx: OfficeContext) -> tuple[str, int]:
    state, year = ctx.words("land"), ctx.words("jahr")
    known = year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR
    return state if state in STATES else _states(ctx)[0][0], int(year) if known else ctx.month.year


async def _rows(ctx: OfficeContext, state: str, year: int) -> tuple[ListedDay, ...]:
    async with ctx.office.db.read() as conn:
        own = await stored.load(conn)
    return listed(year, state, own, ctx.locale)


def _counts(ctx: OfficeContext, one: ListedDay) -> str:
    why = "law" if one.own is None else FREE if one.counts else WORKING
    return ctx.t(f"holidays.{why}")


def _states(ctx: OfficeContext) -> list[tuple[str, str]]:
    named = ((state, ctx.t(f"holidays.states.{state}")) for state in STATES)
    return sorted(named, key=lambda pair: plain_key(pair[1]))


def _form(ctx: OfficeContext, form: Form) -> web.Response:
    return ctx.page(
        "holidays/form.html",
        status=200 if form.ready else 422,
        form=form,
        states=[("", ctx.t("holidays.everywhere")), *_states(ctx)],
        kinds=[(kind, ctx.t(f"holidays.{kind}")) for kind in (FREE, WORKING)],
        path=PATH,
    )


ROUTES = (
    Route("admin.holidays", "GET", PATH, show),
    Route("admin.holidays.csv", "GET", f"{PATH}/feiertage.csv", as_csv),
    Route("admin.holidays.new", "GET", f"{PATH}/neu", show_new),
    Route("admin.holidays.new", "POST", f"{PATH}/neu", create),
    Route("admin.holidays.remove", "POST", f"{PATH}/entfernen", remove),
)
