"""Files that customers send, without a browser."""

from __future__ import annotations

import asyncio

from aiohttp import FormData

from tests.unit.portal.conftest import Answer, Client


async def send(client: Client, path: str, text: str | bytes | None) -> Answer:
    """Send a file, None: as a browser does where none was chosen; where its progress is seen."""
    page = await client.get(path)
    data = FormData({"csrf": page.hidden("csrf")})
    content = text if isinstance(text, bytes) else (text or "").encode()
    data.add_field("file", content, filename="" if text is None else "liste.csv")
    async with client.session.post(client.served.address + path, data=data) as response:
        client.last = Answer(response.status, response.url.path_qs, await response.text())
    return client.last


async def read(client: Client, path: str) -> Answer:
    """Wait until the file has been read; what it would do."""
    page = await client.get(path)
    while "data-progress" in page.text:
        await asyncio.sleep(0.02)
        page = await client.get(path)
    return page


async def upload(client: Client, path: str, text: str | bytes | None) -> Answer:
    """Send a file and wait for what it would do."""
    page = await send(client, path, text)
    return await read(client, page.path) if "data-progress" in page.text else page


def seen(preview: Answer) -> dict[str, str]:
    """What the button of a preview sends along."""
    return {"seen": preview.hidden("seen")}
