"""What a service says that stands by: that it lives, and that it waits. Nobody logs in here."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.bodies import SMALL
from pbx_bridge.web.client_connection import visits
from pbx_bridge.web.client_description import PROXIES
from pbx_bridge.web.connection_limits import Crowd
from pbx_bridge.web.health import Health
from pbx_bridge.web.origin import Proxies
from pbx_bridge.web.server import CROWD

STANDBY = "standby"
"""Why such a service is not ready, for `/readyz`."""
RETRY_SECONDS = "1"


def standby_app(settings: Settings, db: Database) -> web.Application:
    """For `server.listening`, like the service's own, which takes its place."""
    proxies = Proxies(settings.web.trusted_proxies)
    crowd = Crowd(settings.web.max_connections, settings.web.max_connections_per_address, proxies)
    app = web.Application(middlewares=[visits(crowd, proxies)], client_max_size=SMALL)
    app[CROWD], app[PROXIES] = crowd, proxies
    health = Health(db, lambda: (STANDBY,))
    app.add_routes(
        [
            web.get("/healthz", health.alive),
            web.get("/readyz", health.ready),
            web.route("*", "/{anything:.*}", _elsewhere),
        ]
    )
    return app


async def _elsewhere(_request: web.Request) -> web.Response:
    return web.Response(status=503, text=f"{STANDBY}\n", headers={"Retry-After": RETRY_SECONDS})
