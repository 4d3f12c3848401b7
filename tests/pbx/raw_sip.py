"""SIP written byte by byte over one UDP socket, for what no well-behaved client sends: caller and phone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.pbx.sip_message import (
    SDP,
    Address,
    Headers,
    Invite,
    Message,
    Phone,
    accepted,
    busy,
    md5,
    read,
    uri,
    write,
)
from tests.until import until

AGAIN = 0.5  # seconds, T1 of RFC 3261
TIMES = 7


class RawSip(asyncio.DatagramProtocol):
    """One address. Calls `peer`; whoever is called here does what `phones` says of its user, else is busy."""

    def __init__(self, address: Address, peer: Address) -> None:
        self.address, self.peer = address, peer
        self.phones: dict[bytes, Phone] = {}
        self.rung: list[Message] = []
        """INVITEs that came in, in order."""
        self.told: dict[tuple[bytes, int, bytes], int] = {}
        """Call-ID, number and method of a request of ours → the last status told."""
        self.calls: dict[bytes, Invite] = {}
        self._wire: asyncio.DatagramTransport | None = None
        self._here = (address[0].encode(), address[1])

    # ---- caller

    def send(self, call: Invite) -> Invite:
        """Sends the request; its answers are noted in it."""
        self.calls[call.id] = call
        self._ask(call.id, 1, call.method, self._request(call, call.method, call.headers, call.body))
        return call

    async def answered(self, call: Invite, patience: float = 10) -> int:
        """Wait for a final status; that one."""
        await until(lambda: call.status >= 200, patience, f"an answer, not {call.statuses}")
        return call.status

    async def answer_to(self, key: tuple[bytes, int, bytes]) -> int:
        """Wait for the final status of this request; that one."""
        await until(lambda: self.told.get(key, 0) >= 200, message=f"an answer to {key[2]!r}")
        return self.told[key]

    def hang_up(self, call: Invite) -> None:
        """BYE or CANCEL, as fits."""
        if call.answer is None:
            self._ask(call.id, 1, b"CANCEL", self._request(call, b"CANCEL"))
        elif call.status == 200 and not call.over:
            self.inside(call, b"BYE")

    def inside(
        self, call: Invite, method: bytes, headers: Headers = (), body: bytes = b""
    ) -> tuple[bytes, int, bytes]:
        """A further request in a call that stands; the key of its answer in `told`."""
        call.cseq += 1
        return self._ask(call.id, call.cseq, method, self._request(call, method, headers, body))

    def authorised(self, call: Invite, username: str, password: str) -> Invite:
        """The same request again, with the password that its 401 asked for (RFC 7616, MD5)."""
        assert call.answer is not None
        assert call.answer.status == 401
        asked = dict(re.findall(rb'(\w+)="?([^",]+)', call.answer.headers[b"www-authenticate"]))
        realm, nonce = (asked[key].decode() for key in (b"realm", b"nonce"))
        target = f"sip:{call.user.decode()}@{self.peer[0]}:{self.peer[1]}"
        ha1, ha2 = md5(f"{username}:{realm}:{password}"), md5(f"{call.method.decode()}:{target}")
        credentials = (
            f'Digest username="{username}", realm="{realm}", nonce="{nonce}", uri="{target}", qop=auth, '
            f'nc=00000001, cnonce="ours", algorithm=MD5, opaque="{asked.get(b"opaque", b"").decode()}", '
            f'response="{md5(f"{ha1}:{nonce}:00000001:ours:auth:{ha2}")}"'
        )
        headers = (*call.headers, (b"Authorization", credentials.encode()))
        again = Invite(call.user, call.caller, call.name, call.to, headers, call.body, call.method)
        return self.send(again)

    # ---- phone

    async def register(self, user: str, password: str) -> int:
        """The telephone of this name logs in; the last answer: 200, or 401 where the password is wrong."""
        name = user.encode()
        here = (b"Contact", b"<sip:%s@%s:%d>" % (name, *self._here))
        headers = (here, (b"Expires", b"600"))
        asked = self.send(Invite(b"", name, to=name, headers=headers, body=b"", method=b"REGISTER"))
        assert await self.answered(asked) == 401
        return await self.answered(self.authorised(asked, user, password))

    def pick_up(self, invite: Message) -> None:
        """Of a telephone that has only rung until now."""
        self._reply(invite, b"SIP/2.0 200 OK\r\n", accepted(invite.body))

    def from_phone(
        self, invite: Message, method: bytes, cseq: int = 900, headers: Headers = ()
    ) -> tuple[bytes, int, bytes]:
        """A request of the phone that has accepted this INVITE; the key of its answer in `told`."""
        came = invite.headers
        ours: Headers = (
            (b"Via", self._via(b"phone-%d-%s" % (cseq, invite.call))), (b"From", came[b"to"] + b";tag=phone"),
            (b"To", came[b"from"]), (b"Call-ID", invite.call), (b"CSeq", b"%d %s" % (cseq, method)),
            (b"Contact", b"<sip:phone@%s:%d>" % self._here), (b"Max-Forwards", b"70"),
        )  # fmt: skip
        first = b"%s %s SIP/2.0" % (method, uri(came[b"contact"]))
        return self._ask(invite.call, cseq, method, write(first, (*ours, *headers)))

    # ---- wire

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._wire = transport

    def close(self) -> None:
        """No more."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there: the test will see that nothing is answered."""

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if not data[:1].isalpha():
            return  # speech, or a keep-alive
        message = read(data)
        if message.status:
            self._on_answer(message)
        elif message.cseq[1] == b"INVITE" and b";tag=" not in message.headers[b"to"]:
            self._ring(message)
        elif message.cseq[1] != b"ACK":
            self._on_request(message)

    def _on_answer(self, message: Message) -> None:
        number, method = message.cseq
        self.told[message.call, number, method] = message.status
        call = self.calls.get(message.call)
        if call is None:
            return
        if (number, method) == (1, call.method) and message.status not in call.statuses:
            call.statuses.append(message.status)
            call.answer = message if message.status >= 200 else None
        if method == b"INVITE" and message.status >= 200:
            self._put(self._request(call, b"ACK", acked=message))

    def _on_request(self, message: Message) -> None:
        if message.cseq[1] == b"BYE" and message.call in self.calls:
            self.calls[message.call].over = True
        self._reply(message, b"SIP/2.0 200 OK\r\n", SDP if message.cseq[1] == b"INVITE" else b"")
        if message.cseq[1] == b"CANCEL":
            invite = next(rung for rung in reversed(self.rung) if rung.call == message.call)
            self._reply(invite, b"SIP/2.0 487 Request Terminated\r\n")

    def _ring(self, invite: Message) -> None:
        if any(rung.call == invite.call for rung in self.rung):
            return  # sent again: our answer is on its way
        self.rung.append(invite)
        for answer in self.phones.get(invite.user, busy)(invite):
            self._reply(invite, answer, accepted(invite.body) if answer.startswith(b"SIP/2.0 200") else b"")

    def _reply(self, message: Message, answer: bytes, body: bytes = b"") -> None:
        status, _, further = answer.partition(b"\r\n")
        handset = re.search(rb"(?m)^X-To-Tag: (\w+)\r$", further)
        tag = handset[1] if handset else b"phone"
        copied = re.sub(rb"(?im)^(to:(?:(?!;tag=).)*)\r$", rb"\1;tag=" + tag + rb"\r", message.copied)
        contact = b"" if b"contact:" in further.lower() else b"Contact: <sip:phone@%s:%d>\r\n" % self._here
        kind = b"Content-Type: application/sdp\r\n" if body else b""
        length = b"Content-Length: %d\r\n\r\n" % len(body)
        self._put(status + b"\r\n" + copied + further + contact + kind + length + body)

    def _ask(self, call: bytes, cseq: int, method: bytes, data: bytes) -> tuple[bytes, int, bytes]:
        self._again((call, cseq, method), data, TIMES)
        return call, cseq, method

    def _again(self, key: tuple[bytes, int, bytes], data: bytes, times: int) -> None:
        """UDP loses packets, and a busy Asterisk drops requests: again, until there is an answer."""
        if key not in self.told and times and self._wire is not None:
            self._put(data)
            asyncio.get_running_loop().call_later(AGAIN, self._again, key, data, times - 1)

    def _request(
        self,
        call: Invite,
        method: bytes,
        headers: Headers = (),
        body: bytes = b"",
        acked: Message | None = None,
    ) -> bytes:
        answer = acked or call.answer
        accepted = answer is not None and answer.status == 200
        target = b"sip:%s%s:%d" % (
            call.user + b"@" if call.user else b"",
            self.peer[0].encode(),
            self.peer[1],
        )
        if answer is not None and accepted and b"contact" in answer.headers:
            target = uri(answer.headers[b"contact"])
        cseq = acked.cseq[0] if acked else 1 if method == b"CANCEL" else call.cseq
        branch = b"%s-%d%s" % (call.id, cseq, b"-ack" if acked and accepted else b"")
        ours = {
            b"Via": self._via(branch),
            b"From": b"%s <sip:%s@%s:%d>;tag=ours" % (call.name, call.caller, *self._here),
            b"To": answer.headers[b"to"] if answer else b"<sip:%s@%s:%d>" % (call.to, *self._here),
            b"Call-ID": call.id,
            b"CSeq": b"%d %s" % (cseq, method),
            b"Contact": b"<sip:caller@%s:%d>" % self._here,
            b"Max-Forwards": b"70",
        }
        ours |= {name: value for name, value in headers if name in ours}
        further = tuple(pair for pair in headers if pair[0] not in ours)
        return write(b"%s %s SIP/2.0" % (method, target), (*ours.items(), *further), body)

    def _via(self, branch: bytes) -> bytes:
        return b"SIP/2.0/UDP %s:%d;rport;branch=z9hG4bK-%s" % (*self._here, branch)

    def _put(self, data: bytes) -> None:
        if self._wire is not None:
            self._wire.sendto(data, self.peer)


@asynccontextmanager
async def raw_sip(address: Address, peer: Address) -> AsyncIterator[RawSip]:
    """Open at `address`, talking to `peer`."""
    loop = asyncio.get_running_loop()
    _, sip = await loop.create_datagram_endpoint(lambda: RawSip(address, peer), local_addr=address)
    try:
        yield sip
    finally:
        sip.close()
