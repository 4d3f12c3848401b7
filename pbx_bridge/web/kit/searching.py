"""Where the search form of any list leads: the words are remembered, the list is shown."""

from __future__ import annotations

import re

from aiohttp import web

from pbx_bridge.web.kit.remembered_searches import KEY, are_words
from pbx_bridge.web.kit.request_context import RequestContext

PLACE = "wo"
MOST_SHOWN = 1_000
"""Letters of all other fields together that an address has."""
_PATH = re.compile(r"(/[A-Za-z0-9_.-]+)+(#[a-z]+)?")


async def remember(ctx: RequestContext) -> web.Response:
    """Go on to the list that the form names (`wo`), with the key of what is looked for. Fields that hold no
    words of a person, as order and period, stand in the address as they are."""
    posted = await ctx.posted()
    place = posted[PLACE] if _PATH.fullmatch(posted[PLACE]) else ctx.start
    path, sign, part = place.partition("#")
    rest = {name: text for name, text in posted.items() if name not in {"csrf", "once", PLACE}}
    shown = {name: text for name, text in rest.items() if not are_words(name) and name != KEY}
    if sum(map(len, shown.values())) > MOST_SHOWN:  # no address is that long, and what is wrong is said there
        shown = {}
    words = {name: text for name, text in rest.items() if name not in shown and name != KEY}
    key = ctx.searches.keep(ctx.account.id, words, ctx.now)
    return ctx.lead(path, shown | ({KEY: key} if key else {}), sign + part)
