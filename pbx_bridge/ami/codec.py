"""Bytes of the manager interface to frames and headers to bytes; knows the wire, not what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from pbx_bridge.ami.errors import Unsendable

MAX_MESSAGE_BYTES = 1 << 20
"""So much without an empty line is not AMI; that message is dropped, the stream goes on."""
MAX_LINE_BYTES = 1_000
"""Asterisk refuses 1,023 (main/manager.c, inbuf); a little less leaves room for its own bookkeeping."""
MAX_HEADERS = 100

GREETING = b"Asterisk Call Manager/"
END = b"\r\n\r\n"
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Controls, and signs that have no width or turn the writing round."""
ESCAPED = re.compile(r"""\\(['"?\\])""")
"""What Asterisk puts before these signs in a variable."""

ACTIONS = frozenset(
    {
        "CoreSettings", "CoreShowChannels", "DBGet", "DBPut", "Getvar", "Hangup", "ListCommands", "Login",
        "Logoff", "Originate", "Ping", "QueueAdd", "QueueChangePriorityCaller", "QueuePause", "QueueRemove",
        "QueueStatus", "Redirect", "Setvar",
    }
)  # fmt: skip
"""All that may ever be sent, whoever asks for it."""
HEADERS = frozenset(
    {
        "Action", "ActionID", "Async", "Caller", "CallerID", "Cause", "Channel", "ChannelId", "Codecs",
        "Context", "Exten", "ExtraChannel", "ExtraContext", "ExtraExten", "ExtraPriority", "Family",
        "Immediate", "Interface", "Key", "Member", "MemberName", "OtherChannelId", "Paused", "Penalty",
        "Priority", "Queue", "Reason", "Secret", "StateInterface", "Timeout", "Username", "Val",
        "Value", "Variable",
    }
)  # fmt: skip
"""Above all not Application, Data, Command: `originate` with them is nearly `system`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message. `name`: of the event, or "Success", "Error" … of a response.

    A header that comes twice keeps its first value; `variables` holds the pairs of all ChanVariable headers.
    """

    name: str
    headers: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str:
        """The header's value, empty if there is none."""
        return self.headers.get(key, "")

    def plain(self, key: str) -> str:
        """The header's value, where our dial plan has URI-encoded foreign text."""
        return readable(self.headers.get(key, ""))

    def number(self, key: str) -> int:
        """The header's value as a whole number, 0 if it is none."""
        value = self.headers.get(key, "")
        return int(value) if len(value) < 19 and value.isascii() and value.isdigit() else 0


class Framer:
    """Cuts a byte stream into raw messages, wherever TCP has cut it."""

    def __init__(self) -> None:
        self.version: str | None = None
        """What the greeting names, e.g. "11.0.1"; None until it has come."""
        self._rest = b""
        self._greeted = False

    def feed(self, data: bytes) -> list[bytes]:
        """Raw messages completed by `data`, without their empty line."""
        buffer = self._rest + data
        if not self._greeted:
            buffer = self._take_greeting(buffer)
        # Asterisk now and then ends a message by CR LF LF; left alone, that glues two messages together.
        if b"\r\n\n" in buffer:
            buffer = buffer.replace(b"\r\n\n", END)
        messages = buffer.split(END)
        self._rest = messages.pop()
        if len(self._rest) > MAX_MESSAGE_BYTES:
            self._rest = b""
        return [message.lstrip(b"\r\n") for message in messages if message]

    def _take_greeting(self, buffer: bytes) -> bytes:
        """The greeting is the one line that is followed by no empty line."""
        if not buffer.startswith(GREETING):
            self._greeted = not GREETING.startswith(buffer)
            return buffer
        line, end, rest = buffer.partition(b"\r\n")
        if not end:
            return buffer
        self._greeted = True
        self.version = line[len(GREETING) :].decode("ascii", "replace")
        return rest


def event_name(raw: bytes) -> bytes:
    """Name of the event by its first line alone, empty for anything else."""
    if not raw.startswith(b"Event: "):
        return b""
    end = raw.find(b"\r\n")
    return raw[7:end] if end > 0 else raw[7:]


def readable(encoded: str) -> str:
    """Foreign text that our dial plan has URI-encoded: UTF-8, else as Windows has it; without controls."""
    text = unquote_to_bytes(encoded)
    try:
        found = text.decode()
    except UnicodeDecodeError:
        found = text.decode("cp1252", "replace")
    return UNSEEN.sub(" ", found).strip()


def is_response(raw: bytes) -> bool:
    """Whether a raw message answers an action."""
    return raw.startswith(b"Response: ")


def parse(raw: bytes) -> Frame:
    """A raw message as headers, decoded as a whole: no letter falls between two reads. Never raises."""
    headers: dict[str, str] = {}
    variables: dict[str, str] = {}
    lines = raw.decode("utf-8", "replace").split("\r\n")
    for line in lines:
        key, _, value = line.partition(": ")
        if key == "ChanVariable":
            variable, _, value = value.partition("=")
            variables[variable] = ESCAPED.sub(r"\1", value)
        elif key not in headers:
            headers[key] = value
    return Frame(lines[0].partition(": ")[2], headers, variables)


def encode(headers: Iterable[tuple[str, str]]) -> bytes:
    """An action's bytes. Raises `Unsendable` for everything that Asterisk would read as something else."""
    lines: list[bytes] = []
    for key, value in headers:
        if key not in HEADERS or (key == "Action" and value not in ACTIONS):
            raise Unsendable(f"unknown header or action: {key!r}")
        if CONTROL.search(value):
            raise Unsendable(f"control character in {key}")
        lines.append(_line(key, value))
    if len(lines) > MAX_HEADERS:
        raise Unsendable(f"{len(lines)} headers, at most {MAX_HEADERS}")
    return b"\r\n".join(lines) + END


def _line(key: str, value: str) -> bytes:
    try:
        line = f"{key}: {value}".encode()
    except UnicodeEncodeError:
        raise Unsendable(f"half a character in {key}") from None
    if len(line) > MAX_LINE_BYTES:
        raise Unsendable(f"{key} is {len(line)} bytes long, at most {MAX_LINE_BYTES}")
    return line
