"""The bytes of a mail, whatever callers and agents typed: our headers and no others, and the text as it was.

Python before 3.11.10 decodes encoded words (RFC 2047) in what it is given, line breaks included; these tests
look at what goes out and ask no version of Python to be newer than it is.
"""

from __future__ import annotations

import base64
import email.message
import quopri
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.outbox.transports.mail import mail_bytes
from pbx_bridge.outbox.transports.mail.mail_bytes import ascii_address
from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.transport import Outgoing, Sound
from pbx_bridge.settings import MailSettings
from rules.model import Channel
from rules.stepwise import at_once

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
OURS = [
    *("From", "To", "Cc", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Possible-Duplicate"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
]
ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[BbQq]\?")
EVIL = "x\r\nBcc: fremd@example.org\r\n\r\n<h1>Ihr Konto</h1>"


def encoded(text: str, how: str = "B", charset: str = "utf-8") -> str:
    raw = text.encode(charset, "replace")
    code = base64.b64encode(raw).decode() if how in "Bb" else quopri.encodestring(raw, header=True).decode()
    return f"=?{charset}?{how}?{code}?="


HOSTILE = [
    encoded(EVIL),
    encoded(EVIL, "b", "iso-8859-1"),
    "=?utf-8?Q?x=0D=0ABcc:_fremd@example.org=0D=0A=0D=0A<h1>?=",
    "=?utf-8?q?x=0ABcc:=20fremd@example.org?=",
    f"Müller {encoded(EVIL)} GmbH",
    f"{encoded('a')}{encoded(EVIL)}",
    f"{encoded('a')} {encoded(EVIL)}",
    f'"{encoded(EVIL)}" <fremd@example.org>',
    "=?utf-8?B?" + "=?utf-8?B?".join(["eA0KQmNjOiB4"] * 3) + "?=",
    "=?=?utf-8?B?eA0KQmNjOiB4?=?=",
    "= ?utf-8?B?eA0KQmNjOiB4?=",
    "=\u200b?utf-8?B?eA0KQmNjOiB4?=",
    "=\x00?utf-8?B?eA0KQmNjOiB4?=",
    "=\ud800?utf-8?B?eA0KQmNjOiB4?=",
    "x\x0bBcc: a@example.org",
    "x\x0cBcc: a@example.org",
    "x\x85Bcc: a@example.org",
    "x\u2028Bcc: a@example.org",
    "x\x00Bcc: a@example.org",
    "a" * 5_000,
    "ä" * 5_000,
    ("=?utf-8?B?eA==?= " * 300),
    "Preis =? 5 €, was nun?=",
    "(Kommentar) [x] @ , ; : \\ \" ' < >",
    "",
]

pieces = st.one_of(
    st.sampled_from(
        ["=?", "?=", "utf-8", "?B?", "?q?", "DQpCY2M6", "=0D=0A", " ", "ä", ":", "Bcc", '"', "<", ">"]
    ),
    st.text(max_size=5),
)
hostile_texts = st.lists(pieces, max_size=30).map("".join).filter(lambda text: not set(text) & set("\r\n"))


def bytes_of(from_name: str = "Ihr Sekretariat", **changes: Any) -> bytes:
    values: dict[str, Any] = {
        "subject": "Anruf für Sie",
        "text": "Rückruf\n",
        "html": "<p>Rückruf</p>\n",
        "cc": ("team@mustermann.example",),
        "possible_duplicate": True,
    }
    message = Outgoing(
        id="n1",
        channel=Channel.EMAIL,
        address="erika@mustermann.example",
        message_id="<m1@example.org>",
        **(values | changes),
    )
    return mail_bytes.as_bytes(SmtpTransport(MailSettings(from_name=from_name), lambda: NOW).build(message))


def header_lines(content: bytes) -> list[bytes]:
    """Unfolded, by hand: no library that could be wrong in the same way."""
    head = content.partition(b"\r\n\r\n")[0]
    assert re.fullmatch(rb"(?:[\t\x20-\x7e]*(?:\r\n|\Z))*", head), "plain ASCII, and CRLF only in pairs"
    assert max(map(len, head.split(b"\r\n"))) <= 998
    return re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")


def read(content: bytes) -> email.message.Message:
    return BytesParser(policy=compat32).parsebytes(content)


def holds(content: bytes) -> None:
    """Our headers, each once, in every part; nothing that decodes into something else again."""
    names = [line.partition(b":")[0].decode() for line in header_lines(content)]
    assert sorted(names) == sorted(name for name in OURS if name in names)
    assert names[:7] == OURS[:7]
    mail = read(content)
    whole, *parts = mail.walk()
    if parts:
        assert whole.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    else:
        assert whole.get_content_type() == "text/plain"
    for part in parts:
        assert set(part.keys()) <= {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert mail["To"] == "erika@mustermann.example"
    assert mail["Cc"] == "team@mustermann.example"
    for name in ("Subject", "From"):
        assert not ENCODED_WORD.search(shown(mail[name]))
    assert content.isascii()
    assert b"\0" not in content
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)


def shown(header: str) -> str:
    """As a mail program shows it."""
    return str(make_header(decode_header(re.sub(r"\r?\n", "", header))))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("where", ["subject", "from_name", "text", "html"])
def test_no_name_brings_a_header_of_its_own(where: str, text: str) -> None:
    holds(bytes_of(**{where: text}))


@given(hostile_texts, st.sampled_from(["subject", "from_name", "text", "html"]))
def test_no_text_at_all_does(text: str, where: str) -> None:
    holds(bytes_of(**{where: text}))


@given(st.text(max_size=400))
def test_the_body_arrives_as_it_was_typed(text: str) -> None:
    content = bytes_of(text=text)
    holds(content)
    plain = read(content).get_payload(0)
    arrived = plain.get_payload(decode=True).decode().replace("\r\n", "\n")  # type: ignore[union-attr]

    lines = re.sub(r"\r\n|\r", "\n", text)
    typed = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", lines).encode("utf-8", "replace").decode()
    assert arrived.rstrip("\n") == typed.rstrip("\n")


@pytest.mark.parametrize(
    "text,expected",
    [
        ("Anruf für Sie: Hans Müller (Müller GmbH)", "Anruf für Sie: Hans Müller (Müller GmbH)"),
        ("Was ist 1+1=?", "Was ist 1+1= ?"),
        ("Łukasz Żółć 🙂 李", "Łukasz Żółć 🙂 李"),
        (encoded("Müller"), "= ?utf-8?B?TcO8bGxlcg== ?="),
    ],
)
def test_the_subject_is_shown_as_it_was_meant(text: str, expected: str) -> None:
    assert shown(read(bytes_of(subject=text))["Subject"]) == expected


@pytest.mark.parametrize(
    "address",
    [
        encoded("a@b.example") + "@mustermann.example",
        "=?utf-8?Q?a=40fremd.example=2C?=@mustermann.example",
        "erika@mustermann.example\r\nBcc: fremd@example.org",
        "erika@mustermann.example> SIZE=1",
        "erika@mustermann.example, fremd@example.org",
        '"a b"@mustermann.example',
        "erika",
        "erika@",
        "@mustermann.example",
        "erika@müsli\n.example",
        "a" * 65 + "@mustermann.example",
        "jörg@mustermann.example",
        "",
    ],
)
def test_what_is_no_plain_address_reaches_neither_envelope_nor_header(address: str) -> None:
    with pytest.raises(UnicodeError):
        ascii_address(address)


@pytest.mark.parametrize("part", ["text", "html"])
def test_a_lone_dot_or_a_from_ends_nothing(part: str) -> None:
    holds(bytes_of(**{part: ".\n..\nFrom x\n.\r\n.\n"}))


def test_the_names_own_domain_with_umlauts_stands_in_ascii() -> None:
    content = bytes_of()
    assert b"Message-ID: <m1@example.org>" in content
    post = SmtpTransport(MailSettings(from_address="info@müller.example"), lambda: NOW)
    mail = post.build(
        Outgoing("n1", Channel.EMAIL, "a@b.example", "x", message_id="<m1@müller.example>", subject="x")
    )
    assert b"Message-ID: <m1@xn--mller-kva.example>" in mail_bytes.as_bytes(mail)


@pytest.mark.parametrize("length", [0, 1, 56, 57, 58, 57 * 256, 57 * 256 + 1, 100_000])
def test_a_sound_is_the_same_lines_in_whatever_steps(length: int) -> None:
    content = bytes(number % 251 for number in range(length))
    made = b"".join(at_once(mail_bytes.letters(Sound("x.wav", content))))
    assert base64.b64decode(made) == content
    assert {len(line) for line in made.split(b"\r\n")[:-1]} <= {76}


def test_five_minutes_of_sound_are_many_little_steps() -> None:
    steps = sum(1 for _ in mail_bytes.letters(Sound("x.wav", b"\x55" * 2_400_000)))
    assert steps > 150


def test_a_mail_without_the_place_of_its_sound_does_not_go_out() -> None:
    with pytest.raises(ValueError, match="no place"):
        mail_bytes.with_sound(b"Subject: x\r\n\r\nx\r\n", [b"c291bmQ="])
