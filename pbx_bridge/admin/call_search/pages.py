"""Anrufsuche: calls of all companies, and the life of one of them from the trunk to the last mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aiohttp import web

from pbx_bridge.admin.call_search.form import read
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log, agents
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.call_life import facts
from pbx_bridge.storage.call_life.facts import KnownCall
from pbx_bridge.storage.calls import call_search
from pbx_bridge.storage.calls.call_search import FoundCall
from pbx_bridge.storage.calls.listed_calls import Place
from pbx_bridge.time_slices import gently
from pbx_bridge.web.i18n import writing
from pbx_bridge.web.kit.call_life import LifeNames, LifeWords
from pbx_bridge.web.kit.date_format import HOUSE_ZONE
from pbx_bridge.web.kit.places import address_of, place_of
from rules.billing.terms import CallTime
from rules.notes.field_text import answers
from rules.office.call_life import life, masked
from rules.text.phone_numbers import international

PATH = "/admin/anrufsuche"
ONE = f"{PATH}/{{call}}"
ROWS = 50


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """Newest first; `after` names the last call of the page before. What is found by a part of a number comes
    in pieces of the time: the page says how far it has looked, and goes on from there."""
    form, asked = read(ctx.query, ctx.now, HOUSE_ZONE)
    found: tuple[FoundCall, ...] = ()
    until, after = None, place_of(ctx.query)
    async with ctx.office.db.read() as conn:
        people = await agents.load_all(conn)
        if asked is not None:
            until = (
                await call_search.reached(conn, asked, after) if asked.digits and not asked.number else None
            )
            looked_at = replace(asked, start=until) if until else asked
            found = await call_search.found(conn, looked_at, ROWS + 1, after)
    return ctx.page(
        "call_search/list.html",
        status=200 if asked else 422,
        form=form,
        asked=asked,
        agents=[(one.id, one.name) for one in people],
        calls=found[:ROWS],
        until=until if len(found) <= ROWS else None,
        more=_more(ctx, found, until),
    )


def _more(ctx: OfficeContext, found: tuple[FoundCall, ...], until: datetime | None) -> str:
    """The address of the next page; "" on the last one. `until`: so far back was looked, and not farther."""
    if len(found) > ROWS:
        last = found[ROWS - 1].place
    elif until is not None:
        last = Place(until, "")  # before all calls of this moment, which have been seen
    else:
        return ""
    return f"{PATH}?{ctx.about({**ctx.query, 'after': address_of(last)})}"


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """All that happened, without the words of notes."""
    return await _page(ctx, await _known(ctx), with_words=False)


async def show_words(ctx: OfficeContext) -> web.StreamResponse:
    """The same with what was noted; that somebody read it is written down before it is shown."""
    known = await _known(ctx)
    async with ctx.office.db.write() as conn:
        about = " · ".join(filter(None, (known.company, known.facts.id)))
        await access_log.write(
            conn, AccessEvent.NOTES_READ, ctx.account, ctx.now, ctx.owner.where, detail=about
        )
    return await _page(ctx, known, with_words=True)


async def _known(ctx: OfficeContext) -> KnownCall:
    async with ctx.office.db.read() as conn:
        known = await facts.of_call(conn, ctx.request.match_info["call"])
    if known is None:
        raise NotFoundError
    return known


async def _page(ctx: OfficeContext, known: KnownCall, *, with_words: bool) -> web.StreamResponse:
    names = LifeNames(
        known.people, known.agents, international, address=lambda _message, address: masked(address)
    )
    words = LifeWords(ctx.t, ctx.moments, names, known.facts.arrived_at)
    customer = ctx.office.memory.customer(known.facts.customer)
    return ctx.page(
        "call_search/one.html",
        call=known.facts,
        company=known.company,
        rows=[row async for row in gently(words.rows(life(known.facts)))],
        kinds=[kind for kind in CallTime if known.facts.used.get(kind)],
        notes=known.notes,
        with_words=with_words,
        answers=lambda note: answers(
            customer.note_fields if customer else (), note.fields, writing(ctx.locale)
        ),
        length=lambda seconds: ctx.t("moments.length", minutes=seconds // 60, seconds=seconds % 60),
    )


ROUTES = (
    Route("admin.call_search", "GET", PATH, show),
    Route("admin.call_search.one", "GET", ONE, show_one),
    Route("admin.call_search.words", "POST", f"{ONE}/notizen", show_words),
)
