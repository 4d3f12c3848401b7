"""A form that an impatient finger sends twice is done once: the second answer is the first one's."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.portal.visit import Handler, Visit


@dataclass(slots=True)
class Sent:
    """What somebody sent last. `path`: where its answer led, "" if it was not taken."""

    sign: str
    path: asyncio.Future[str]


async def once(visit: Visit, handler: Handler) -> web.StreamResponse:
    """Answer; the very same form of the same page twice in a row changes something only the first time.

    Pages that take no harm from a repetition send no `once`.
    """
    posted = await visit.posted()
    last: dict[str, Sent] = visit.portal.memory.setdefault("sent", {})
    sign = _sign(visit, posted) if posted["once"] else ""
    before = last.get(visit.account.id)
    if sign and before and sign == before.sign and (path := await asyncio.shield(before.path)):
        return visit.go(path)
    path, sent = "", Sent(sign, asyncio.get_running_loop().create_future())
    if sign:
        last[visit.account.id] = sent
    try:
        response = await handler(visit)
        path = response.headers.get("Location", "")
    finally:
        sent.path.set_result(path)
    if path:
        last[visit.account.id] = sent
    return response


def _sign(visit: Visit, posted: dict[str, str]) -> str:
    """Stands for path and content."""
    return hashlib.sha256(json.dumps([visit.request.path, posted], sort_keys=True).encode()).hexdigest()
