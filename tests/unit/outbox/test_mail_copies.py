"""Each recipient of a mail is judged by itself: whoever is refused keeps nobody else from it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Channel
from tests.clumsy_mail_server import ClumsyServer, Deed, running_clumsy_server
from tests.unit.outbox.office import Office, at_work, office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["office"]

ERIKA, TEAM = "erika@example.org", "team@example.org"
SAID = {"yes": b"250 OK\r\n", "later": b"451 4.7.1 Greylisted\r\n", "never": b"550 5.1.1 no such user\r\n"}
BECOMES = {"yes": State.SENT, "later": State.WAITING, "never": State.FAILED}


@pytest.fixture
async def server(office: Office) -> AsyncIterator[ClumsyServer]:
    async with running_clumsy_server() as running:
        office.mail = SmtpTransport(running.settings(), lambda: office.now)  # type: ignore[assignment]  # real
        yield running


async def of_note(office: Office, one: str) -> list[Notification]:
    """The mail, and what was parted from it, oldest first."""
    note = (await office.look(one)).note_id
    assert note is not None
    async with office.db.read() as conn:
        return list(await notifications.of_note(conn, note))


@pytest.mark.parametrize("own,copy", list(itertools.product(SAID, repeat=2)))
async def test_message_and_copy_are_judged_apart(
    office: Office, server: ClumsyServer, own: str, copy: str
) -> None:
    one = await office.put(cc=(TEAM,))
    server.answers = {f"rcpt {ERIKA}": SAID[own], f"rcpt {TEAM}": SAID[copy]}

    async with at_work(office):
        await office.tried(one)
        found = await of_note(office, one)
        states = {address: mail.state for mail in found for address in (mail.address, *mail.cc)}
        assert states == {ERIKA: BECOMES[own], TEAM: BECOMES[copy]}
        assert len(found) == (1 if own == copy else 2)
        assert [mail.is_copy for mail in found] == [False, True][: len(found)]
        taken = [address for address, said in ((ERIKA, own), (TEAM, copy)) if said == "yes"]
        assert server.envelopes == ([tuple(taken)] if taken else [])

        server.answers.clear()
        office.now += timedelta(minutes=1)
        for mail in found:
            if mail.state is State.WAITING:
                await office.becomes(mail.id, State.SENT)

    everybody = sorted(address for envelope in server.envelopes for address in envelope)
    reached = [address for address, said in ((ERIKA, own), (TEAM, copy)) if said != "never"]
    assert everybody == sorted(reached), "each once, and only whom the server takes"


async def test_the_reason_is_kept_with_the_copy(office: Office, server: ClumsyServer) -> None:
    one = await office.put(cc=(TEAM,))
    server.answers = {f"rcpt {TEAM}": b"550 5.1.1 <team@example.org> gibt es nicht f\xfcr uns\r\n"}

    async with at_work(office):
        await office.becomes(one, State.SENT)
    _, copy = await of_note(office, one)
    async with office.db.read() as conn:
        (attempt,) = await notifications.attempts_of(conn, copy.id)

    assert attempt.detail == "smtp_550 5.1.1 … gibt es nicht für uns"
    assert attempt.about.value == "address"


async def test_a_copy_that_no_server_could_take_is_failed_and_the_others_get_theirs(
    office: Office, server: ClumsyServer
) -> None:
    odd = "büro@example.org"
    one = await office.put(cc=(TEAM, odd))

    async with at_work(office):
        await office.becomes(one, State.SENT)

    assert server.envelopes == [(ERIKA, TEAM)]
    assert {mail.address: mail.state for mail in await of_note(office, one)} == {
        ERIKA: State.SENT,
        odd: State.FAILED,
    }


async def test_a_copy_that_is_refused_stays_out_when_the_answer_to_the_mail_was_lost(
    office: Office, server: ClumsyServer
) -> None:
    one = await office.put(cc=(TEAM,))
    server.answers = {f"rcpt {TEAM}": SAID["never"], "end": Deed("close")}

    async with at_work(office):
        await office.tried(one)
        server.answers.clear()
        office.now += timedelta(minutes=1)
        await office.becomes(one, State.SENT)

    assert server.envelopes == [(ERIKA,)]
    assert len(server.dots) == 2, "the first one may have arrived; the second says so"
    assert b"X-Possible-Duplicate: yes" in server.dots[1]


async def test_a_server_that_closes_at_one_copy_has_taken_nothing(
    office: Office, server: ClumsyServer
) -> None:
    one = await office.put(cc=(TEAM,))
    server.answers = {f"rcpt {TEAM}": b"421 4.3.2 shutting down\r\n"}

    async with at_work(office) as worker:
        await office.tried(one)
        assert worker.health[Channel.EMAIL] == "down"
        assert [mail.cc for mail in await of_note(office, one)] == [(TEAM,)]
        server.answers.clear()
        office.now += timedelta(minutes=1)
        await office.becomes(one, State.SENT)

    assert server.envelopes == [(ERIKA, TEAM)]
