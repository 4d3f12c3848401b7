"""A mail server may answer anything at any step: generated, each step with each answer, over real sockets."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Outgoing, Sent
from rules.model import Channel
from rules.outbox.mail_answers import About
from tests.clumsy_mail_server import STEPS, Answer, ClumsyServer, Deed, running_clumsy_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
ERIKA, TEAM, JENS = (f"{name}@mustermann.example" for name in ("erika", "team", "jens"))

YES: dict[str, Answer] = {
    "yes": b"250 OK\r\n",
    "one byte that is no UTF-8": b"250 angenommen f\xfcr Zustellung\r\n",
    "NUL": b"250 a\x00b\r\n",
    "control characters": b"250 \x1b[31m\x07\x9b\r\n",
    "bare LF": b"250 OK\n",
    "nothing behind the code": b"250\r\n",
    "several lines": b"250-eins\r\n250-zwei\r\n250 drei\r\n",
    "an empty line first": b"\r\n250 OK\r\n",
    "100 kB in one line": b"250 " + b"x" * 100_000 + b"\r\n",
    "100 kB in many lines": b"250-xxxxxxxx\r\n" * 8_000 + b"250 OK\r\n",
    "binary": b"250 " + bytes(byte for byte in range(256) if byte not in b"\r\n") + b"\r\n",
    "an address": b"250 erika@mustermann.example +49 171 3920042 queued\r\n",
    "another yes": b"252 perhaps\r\n",
}
YES_AND_NO_END: dict[str, Answer] = {
    "two answers at once": b"250 OK\r\n550 no\r\n",
    "yes, cut, closed": Deed("close", b"250 OK"),
    "yes, cut, silent": Deed("silent", b"250 OK"),
    "code, closed": Deed("close", b"250"),
    "yes for ever": Deed("endless", b"250 " + b"x" * 65_536),
    "yes in lines for ever": Deed("endless", b"250-xxxxxx\r\n" * 8_000),
}
NONSENSE: dict[str, Answer] = {
    "no code": b"abc\r\n",
    "000": b"000 x\r\n",
    "999": b"999 x\r\n",
    "199": b"199 x\r\n",
    "two digits": b"25\r\n",
    "four digits": b"2500 x\r\n",
    "space before": b" 250 OK\r\n",
    "other digits": "２５０ OK\r\n".encode(),
    "not text": b"\xff\xfe\x00\x01\r\n",
    "codes that disagree": b"250-yes\r\n550 no\r\n",
    "disagree the other way": b"550-no\r\n250 yes\r\n",
    "nonsense in between": b"250-yes\r\nabc\r\n250 yes\r\n",
    "nonsense for ever": Deed("endless", b"x" * 65_536),
    "closed": Deed("close"),
    "reset": Deed("reset"),
    "silent": Deed("silent"),
    "half a code, closed": Deed("close", b"25"),
    "empty lines, closed": Deed("close", b"\r\n\r\n"),
}
NO: dict[int, Answer] = {
    code: b"%d behind the code\r\n" % code
    for code in (
        *(421, 432, 450, 451, 452, 454, 455),
        *(500, 501, 502, 503, 504, 521, 530, 535, 538, 550, 551, 552, 553, 554, 555, 556),
    )
}
WITH_WORDS: dict[str, Answer] = {
    "450 4.7.1 Greylisted": b"450 4.7.1 Greylisted f\xfcr 5 Minuten\r\n",
    "451 4.7.1 Greylisted": b"451 4.7.1 Greylisted\r\n",
    "451 4.3.0 Queue file write error": b"451 4.3.0 Queue file write error\r\n",
    "552 5.2.2 Mailbox full": b"552 5.2.2 Mailbox full\r\n",
    "552 5.3.4 Message too big": b"552 5.3.4 Message too big\r\n",
    "554 5.7.1 Relay access denied": b"554 5.7.1 <erika@mustermann.example>: Relay access denied\r\n",
    "550 5.7.60 not as this sender": b"550 5.7.60 Client may not send as this sender\r\n",
    "550 for ever": Deed("endless", b"550-no\r\n" * 8_000),
    "550 cut, closed": Deed("close", b"550 no such us"),
}
SERVERS = {421, 432, 454, 455, 500, 502, 503, 504, 521, 530, 535, 538, 555}
"""Codes that say the same to everybody."""

LATER, NEVER = (About.ADDRESS, False), (About.ADDRESS, True)
MESSAGE_LATER, MESSAGE_NEVER = (About.MESSAGE, False), (About.MESSAGE, True)
SERVER, UNCERTAIN, SENT = (About.SERVER, False), "uncertain", "sent"
Meaning = tuple[About, bool] | str

OF_WORDS: dict[str, tuple[Meaning, Meaning]] = {
    "450 4.7.1 Greylisted": (LATER, MESSAGE_LATER),
    "451 4.7.1 Greylisted": (LATER, MESSAGE_LATER),
    "451 4.3.0 Queue file write error": (SERVER, SERVER),
    "552 5.2.2 Mailbox full": (LATER, MESSAGE_NEVER),
    "552 5.3.4 Message too big": (LATER, MESSAGE_NEVER),
    "554 5.7.1 Relay access denied": (SERVER, SERVER),
    "550 5.7.60 not as this sender": (SERVER, SERVER),
    "550 for ever": (SERVER, MESSAGE_NEVER),
    "550 cut, closed": (SERVER, MESSAGE_NEVER),
}
"""At RCPT, and at the end."""


def of_code(step: str, code: int) -> Meaning:
    if code in SERVERS or step not in ("rcpt", "data", "end"):
        return SERVER
    if step == "rcpt":
        return LATER if code < 500 or code == 552 else NEVER
    if code < 500:
        return MESSAGE_LATER if code == 450 else SERVER
    return MESSAGE_NEVER


def meaning(step: str, name: str | int) -> Meaning:
    """What the message comes to when this step is answered like that; written down from the RFC."""
    if isinstance(name, int):
        return of_code(step, name)
    if name in OF_WORDS:
        of_address, at_end = OF_WORDS[name]
        if step == "data" and name in ("550 for ever", "550 cut, closed"):
            return SERVER
        return of_address if step == "rcpt" else at_end if step in ("data", "end") else SERVER
    if step == "end":
        return UNCERTAIN if name in NONSENSE else SENT
    if step == "data" or name in NONSENSE or name in YES_AND_NO_END:
        return SERVER
    return SENT


ANSWERS: dict[str | int, Answer] = {}
for some in (YES, YES_AND_NO_END, NONSENSE, NO, WITH_WORDS):
    ANSWERS |= some  # type: ignore[arg-type]  # keys of one kind are keys of either
CASES = [(step, name) for step in STEPS for name in ANSWERS if not (step == "starttls" and name in YES)]


@pytest.fixture
async def server() -> AsyncIterator[ClumsyServer]:
    async with running_clumsy_server() as running:
        yield running


def a_message(*cc: str) -> Outgoing:
    return Outgoing(
        "n1", Channel.EMAIL, ERIKA, "Rückruf erbeten\n", cc, "Anruf", message_id="<m1@example.org>"
    )


async def send(server: ClumsyServer, step: str, answer: Answer | None, *cc: str) -> Outcome:
    changes: dict[str, Any] = {"starttls": "required"} if step == "starttls" else {}
    if isinstance(answer, Deed) and answer.kind == "silent":
        changes |= {"connect_timeout_seconds": 0.3, "timeout_seconds": 0.3}
    settings = server.with_log_in(**changes) if step == "auth" else server.settings(**changes)
    if answer is not None:
        server.answers[step] = answer
    return await SmtpTransport(settings, lambda: NOW).send(a_message(*cc))


def is_fit_for_storing(text: str) -> bool:
    plain = all(unicodedata.category(char)[0] != "C" for char in text)
    return plain and len(text) <= 300 and "@" not in text and "3920042" not in text


def meant(outcome: Outcome) -> Meaning:
    if isinstance(outcome, Failed):
        return (outcome.about, outcome.permanent)
    return SENT if isinstance(outcome, Sent) else UNCERTAIN


@pytest.mark.parametrize("step,name", CASES, ids=str)
async def test_every_answer_at_every_step(server: ClumsyServer, step: str, name: str | int) -> None:
    outcome = await send(server, step, ANSWERS[name])

    assert meant(outcome) == meaning(step, name), outcome
    assert is_fit_for_storing(outcome.detail), outcome.detail
    if isinstance(outcome, Sent):
        assert len(server.accepted) == 1
    if isinstance(outcome, Failed):
        assert server.accepted == []
        assert outcome.code.isascii()
    server.answers.clear()
    assert isinstance(await send(server, "mail", None), Sent), "the next one goes out"


@pytest.mark.parametrize("early", [b"250 taken\r\n", b"550 no\r\n", b"2", b"\r\n"], ids=repr)
async def test_an_answer_before_the_message_is_no_answer_to_it(server: ClumsyServer, early: bytes) -> None:
    outcome = await send(server, "data", b"354 go ahead\r\n" + early)

    assert meant(outcome) == SERVER, outcome
    assert server.dots == [], "nothing was sent that could have been taken"


@pytest.mark.parametrize("offered", ["PLAIN", "LOGIN", "=LOGIN PLAIN", "XOAUTH2 plain"])
async def test_each_log_in_that_we_know(server: ClumsyServer, offered: str) -> None:
    server.answers["ehlo"] = b"250-clumsy.example\r\n250 AUTH%b%b\r\n" % (
        b"" if offered.startswith("=") else b" ",
        offered.encode(),
    )

    assert isinstance(await send(server, "auth", None), Sent)


@pytest.mark.parametrize("offers", [b"250 clumsy.example\r\n", b"250-x\r\n250 AUTH XOAUTH2\r\n"], ids=repr)
async def test_no_log_in_that_we_know_is_our_set_up(server: ClumsyServer, offers: bytes) -> None:
    server.answers["ehlo"] = offers

    outcome = await send(server, "auth", None)

    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.about) == ("mail_no_login", About.SERVER)
