"""What machines ask: is the process alive, is it of use, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

from pbx_bridge import metrics
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.maintenance.migrate import refusal
from pbx_bridge.web.origin import is_loopback


class Health:
    """`reasons`: why the other parts are not ready, as stable codes such as "pbx_down"; empty when they
    are. `storage`: the same of the database, known without asking it; None: it is asked."""

    def __init__(
        self,
        db: Database,
        reasons: Callable[[], Sequence[str]],
        storage: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        self._db, self._reasons, self._known = db, reasons, storage

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.alive, name="healthz"),
            web.get("/readyz", self.ready, name="readyz"),
            web.get("/metrics", self.figures, name="metrics"),
        ]

    async def alive(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        reasons = [*await self._storage(), *self._reasons()]
        return web.json_response({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)

    async def figures(self, request: web.Request) -> web.Response:
        if not is_loopback(request):
            raise NotFoundError
        return web.Response(body=metrics.exposition(), content_type="text/plain", charset="utf-8")

    async def _storage(self) -> Sequence[str]:
        if self._known is not None:
            return self._known()
        try:
            unfit = await refusal(self._db)
        except StorageUnavailable as error:
            return [error.code]
        return [] if unfit is None else [unfit.code]
