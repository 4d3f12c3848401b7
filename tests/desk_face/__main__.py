"""The page by hand: `python -m tests.desk_face [scene] [de|en]`, then open the address that it prints."""

from __future__ import annotations

import asyncio
import sys
from typing import Literal

from tests.desk_face import sample_views
from tests.desk_face.played_server import PlayedServer
from tests.desk_face.scenes import SCENES
from tests.desk_face.server import serving


async def main(scene: str, locale: Literal["de", "en"]) -> None:
    stage = PlayedServer(sample_views.quiet(), locale)
    async with serving(stage) as address:
        await SCENES[scene](stage)
        print(f"{scene}: {address}  (Ctrl-C ends it; scenes: {', '.join(SCENES)})")
        await asyncio.Event().wait()


if __name__ == "__main__":
    words = sys.argv[1:]
    asyncio.run(main(next((w for w in words if w in SCENES), "talking"), "en" if "en" in words else "de"))
