"""What the manager of a PBX reports, kept in order, with a way to wait for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pbx_bridge.asterisk.manager import Manager, Message
from pbx_bridge.asterisk.runner import RunningAsterisk
from tests.until import PATIENCE, until


class Watch:
    """Logged in with the service's own rights; `manager` sends, `events` is everything that came."""

    def __init__(self) -> None:
        self.events: list[Message] = []
        self.manager: Manager

    def find(self, event: str, after: Message | None = None, **headers: str) -> list[Message]:
        """All events (or UserEvents) of this name with these headers; only those that came after this one."""
        start = next((place + 1 for place, one in enumerate(self.events) if one is after), 0)
        return [
            found
            for found in self.events[start:]
            if event in {found.get("Event"), found.get("UserEvent")} and headers.items() <= found.items()
        ]

    async def seen(
        self, event: str, timeout: float = PATIENCE, after: Message | None = None, **headers: str
    ) -> Message:
        """Wait for such an event; the first one."""
        await until(lambda: self.find(event, after, **headers), timeout, f"{event} {headers}")
        return self.find(event, after, **headers)[0]

    async def add_agent(self, name: str) -> None:
        """The agent's phone joins the queue."""
        interface = f"PJSIP/{name}"
        await self.manager.action("QueueAdd", Queue="sec", Interface=interface, StateInterface=interface)

    async def name_line(self, line: str, company: str) -> None:
        """Store the name of a line (URI encoded text) as the service does."""
        await self.manager.action(
            "Originate", Channel=f"Local/{line}@sec-line/n", Context="sec-line", Exten="done", Priority=1,
            Async="true", Variable=f"_SEC_COMPANY={company}",
        )  # fmt: skip
        await self.seen("Hangup", Context="sec-line")


@asynccontextmanager
async def watching(pbx: RunningAsterisk) -> AsyncIterator[Watch]:
    """Watch this PBX as the service would."""
    watch = Watch()
    config = pbx.config
    watch.manager = await Manager.connect(
        config.ami_port, config.ami_user, config.ami_secret, watch.events.append
    )
    try:
        yield watch
    finally:
        await watch.manager.close()
