"""The calls that the registry knows: those that live, those that ended a while ago, the names of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from pbx_bridge.calls.state import CallState

FORGOTTEN = 5_000
"""So many ended calls are remembered by name only, so that a late event does not raise them from the dead."""


class KnownCalls:
    """`calls`, `live`: by pbx_call, in order of their first word. Nothing that happens for each event may
    walk over `calls`: most of them are over.

    Ended calls stay for `keep` (their note is being written), at most `cap` of them.
    """

    def __init__(self, keep: timedelta, cap: int) -> None:
        self._keep, self._cap = keep, cap
        self._calls: dict[str, CallState] = {}
        self._live: dict[str, CallState] = {}
        self._names: dict[str, str] = {}  # database id → pbx_call
        self._ended: dict[str, datetime] = {}  # in order of their end
        self._forgotten: dict[str, None] = {}
        self.calls: Mapping[str, CallState] = MappingProxyType(self._calls)
        self.live: Mapping[str, CallState] = MappingProxyType(self._live)

    def by_id(self, call_id: str) -> CallState | None:
        """The call with this database id."""
        return self._calls.get(self._names.get(call_id, ""))

    def is_gone(self, call: str) -> bool:
        """Whether this call was ours, is over and forgotten."""
        return call in self._forgotten

    def store(self, call: CallState, now: datetime) -> None:
        """What is known of it now."""
        self._calls[call.pbx_call] = call
        self._names[call.id] = call.pbx_call
        if call.live:
            self._live[call.pbx_call] = call
            return
        self._live.pop(call.pbx_call, None)
        self._ended.setdefault(call.pbx_call, now)
        while len(self._ended) > self._cap:
            self.forget(next(iter(self._ended)))

    def forget(self, call: str) -> None:
        """Only ended calls can be forgotten."""
        if self._ended.pop(call, None):
            self._names.pop(self._calls.pop(call).id, None)
            self.remember_gone(call)

    def remember_gone(self, call: str) -> None:
        """By its name only."""
        self._forgotten[call] = None
        while len(self._forgotten) > FORGOTTEN:
            del self._forgotten[next(iter(self._forgotten))]

    def leaves(self) -> datetime | None:
        """When the oldest ended call is forgotten."""
        return next((at + self._keep for at in self._ended.values()), None)

    def forget_old(self, now: datetime) -> None:
        """Those whose time is over."""
        for call in [call for call, at in self._ended.items() if at + self._keep <= now]:
            self.forget(call)
