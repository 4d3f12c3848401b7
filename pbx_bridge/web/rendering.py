"""Pages from templates: those of every room, escaped, in the reader's language, with the house's look."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket

import pbx_bridge
from pbx_bridge.time_slices import gently, rest
from pbx_bridge.web.i18n import Param, translate
from pbx_bridge.web.line_breaks import as_typed, soft
from pbx_bridge.web.static_files import StaticFiles
from rules.text.salutation import spoken

_ROOMS = Path(pbx_bridge.__file__).parent


class Rendering:
    """Templates by "room/name.html", found in `<room>/templates` or `<room>/templates/<room>`.

    Every template has `t(key, **params)` (its room's sentences, then web's), `static("room/file.css")`,
    `brand` (what the secretariat calls itself), `locale`, `csrf` and `account` (None when nobody is logged
    in). `strict`: a missing sentence is an error.
    """

    def __init__(self, files: StaticFiles, *, brand: str = "", strict: bool = False) -> None:
        self._files, self._brand, self._strict = files, brand, strict
        self._environment = _environment()

    def brand(self, locale: str) -> str:
        """What the secretariat calls itself to a reader of this language."""
        return self._brand or translate("web", locale, "product.name")

    def page(
        self, request: web.Request, template: str, context: dict[str, Any], room: str = ""
    ) -> Iterable[str]:
        """The text of a page, in the pieces in which it is drawn. `room`: whose sentences it says; "": those
        of the room that the template is of."""
        room = room or template.partition("/")[0]
        locale = request["locale"]

        def t(key: str, **params: Param) -> str:
            said = {name: as_typed(gap) if isinstance(gap, str) else gap for name, gap in params.items()}
            return translate(room, locale, key, strict=self._strict, **said)

        known = {"brand": self.brand(locale), "t": t, "static": self._files.url, "locale": locale}
        mine = {"csrf": request.get("csrf", ""), "account": request.get("account")}
        return self._environment.get_template(template).generate(known | mine | context)


@functools.cache
def _environment() -> Environment:
    """One for the whole process: a template that is compiled stays so."""
    folders = {path.parent.name: [path, path / path.parent.name] for path in _ROOMS.glob("*/templates")}
    environment = Environment(
        loader=PrefixLoader({room: FileSystemLoader(paths) for room, paths in folders.items()}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
        bytecode_cache=_compiled_before(),
    )
    environment.filters |= {"spoken": spoken, "soft": soft}
    return environment


class _Compiled(FileSystemBytecodeCache):
    """What could not be kept is compiled once more: a full disk is no reason for a page not to come."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled_before() -> BytecodeCache | None:
    """A folder of this user alone, in the one for temporary files: all pages take a second of CPU time, which
    calls need more after a restart. None where somebody else has put a folder of that name."""
    try:
        return _Compiled()
    except (OSError, RuntimeError):
        return None


def compile_pages() -> None:
    """Have all templates ready: compiling one takes up to a tenth of a second. For a thread, not the loop."""
    environment = _environment()
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


RENDERING = web.AppKey("rendering", Rendering)


class Page(web.Response):
    """A page, drawn in short turns: a long one takes ten milliseconds, and calls go on meanwhile."""

    def __init__(self, pieces: Iterable[str], *, status: int) -> None:
        # Never kept by a cache, as it is somebody's.
        super().__init__(content_type="text/html", status=status, headers={"Cache-Control": "no-store"})
        self._pieces: Iterable[str] | None = pieces

    async def draw(self) -> None:
        """Once; what goes wrong in it is raised here."""
        pieces, self._pieces = self._pieces, None
        if pieces is not None:
            await rest()  # the page's own work has had its turn
            self.text = "".join([piece async for piece in gently(pieces)])

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        """As aiohttp sends it."""
        await self.draw()
        return await super().prepare(request)


def render(request: web.Request, template: str, *, status: int = 200, **context: Any) -> web.Response:
    """A page as response."""
    return Page(request.config_dict[RENDERING].page(request, template, context), status=status)


def render_as(
    room: str, request: web.Request, template: str, *, status: int = 200, **context: Any
) -> web.Response:
    """A page of the kit as response, with the sentences of this room."""
    return Page(request.config_dict[RENDERING].page(request, template, context, room), status=status)
