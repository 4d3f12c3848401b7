"""How what the house depends on is at this moment: PBX, database and disk, voice messages, mail, SMS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.calls.registry import Registry
from pbx_bridge.outbox.voice_sounds import VoiceFolder
from pbx_bridge.storage.maintenance.watch import StorageWatch
from rules.model import Channel
from rules.office.needs import Concern, Sighting


@dataclass(frozen=True, slots=True)
class SystemState:
    """One that we depend on. `state`: up, down, unknown (not used yet) or off; `since`: of the last change,
    None where it is not known; `reason`: a code, "" while it is up."""

    system: Concern
    state: str
    since: datetime | None
    reason: str = ""


class Systems:
    """Reads what is in memory, and asks nobody. `health`, `down_since`: the outbox's; `voice`: how it is
    about callers' messages, None where nobody takes any."""

    def __init__(
        self,
        registry: Registry,
        watch: StorageWatch,
        health: Mapping[Channel, str],
        down_since: Mapping[Channel, datetime],
        voice: Callable[[], VoiceFolder | None] = lambda: None,
    ) -> None:
        self._registry, self._watch, self._voice = registry, watch, voice
        self._health, self._down_since = health, down_since

    @property
    def knows_agents(self) -> bool:
        """Whether the PBX tells what agents are doing."""
        return self._registry.link.up

    def all(self) -> tuple[SystemState, ...]:
        """Each of them, in the order in which callers notice it."""
        link, storage = self._registry.link, self._watch.state
        fault = next(iter(self._watch.reasons), "")
        return (
            SystemState(Concern.PBX, "up" if link.up else "down", link.since, link.reason),
            SystemState(Concern.STORAGE, "up" if storage.up else "down", storage.since, fault),
            self._messages(),
            self._channel(Concern.MAIL, Channel.EMAIL),
            self._channel(Concern.SMS, Channel.SMS),
        )

    def sightings(self) -> Iterator[Sighting]:
        """Which of them need a person."""
        for one in self.all():
            yield Sighting(one.system, int(one.state == "down"), one.since, one.since)

    def _messages(self) -> SystemState:
        found = self._voice()
        if found is None:
            return SystemState(Concern.VOICE, "off", None)
        return SystemState(Concern.VOICE, "down" if found.reason else "up", found.since, found.reason)

    def _channel(self, system: Concern, channel: Channel) -> SystemState:
        return SystemState(system, self._health[channel], self._down_since.get(channel))
