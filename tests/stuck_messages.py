"""Messages of every fate in a house: failed for each reason, uncertain, on their way, and arrived."""

from __future__ import annotations

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, Outcome
from rules.model import CallNote, Channel, MessageKind
from rules.outbox.mail_answers import About
from tests.sample_company import NOW, SampleCompany, arrive

ADDRESS, NUMBER = "erika@example.org", "+491713920042"
SECRET = "Angebot-4711-geheim"


async def put(
    db: Database,
    house: SampleCompany,
    outcome: Outcome | None,
    detail: str = "",
    about: About = About.MESSAGE,
    channel: Channel = Channel.EMAIL,
    employee_id: str | None = "",
) -> Notification:
    """One message to Erika Beispiel whose only try came to this; None: not tried."""
    async with db.write() as conn:
        call_id = await arrive(conn, house, pbx=new_id())
        note = CallNote(new_id(), "Hans Müller", SECRET, recipients=(house.erika,))
        await notes.insert(
            conn, note, call_id=call_id, customer_id=house.customer_id, agent_id=house.anna, now=NOW
        )
        one = Notification(
            new_id(), note.id, house.customer_id, channel, MessageKind.NOTE,
            ADDRESS if channel is Channel.EMAIL else NUMBER, SECRET, due_at=NOW, created_at=NOW,
            employee_id=house.erika if employee_id == "" else employee_id, message_id="<1@example.org>",
        )  # fmt: skip
        await notifications.insert(conn, [one])
        if outcome is None:
            return one
        (claimed,) = await notifications.claim_due(conn, NOW, NOW, channel=channel)
        await notifications.finish(conn, claimed, outcome, detail, NOW, about=about)
    return one


async def all_kinds(db: Database, house: SampleCompany) -> dict[str, Notification]:
    """By what became of it."""
    return {
        "address": await put(db, house, Outcome.FAILED, "smtp_550 5.1.1 unknown", About.ADDRESS),
        "message": await put(db, house, Outcome.FAILED, "smtp_554 5.7.1 spam"),
        "too_old": await put(db, house, Outcome.FAILED, "too_old"),
        "uncertain": await put(db, house, Outcome.UNCERTAIN, "no_answer_after_data"),
        "reported": await put(db, house, Outcome.FAILED, "report_2", channel=Channel.SMS),
        "uncertain SMS": await put(db, house, Outcome.UNCERTAIN, "http_500", channel=Channel.SMS),
        "nobody's": await put(db, house, Outcome.FAILED, "smtp_550", About.ADDRESS, employee_id=None),
        "sent": await put(db, house, Outcome.SENT, "250"),
        "waiting": await put(db, house, None),
    }


STUCK = ("address", "message", "too_old", "uncertain", "reported", "uncertain SMS", "nobody's")
