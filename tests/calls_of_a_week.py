"""Calls of a fortnight for Mustermann AG, the same at every run: for pages that show and count calls."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import SampleCompany

CALLERS = (
    ("Hans Müller", "Müller GmbH", "+491713920042"),
    (
        "Dr.-Ing. Maximiliane von der Mühlenberg-Hohenstein",
        "Ingenieurgesellschaft Hohenstein",
        "+493023125900",
    ),
    ("Gül Aydın", "", "+491713920043"),
)
CONCERNS = (
    "Bittet um Rückruf wegen des Angebots 4711. Die Lieferzeit ist ihm zu lang, er fragt nach Rabatt.",
    "Möchte einen Termin verschieben.",
    "Reklamation: Zwei Kartons waren beschädigt, Fotos kommen per E-Mail.",
)
STATES = (*[notifications.State.SENT] * 8, notifications.State.FAILED, notifications.State.UNCERTAIN)


async def call_often(db: Database, house: SampleCompany, now: datetime, count: int = 120) -> list[str]:
    """Ids of the calls, the newest first; the newest has everything that a call can have."""
    chance = random.Random(7)
    made = [await _full(db, house, now - timedelta(minutes=20))]
    for number in range(count):
        at = now - timedelta(minutes=40 + number * 117 + chance.randrange(90))
        made.append(await _one(db, house, at, chance))
    return made


async def _one(db: Database, house: SampleCompany, at: datetime, chance: random.Random) -> str:
    missed, withheld = chance.random() < 0.08, chance.random() < 0.1
    name, company, number = chance.choice(CALLERS)
    answered = None if missed else at + timedelta(seconds=chance.choice((4, 7, 12, 31)))
    call = calls.StoredCall(
        new_id(), new_id(), "+493023125100", at, house.customer_id,
        caller_number="" if withheld else number, agent_id=None if missed else house.anna,
        vip_id="vip" if number == "+491713920042" else None, answered_at=answered,
        ended_at=at + timedelta(minutes=3),
        outcome=calls.Outcome.ABANDONED if missed else calls.Outcome.NOTED,
    )  # fmt: skip
    async with db.write() as conn:
        await calls.insert(conn, call)
        if not missed:
            person = chance.choice((house.erika, house.jens))
            note = CallNote(
                new_id(), name, chance.choice(CONCERNS), company, number,
                urgent=chance.random() < 0.1, recipients=(person,),
            )  # fmt: skip
            await _noted(conn, house, call, note, chance.choice(STATES))
    return call.id


async def _full(db: Database, house: SampleCompany, at: datetime) -> str:
    """Rung, declined, taken by the deputy; a note that was corrected; an SMS that failed."""
    call = calls.StoredCall(
        new_id(), "full", "+493023125100", at, house.customer_id, caller_number="+491713920042",
        caller_name="Hans Mueller", agent_id=house.anna, answered_at=at + timedelta(seconds=6),
        ended_at=at + timedelta(minutes=4), outcome=calls.Outcome.NOTED,
    )  # fmt: skip
    tried = ((house.erika, "declined", False), (house.jens, "joined", True))
    first = CallNote(
        new_id(), "Hans Müller", "Angebot", "Müller GmbH", "+491713920042",
        fields=(("art", "Neukunde"),), recipients=(house.erika,), put_through_to=house.jens,
    )  # fmt: skip
    second = CallNote(
        new_id(), "Hans Müller", "Angebot 4711, er nimmt es an.", "Müller GmbH", "+491713920042",
        fields=(("art", "Bestandskunde"),), urgent=True,
        callback_by=(at + timedelta(days=1)).replace(tzinfo=None),
        recipients=(house.erika,), put_through_to=house.jens, message_to_caller="Rückruf in 30 Minuten.",
    )  # fmt: skip
    async with db.write() as conn:
        await calls.insert(conn, call)
        for number, (person, result, deputy) in enumerate(tried):
            begun = at + timedelta(seconds=40 + 30 * number)
            attempt = attempts.StoredAttempt(
                f"full-a{number}", call.id, begun, person, deputy, result=result, asked_id=house.erika
            )
            await attempts.insert(conn, attempt)
        await _noted(conn, house, call, first, notifications.State.SENT)
        await _noted(conn, house, call, second, notifications.State.FAILED, replaces=first.id)
    return call.id


async def _noted(
    conn: AsyncConnection,
    house: SampleCompany,
    call: calls.StoredCall,
    note: CallNote,
    state: notifications.State,
    replaces: str | None = None,
) -> None:
    at = call.arrived_at + timedelta(minutes=4)
    await notes.insert(
        conn, note, call_id=call.id, customer_id=house.customer_id, agent_id=house.anna, now=at,
        replaces_id=replaces,
    )  # fmt: skip
    mail = notifications.Notification(
        new_id(), note.id, house.customer_id, Channel.EMAIL, MessageKind.NOTE, "erika@example.org",
        "Text", at, at, cc=("erste@example.org",), state=state, attempts=1,
    )  # fmt: skip
    await notifications.insert(conn, [mail])
