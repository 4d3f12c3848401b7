"""One message of a note as a row of the outbox, with its words."""

from __future__ import annotations

import secrets
from datetime import datetime

from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.composing.compose import MessageFacts, compose
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox import notifications
from rules.model import Channel
from rules.outbox.notification import Notification
from rules.vocabulary import FIRST_LANGUAGE


def message_row(
    wanted: Notification, told: MessageFacts, now: datetime, sender_domain: str
) -> notifications.Notification:
    """Due at once. `sender_domain`: the right-hand side of its Message-ID."""
    message = compose(wanted, told, words_of(FIRST_LANGUAGE))
    row_id = new_id()
    return notifications.Notification(
        id=row_id,
        note_id=told.note.id,
        customer_id=told.customer.id,
        channel=wanted.channel,
        kind=wanted.kind,
        address=wanted.address,
        body_text=message.text,
        due_at=now,
        created_at=now,
        employee_id=wanted.employee_id,
        cc=wanted.cc,
        subject=message.subject,
        body_html=message.html,
        message_id=f"<{row_id}@{sender_domain}>",
        report_token=secrets.token_urlsafe(24) if wanted.channel is Channel.SMS else "",
        reason=wanted.reason.value,
    )
