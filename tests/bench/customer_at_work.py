"""A big company at its computer: looks through the portal and at the statement of 100,000 calls, takes its
people home as a file, brings all of them in again changed, takes that back. Prints 0, and then what it begins
with; ends when all is done."""

from __future__ import annotations

import asyncio
import re
import sys
from urllib.parse import parse_qs, urlsplit

import aiohttp

from tests.bench.our_service import ORIGIN

LOOKS = (
    "/portal", "/portal/mitarbeiter", "/portal/mitarbeiter?q=müller", "/portal/mitarbeiter?sort=given&page=7",
    "/portal/abwesenheitsinfo", "/portal/termine", "/portal/termine/monat", "/portal/kalender?q=ott",
    "/portal/vip-kunden", "/portal/vollstaendigkeit", "/portal/statistik", "/portal/faq",
    "/portal/subaccounts",
)  # fmt: skip
STATEMENTS = ("/portal/abrechnung", "/portal/abrechnung/posten.csv")
ROUNDS, EXPORTS = 6, 6
LIST = "/portal/mitarbeiter"
_SEEN = re.compile(r'name="seen" value="(\w+)"')


class Customer:
    """One browser."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client

    async def look_around(self) -> None:
        """Page by page."""
        for path in LOOKS * ROUNDS:
            await self._get(path)

    async def look_at_statements(self) -> None:
        """The biggest ones that there can be."""
        for path in STATEMENTS * ROUNDS:
            await self._get(path)

    async def export(self) -> str:
        """The last of some."""
        for _ in range(EXPORTS):
            text = await self._get(f"{LIST}/export")
        return text

    async def bring_in(self, text: str) -> str:
        """A file, until its preview is there; its page."""
        form = aiohttp.FormData()
        form.add_field("file", text.encode(), filename="mitarbeiter.csv", content_type="text/csv")
        page = await self._post(f"{LIST}/import", form)
        while '"ready": true' not in await self._get(f"{page}/stand"):
            await asyncio.sleep(0.2)
        return page

    async def take_over(self, page: str) -> str:
        """What the preview shows; the step that takes it back."""
        seen = _SEEN.search(await self._get(page))
        assert seen, "the preview is no preview"
        return parse_qs(urlsplit(await self._post(page, {"seen": seen[1]})).query)["step"][0]

    async def take_back(self, step: str) -> None:
        """All as it was."""
        await self._post("/portal/rueckgaengig", {"step": step, "back": LIST})

    async def _get(self, path: str) -> str:
        async with self._client.get(path) as answer:
            text = await answer.text()
            assert answer.status == 200, f"{path}: {answer.status} {text}"
            return text

    async def _post(self, path: str, form: aiohttp.FormData | dict[str, str]) -> str:
        async with self._client.post(path, data=form, allow_redirects=False) as answer:
            assert answer.status == 303, f"{path}: {answer.status}"
            return answer.headers["Location"]


async def main(port: int, token: str, csrf: str) -> None:
    """All of it, once."""
    headers = {
        "Accept": "application/json",
        "Origin": ORIGIN,
        "Cookie": f"session={token}",
        "X-CSRF-Token": csrf,
    }
    patience = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers, timeout=patience) as client:
        customer = Customer(client)
        say(0)
        say("looks")
        await customer.look_around()
        say("statements")
        await customer.look_at_statements()
        say("exports")
        text = await customer.export()
        say("reads")
        page = await customer.bring_in(text.replace("Sachbearbeitung", "Einkauf"))
        say("imports")
        step = await customer.take_over(page)
        await customer.look_around()
        say("undoes")
        await customer.take_back(step)
        await customer.look_around()


def say(what: object) -> None:
    print(what, flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
