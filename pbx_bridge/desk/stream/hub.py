"""One picture and one numbered history per agent, shared by all of the agent's tabs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.projection import EMPTY, fold

_encode = msgspec.json.Encoder().encode


class Client(Protocol):
    """One tab. `send` takes a ready frame and never blocks; a client that cannot keep up drops itself."""

    def send(self, frame: bytes) -> None: ...


class StreamPosition(NamedTuple):
    """Where a client stopped: the last event it has seen."""

    epoch: str
    seq: int


class Joined(NamedTuple):
    """What a new client gets first: the missed events when `resumed`, else one snapshot.

    `seq`: number of the last event.
    """

    seq: int
    resumed: bool
    frames: list[bytes]


@dataclass(slots=True)
class _Stream:
    """`history` holds the serialised events `seq - len(history) + 1` … `seq`; `weight` is their size in
    bytes."""

    picture: p.Snapshot = EMPTY
    seq: int = 0
    history: deque[bytes] = field(default_factory=deque)
    weight: int = 0
    clients: set[Client] = field(default_factory=set)


class Hub:
    """All agents' streams. Everything here is synchronous, so that number, picture and frames never disagree.

    `epoch` names this run of the service: numbers of another one mean nothing. The history is bounded by
    `history_size` events and by `history_bytes`; whoever was away longer gets a snapshot.
    """

    def __init__(self, epoch: str, history_size: int = 500, history_bytes: int = 2_000_000) -> None:
        self.epoch = epoch
        self._history_size = history_size
        self._history_bytes = history_bytes
        self._streams: dict[str, _Stream] = {}

    def picture(self, agent_id: str) -> p.Snapshot:
        """What this agent sees now."""
        return self._stream(agent_id).picture

    def seq(self, agent_id: str) -> int:
        """The number of this agent's last event."""
        return self._stream(agent_id).seq

    def agents(self) -> list[str]:
        """Ids of all agents that have a picture."""
        return list(self._streams)

    def watched(self, agent_id: str) -> bool:
        """Whether at least one tab is open."""
        return bool(self._stream(agent_id).clients)

    def publish(self, agent_id: str, event: p.Event) -> None:
        """Number the event, fold it into the agent's picture and send it to all of the agent's tabs."""
        self._publish(self._stream(agent_id), event, _encode(event))

    def publish_to(self, agent_ids: Iterable[str], event: p.Event, payload: bytes = b"") -> None:
        """The same event for many agents, serialised once; `payload`: it is already."""
        payload = payload or _encode(event)
        for agent_id in agent_ids:
            self._publish(self._stream(agent_id), event, payload)

    def join(self, agent_id: str, client: Client, place: StreamPosition | None = None) -> Joined:
        """Take in a tab; it gets every later event by `send`.

        `place`: where it stopped, None for a new one.
        """
        stream = self._stream(agent_id)
        stream.clients.add(client)
        if place is not None and place.epoch == self.epoch:
            missed = stream.seq - place.seq
            if 0 <= missed <= len(stream.history):
                events = enumerate(stream.history, stream.seq - len(stream.history) + 1)
                frames = [_frame(seq, payload) for seq, payload in events if seq > place.seq]
                return Joined(stream.seq, True, frames)
        return Joined(stream.seq, False, [self.snapshot(agent_id)])

    def snapshot(self, agent_id: str) -> bytes:
        """A frame with the whole picture, under the number of the last event it contains."""
        stream = self._stream(agent_id)
        return _frame(stream.seq, _encode(stream.picture))

    def leave(self, agent_id: str, client: Client) -> None:
        """Forget a tab; harmless when it is unknown."""
        self._stream(agent_id).clients.discard(client)

    def _stream(self, agent_id: str) -> _Stream:
        return self._streams.setdefault(agent_id, _Stream())

    def _publish(self, stream: _Stream, event: p.Event, payload: bytes) -> None:
        stream.picture = fold(stream.picture, event)
        stream.seq += 1
        stream.history.append(payload)
        stream.weight += len(payload)
        while len(stream.history) > self._history_size or stream.weight > self._history_bytes:
            stream.weight -= len(stream.history.popleft())
        if stream.clients:
            frame = _frame(stream.seq, payload)
            for client in tuple(stream.clients):
                client.send(frame)


def _frame(seq: int, payload: bytes) -> bytes:
    """`protocol.Numbered`, put together around an event that is already serialised."""
    return b'{"seq":%d,"event":%b}' % (seq, payload)
