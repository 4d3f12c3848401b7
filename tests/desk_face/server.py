"""Serves the real page for a stage: the house's rendering, files and headers, and no log-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from pbx_bridge.desk.pages import menus, sentences
from pbx_bridge.web.i18n import names_of_languages
from pbx_bridge.web.middleware import add_headers
from pbx_bridge.web.rendering import RENDERING, Rendering, render
from pbx_bridge.web.static_files import StaticFiles
from rules.presence.pause_reasons import choices
from tests.desk_face.played_server import PlayedServer


def make_app(stage: PlayedServer) -> web.Application:
    """`/desk`, its socket, and the static files of the rooms."""

    async def desk(request: web.Request) -> web.Response:
        request["locale"] = stage.locale
        texts = sentences(stage.locale)
        return render(
            request,
            "desk/desk.html",
            texts=texts,
            languages=names_of_languages(),
            menus=menus(choices([])),
            in_time="20",
            agent_name="Anna Keller",
            socket_url="/desk/socket",
            logout_url="/logout",
        )

    files = StaticFiles()
    app = web.Application()
    app[RENDERING] = Rendering(files, strict=True)
    app.on_response_prepare.append(add_headers(""))
    app.add_routes([web.get("/desk", desk), web.get("/desk/socket", stage.socket), *files.routes()])
    return app


@asynccontextmanager
async def serving(stage: PlayedServer, port: int = 0) -> AsyncIterator[str]:
    """The address of the page, on loopback, for as long as the block lasts."""
    runner = web.AppRunner(make_app(stage), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/desk"
    finally:
        await stage.drop(stay_away=True)
        await runner.cleanup()
