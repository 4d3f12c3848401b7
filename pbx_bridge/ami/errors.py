"""What can go wrong between us and the telephone system, as exceptions a caller of the link has to know."""

from __future__ import annotations

from pbx_bridge.calls.events import LinkDown


class Unsendable(ValueError):
    """A value that must not reach the wire: a control character, an unknown header, a line too long."""


class LinkGone(ConnectionError):
    """Not connected, or lost before the answer came: the outcome is unknown, so look before you act again."""


class ActionTimeout(TimeoutError):
    """No answer within the deadline: the outcome is unknown."""


class ActionFailed(RuntimeError):
    """Asterisk refused; `message` is its own sentence."""

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"{action}: {message}")
        self.action = action
        self.message = message


class SessionOver(Exception):
    """Inside the room only: the connection came to an end for a reason that can be shown."""

    def __init__(self, down: LinkDown) -> None:
        super().__init__(down.reason)
        self.down = down
