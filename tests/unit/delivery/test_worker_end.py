"""The worker ends when it is told to, and forgets nothing that it knows by then."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest

from pbx_bridge.delivery.transport import Outcome, Outgoing, Sent
from pbx_bridge.storage import notifications
from pbx_bridge.storage.notifications import State
from tests.unit.delivery.office import Office, Post, office
from tests.until import until

__all__ = ["office"]


class DeafPost(Post):
    """Swallows the first cancellation, as a `wait_for` inside aiosmtplib can in Python 3.11."""

    async def send(self, message: Outgoing) -> Outcome:
        with contextlib.suppress(asyncio.CancelledError):
            return await super().send(message)
        return Sent()


async def test_it_ends_although_a_library_swallows_the_cancellation(office: Office) -> None:
    office.mail = DeafPost(hold=asyncio.Event())
    await office.put()
    worker = asyncio.create_task(office.worker().run())
    await until(lambda: office.mail.given, message="under way")

    worker.cancel()
    done, _ = await asyncio.wait({worker}, timeout=10)

    assert done


async def test_what_is_known_is_stored_before_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next life calls it uncertain and sends it twice."""
    one, storing = await office.put(), asyncio.Event()
    finish = notifications.finish

    async def slowly(*args: Any) -> bool:
        storing.set()
        await asyncio.sleep(0.1)
        return await finish(*args)

    monkeypatch.setattr(notifications, "finish", slowly)
    worker = asyncio.create_task(office.worker().run())
    await storing.wait()
    worker.cancel()
    await asyncio.wait({worker})

    assert (await office.look(one)).state is State.SENT
