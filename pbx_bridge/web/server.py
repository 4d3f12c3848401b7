"""The web application: every room's routes behind the same middleware, on one port."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import warnings
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime

from aiohttp import web

from pbx_bridge.auth.log_in import LogIn
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.permissions import roles_of
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web import middleware
from pbx_bridge.web.admission_control import turns
from pbx_bridge.web.bodies import SMALL, readable
from pbx_bridge.web.client_connection import Patience, Visitor, visits
from pbx_bridge.web.client_description import PROXIES
from pbx_bridge.web.connection_limits import Crowd, room_for
from pbx_bridge.web.cookies import COOKIE, DeviceCookie, SessionCookie
from pbx_bridge.web.health import Health
from pbx_bridge.web.hosts import known_host, names_of
from pbx_bridge.web.login_pages import LoginPages
from pbx_bridge.web.login_response import Keys
from pbx_bridge.web.origin import Proxies
from pbx_bridge.web.rendering import RENDERING, Rendering
from pbx_bridge.web.resubmit import keep
from pbx_bridge.web.static_files import StaticFiles

# aiohttp would have typed keys instead of "account", "session", "csrf" and "locale": four words every room
# knows.
warnings.filterwarnings("ignore", category=web.NotAppKeyWarning)

ACCEPT_AT_ONCE = 16
"""Connections taken between two looks at everything else."""
LINE = 1_024
"""Connections that wait in the system until they are taken."""

CROWD = web.AppKey("crowd", Crowd)


def make_app(
    settings: Settings,
    db: Database,
    sessions: Sessions,
    routes: Iterable[web.AbstractRouteDef],
    *,
    clock: Callable[[], datetime],
    not_ready: Callable[[], Sequence[str]] = tuple,
    storage: Callable[[], Sequence[str]] | None = None,
    strict: bool = False,
) -> web.Application:
    """The application with the rooms' `routes`, each of which has a name that `auth.permissions` knows.

    `not_ready`: why other parts are not ready (codes for `/readyz`); `storage`: why the database is not, if
    somebody knows without asking it; `strict`: a missing sentence is an
    error. Handlers find
    `account`, `session`, `csrf` and `locale` on the request.
    """
    cookie, files = SessionCookie(settings.web.public_url), StaticFiles()
    proxies = Proxies(settings.web.trusted_proxies)
    crowd = Crowd(settings.web.max_connections, settings.web.max_connections_per_address, proxies)
    origins = frozenset(
        url.lower().rstrip("/") for url in (settings.web.public_url, *settings.desk.allowed_origins)
    )
    app = web.Application(
        middlewares=[
            middleware.errors,
            visits(crowd, proxies),
            known_host(names_of(settings.web.public_url, settings.web.allowed_hosts)),
            readable(settings.web.max_body_bytes, settings.web.body_seconds),
            turns(proxies, cookie.read),
            middleware.who(sessions, cookie),
            keep(origins),
            middleware.allowed,
            middleware.no_forgery(origins),
        ],
        client_max_size=SMALL,  # for whoever passes `bodies` by
    )
    app[RENDERING], app[COOKIE] = Rendering(files, brand=settings.web.brand, strict=strict), cookie
    app[CROWD], app[PROXIES] = crowd, proxies
    log_in = LogIn(db, settings.auth, Passwords(settings.auth), sessions, clock)
    door = LoginPages(log_in, Keys(cookie, DeviceCookie(settings.web.public_url), proxies, clock))
    app.add_routes([*door.routes(), *Health(db, not_ready, storage).routes(), *files.routes(), *routes])
    app.on_response_prepare.append(middleware.add_headers(settings.web.public_url))
    app.on_startup.append(_every_route_is_thought_of)
    return app


async def _every_route_is_thought_of(app: web.Application) -> None:
    """Routes may be added until the start; one that the table does not know would be closed without a
    word."""
    unknown = {route.name or route.resource for route in app.router.routes() if roles_of(route.name) is None}
    if unknown:
        raise RuntimeError(f"not in auth.permissions: {sorted(map(str, unknown))}")


async def may_listen(settings: Settings) -> None:
    """Raises OSError where somebody else has our port: a second service then ends before it has done
    anything to calls, mail and telephones."""
    server = await asyncio.get_running_loop().create_server(
        asyncio.Protocol, settings.web.host, settings.web.port, start_serving=False
    )
    server.close()


@contextlib.asynccontextmanager
async def listening(app: web.Application, settings: Settings) -> AsyncIterator[int]:
    """The web server, until the block ends; yields its port."""
    runner, crowd = web.AppRunner(app, access_log=None, shutdown_timeout=1.0), app[CROWD]
    patience = Patience(settings.web.head_seconds, settings.web.send_seconds)
    crowd.most = room_for(settings.web.max_connections)
    await runner.setup()
    assert runner.server is not None
    door = functools.partial(Visitor, crowd, patience, runner.server)
    try:
        server = await asyncio.get_running_loop().create_server(
            door, settings.web.host, settings.web.port, backlog=ACCEPT_AT_ONCE
        )
        try:
            for listener in server.sockets:
                with listener.dup() as socket:
                    socket.listen(LINE)
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    finally:
        await runner.cleanup()
