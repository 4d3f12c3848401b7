"""The view of a customer: an operator opens the portal of a company as it looks to its main log-in.

The session stays the operator's own, and so does the name under which everything is done: only the company of
this one request is another. It ends with the session.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from pbx_bridge.auth.permissions import in_view
from pbx_bridge.auth.sessions import Session
from pbx_bridge.errors import ForbiddenError, NotFoundError
from pbx_bridge.storage.access import access_log, sessions
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection


class OtherViewError(ForbiddenError):
    """The form is from the view of another company than the one that is open now; nothing of it is done."""

    code = "view_changed"


def acting(session: Session, method: str, route: str | None) -> Account | None:
    """As whom an operator uses this route in the view that is open; None: as nobody but themselves. Raises
    ForbiddenError for what is left to the company's own people."""
    if session.viewed is None or session.account.role is not Role.OPERATOR:
        return None
    allowed = in_view(method, route)
    if allowed is None:
        return None
    if not allowed:
        raise ForbiddenError
    return replace(session.account, role=Role.CUSTOMER, customer_id=session.viewed)


def form_token(session: Session) -> str:
    """What forms of the view carry: that of the session would also fit the view of another company, opened
    meanwhile in another tab, and change that."""
    return hashlib.sha256(f"{session.csrf} {session.viewed}".encode()).hexdigest()


async def begin(conn: AsyncConnection, session_id: str, customer_id: str, by: By) -> None:
    """Open it; another one that is open is closed. Raises NotFoundError."""
    company = await customers.name(conn, customer_id)
    if company is None:
        raise NotFoundError
    await sessions.view(conn, session_id, customer_id)
    await _note(conn, AccessEvent.VIEW_BEGUN, by, company)


async def end(conn: AsyncConnection, session: Session, by: By) -> str:
    """Close it; returns the id of the company, "" if none was open."""
    if session.viewed is None:
        return ""
    await sessions.view(conn, session.id, None)
    await _note(conn, AccessEvent.VIEW_ENDED, by, await customers.name(conn, session.viewed) or "–")
    return session.viewed


async def note_change(conn: AsyncConnection, by: By, company: str, change_code: str) -> None:
    """What was changed in the view, in the transaction of the change."""
    await _note(conn, AccessEvent.VIEW_CHANGED, by, f"{company} · {change_code}")


async def _note(conn: AsyncConnection, event: AccessEvent, by: By, detail: str) -> None:
    await access_log.write_all(conn, event, [by.login], by.now, by.where, detail=detail)
