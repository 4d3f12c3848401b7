"""What anybody builds in an afternoon: panoramisk in, JSON out; nothing resolved, nothing kept."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from typing import Any

from aiohttp import web
from panoramisk.manager import Manager


async def main(ami_port: int) -> None:
    """Serve `/?agent=PJSIP/…` until killed; the port is the only line of output."""
    sockets: defaultdict[str, set[web.WebSocketResponse]] = defaultdict(set)

    async def relay(_manager: Manager, event: Any) -> None:
        for socket in sockets[event.Interface]:
            await socket.send_str(json.dumps(dict(event)))

    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        sockets[request.query["agent"]].add(socket)
        await socket.send_str("{}")
        async for _ in socket:
            pass
        return socket

    manager = Manager(host="127.0.0.1", port=ami_port, username="bridge", secret="geheim")
    manager.register_event("AgentCalled", relay)
    await manager.connect()
    app = web.Application()
    app.router.add_get("/", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
