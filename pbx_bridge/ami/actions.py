"""The closed set of actions we send: one frozen value each, which knows its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import ClassVar

from pbx_bridge.ami.codec import CONTROL, Frame
from pbx_bridge.ami.errors import Unsendable

TARGET_CHANNEL = re.compile(r"Local/(?:[0-9]{2,20}@sec-[a-z]+|1[-._0-9A-Za-z]{1,60}@sec-colleague)/n\Z")
"""All we ever dial: our own dial plan, which holds the number rules too; `/n` keeps both legs alive."""
OWN_CONTEXT = re.compile(r"sec-[a-z]+\Z")
ACTION_ID = re.compile(r"[A-Za-z0-9._:-]{1,149}\Z")


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to one action; `message` is Asterisk's own sentence, `events` are the lines of a list."""

    ok: bool
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Frame, ...] = ()

    def get(self, key: str) -> str:
        return self.headers.get(key, "")


@dataclass(frozen=True, slots=True)
class Action:
    """Base of all actions. A field's header is its name in capitals (`state_interface` → StateInterface).

    Empty values are not sent.
    """

    name: ClassVar[str] = ""
    list_end: ClassVar[str] = ""
    """Name of the event that ends the answer, empty when one response is all."""

    def headers(self) -> list[tuple[str, str]]:
        """Name first; raises `Unsendable` for what must not be sent."""
        return [("Action", self.name), *self._fields()]

    def _fields(self) -> list[tuple[str, str]]:
        found = []
        for item in fields(self):
            value = getattr(self, item.name)
            name = item.name.title().replace("_", "")
            if isinstance(value, bool):
                found.append((name, "true" if value else "false"))
            elif value != "":
                found.append((name, str(value)))
        return found


@dataclass(frozen=True, slots=True)
class Login(Action):
    name: ClassVar[str] = "Login"
    username: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Logoff(Action):
    name: ClassVar[str] = "Logoff"


@dataclass(frozen=True, slots=True)
class Ping(Action):
    name: ClassVar[str] = "Ping"


@dataclass(frozen=True, slots=True)
class ListCommands(Action):
    """What this user may do: one header per permitted action."""

    name: ClassVar[str] = "ListCommands"


@dataclass(frozen=True, slots=True)
class CoreSettings(Action):
    name: ClassVar[str] = "CoreSettings"


@dataclass(frozen=True, slots=True)
class CoreShowChannels(Action):
    name: ClassVar[str] = "CoreShowChannels"
    list_end: ClassVar[str] = "CoreShowChannelsComplete"


@dataclass(frozen=True, slots=True)
class QueueStatus(Action):
    name: ClassVar[str] = "QueueStatus"
    list_end: ClassVar[str] = "QueueStatusComplete"
    queue: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class QueueAdd(Action):
    """`penalty` as a string of digits, empty = 0."""

    name: ClassVar[str] = "QueueAdd"
    queue: str
    interface: str
    member_name: str = ""
    state_interface: str = ""
    penalty: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class QueueRemove(Action):
    name: ClassVar[str] = "QueueRemove"
    queue: str
    interface: str


@dataclass(frozen=True, slots=True)
class QueuePause(Action):
    """Without a queue: in all queues."""

    name: ClassVar[str] = "QueuePause"
    interface: str
    paused: bool
    reason: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class QueueChangePriorityCaller(Action):
    """`caller`: the channel that waits; the higher `priority` is answered first.

    `immediate`: it changes its place at once; Asterisk 16 does not know that, and leaves it where it is.
    """

    name: ClassVar[str] = "QueueChangePriorityCaller"
    queue: str
    caller: str
    priority: int
    immediate: bool = True


@dataclass(frozen=True, slots=True)
class Redirect(Action):
    """Moves one or two channels; confirmed by events, the response only says that it was queued."""

    name: ClassVar[str] = "Redirect"
    channel: str
    context: str
    exten: str
    priority: int = 1
    extra_channel: str = ""
    extra_context: str = ""
    extra_exten: str = ""
    extra_priority: int | str = ""


@dataclass(frozen=True, slots=True)
class Hangup(Action):
    name: ClassVar[str] = "Hangup"
    channel: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Getvar(Action):
    """Without a channel: a global variable or function, e.g. DB(family/key). The answer's header is Value."""

    name: ClassVar[str] = "Getvar"
    variable: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Setvar(Action):
    """Without a channel: a global variable or function, e.g. DB(family/key)."""

    name: ClassVar[str] = "Setvar"
    variable: str
    value: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class DBPut(Action):
    """Needs the privilege `system`, which our own user has not: see `Originate` into sec-line."""

    name: ClassVar[str] = "DBPut"
    family: str
    key: str
    val: str


@dataclass(frozen=True, slots=True)
class DBGet(Action):
    """The answer's only event has Val; refused with "Database entry not found"."""

    name: ClassVar[str] = "DBGet"
    list_end: ClassVar[str] = "DBGetComplete"
    family: str
    key: str


@dataclass(frozen=True, slots=True)
class Originate(Action):
    """Rings an employee. Only into our own contexts, never an Application, always asynchronous.

    `attempt` is its ChannelId, unique for ever; its ActionID is one that nobody outside can guess.
    `timeout_ms` counts from dialling to the answer.
    `codecs`: the caller's. Without them the leg is made for raw samples (slin), Asterisk transcodes, and
    behind a Bridge() about half of all employees hear nothing: chance numbers of two speech streams decide.
    """

    name: ClassVar[str] = "Originate"
    attempt: str
    channel: str
    context: str
    exten: str = "s"
    priority: int = 1
    timeout_ms: int = 30_000
    caller_name: str = ""
    caller_number: str = ""
    codecs: str = "alaw"
    variables: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # names, digests: in no log

    def headers(self) -> list[tuple[str, str]]:
        self._check()
        return [
            ("Action", self.name),
            ("Channel", self.channel),
            ("Context", self.context),
            ("Exten", self.exten),
            ("Priority", str(self.priority)),
            ("Timeout", str(self.timeout_ms)),
            ("CallerID", caller_id(self.caller_name, self.caller_number)),
            ("Async", "true"),
            ("Codecs", self.codecs),
            ("ChannelId", self.attempt),
            ("OtherChannelId", self.attempt + "b"),
            *(("Variable", f"{name}={value}") for name, value in self.variables),
        ]

    def _check(self) -> None:
        if not ACTION_ID.match(self.attempt):
            raise Unsendable("not an attempt id")
        if not TARGET_CHANNEL.match(self.channel):
            raise Unsendable("dials something else than our own dial plan")
        if not OWN_CONTEXT.match(self.context):
            raise Unsendable("leads out of our own dial plan")
        # Asterisk splits a Variable header at commas: a value could set a second variable.
        if any("," in part or '"' in part for pair in self.variables for part in pair):
            raise Unsendable("comma or quote in a variable")


def caller_id(name: str, number: str) -> str:
    """`"name" <number>` for the employee's display; foreign text is reduced to what cannot end the quotes."""
    plain = CONTROL.sub(" ", name).translate(str.maketrans('"<>\\', "'   ")).strip()
    digits = "".join(sign for sign in number if sign in "+0123456789")
    return f'"{plain[:80]}" <{digits}>' if plain else f"<{digits}>"
