"""Serves the real page, with the real policy, for a stage."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from tests.desk_face.stage import Stage

ROOMS = Path(__file__).resolve().parents[2] / "pbx_bridge"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def flat(tree: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """A catalogue as the page gets it: {"group.key": text}."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def catalogue(locale: str) -> dict[str, str]:
    with (ROOMS / "desk/locale" / f"{locale}.toml").open("rb") as file:
        return dict(flat(tomllib.load(file)))


def page(locale: str) -> str:
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOMS / "desk/templates"), autoescape=True)
    return env.get_template("desk.html").render(
        locale=locale, texts=catalogue(locale), agent_name="Anna Keller", csrf="x", logout_url="/logout",
        socket_url="/desk/socket", static=lambda path: f"/static/{path}",
    )  # fmt: skip


def make_app(stage: Stage) -> web.Application:
    """`/desk`, its socket, and the static files of the rooms."""

    async def desk(_: web.Request) -> web.Response:
        return web.Response(
            text=page(stage.locale), content_type="text/html", headers={"Content-Security-Policy": POLICY}
        )

    app = web.Application()
    app.router.add_get("/desk", desk)
    app.router.add_get("/desk/socket", stage.socket)
    for room in ("web", "desk"):
        app.router.add_static(f"/static/{room}", ROOMS / room / "static")
    return app


@asynccontextmanager
async def serving(stage: Stage, port: int = 0) -> Any:
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
