"""panoramisk 1.4, guarded: every known defect of its protocol, manager and actions is closed here.

The library stays what carries a connection: asyncio protocol, table of unanswered actions, their futures.
What it must not do stands in docs/decisions/0002-panoramisk-behind-a-guard.md, each line with its test.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Callable
from typing import Protocol

from panoramisk.actions import Action as LibraryAction
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from pbx_bridge.ami.actions import Action, Response
from pbx_bridge.ami.codec import Frame, Framer, encode, event_name, is_response, parse
from pbx_bridge.ami.errors import ActionTimeout, LinkGone, Unsendable

# It logs whole actions when the link drops: numbers, names, secrets.
_library_log = logging.getLogger("panoramisk")
_library_log.setLevel(logging.CRITICAL + 1)
_library_log.propagate = False
_library_log.addHandler(logging.NullHandler())

MANY_LISTS = 100
"""So many of the last lists asked for are known again, also when the answer comes too late."""

LIST_EVENTS = frozenset(
    {
        b"CoreShowChannel",
        b"CoreShowChannelsComplete",
        b"QueueParams",
        b"QueueMember",
        b"QueueEntry",
        b"QueueStatusComplete",
        b"DBGetResponse",
        b"DBGetComplete",
    }
)
"""Events that are lines of an answer, whether somebody still waits for it or not."""


class Peer(Protocol):
    """Who listens: `on_bytes` gets each read, `on_event` each raw event in wire order, `on_lost` the end.

    `on_foreign`: an event amid the lines of an answer, where Asterisk writes none of its own.
    """

    def on_bytes(self, data: bytes) -> None: ...
    def on_event(self, name: bytes, raw: bytes) -> None: ...
    def on_foreign(self, name: bytes) -> None: ...
    def on_broken(self, error: Exception) -> None: ...
    def on_lost(self, error: Exception | None) -> None: ...


class PendingAction(LibraryAction):  # type: ignore[misc]  # the library has no types
    """An action on its way, answered or failed once. Its type says what ends the answer; no guessing."""

    def __init__(self, action: Action, action_id: str) -> None:
        headers = action.headers()
        headers.insert(1, ("ActionID", action_id))
        super().__init__({"Action": action.name, "ActionID": action_id})
        self.action_name = action.name
        self.list_end = action.list_end
        self.wire = encode(headers)
        self.future: asyncio.Future[Response]
        self._head: Frame | None = None
        self._items: list[Frame] = []

    def add_message(self, message: Frame) -> bool:
        """Takes one message of the answer; True when it was the last."""
        if "Event" not in message.headers:
            self._head = message
            if self.list_end and message.name == "Success":
                return False
        elif message.name != self.list_end:
            self._items.append(message)
            return False
        self._resolve()
        return True

    def _resolve(self) -> None:
        head = self._head or Frame("Success", {})
        ok = head.name in {"Success", "Goodbye"}
        if not self.future.done():
            self.future.set_result(
                Response(ok, head.get("Message"), head.headers, tuple(self._items) if ok else ())
            )

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)
            self.future.exception()  # seen: nobody may be waiting any more


class GuardedProtocol(AMIProtocol):  # type: ignore[misc]  # the library has no types
    """One connection: bytes in, raw events to the peer and answers to their actions, in wire order."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.framer = Framer()
        self.heard_at = 0.0
        self.closed = False
        self.responses: dict[str, PendingAction] = {}
        self._lists: deque[str] = deque(maxlen=MANY_LISTS)  # ActionIDs
        self._list = ""  # the one whose lines are coming

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.heard_at = asyncio.get_running_loop().time()

    def data_received(self, data: bytes) -> None:
        """Never raises: asyncio would drop the link and the rest of the read."""
        self.heard_at = asyncio.get_running_loop().time()
        self.peer.on_bytes(data)
        for raw in self.framer.feed(data):
            if self.closed:
                return
            try:
                self.handle_message(raw)
            except Exception as error:  # one bad message costs one message
                self.peer.on_broken(error)

    def handle_message(self, raw: bytes) -> None:
        name = event_name(raw)
        if name in LIST_EVENTS or is_response(raw):
            self._answer(parse(raw), name)
        elif name and self._list:
            self.peer.on_foreign(name)
        elif name:
            self.peer.on_event(name, raw)

    def _answer(self, frame: Frame, name: bytes) -> None:
        """One message of an answer.

        While the lines of a list come, Asterisk writes nothing else: all of that is one task's. But a
        list shows channels as they are, also one that has not taken its first step yet: its name and number
        may hold line breaks and whole events. Nobody outside knows our ActionIDs.
        """
        action = frame.get("ActionID")
        if self._list and action != self._list:
            self.peer.on_foreign(name)
            return
        if action in self._lists and frame.get("EventList"):
            self._list = action if frame.get("EventList") == "start" else ""
        pending = self.responses.get(action)
        if pending is not None and pending.add_message(frame):
            self.responses.pop(pending.id, None)

    def send_all(self, actions: list[PendingAction], deadline_seconds: float) -> None:
        """One write, in order; each action answers, fails or times out, and leaves the table."""
        for pending in actions:
            if pending.id in self.responses:
                raise Unsendable(f"{pending.action_name} {pending.id} is already on its way")
        for pending in actions:
            self.responses[pending.id] = pending
            if pending.list_end:
                self._lists.append(pending.id)
            timer = asyncio.get_running_loop().call_later(deadline_seconds, self._expire, pending)
            pending.future.add_done_callback(self._forget(pending, timer))
        self.transport.write(b"".join(pending.wire for pending in actions))

    def _expire(self, pending: PendingAction) -> None:
        pending.fail(ActionTimeout(f"{pending.action_name}: no answer in time, outcome unknown"))

    def _forget(self, pending: PendingAction, timer: asyncio.TimerHandle) -> Callable[[object], None]:
        def forget(_: object) -> None:
            timer.cancel()
            if self.responses.get(pending.id) is pending:
                del self.responses[pending.id]

        return forget

    def connection_lost(self, exc: Exception | None) -> None:
        self.close()
        self.peer.on_lost(exc)

    def close(self) -> None:
        """Ends at once; what is unanswered fails with `LinkGone` and is never sent again."""
        self.closed = True
        self.transport.abort()
        for pending in list(self.responses.values()):
            pending.fail(LinkGone(f"{pending.action_name}: link lost before the answer, outcome unknown"))
        self.responses.clear()


