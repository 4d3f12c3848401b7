"""Commands as they come over the wire, also with half a character in them: people paste anything."""

from __future__ import annotations

import re

import msgspec

from pbx_bridge.desk import protocol as p

_decode = msgspec.json.Decoder(p.ClientCommand).decode
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
"""Every escape of a JSON text as a whole, as an escaped backslash begins none; the group is half a pair."""


class Identified(msgspec.Struct, frozen=True):
    """What can be said of a message that is no command: whom to answer."""

    id: str


def command_of(text: str) -> p.ClientCommand:
    """Raises msgspec.MsgspecError for what is no command."""
    try:
        command: p.ClientCommand = _decode(text)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        command = _decode(whole(text))
    return command


def identified(text: str) -> Identified:
    """Raises msgspec.MsgspecError for what has not even an id."""
    return msgspec.json.decode(whole(text), type=Identified)


def whole(text: str) -> str:
    """JSON in which half a character, which no decoder takes, is U+FFFD."""
    return _ESCAPE.sub(lambda found: r"\ufffd" if found[1] else found[0], text)
