"""The service's heart as a process of its own, to be killed: takes one command a line, says "ok" or why
not."""

from __future__ import annotations

import asyncio
import json
import sys

import structlog

from pbx_bridge.transfers import messages as msg
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.service import Service, open_service
from tests.until import until

ASKS = {"hold": msg.AskHold, "switch": msg.AskSwitch, "connect": msg.AskConnect, "back": msg.AskBack}
RING = 15  # seconds; until all who shall see the death are where they want to be


def command(told: dict[str, str]) -> msg.Ask:
    """{"do": "ring", "call": …, "agent": …, "number": …, "mode": …}, or another `do`."""
    call, agent = told["call"], told["agent"]
    if told["do"] != "ring":
        return ASKS[told["do"]](call=call, agent=agent)
    plan = Plan((Target("employee", f"+{told['number']}", RING),))
    mode: msg.Mode = "talk" if told["mode"] == "talk" else "hold"
    return msg.AskRing(call=call, agent=agent, plan=plan, employee="employee", mode=mode)


async def obey(service: Service, told: dict[str, str]) -> str:
    """Does as told; waits for the step to come if `step` is given."""
    refused = await service.ask(command(told))
    if refused is not None:
        return refused.code
    if step := told.get("step"):
        await until(lambda: service.transfers.views[told["call"]].step == step, message=step)
    return "ok"


async def main(port: int, user: str, secret: str) -> None:
    """Until it is killed. What it logs is no answer."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    async with open_service(port, user, secret) as service:
        print("up", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(await obey(service, json.loads(line)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
