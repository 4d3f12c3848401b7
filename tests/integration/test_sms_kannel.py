"""SMS through a real Kannel to its SMS centre: what was typed arrives, and its report comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.outbox.reports import PATH, Reports
from pbx_bridge.outbox.transports.sms.sms_http import SmsTransport
from pbx_bridge.outbox.transports.transport import Failed, Outgoing, Sent
from pbx_bridge.settings import Secret, SmsSettings
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, Outcome, State
from rules.model import CallNote, Channel, MessageKind
from tests.kannel import Kannel, running_kannel
from tests.sample_company import NOW, arrive, furnish
from tests.until import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pbx_bridge.storage.db.engine import Database

pytestmark = pytest.mark.kannel


@pytest.fixture
async def gateway() -> AsyncIterator[Kannel]:
    async with running_kannel() as running:
        yield running


def an_sms(text: str, token: str = "") -> Outgoing:
    return Outgoing("1", Channel.SMS, "+491713920042", text, report_token=token)


async def test_umlauts_euro_and_ampersand_arrive_as_typed(gateway: Kannel) -> None:
    text = "Müller & Söhne, Groß +493023125100: 5 € Nachlaß? 100%, bitte RR. 10:42"

    async with aiohttp.ClientSession() as session:
        outcome = await SmsTransport(gateway.settings(), session).send(an_sms(text))

    assert isinstance(outcome, Sent)
    await until(gateway.arrived, message="the SMS centre gets the message")
    assert gateway.arrived() == [("Sekretariat", "+491713920042", text)]


async def test_wrong_password_is_refused_and_nothing_arrives(gateway: Kannel) -> None:
    settings = SmsSettings(preset="kannel", url=gateway.url, username="bridge", secret=Secret("wrong"))

    async with aiohttp.ClientSession() as session:
        outcome = await SmsTransport(settings, session).send(an_sms("Angebot"))

    assert isinstance(outcome, Failed)
    assert not outcome.permanent, "ours to mend; the message waits"
    assert gateway.arrived() == []


async def test_delivery_report_makes_it_delivered(gateway: Kannel, sqlite_db: Database) -> None:
    sms = await _sent(sqlite_db)
    port, told = free_port(), list[str]()
    app = web.Application()
    app.add_routes(Reports(sqlite_db, lambda: NOW, told.append).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()

    async with aiohttp.ClientSession() as session:
        transport = SmsTransport(gateway.settings(), session, f"http://127.0.0.1:{port}{PATH}")
        await transport.send(an_sms("Angebot. 10:42", sms.report_token))
        await until(lambda: told, message="Kannel reports")
    await runner.cleanup()

    async with sqlite_db.read() as conn:
        found = await notifications.by_id(conn, sms.id)
    assert found is not None
    assert found.state is State.DELIVERED


async def _sent(db: Database) -> Notification:
    """An SMS that our worker has handed to the gateway."""
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        note = CallNote(new_id(), "Hans Müller", "Angebot", recipients=(house.erika,))
        await notes.insert(
            conn, note, call_id=call_id, customer_id=house.customer_id, agent_id=house.anna, now=NOW
        )
        sms = Notification(
            new_id(), note.id, house.customer_id, Channel.SMS, MessageKind.NOTE, "+491713920042", "Angebot",
            due_at=NOW, created_at=NOW, report_token="a-secret-of-this-sms-alone",
        )  # fmt: skip
        await notifications.insert(conn, [sms])
        (sending,) = await notifications.claim_due(conn, NOW, NOW + timedelta(minutes=1))
        await notifications.finish(conn, sending, Outcome.SENT, "0: Accepted", NOW)
    return sms
