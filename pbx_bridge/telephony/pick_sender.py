"""Orders the PBX to take a caller out of the queue for the agent who has picked them."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from pbx_bridge.ami.actions import Originate
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.calls.message import Message
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.agent_queue import QueueLink
from pbx_bridge.telephony.pick_messages import PickUnsent, SendPick

_log = structlog.get_logger(__name__)


class PickSender:
    """Handler for `SendPick`; `put`: into the dispatcher's inbox, for what the PBX did not take."""

    def __init__(self, link: QueueLink, put: Callable[[Message], None]) -> None:
        self._link, self._put = link, put

    async def send(self, effect: SendPick) -> None:
        """The rest is in the context `sec-pick` of docker/asterisk/secretariat_pick.conf. Without an answer
        nobody knows whether it began: the pick's own deadline, and a look at the PBX, will tell."""
        order = Originate(
            attempt=f"pick-{new_id()}",
            channel="Local/00@sec-pick/n",
            context="sec-line",
            exten="done",
            variables=(
                ("_SEC_NAMED", effect.call),
                ("_SEC_CHOSEN", effect.caller_channel),
                ("_SEC_WHO", effect.agent),
            ),
        )
        try:
            await self._link.send(order)
        except (LinkGone, ActionTimeout) as error:
            _log.warning("pick without answer", call=effect.call, error=type(error).__name__)
        except Unsendable:
            _log.exception("pick not sendable", call=effect.call)
            self._put(PickUnsent(effect.call, effect.agent))
        except ActionFailed:
            self._put(PickUnsent(effect.call, effect.agent))
