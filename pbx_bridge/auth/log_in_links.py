"""Links by which somebody sets a password, the first one or instead of a forgotten one: made, kept as a hash
and mailed in one place, whoever has it sent."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from pbx_bridge.storage.access import invitations
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox.notifications import Notification
from rules.model import Channel, MessageKind

LASTS = timedelta(days=7)
"""How long an invitation is good."""
PATHS: Mapping[MessageKind, str] = MappingProxyType(
    {MessageKind.INVITATION: "einladung", MessageKind.PASSWORD: "kennwort"}
)
"""Where such links lead."""

LinkInWords = Callable[[str], tuple[str, str]]
"""Subject and text of the mail that brings this link."""


@dataclass(frozen=True, slots=True)
class LinkOffice:
    """`base`: what addresses of this service begin with; `domain`: of Message-IDs."""

    base: str
    domain: str

    @classmethod
    def of(cls, public_url: str, origin: object, contact: str) -> LinkOffice:
        """`origin`: of the request, where no address is set; `contact`: our mail address."""
        return cls(public_url or str(origin), contact.rpartition("@")[2])


@dataclass(frozen=True, slots=True)
class LogInLink:
    """`until`: how long it is good (aware); `customer_id`, `employee_id`: to whose mails it counts, None: to
    those of the house."""

    office: LinkOffice
    kind: MessageKind
    until: datetime
    words: LinkInWords
    customer_id: str | None = None
    employee_id: str | None = None


async def send(conn: AsyncConnection, account: Account, link: LogInLink, now: datetime) -> None:
    """Into the outbox, in the caller's transaction; the link of before is good no more. The token itself
    stands in the mail only, whose text is emptied once it is sent."""
    token, mail_id = secrets.token_urlsafe(32), new_id()
    subject, text = link.words(f"{link.office.base}/{PATHS[link.kind]}/{token}")
    mail = Notification(
        id=mail_id,
        note_id=None,
        account_id=account.id,
        customer_id=link.customer_id,
        employee_id=link.employee_id,
        channel=Channel.EMAIL,
        kind=link.kind,
        address=account.mails_to,
        subject=subject,
        body_text=text,
        due_at=now,
        created_at=now,
        message_id=f"<{mail_id}@{link.office.domain}>",
    )
    await invitations.invite(conn, invitations.hashed(token), link.until, mail)
