"""A form that an impatient finger sends twice is done once: the second answer is the first one's."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.portal.request_context import Handler, PortalContext


@dataclass(slots=True)
class Sent:
    """What somebody sent last. `path`: where its answer led, "" if it was not taken."""

    sign: str
    path: asyncio.Future[str]


async def once(ctx: PortalContext, handler: Handler) -> web.StreamResponse:
    """Answer; the very same form of the same page twice in a row changes something only the first time.

    Pages that take no harm from a repetition send no `once`.
    """
    posted = await ctx.posted()
    last: dict[str, Sent] = ctx.portal.memory.setdefault("sent", {})
    sign = _sign(ctx, posted) if posted["once"] else ""
    before = last.get(ctx.account.id)
    if sign and before and sign == before.sign and (path := await asyncio.shield(before.path)):
        return ctx.go(path)
    path, sent = "", Sent(sign, asyncio.get_running_loop().create_future())
    if sign:
        last[ctx.account.id] = sent
    try:
        response = await handler(ctx)
        path = response.headers.get("Location", "")
    finally:
        sent.path.set_result(path)
    if path:
        last[ctx.account.id] = sent
    return response


def _sign(ctx: PortalContext, posted: dict[str, str]) -> str:
    """Stands for path and content."""
    return hashlib.sha256(json.dumps([ctx.request.path, posted], sort_keys=True).encode()).hexdigest()
