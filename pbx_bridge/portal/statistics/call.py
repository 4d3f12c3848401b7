"""One call with all that is known of it: its note in every version, who was rung, who was told."""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.storage.access import agents
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.calls.attempts import StoredAttempt
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.notes import notes, voice_messages
from pbx_bridge.storage.notes.notes import StoredNote
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import DeliveryAttempt, Notification
from pbx_bridge.storage.outbox.undelivered import STUCK
from rules.model import Customer, VipCaller
from rules.outbox.undelivered import Why, why


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A notification and every try to get it out."""

    notification: Notification
    tries: tuple[DeliveryAttempt, ...]

    @property
    def why(self) -> Why | None:
        """Why it did not arrive, None when it did or may still."""
        if self.notification.state.value not in STUCK or not self.tries:
            return None
        return why(self.notification.state.value, self.tries[-1].about, self.tries[-1].detail)


@dataclass(frozen=True, slots=True)
class CallFacts:
    """`notes`: one a conversation, of each its versions: oldest first, the last one counts; `agent`: "" when
    nobody answered; `voices`: what the caller said after the tone."""

    call: StoredCall
    vip: VipCaller | None
    agent: str
    notes: tuple[tuple[StoredNote, ...], ...]
    attempts: tuple[StoredAttempt, ...]
    sent: tuple[SentMessage, ...]
    voices: tuple[VoiceMessage, ...] = ()

    @property
    def sms_off(self) -> bool:
        """An SMS was wanted, and SMS were switched off."""
        return any(version.sms_off for versions in self.notes for version in versions[-1:])

    @property
    def taker(self) -> StoredAttempt | None:
        """The attempt that ended with the caller and the employee talking."""
        return next((one for one in self.attempts if one.result == "joined"), None)


async def load(conn: AsyncConnection, customer: Customer, call_id: str) -> CallFacts | None:
    """None for a call that does not exist, and for another company's."""
    call = await calls.by_id(conn, call_id)
    if call is None or call.customer_id != customer.id:
        return None
    agent = await agents.by_id(conn, call.agent_id) if call.agent_id else None
    written = await notes.chains(conn, call.id)
    versions = (version for chain in written for version in chain)
    told = [one for version in versions for one in await notifications.of_note(conn, version.note.id)]
    return CallFacts(
        call=call,
        vip=next((vip for vip in customer.vip_callers if vip.id == call.vip_id), None),
        agent=agent.name if agent else "",
        notes=written,
        attempts=await attempts.of_call(conn, call.id),
        voices=await voice_messages.of_call(conn, call.id),
        sent=tuple([SentMessage(one, await notifications.attempts_of(conn, one.id)) for one in told]),
    )
