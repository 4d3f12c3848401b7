"""What a person decides about a message that did not arrive, whichever page they do it on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from pbx_bridge.storage.access import access_log, accounts
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.outbox import deliveries, notifications, undelivered
from rules.fault import Fault
from rules.office.typed_reason import read_reason
from rules.outbox.other_address import read_other_address

log = structlog.get_logger(__name__)

SENT_AGAIN, SENT_ELSEWHERE, SETTLED, ARRIVED = "sent_again", "sent_elsewhere", "settled", "arrived"
HANDS = frozenset({SENT_AGAIN, SENT_ELSEWHERE, SETTLED, ARRIVED})
"""What was decided, as the access log has it."""


class DeliveryByHand:
    """`wake`: there is something to send. What is done stands in the access log, and in the program's with
    the id of the account; in neither with an address. Each answers False where there is nothing to decide any
    more: somebody was faster, or it has arrived."""

    def __init__(self, db: Database, wake: Callable[[], None], clock: Callable[[], datetime]) -> None:
        self._db, self._wake, self._clock = db, wake, clock

    async def send_again(self, message_id: str, account_id: str) -> bool:
        """Out it goes once more, to the address that is on file now; what may have arrived before is marked
        as a possible duplicate."""
        async with self._db.write() as conn:
            done = await undelivered.send_again(conn, message_id, self._clock())
            await self._note(conn, message_id, account_id, SENT_AGAIN if done else "")
        if done:
            log.info("message_sent_again", notification=message_id, account=account_id)
            self._wake()
        return done

    async def arrived(self, message_id: str, account_id: str) -> bool:
        """A person knows that an uncertain one is there."""
        async with self._db.write() as conn:
            done = await notifications.settle(conn, message_id, self._clock())
            await self._note(conn, message_id, account_id, ARRIVED if done else "")
        if done:
            log.info("message_known_to_have_arrived", notification=message_id, account=account_id)
        return done

    async def send_to(self, message_id: str, typed: str, account_id: str) -> bool | Fault:
        """Out it goes, to another address; the one that is on file stays as it is."""
        async with self._db.write() as conn:
            found = await deliveries.one(conn, message_id)
            if found is None or not found[0].in_note:
                return False
            address = read_other_address(typed, found[0].message.channel, found[0].region or "DE")
            if isinstance(address, Fault):
                return address
            done = await deliveries.send_to(conn, message_id, address, self._clock())
            await self._note(conn, message_id, account_id, SENT_ELSEWHERE if done else "")
        if done:
            log.info("message_sent_elsewhere", notification=message_id, account=account_id)
            self._wake()
        return done

    async def settle(self, message_id: str, reason: str, account_id: str) -> bool | Fault:
        """A person has seen to it in another way; `reason` says how, and stays with the message."""
        words = read_reason(reason)
        if isinstance(words, Fault):
            return words
        async with self._db.write() as conn:
            done = await deliveries.settle(conn, message_id, words, self._clock())
            await self._note(conn, message_id, account_id, SETTLED if done else "")
        if done:
            log.info("message_settled_by_hand", notification=message_id, account=account_id)
        return done

    async def _note(self, conn: AsyncConnection, message_id: str, account_id: str, how: str) -> None:
        """Who has decided what about a message of which company; `how` "": nothing was done."""
        if how:
            whose = await accounts.by_id(conn, account_id)
            company = await deliveries.company_of(conn, message_id)
            detail, who = f"{company or '–'} · {how}", [whose.shown if whose else ""]
            await access_log.write_all(conn, AccessEvent.MESSAGE_BY_HAND, who, self._clock(), detail=detail)
