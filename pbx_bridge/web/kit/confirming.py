"""The page that asks once more before something is done that cannot be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from pbx_bridge.web.kit.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`title`, `what`, `button`: in the reader's language; `path`: where the button does it, with `fields`;
    `back`: where nothing is done."""

    title: str
    what: str
    button: str
    path: str
    back: str
    fields: Mapping[str, str] = field(default_factory=dict)


def ask_once_more(ctx: RequestContext, question: Confirmation, *, status: int = 200) -> web.Response:
    """The question in the frame of whichever face asks."""
    asked = {name: getattr(question, name) for name in Confirmation.__slots__}
    return ctx.kit_page("confirm.html", status=status, **asked)
