"""A form that an impatient finger sends twice is done once: the second answer is the first one's."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.web.kit.request_context import RequestContext


@dataclass(slots=True)
class Submission:
    """What somebody sent last. `path`: where its answer led, "" if it was not taken."""

    sign: str
    path: asyncio.Future[str]


class DoubleSubmitGuard:
    """Of each account what it sent last."""

    def __init__(self) -> None:
        self._last: dict[str, Submission] = {}

    async def once(
        self, ctx: RequestContext, handler: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer; the very same form of the same page twice in a row changes something only the first time.

        Pages that take no harm from a repetition send no `once`.
        """
        posted = await ctx.posted()
        last, account = self._last, ctx.account.id
        sign = _sign(ctx, posted) if posted["once"] else ""
        before = last.get(account)
        if sign and before and sign == before.sign and (path := await asyncio.shield(before.path)):
            return ctx.go(path)
        path, sent = "", Submission(sign, asyncio.get_running_loop().create_future())
        if sign:
            last[account] = sent
        try:
            response = await handler()
            path = response.headers.get("Location", "")
        finally:
            sent.path.set_result(path)
        if path:
            last[account] = sent
        return response


def _sign(ctx: RequestContext, posted: dict[str, str]) -> str:
    """Stands for path and content."""
    return hashlib.sha256(json.dumps([ctx.request.path, posted], sort_keys=True).encode()).hexdigest()
