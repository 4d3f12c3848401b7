"""What people outside can write into a call: forged manager events, in every header and every disguise."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.pbx.sip_message import Invite, Phone

MARK = "X-Forged"
"""The name of a line that stands in everything forged, and in nothing that Asterisk writes."""
LINE = b"493023125100"

LONGEST = 3_500  # bytes; longer packets are no SIP to Asterisk

BREAKS = ("\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e")
NUMBERS = (
    b"*1", b"*8", b"h", b"i", b"s", b"t", b"o", b"e", b"T", b"_trunk", b"_X.", b"_", b"", b"0", b"+", b"anna",
    b"101", b"trunk", b"sec-call", b"1234567t0", b"493023125100;phone-context=+49", b"sekretariat-01", b"%00",
    b"%00493023125100", b"4%00930", b"%22%5D%7C1%3D1", b"$%7BEPOCH%7D", b"$%5B1%5D", b"%7B%7D", b"1%2C2%2C3",
    b"a%26b", b"%29%28", b"1%29%3A3%3A9", b"%0D", b"%0A", b"%0D%0A%0D%0A", b"%C3%BC%C3%B6", b"%FC",
    b"%E2%80%A8", b"9" * 79, b"9" * 80, b"a" * 400, b"%0D%0A" * 60, b"49%25%30%44", b"%2501", b"4%5Cr%5Cn",
    b"4'or'1", b"%25%25", b"~.!*'()",
)  # fmt: skip
"""Users that mean something to an Asterisk, or might break what handles them."""


@dataclass(frozen=True, slots=True)
class Victim:
    """A call that forgers would like to end: its Uniqueid and channel, the agent's phone and leg."""

    call: str
    channel: str
    agent: str
    leg: str
    leg_channel: str


def forgeries(victim: Victim) -> tuple[str, ...]:
    """Events as lines, a `\\n` between them."""
    of_call = f"Channel: {victim.channel}\nUniqueid: {victim.call}\nChanVariable: SEC_CALL={victim.call}"
    of_call += f"\nChanVariable: SEC_CHAN={victim.channel}"
    of_leg = of_call.replace(f"Channel: {victim.channel}\n", f"Channel: {victim.leg_channel}\n", 1)
    of_leg = of_leg.replace(f"Uniqueid: {victim.call}", f"Uniqueid: {victim.leg}", 1)
    news = "Event: UserEvent\nUserEvent: "
    return (
        f"{news}SecHoldEnd\nCall: {victim.call}", f"{news}SecHoldEnd\nCall: {victim.call}\n{of_call}",
        f"{news}SecQueueEnd\nCall: {victim.call}\nStatus: TIMEOUT\n{of_call}",
        f"{news}SecCall\nCall: 77.7\nDid: 493023125100\nChannel: PJSIP/trunk-77\nUniqueid: 77.7",
        f"{news}SecAnswer\nCall: {victim.call}\nAtt: {victim.channel}\n{of_call}",
        f"{news}SecOver\nCall: {victim.call}", "Event: Shutdown\nShutdown: Cleanly",
        f"Event: Hangup\n{of_call}\nCause: 16", f"Event: Hangup\n{of_leg}\nCause: 16",
        f"Event: QueueMemberRemoved\nQueue: sec\nInterface: {victim.agent}",
        f"Event: QueueMemberPause\nQueue: sec\nInterface: {victim.agent}\nPaused: 1\nReason: lunch",
        f"Event: AgentComplete\nQueue: sec\nInterface: {victim.agent}\nReason: agent\n{of_call}",
        f"Event: QueueCallerAbandon\nQueue: sec\n{of_call}", "Response: Goodbye\nMessage: Goodbye",
    )  # fmt: skip


def disguises(forged: str) -> Iterator[bytes]:
    """The same lines as they fit into a SIP user: in every kind of line break, in every way of writing it."""
    forged = f"{forged}\n{MARK}: y"
    for line_break in BREAKS:
        lines = ("\n\n" + forged + "\n\n").replace("\n", line_break).encode()
        yield _percent(lines)
    yield _percent(("\r\n\r\n" + forged.replace("\n", "\r\n")).encode()).lower()
    yield _percent(("\\r\\n\\r\\n" + forged.replace("\n", "\\r\\n")).encode())
    yield _percent(_percent(("\r\n\r\n" + forged.replace("\n", "\r\n")).encode()))
    yield _percent(("\x00\r\n\r\n" + forged.replace("\n", "\r\n")).encode())
    yield _percent(('";,<>[]{}|$\\ \r\n\r\n' + forged.replace("\n", "\r\n")).encode())
    yield _percent(("ü\r\n\r\n" + forged.replace("\n", "\r\n")).encode("latin-1"))


def numbers() -> list[Invite]:
    """Each odd user once as the number dialled, and once as the caller."""
    asked = [Invite(user=user) for user in NUMBERS]
    return asked + [Invite(caller=user or b"anonymous") for user in NUMBERS]


def forgers(victim: Victim, count: int, seed: int = 1) -> list[Invite]:
    """Calls with forged events in one to three places; every place and every forgery is among them."""
    chance = random.Random(seed)
    events, places = itertools.cycle(forgeries(victim)), itertools.cycle(PLACES)
    made = []
    for _ in range(count):
        call = Invite()
        chosen = chance.choice(list(disguises(next(events))))
        for place in [next(places), *chance.choices(PLACES, k=chance.choice((0, 0, 1, 2)))]:
            if call.size + 2 * len(chosen) < LONGEST:
                place(call, chosen)
        made.append(call)
    return made


