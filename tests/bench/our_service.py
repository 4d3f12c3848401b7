"""The whole service on a given database and manager interface, in a process of its own; prints its port."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from pbx_bridge import log
from pbx_bridge.serve import running
from pbx_bridge.settings import AmiSettings, Secret, Settings
from pbx_bridge.web.server import listening

ORIGIN = "http://desk.example"
DESKS = 2_000
"""May come from one address, as all of a measurement do."""


async def main(ami_port: int, database_url: str) -> None:
    """Until killed."""
    plain = Settings()
    settings = replace(
        plain,
        ami=AmiSettings(port=ami_port, username="bridge", secret=Secret("geheim")),
        web=replace(
            plain.web,
            public_url=ORIGIN,
            port=0,
            max_connections=2 * DESKS,
            max_connections_per_address=DESKS,
        ),
        database=replace(plain.database, url=database_url),
    )
    log.configure("error", "json")
    async with running(settings) as rooms, listening(rooms.web, settings) as port:
        await rooms.upkeep.refresh.warm()
        print(port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
