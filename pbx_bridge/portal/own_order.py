"""What a company keeps as a list in an order of its own: answers to questions, text blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from aiohttp import web

from pbx_bridge.editing.own_order import OrderedEntry, OwnOrder
from pbx_bridge.editing.values import Rejected
from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.request_context import Handler, PortalContext, Route
from pbx_bridge.web.kit.forms import Form, sent, shown
from rules.model import Customer

One = TypeVar("One", bound=OrderedEntry)


@dataclass(frozen=True, slots=True)
class OwnOrderPages(Generic[One]):
    """`template`: of the page of one; `rows`: how many are put in order at once; `of`: those of a company."""

    use: OwnOrder[One]
    route: str
    path: str
    template: str
    rows: int
    of: Callable[[Customer], Sequence[One]]

    def routes(self, show: Handler) -> tuple[Route, ...]:
        """All pages; `show`: the one with the list."""
        one = f"{self.path}/{{entry}}"
        return (
            Route(self.route, "GET", self.path, show),
            Route(f"{self.route}.new", "GET", f"{self.path}/neu", self.new),
            Route(f"{self.route}.new", "POST", f"{self.path}/neu", self.add),
            Route(f"{self.route}.order", "POST", f"{self.path}/ordnung", self.put_in_order),
            Route(f"{self.route}.one", "GET", one, self.show_one),
            Route(f"{self.route}.one", "POST", one, self.save),
            Route(f"{self.route}.delete", "POST", f"{one}/loeschen", self.delete),
            Route(f"{self.route}.move", "POST", f"{one}/verschieben", self.move),
        )

    async def new(self, ctx: PortalContext) -> web.StreamResponse:
        """An empty form."""
        return self._page(ctx, shown(self._empty))

    async def add(self, ctx: PortalContext) -> web.StreamResponse:
        """A new one comes last."""
        form = replace(sent(await ctx.posted(), self._empty), theirs={})
        async with ctx.change(whole=False) as change:
            done = await self.use.add(change, form)
        if isinstance(done, Rejected):
            return await self._page_again(ctx, form.with_faults(done.faults))
        return ctx.done(self.path, change)

    async def show_one(self, ctx: PortalContext) -> web.StreamResponse:
        """Its form."""
        stored = self._own(await ctx.customer(), ctx.request.match_info["entry"])
        return self._page(ctx, shown(self.use.texts_of(stored)), stored)

    async def save(self, ctx: PortalContext) -> web.StreamResponse:
        """Store what changed."""
        posted, wanted = await ctx.posted(), ctx.request.match_info["entry"]
        async with ctx.change(whole=False) as change:
            done = await self.use.save(change, wanted, lambda stored: sent(posted, self.use.texts_of(stored)))
        if isinstance(done, Rejected):
            return await self._page_again(ctx, done.wanted.with_faults(done.faults), wanted)
        return ctx.done(self.path, change)

    async def delete(self, ctx: PortalContext) -> web.StreamResponse:
        """It goes; the flash brings it back to its place."""
        async with ctx.change(whole=False) as change:
            await self.use.delete(change, ctx.request.match_info["entry"])
        return ctx.done(self.path, change)

    async def move(self, ctx: PortalContext) -> web.StreamResponse:
        """One place `up` or down: the buttons, without scripts."""
        up = (await ctx.posted())["direction"] == "up"
        async with ctx.change(whole=False) as change:
            await self.use.move(change, ctx.request.match_info["entry"], up=up)
        return ctx.done(self.path, change)

    async def put_in_order(self, ctx: PortalContext) -> web.StreamResponse:
        """A page of the list anew, `order`: ids with commas; `done` is False when the list is another by
        now."""
        order = (await ctx.posted())["order"].split(",")
        async with ctx.change(whole=False) as change:
            done = await self.use.put_in_order(change, order, self.rows)
        return web.json_response({"done": done})

    @property
    def _empty(self) -> dict[str, str]:
        return dict.fromkeys(self.use.rule.longest, "")

    def _own(self, customer: Customer, wanted: str) -> One:
        found = next((one for one in self.of(customer) if one.id == wanted), None)
        if found is None:
            raise NotFoundError
        return found

    async def _page_again(self, ctx: PortalContext, form: Form, entry: str = "") -> web.Response:
        """What was typed and could not be stored, in the frame of the company as it is."""
        customer = await ctx.customer()
        return self._page(ctx, form, self._own(customer, entry) if entry else None)

    def _page(self, ctx: PortalContext, form: Form, stored: One | None = None) -> web.Response:
        return ctx.page(self.template, status=200 if form.ready else 422, form=form, stored=stored)
