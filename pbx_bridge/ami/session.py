"""One connection to the telephone system, from connect to the reason why it ended."""

from __future__ import annotations

import asyncio
import math
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pbx_bridge.ami.actions import Action, CoreSettings, ListCommands, Login, Ping, Response
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, SessionOver, Unsendable
from pbx_bridge.ami.guard import GuardedManager, PendingAction
from pbx_bridge.calls.events import LinkDown

if TYPE_CHECKING:
    from pbx_bridge.settings import AmiSettings

NEEDED = frozenset(
    {
        "CoreShowChannels", "Getvar", "Hangup", "Originate", "QueueAdd", "QueuePause", "QueueRemove",
        "QueueStatus", "Redirect",
    }
)  # fmt: skip
"""Actions without which there is no secretariat; what is missing is named at login, not in mid-call."""

LOOKS = frozenset({"CoreShowChannels", "Getvar", "QueueStatus"})
"""What whoever only looks on needs of them."""

IN_USE = "Login Already In Use"
"""Asterisk's words for `allowmultiplelogin = no`: somebody else is logged in under this name."""

GOODBYE_SECONDS = 30.0
"""So long after the news of its stop a PBX that is gone has been stopped."""


class AmiSession:
    """A `guard.Peer`; `on_raw` gets each event (name, message) in wire order until the session is over."""

    def __init__(
        self,
        settings: AmiSettings,
        ids: Iterator[str],
        on_raw: Callable[[bytes, bytes], None],
        on_broken: Callable[[Exception], None],
        on_foreign: Callable[[bytes], None],
        needed: frozenset[str] = NEEDED,
    ) -> None:
        """`needed`: actions without which it is no use to be logged in."""
        self._needed = needed
        self.over: asyncio.Future[LinkDown] = asyncio.get_running_loop().create_future()
        self._clock = asyncio.get_running_loop().time
        self._goodbye_at = -math.inf
        self._settings = settings
        self._ids = ids
        self._on_raw = on_raw
        self.on_broken = on_broken
        self._on_foreign = on_foreign
        self.tap: Callable[[bytes], None] | None = None
        """Gets every read before it is understood; for recordings."""
        self._manager = GuardedManager(self)

    async def open(self) -> str:
        """Connects and logs in; Asterisk's version. Raises SessionOver with the reason to show."""
        try:
            await self._connect()
            return await self._log_in()
        except (LinkGone, ActionTimeout, ActionFailed) as error:
            raise SessionOver(self.why(error)) from None
        except Unsendable as error:
            raise SessionOver(LinkDown("wrong_secret", str(error))) from None

    async def ask(self, *actions: Action, deadline: float | None = None) -> tuple[Response, ...]:
        """One write, all answers, refused ones too. Raises LinkGone, ActionTimeout, Unsendable."""
        futures = self._post(*actions, deadline=deadline)
        await asyncio.wait(futures)
        return tuple(future.result() for future in futures)

    async def watch(self) -> LinkDown:
        """Pings; a peer that has said nothing for `dead_after_seconds` is dead. Returns why it ended."""
        clock = self._clock
        ping_at = clock() + self._settings.ping_seconds
        while not self.over.done():
            wait = min(ping_at, self._dead_at()) - clock()
            await asyncio.wait([self.over], timeout=max(0.0, wait))
            if clock() >= self._dead_at():
                await asyncio.sleep(0)  # we may have slept ourselves: let the reader look first
                if clock() >= self._dead_at():
                    self.end("silent", "no sign of life")
            elif clock() >= ping_at and not self.over.done():
                ping_at = clock() + self._settings.ping_seconds
                self._post(Ping())
        return self.over.result()

    def end(self, reason: str, detail: str = "") -> None:
        """Ends at once; the first reason counts, and from here on no event is told."""
        if not self.over.done():
            self.over.set_result(LinkDown(reason, detail))
        self._manager.close()

    def why(self, error: Exception) -> LinkDown:
        """The reason to show for an exception in mid-session."""
        if self.over.done():
            return self.over.result()
        if isinstance(error, ActionTimeout):
            return LinkDown("silent", str(error))
        if isinstance(error, ActionFailed):
            return LinkDown("missing_privilege", str(error))
        return LinkDown("lost")

    # ---- guard.Peer

    def on_bytes(self, data: bytes) -> None:
        if self.tap is not None:
            self.tap(data)

    def on_event(self, name: bytes, raw: bytes) -> None:
        if self.over.done():
            return
        if name == b"Shutdown":  # believed when the connection ends, which it does then: anybody may say it
            self._goodbye_at = self._clock()
        else:
            self._on_raw(name, raw)

    def on_foreign(self, name: bytes) -> None:
        self._on_foreign(name)

    def on_lost(self, error: Exception | None) -> None:
        if self._clock() - self._goodbye_at < GOODBYE_SECONDS:
            self.end("shutdown", "the telephone system is being stopped")
        else:
            self.end("lost", type(error).__name__ if error else "")

    # ---- inside

    async def _connect(self) -> None:
        wanted = self._settings
        try:
            await self._manager.connect(
                wanted.host,
                wanted.port,
                tls=_tls(wanted),
                server_name=wanted.server_name,
                timeout=wanted.connect_timeout_seconds,
            )
        except TimeoutError:
            raise SessionOver(LinkDown("silent", "no connection in time")) from None
        except OSError as error:  # TLS errors are among them
            detail = getattr(error, "verify_message", "") or error.strerror or type(error).__name__
            raise SessionOver(LinkDown("refused", detail)) from None

    async def _log_in(self) -> str:
        wanted = self._settings
        credentials = Login(wanted.username, wanted.secret.reveal())
        (login,) = await self.ask(credentials, deadline=wanted.connect_timeout_seconds)
        if not login.ok:
            reason = "in_use" if login.message == IN_USE else "wrong_secret"
            raise SessionOver(LinkDown(reason, login.message))
        permitted, core = await self.ask(ListCommands(), CoreSettings())
        if missing := self._needed - permitted.headers.keys():
            raise SessionOver(LinkDown("missing_privilege", ", ".join(sorted(missing))))
        return core.get("AsteriskVersion") or f"AMI {self._manager.greeting}"

    def _post(self, *actions: Action, deadline: float | None = None) -> list[asyncio.Future[Response]]:
        pending = [PendingAction(action, next(self._ids)) for action in actions]
        seconds = deadline or self._settings.action_timeout_seconds
        self._manager.send_together(pending, deadline_seconds=seconds)
        return [action.future for action in pending]

    def _dead_at(self) -> float:
        return self._manager.heard_at + self._settings.dead_after_seconds


def _tls(settings: AmiSettings) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=settings.ca_file or None) if settings.tls else None
