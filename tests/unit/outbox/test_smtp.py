"""E-mail against a real SMTP server: what each answer of the server means for the message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.transport import Failed, Outgoing, Sent, Uncertain
from pbx_bridge.settings import MailSettings, Secret
from rules.model import Channel
from tests.mail_server import MailServer, running_mail_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)


@pytest.fixture
async def mail(tmp_path: Path) -> AsyncIterator[MailServer]:
    async with running_mail_server(tmp_path) as server:
        yield server


def a_message(**changes: Any) -> Outgoing:
    values: dict[str, Any] = {
        "id": "n1",
        "channel": Channel.EMAIL,
        "address": "beispiel@mustermann.example",
        "cc": ("team@mustermann.example",),
        "subject": "Anruf für Sie: Hans Müller (Müller GmbH), bitte zurückrufen",
        "text": "Rückruf: +49 171 3920042\n",
        "html": "<p>Rückruf</p>",
        "message_id": "<n1@example.org>",
    }
    return Outgoing(**(values | changes))


def transport(mail: MailServer, **changes: Any) -> SmtpTransport:
    return SmtpTransport(mail.settings(**changes), lambda: NOW)


async def test_employee_and_copy_get_one_mail_with_text_html_and_proper_headers(mail: MailServer) -> None:
    outcome = await transport(mail).send(a_message())

    assert isinstance(outcome, Sent)
    assert mail.envelopes == [("beispiel@mustermann.example", "team@mustermann.example")]
    letter = mail.inbox[0]
    assert letter["Subject"] == "Anruf für Sie: Hans Müller (Müller GmbH), bitte zurückrufen"
    assert letter["Message-ID"] == "<n1@example.org>"
    assert letter["From"] == "Ihr Sekretariat <sekretariat@example.org>"
    assert letter["Cc"] == "team@mustermann.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Possible-Duplicate"] is None
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    text = letter.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == ["Rückruf: +49 171 3920042"]


@pytest.mark.parametrize(
    "answer,permanent",
    [("451 greylisted, try again", False), ("452 too much", False), ("550 no", True), ("554 no", True)],
)
async def test_refusal_after_data_is_failed_for_now_or_for_good(
    mail: MailServer, answer: str, permanent: bool
) -> None:
    mail.answers = [answer]

    outcome = await transport(mail).send(a_message())

    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.permanent) == (f"smtp_{answer[:3]}", permanent)
    assert mail.inbox == []


async def test_unknown_employee_address_fails_for_good_and_the_detail_names_no_address(
    mail: MailServer,
) -> None:
    mail.refuse["beispiel@mustermann.example"] = "550 <beispiel@mustermann.example> unknown"

    outcome = await transport(mail).send(a_message())

    assert isinstance(outcome, Failed)
    assert outcome.permanent
    assert "@" not in outcome.detail


async def test_refused_copy_does_not_stop_the_mail_and_is_said(mail: MailServer) -> None:
    mail.refuse["team@mustermann.example"] = "550 unknown"

    outcome = await transport(mail).send(a_message())

    assert isinstance(outcome, Sent)
    assert "copies_refused=1" in outcome.detail
    assert mail.envelopes == [("beispiel@mustermann.example",)]


@pytest.mark.parametrize("trouble", ["cut", "silent"])
async def test_no_answer_to_the_final_dot_is_uncertain_never_failed(mail: MailServer, trouble: str) -> None:
    mail.answers = [trouble]

    outcome = await transport(mail, timeout_seconds=0.3).send(a_message())

    assert isinstance(outcome, Uncertain)
    assert len(mail.inbox) == 1, "the server did take it: failed would have been a lie"


async def test_dead_server_is_a_failure_worth_another_try(mail: MailServer) -> None:
    outcome = await transport(mail, port=9).send(a_message())

    assert isinstance(outcome, Failed)
    assert not outcome.permanent


async def test_wrong_password_keeps_the_message_for_later(mail: MailServer) -> None:
    outcome = await transport(mail, password=Secret("wrong")).send(a_message())

    assert isinstance(outcome, Failed)
    assert not outcome.permanent


async def test_server_with_a_foreign_certificate_gets_neither_password_nor_mail(mail: MailServer) -> None:
    outcome = await transport(mail, ca_file="").send(a_message())

    assert isinstance(outcome, Failed)
    assert mail.inbox == []


async def test_line_break_in_a_header_is_refused_before_anything_goes_out(mail: MailServer) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        await transport(mail).send(a_message(subject="Anruf\r\nBcc: fremd@example.org"))

    assert mail.inbox == []


async def test_check_logs_in_and_sends_nothing(mail: MailServer) -> None:
    await transport(mail).check()

    assert mail.inbox == []
    with pytest.raises(OSError, match=r"535|uthentication"):
        await transport(mail, password=Secret("wrong")).check()


async def test_a_domain_with_umlauts_is_reached_by_its_ascii_name(mail: MailServer) -> None:
    """The portal takes such addresses; most servers (without SMTPUTF8) would not."""
    message = a_message(address="info@müller.example", cc=("büro@ok.example", "team@straße.example"))

    outcome = await transport(mail).send(message)

    assert isinstance(outcome, Sent), outcome
    assert "copies_refused=1" in outcome.detail
    assert mail.envelopes == [("info@xn--mller-kva.example", "team@xn--strae-oqa.example")]
    assert mail.inbox[0]["To"] == "info@xn--mller-kva.example"


def test_no_part_of_a_message_adds_a_header() -> None:
    """Last wall: whatever got past the forms."""
    post = SmtpTransport(MailSettings(), lambda: NOW)
    for evil in ({"subject": "a\r\nBcc: x@y.example"}, {"address": "a@b.example\nBcc: x@y.example"}):
        with pytest.raises(ValueError, match=r"(?i)newline|linefeed|carriage"):
            post.build(a_message(**evil))