# ---- places

Place = Callable[[Invite, bytes], None]


def _user(call: Invite, forged: bytes) -> None:
    call.user = b"4" + forged


def _user_alone(call: Invite, forged: bytes) -> None:
    call.user = forged


def _caller(call: Invite, forged: bytes) -> None:
    call.caller = b"4" + forged


def _to(call: Invite, forged: bytes) -> None:
    call.user, call.to = b"sekretariat", b"4" + forged


def _name(call: Invite, forged: bytes) -> None:
    call.name = b'"%s"' % forged


def _raw_name(call: Invite, forged: bytes) -> None:
    call.name = '"\\"A\u2028Event: Hangup\u2028{MARK}: y\x85\\\\ü"'.replace("{MARK}", MARK).encode()


def _latin_name(call: Invite, forged: bytes) -> None:
    call.name = b'"M\xfcller \x9fEvent: Hangup"'


def _call_id(call: Invite, forged: bytes) -> None:
    call.id += b"-" + forged


def _address(name: bytes) -> Place:
    def put(call: Invite, forged: bytes) -> None:
        value = b'"%s" <sip:+4930%s@carrier.example>;reason=unconditional;index=1' % (forged, forged)
        call.headers += ((name, value),)

    return put


def _text(name: bytes, form: bytes = b"%s") -> Place:
    def put(call: Invite, forged: bytes) -> None:
        call.headers += ((name, form % forged),)

    return put


def _reason(call: Invite, forged: bytes) -> None:
    call.headers += ((b"Diversion", b'<sip:+493023125900@c.example>;reason="%s";counter=1' % forged),)


def _sdp(call: Invite, forged: bytes) -> None:
    call.body = call.body.replace(b"s=-", b"s=" + forged)


HEADERS: tuple[Place, ...] = (
    _reason,
    *(_address(name) for name in (
        b"Diversion", b"History-Info", b"P-Asserted-Identity", b"Remote-Party-ID", b"P-Preferred-Identity",
        b"Referred-By", b"P-Called-Party-ID", b"Reply-To",
    )),
    _text(b"Contact", b"<sip:4%s@127.0.0.1:9>"), _text(b"User-Agent"), _text(b"Server"), _text(b"X-Whatever"),
    _text(b"Reason", b'SIP;cause=200;text="%s"'), _text(b"Subject"), _text(b"Organization"),
    _text(b"Call-Info", b"<http://c.example/%s>"), _text(b"Alert-Info", b"<http://c.example/%s>"),
    _text(b"Privacy", b"none;%s"), _text(b"User-to-User"),
    _text(b"P-Charging-Vector", b'icid-value="%s"'), _text(b"Geolocation", b"<cid:%s@c.example>"),
    _text(b"Warning", b'399 c.example "%s"'),
)  # fmt: skip
PLACES: tuple[Place, ...] = (
    _user, _user_alone, _caller, _to, _name, _raw_name, _latin_name, _sdp, _call_id, *HEADERS,
)  # fmt: skip


def _percent(raw: bytes) -> bytes:
    return b"".join(b"%c" % byte if chr(byte).isalnum() and byte < 128 else b"%%%02X" % byte for byte in raw)


def strangers(victim: Victim, count: int) -> list[Invite]:
    """The same from somebody who is not the trunk, who says that he is a phone, an agent or the trunk."""
    names = itertools.cycle((b"anna", b"ben", b"trunk", b"101", b"491713920042", b"anonymous", b""))
    made = forgers(victim, count, seed=3)
    for call, name, user in zip(
        made, names, itertools.cycle((b"*1", LINE, b"anna", b"*8", b"")), strict=False
    ):
        call.caller = name or call.caller
        call.user = user or call.user
    return made


# ---- phones

FORWARDS = (
    b"SIP/2.0 302 Moved Temporarily", b"SIP/2.0 301 Moved Permanently", b"SIP/2.0 305 Use Proxy",
    b"SIP/2.0 380 Alternative Service", b"SIP/2.0 300 Multiple Choices",
)  # fmt: skip
ANSWERS = (
    b"SIP/2.0 180 Ringing", b"SIP/2.0 181 Call Is Being Forwarded", b"SIP/2.0 183 Session Progress",
    b"SIP/2.0 200 OK", b"SIP/2.0 486 Busy Here", b"SIP/2.0 603 Decline", *FORWARDS,
)  # fmt: skip


def phone_answers(victim: Victim, count: int, seed: int = 4) -> Iterator[Phone]:
    """Phones that answer with forged events in every header, each in its own way."""
    chance = random.Random(seed)
    events, statuses = itertools.cycle(forgeries(victim)), itertools.cycle(ANSWERS)
    for _ in range(count):
        forged = chance.choice(list(disguises(next(events))))
        call = Invite()
        for place in chance.sample(HEADERS, k=4):
            if call.size + 2 * len(forged) < LONGEST:
                place(call, forged)
        yield _phone(next(statuses), call.headers)


def _phone(status: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> Phone:
    told = b"".join(b"%s: %s\r\n" % header for header in headers)
    if status in FORWARDS and b"Contact:" not in told:
        told += b"Contact: <sip:493023125200@127.0.0.1>\r\n"  # one of our own lines
    return lambda _invite: (b"SIP/2.0 180 Ringing\r\n" + told, status + b"\r\n" + told)
