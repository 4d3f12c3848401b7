"""Who did what at the door: log-ins, failures, and changes of passwords and second factors; and who read
notes, or changed a company's data. No secrets. Entries are a chain (`audit_chain`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, true

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import audit_chain
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.access.sessions import NOWHERE, Where
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification
from pbx_bridge.time_slices import gently
from rules.access.audit_chain import EMPTIED, FORGOTTEN
from rules.model import Channel, MessageKind


class AccessEvent(StrEnum):
    """What was done (the column `deed`); its words stand in the portal's catalogue."""

    LOG_IN = "log_in"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a code
    WRONG_CODE = "wrong_code"
    LOCKED_OUT = "locked_out"
    LOG_OUT = "log_out"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code
    PASSWORD_BY_LINK = "password_by_link"  # noqa: S105 - a code
    LINK_SENT = "link_sent"
    EMAIL_CHANGED = "email_changed"
    FACTOR_SET_UP = "factor_set_up"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_USED = "recovery_used"
    RECOVERY_RENEWED = "recovery_renewed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    ADDED = "added"
    DELETED = "deleted"
    RESTORED = "restored"
    INVITED = "invited"
    INVITATION_TAKEN = "invitation_taken"
    ROLE_CHANGED = "role_changed"
    COMPANY_CHANGED = "company_changed"
    EMPLOYEE_CHANGED = "employee_changed"
    PHONE_GIVEN = "phone_given"
    PHONE_TAKEN = "phone_taken"
    BOUND = "bound"
    UNBOUND = "unbound"
    DATA_CHANGED = "data_changed"
    COMPANY_STATE = "company_state"
    LINE_ASSIGNED = "line_assigned"
    LINES_ADDED = "lines_added"
    LINE_REMOVED = "line_removed"
    TEAM_SAVED = "team_saved"
    TEAM_DELETED = "team_deleted"
    AGENT_TEAMS = "agent_teams"
    AGENT_LANGUAGES = "agent_languages"
    CONFIDENTIAL = "confidential"
    NOT_CONFIDENTIAL = "not_confidential"
    ANSWERING_CHANGED = "answering_changed"
    HOUSE_UNDONE = "house_undone"
    TARIFF_CHANGED = "tariff_changed"
    COMPANY_TARIFF = "company_tariff"
    VIEW_BEGUN = "view_begun"
    VIEW_CHANGED = "view_changed"
    VIEW_ENDED = "view_ended"
    NOTES_READ = "notes_read"
    NOTES_TAKEN_ALONG = "notes_taken_along"
    DATA_ERASED = "data_erased"
    DATA_HANDED_OUT = "data_handed_out"
    RETENTION_CHANGED = "retention_changed"
    NOTE_FIELDS_CHANGED = "note_fields_changed"
    HOLIDAYS_CHANGED = "holidays_changed"
    PAUSE_REASON_CHANGED = "pause_reason_changed"
    MESSAGE_BY_HAND = "message_by_hand"
    CALL_BACK_SETTLED = "call_back_settled"
    CALL_BACK_REOPENED = "call_back_reopened"
    CHAIN_BEGUN = audit_chain.BEGUN
    ENTRIES_FORGOTTEN = FORGOTTEN
    ENTRIES_EMPTIED = EMPTIED


TOLD = frozenset(
    {
        AccessEvent.PASSWORD_CHANGED, AccessEvent.PASSWORD_BY_LINK, AccessEvent.EMAIL_CHANGED,
        AccessEvent.FACTOR_SET_UP, AccessEvent.FACTOR_REMOVED, AccessEvent.RECOVERY_USED,
        AccessEvent.RECOVERY_RENEWED,
    }
)  # fmt: skip
"""What its owner is told by mail: somebody else may have done it."""
COMMAND_LINE, IMPORT, SERVICE = "command line", "import", "pbx-bridge"
"""Who did it, where no log-in did."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`login` "": nobody has what was typed; `done_by`: whoever did it, if somebody else; `detail`: what it
    was and is."""

    id: str
    at: datetime
    event: str
    login: str
    done_by: str
    device: str
    network: str
    detail: str


async def write(
    conn: AsyncConnection,
    event: AccessEvent,
    account: Account | None,
    now: datetime,
    where: Where = NOWHERE,
    done_by: str = "",
    detail: str = "",
) -> None:
    """Note it, in the transaction of what happened itself, with the mail that tells whose log-in it is."""
    shown = account.shown if account else ""
    await write_all(conn, event, [shown], now, where, done_by, detail)
    if account is not None and event in TOLD and account.mails_to and account.is_named:
        await notifications.insert(conn, [_mail(event, account, now, where, done_by)])


async def write_all(
    conn: AsyncConnection,
    event: AccessEvent,
    shown: Iterable[str],
    now: datetime,
    where: Where = NOWHERE,
    done_by: str = "",
    detail: str = "",
) -> None:
    """The same event for each of these log-ins, as people call them."""
    place = {"done_by": done_by, "device": where.device, "network": where.network, "detail": detail}
    row = {"at": now, "deed": event.value} | place
    audit_chain.write(conn, [{"id": new_id(), "login": login} | row async for login in gently(shown)])


def _mail(event: AccessEvent, account: Account, now: datetime, where: Where, done_by: str) -> Notification:
    """Its words are found when it is sent (`outbox.composing.account_mail`): here are those of the house."""
    facts = {"deed": event.value, "device": where.device, "network": where.network, "done_by": done_by}
    return Notification(
        id=new_id(),
        note_id=None,
        account_id=account.id,
        customer_id=None,
        channel=Channel.EMAIL,
        kind=MessageKind.SECURITY,
        address=account.mails_to,
        body_text=json.dumps(facts),
        due_at=now,
        created_at=now,
    )


async def listed(
    conn: AsyncConnection, *, event: str = "", login: str = "", skip: int = 0, most: int = 100
) -> tuple[Sequence[Entry], int]:
    """The newest first, and how many there are. `login`: a part of it."""
    c = t.access_log.c
    wanted: ColumnElement[bool] = true()
    if event:
        wanted &= c.deed == event
    if login:
        wanted &= c.login.contains(login.strip().lower(), autoescape=True)
    rows = select(t.access_log).where(wanted).order_by(c.at.desc(), c.id.desc()).offset(skip).limit(most)
    count = select(func.count()).select_from(t.access_log).where(wanted)
    found = tuple(
        Entry(row.id, row.at, row.deed, row.login, row.done_by, row.device, row.network, row.detail)
        for row in await conn.execute(rows)
    )
    return found, int((await conn.execute(count)).scalar_one())


async def forget(conn: AsyncConnection, before: datetime, now: datetime) -> bool:
    """Some of what is older than the operator keeps it; False: there is none. By whole days (UTC), so that
    the chain speaks of it once a day."""
    day = before.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return await audit_chain.forget(conn, day, now)