class GuardedManager(Manager):  # type: ignore[misc]  # the library has no types
    """One connection, once. It never reconnects, pings or sends again by itself; the link decides that."""

    protocol: GuardedProtocol | None

    def __init__(self, peer: Peer) -> None:
        super().__init__(protocol_factory=lambda: GuardedProtocol(peer))

    @property
    def heard_at(self) -> float:
        """Loop time of the last byte from the peer."""
        return self.protocol.heard_at if self.protocol else 0.0

    @property
    def greeting(self) -> str:
        """Version of the interface as the peer's first line names it."""
        return (self.protocol and self.protocol.framer.version) or ""

    async def connect(
        self, host: str, port: int, *, tls: ssl.SSLContext | None, server_name: str, timeout: float
    ) -> None:
        """Raises OSError (TLS errors too), or TimeoutError after `timeout` seconds."""
        self.loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout):
            _, self.protocol = await self.loop.create_connection(
                self.config["protocol_factory"],
                host,
                port,
                ssl=tls,
                server_hostname=(server_name or host) if tls else None,
            )

    def send_together(self, actions: list[PendingAction], deadline_seconds: float) -> None:
        """Refuses when there is no connection; nothing is kept for later."""
        if self.protocol is None or self.protocol.closed:
            raise LinkGone(f"{actions[0].action_name}: not connected")
        self.protocol.send_all(actions, deadline_seconds)

    def close(self) -> None:
        if self.protocol is not None and not self.protocol.closed:
            self.protocol.close()

    # What would be the library's own ideas: closed, so that no later change wakes them up.

    def send_action(self, action: object, *_: object, **__: object) -> None:
        """Would guess what ends an answer, and keep the action for the next connection."""
        raise NotImplementedError

    def dispatch(self, event: object) -> None:
        """Would run callbacks that lose order, memory and the link."""
        raise NotImplementedError
