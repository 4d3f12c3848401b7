"""Styles, scripts and pictures of all rooms under one address that changes with their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aiohttp import web

import pbx_bridge
from pbx_bridge.errors import NotFoundError

_ROOMS = Path(pbx_bridge.__file__).parent
_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
}
_YEAR = "public, max-age=31536000, immutable"


class StaticFiles:
    """`/static/<version>/<room>/<path>`: the version is in the path, so that modules can import each other
    relatively.

    Files that were there at the start are served, from memory, and nothing else.
    """

    def __init__(self, rooms: Path = _ROOMS) -> None:
        folders = sorted(rooms.glob("*/static"))
        self._files = {
            f"{folder.parent.name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(name.encode() + content)
        self.version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of "room/file.css"; KeyError when there is no such file."""
        if name not in self._files:
            raise KeyError(f"no static file {name}")
        return f"/static/{self.version}/{name}"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/static/{version}/{name:.+}", self._serve, name="static")]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        content = self._files.get(name)
        if content is None:
            raise NotFoundError
        fresh = request.match_info["version"] == self.version
        kind = _KINDS.get(name.rpartition(".")[2], "application/octet-stream")
        headers = {"Cache-Control": _YEAR if fresh else "no-cache", "Content-Type": kind}
        return web.Response(body=content, headers=headers)
