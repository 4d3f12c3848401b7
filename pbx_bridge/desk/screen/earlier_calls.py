"""What this caller has called about before."""

from __future__ import annotations

import asyncio

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.background_reads import BackgroundReads
from pbx_bridge.desk.screen.open_call import CallOnScreen, Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database
from rules.model import Agent

SUMMARY_LENGTH = 200


class EarlierCalls:
    """Follow the pop, as soon as the database has told them."""

    def __init__(self, db: Database, screens: Screens, reads: BackgroundReads) -> None:
        self._db, self._screens, self._reads = db, screens, reads

    def find(self, open_call: CallOnScreen, agent: Agent) -> None:
        """This caller's earlier calls to this company, shown when they are there."""
        if open_call.call.customer_id and open_call.call.caller.number:
            what = ("earlier", open_call.call.id, agent.id)
            self._reads.start(what, lambda: self._earlier(open_call, agent))

    async def _earlier(self, open_call: CallOnScreen, agent: Agent) -> None:
        await asyncio.sleep(0)  # the pop itself goes out first
        customer_id, number = open_call.call.customer_id, open_call.call.caller.number
        until = None if open_call.call.live else open_call.call.arrived_at
        async with self._db.read() as conn:
            found = await calls.earlier_calls(conn, customer_id or "", number, until=until)
        paper = open_call.paper(agent.id)
        others = [_earlier_view(one) for one in found if not _is_itself(one, open_call, paper)]
        self._screens.know(open_call, agent, others)


def _is_itself(one: calls.EarlierCall, open_call: CallOnScreen, paper: Paper | None) -> bool:
    """Whether this is no earlier call: the one on the screen, or the very note that is written there. What
    colleagues have noted of this call is earlier."""
    if one.call_id != open_call.call.id:
        return False
    return not one.note_id or (paper is not None and one.note_id == paper.note)


def _earlier_view(call: calls.EarlierCall) -> p.EarlierCallView:
    short = call.concern[:SUMMARY_LENGTH]
    name, company = call.caller_name, call.caller_company
    return p.EarlierCallView(call.arrived_at, short, call.agent_name, name, company, call.closed_reason)
