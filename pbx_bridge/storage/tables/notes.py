"""Notes and what goes out because of them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, Table, text

from pbx_bridge.storage.db.types import PlainText
from pbx_bridge.storage.tables.columns import flag, key, metadata, moment, of, one_of, words
from rules.model import Channel, MessageKind
from rules.outbox.mail_answers import About
from rules.vocabulary import MessageState, SendOutcome

note_draft = Table(
    "note_draft",
    metadata,
    key(),
    of("call_id", "call"),
    of("note_id", "call_note", optional=True),
    of("agent_id", "agent", lost="SET NULL", optional=True),
    Column("body", JSON, nullable=False),
    Column("revision", BigInteger, nullable=False),
    moment("changed_at"),
    Index("note_draft_call", "call_id"),
    Index("note_draft_note", "note_id"),
    Index("note_draft_agent", "agent_id"),
)

call_note = Table(
    "call_note",
    metadata,
    key(),
    of("call_id", "call"),
    of("customer_id", "customer", optional=True),
    of("agent_id", "agent", lost="SET NULL", optional=True),
    of("replaces_id", "call_note", optional=True, unique=True),
    words("caller_name", default=None),
    words("caller_company"),
    words("callback_number"),
    words("concern", default=None),
    Column("fields", JSON, nullable=False),
    flag("urgent"),
    words("callback_by_local"),
    of("put_through_to", "employee", lost="SET NULL", optional=True),
    words("message_to_caller"),
    moment("created_at"),
    words("conversation"),
    Column("revision", BigInteger, nullable=False, server_default=text("0")),
    flag("callback_wanted", default=True),
    flag("sms_off"),
    flag("untold", default=True),
    Index("call_note_call", "call_id"),
    Index("call_note_put_through_to", "put_through_to"),
    Index("call_note_customer", "customer_id", "created_at"),
    Index("call_note_agent", "agent_id", "created_at"),
    Index("call_note_created", "created_at"),
    Index("call_note_untold", "created_at", sqlite_where=text("untold"), postgresql_where=text("untold")),
)

note_recipient = Table(
    "note_recipient",
    metadata,
    of("note_id", "call_note", primary_key=True),
    of("employee_id", "employee", primary_key=True),
    Index("note_recipient_employee", "employee_id"),
)

voice_message = Table(
    "voice_message",
    metadata,
    key(),
    words("recording", default=None, unique=True),
    of("call_id", "call"),
    of("note_id", "call_note", unique=True),
    Column("seconds", Integer, nullable=False),
    moment("at"),
    Index("voice_message_call", "call_id"),
)

notification = Table(
    "notification",
    metadata,
    key(),
    of("note_id", "call_note", optional=True),
    of("account_id", "account", optional=True),
    of("customer_id", "customer", optional=True),
    of("employee_id", "employee", lost="SET NULL", optional=True),
    words("channel", default=None),
    words("kind", default=None),
    words("address", default=None),
    Column("cc", JSON, nullable=False),
    words("subject"),
    words("body_text", default=None),
    words("body_html"),
    words("message_id"),
    words("state", default="waiting"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    moment("due_at"),
    moment("lease_until", optional=True),
    words("gateway_id"),
    moment("created_at"),
    moment("finished_at", optional=True),
    words("report_token"),
    moment("again_at", optional=True),
    flag("is_copy"),
    words("reason"),
    one_of("notification_channel", "channel", Channel),
    one_of("notification_kind", "kind", MessageKind),
    one_of("notification_state", "state", MessageState),
    Index("notification_note", "note_id"),
    Index("notification_account", "account_id"),
    Index("notification_employee", "employee_id"),
    Index("notification_customer", "customer_id"),
)
_UNDER_WAY = text("state IN ('waiting', 'sending')")
_NAMED = text("gateway_id <> ''")
_REPORTED = text("report_token <> ''")
_STUCK = text("state IN ('failed', 'uncertain')")
_UNEMPTIED = text("address <> ''")
Index("notification_due", notification.c.due_at, postgresql_where=_UNDER_WAY, sqlite_where=_UNDER_WAY)
Index("notification_gateway", notification.c.gateway_id, postgresql_where=_NAMED, sqlite_where=_NAMED)
Index("notification_report", notification.c.report_token, postgresql_where=_REPORTED, sqlite_where=_REPORTED)
Index(
    "notification_unemptied",
    notification.c.finished_at,
    postgresql_where=_UNEMPTIED,
    sqlite_where=_UNEMPTIED,
)
Index("notification_stuck", notification.c.created_at, postgresql_where=_STUCK, sqlite_where=_STUCK)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    of("notification_id", "notification", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    moment("started_at"),
    moment("ended_at", optional=True),
    Column("outcome", PlainText),
    words("detail"),
    words("about", default="message"),
    one_of("delivery_attempt_outcome", "outcome", SendOutcome),
    one_of("delivery_attempt_about", "about", About),
)

desk_command = Table(
    "desk_command",
    metadata,
    of("account_id", "account", primary_key=True),
    Column("id", PlainText, primary_key=True),
    Column("answer", JSON, nullable=False),
    moment("at"),
)
