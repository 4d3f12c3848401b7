"""A face's table of pages, and how they become routes of the web server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from aiohttp import web

from pbx_bridge.web.kit.double_submit import DoubleSubmitGuard
from pbx_bridge.web.kit.remembered_searches import RememberedSearches
from pbx_bridge.web.kit.request_context import RequestContext

Context = TypeVar("Context", bound=RequestContext)
Handler = Callable[[Context], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Route(Generic[Context]):
    """A line of a page's table. `name` begins with its face; who may use it stands in auth.permissions."""

    name: str
    method: str
    path: str
    handler: Handler[Context]


def definitions(
    routes: Iterable[Route[Context]], context: Callable[[web.Request], Context]
) -> list[web.RouteDef]:
    """What the web server is to serve. `context`: what the pages know of a request."""
    guard, searches = DoubleSubmitGuard(), RememberedSearches()

    def known(request: web.Request) -> Context:
        ctx = context(request)
        ctx.searches = searches
        return ctx

    return [_definition(route, known, guard) for route in routes]


def _definition(
    route: Route[Context], context: Callable[[web.Request], Context], guard: DoubleSubmitGuard
) -> web.RouteDef:
    async def handler(request: web.Request) -> web.StreamResponse:
        ctx = context(request)
        if route.method == "POST":
            return await guard.once(ctx, partial(route.handler, ctx))
        return await route.handler(ctx)

    return web.route(route.method, route.path, handler, name=route.name)
