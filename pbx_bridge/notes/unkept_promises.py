"""Who was promised to be called back, and will not be, is told of to the company: by a note, as of a call
that an agent took. Else nobody would ever know that somebody is waiting."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from pbx_bridge.notes.composed import ComposedNote, NoteBasis, compose, store_composed, store_note
from pbx_bridge.notes.of_nobody import note_of_nobody
from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.storage.calls import call_backs as stored
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.call_backs import OpenCallBack
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.outbox import notifications
from rules.model import Channel
from rules.vocabulary import FIRST_LANGUAGE, CallBackEnd


class UnkeptPromises:
    """`ways`: the channels that are switched on; `wake`: there is something to send."""

    def __init__(
        self, db: Database, sender_domain: str, ways: Collection[Channel], wake: Callable[[], None]
    ) -> None:
        self._db, self._domain, self._ways, self._wake = db, sender_domain, ways, wake

    async def end(self, one: OpenCallBack, why: CallBackEnd, now: datetime) -> None:
        """It is over, with its note, in one transaction. Raises StorageUnavailable."""
        async with self._db.read() as conn:
            call = await calls.by_id(conn, one.call_id)
            company = call and call.customer_id
            customer = await customers.load_customer(conn, company) if company else None
        if call is None:
            return  # the promise is gone with it
        words = words_of(FIRST_LANGUAGE)
        concern, taken_by = words(f"call_back.{why.value}"), words("call_back.taken_by")
        typed, note = note_of_nobody(call, customer, concern, taken_by)

        async def composed(basis: NoteBasis) -> ComposedNote:
            return await compose(typed, note, basis, now, self._domain, self._ways)

        async def write(conn: AsyncConnection, ready: ComposedNote) -> None:
            if await stored.done(conn, one.id, why, now):
                await store_note(conn, typed, ready, now, "")
                await notifications.insert(conn, ready.outbox)

        await store_composed(self._db, typed, note, composed, write)
        self._wake()
