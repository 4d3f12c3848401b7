"""How mail server and gateway are: what may be tried, what desks show, what the operator is told, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

import structlog

from pbx_bridge import metrics
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Uncertain
from rules.model import Channel
from rules.outbox.channel_health import OPEN, failed, may_try
from rules.outbox.mail_answers import About

log = structlog.get_logger(__name__)

State = Literal["up", "down"]
Admission = Literal["free", "probe"]


class ChannelHealth:
    """`shown`: the state of each channel; `since`: of those that are down, since when."""

    def __init__(self, channels: Iterable[Channel], clock: Callable[[], datetime]) -> None:
        self._clock = clock
        known = set(channels)
        self._ways = dict.fromkeys(known, OPEN)
        self._proven: set[Channel] = set()
        self._probing: set[Channel] = set()
        self.shown: dict[Channel, str] = {c: "unknown" if c in known else "off" for c in Channel}
        self.since: dict[Channel, datetime] = {}

    # ---- for those who send

    def enter(self, channel: Channel) -> Admission | None:
        """Whether a message may be sent now. While the way is closed one may, from time to time, to find out;
        whoever got in must `leave`."""
        way = self._ways[channel]
        if way is OPEN:
            return "free"
        if channel in self._probing or not may_try(way, self._clock()):
            return None
        self._probing.add(channel)
        return "probe"

    def leave(self, channel: Channel, admission: Admission) -> None:
        """The message that was let in has come to its end, or there was none."""
        if admission == "probe":
            self._probing.discard(channel)

    def next_try(self, channel: Channel) -> datetime | None:
        """When the next message may be tried, None: at once."""
        return self._ways[channel].next_try

    def heard(self, channel: Channel, outcome: Outcome) -> bool:
        """What a message came to; whether that opened the way. A refused address, or message, says nothing
        against the server; an answer that never came does."""
        self._proven.add(channel)
        if isinstance(outcome, Uncertain) or (isinstance(outcome, Failed) and outcome.about is About.SERVER):
            self._fell(channel, outcome.code, outcome.detail)
            return False
        was = self._ways[channel]
        self._rose(channel)
        return was is not OPEN

    # ---- for those who look

    def unproven(self, channel: Channel) -> bool:
        """Whether no message has told yet how the other side is."""
        return channel not in self._proven

    def looked(self, channel: Channel, *, reached: bool, detail: str = "") -> None:
        """Somebody looked, without sending; what a message told counts for more."""
        if channel in self._proven:
            return
        if reached:
            self._show(channel, "up")
        elif self.shown[channel] != "down":
            self.since[channel] = self._clock()
            self._show(channel, "down")
            log.warning("transport_not_reached", channel=channel.value, reason=detail)

    def _fell(self, channel: Channel, code: str, detail: str) -> None:
        before, now = self._ways[channel], self._clock()
        self._ways[channel] = failed(before, code, now)
        if before is OPEN:
            log.error("delivery_down", channel=channel.value, reason=code, detail=detail)
        self.since.setdefault(channel, now)
        self._show(channel, "down")

    def _rose(self, channel: Channel) -> None:
        if self._ways[channel] is not OPEN:
            log.info("delivery_up", channel=channel.value, down_since=self.since.get(channel))
        self._ways[channel] = OPEN
        self.since.pop(channel, None)
        self._show(channel, "up")

    def _show(self, channel: Channel, state: State) -> None:
        self.shown[channel] = state
        metrics.DELIVERY_UP.labels(channel.value).set(state == "up")
