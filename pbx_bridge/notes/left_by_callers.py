"""What takes what callers leave for whom nobody is free: voice messages, and wishes to be called back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pbx_bridge.calls.registry import Registry
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.notes.call_backs import CallBacks
from pbx_bridge.notes.unkept_promises import UnkeptPromises
from pbx_bridge.notes.voice_messages import voice_messages
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import RunningPart
from pbx_bridge.telephony.agent_queue import QueueLink
from pbx_bridge.transfers.dial_rules import dial_rules


def left_by_callers(
    settings: Settings,
    db: Database,
    link: QueueLink,
    registry: Registry,
    directory: LiveDirectory,
    outbox: Outbox,
    clock: Callable[[], datetime],
) -> tuple[RunningPart, ...]:
    """As the settings have it."""
    house, dial = settings.nobody_free, dial_rules(settings.transfers)
    unkept = UnkeptPromises(db, outbox.sender_domain, outbox.channels, outbox.wake)
    backs = CallBacks(db, link, registry, directory, house, dial, unkept, clock)
    return (
        RunningPart("voice_messages", voice_messages(db, outbox, registry.names, clock).run),
        RunningPart("call_backs", backs.run),
    )
