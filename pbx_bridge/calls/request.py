"""How the desk asks: a command into the dispatcher, and its answer back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from pbx_bridge.calls.commands import AgentRequest
from pbx_bridge.calls.message import Message
from rules.decision import Refused


async def ask(put: Callable[[Message], None], command: AgentRequest) -> Refused | None:
    """None: it is under way, and the call's state will show what comes of it. Else why not."""
    answer: asyncio.Future[Refused | None] = asyncio.get_running_loop().create_future()

    def reply(refusal: Refused | None) -> None:
        if not answer.done():
            answer.set_result(refusal)

    put(replace(command, reply=reply))
    return await answer
