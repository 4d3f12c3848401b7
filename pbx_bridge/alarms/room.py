"""The alarms put together: what is looked at, who is told, and the round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from pbx_bridge.alarms.systems import Systems
from pbx_bridge.alarms.telling import AlarmTelling
from pbx_bridge.alarms.watching import AlarmState, AlarmWatch
from pbx_bridge.calls.room import Calls
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.outbox.voice_sounds import VoiceFolder
from pbx_bridge.settings import AlarmSettings, Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.tasks import RunningPart
from rules.calls.nobody_free import keeps_files
from rules.office.alarms import AlarmTerms


class Alarms:
    """`systems`: what the house depends on; `state`: what is known of the alarms themselves."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        watch: StorageWatch,
        calls: Calls,
        outbox: Outbox,
        directory: LiveDirectory,
        clock: Callable[[], datetime],
    ) -> None:
        wanted = settings.alarms
        self._house, self._index, self._sounds = settings.nobody_free.policy, directory.index, outbox.sounds
        self.systems = Systems(calls.registry, watch, outbox.health, outbox.down_since, self._voice)
        self.state = AlarmState(len(wanted.to) + bool(wanted.sms_to))
        telling = AlarmTelling(wanted, outbox.ways, settings.web.public_url, outbox.sender_domain)
        self._watch = AlarmWatch(db, self.systems, _terms(wanted), telling.tell, self.state, clock)

    def _voice(self) -> VoiceFolder | None:
        own = (one.nobody_free for one in self._index.customers.values())
        taken = keeps_files(self._house) or any(one is not None and keeps_files(one) for one in own)
        return self._sounds.state if taken else None

    def parts(self) -> list[RunningPart]:
        """What looks."""
        return [RunningPart("alarms", self._watch.run)]


def _terms(settings: AlarmSettings) -> AlarmTerms:
    remind = timedelta(hours=settings.remind_hours) if settings.remind_hours else None
    after, trouble_after = settings.after_minutes, settings.trouble_minutes
    return AlarmTerms(timedelta(minutes=after), timedelta(minutes=trouble_after), remind)
