"""The tables of schema.sql as SQLAlchemy sees them; what each column means stands there, and a test holds both together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
    text,
)

from pbx_bridge.storage.types import UtcTime

metadata = MetaData()


def _key() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _text(name: str, *more: Any, default: str | None = "", **options: Any) -> Column[str]:
    """A text that is never null; empty unless `default` says otherwise, None: to be given."""
    server_default = None if default is None else text(f"'{default}'")
    return Column(name, Text, *more, nullable=False, server_default=server_default, **options)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _moment(name: str, *, optional: bool = False, now: bool = False) -> Column[Any]:
    return Column(name, UtcTime, nullable=optional, server_default=text("CURRENT_TIMESTAMP") if now else None)


def _of(name: str, target: str, *, lost: str | None = "CASCADE", optional: bool = False, **options: Any) -> Column[str]:
    """A reference to `target`.id; `lost` is what happens here when the row there is deleted."""
    return Column(name, Text, ForeignKey(f"{target}.id", ondelete=lost), nullable=optional, **options)


def _one_of(constraint: str, column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=constraint)


schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    _moment("applied_at", now=True),
)

data_version = Table(
    "data_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("id = 1", name="data_version_one_row"),
)

# ── customers ─────────────────────────────────────────────────────────────────────────────────────

tariff = Table(
    "tariff",
    metadata,
    _key(),
    _text("name", default=None, unique=True),
    Column("put_through", Boolean, nullable=False),
    Column("sms_price_micros", BigInteger, nullable=False, server_default=text("100000")),
    CheckConstraint("sms_price_micros >= 0", name="tariff_price"),
)

customer = Table(
    "customer",
    metadata,
    _key(),
    _text("name", default=None, unique=True),
    _text("spoken_name"),
    _of("tariff_id", "tariff", lost=None),
    _text("greeting", default=None),
    _text("instruction"),
    _text("default_email"),
    Column("hue", Integer, nullable=False, server_default=text("0")),
    _text("zone", default="Europe/Berlin"),
    _text("region", default="DE"),
    _flag("confidential"),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    _moment("created_at", now=True),
    _moment("changed_at", now=True),
    CheckConstraint("hue BETWEEN 0 AND 11", name="customer_hue"),
)

line = Table(
    "line",
    metadata,
    _key(),
    _text("number", default=None, unique=True),
    _text("region", default="DE"),
    _of("customer_id", "customer", lost="SET NULL", optional=True),
)

public_number = Table(
    "public_number",
    metadata,
    Column("number", Text, primary_key=True),
    _of("customer_id", "customer"),
    Index("public_number_customer", "customer_id"),
)

employee = Table(
    "employee",
    metadata,
    _key(),
    _of("customer_id", "customer"),
    _text("name", default=None),
    _text("given_name"),
    _text("family_name"),
    _text("position"),
    _text("responsibility"),
    _text("email"),
    _flag("sms"),
    _text("mobile"),
    _of("deputy_id", "employee", lost="SET NULL", optional=True),
    _text("extension"),
    _text("put_through", default="none"),
    _flag("vip_sms"),
    _text("absence_info"),
    Column("ring_seconds", Integer),
    _one_of("employee_put_through", "put_through", "none", "all", "vip"),
    CheckConstraint("ring_seconds BETWEEN 5 AND 60", name="employee_ring"),
    Index("employee_customer", "customer_id"),
)

employee_cc = Table(
    "employee_cc",
    metadata,
    _of("employee_id", "employee", primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _text("email", default=None),
)

appointment = Table(
    "appointment",
    metadata,
    _key(),
    _of("employee_id", "employee"),
    _text("text", default=None),
    _text("start_local", default=None),
    Column("start_fold", Integer, nullable=False, server_default=text("0")),
    _text("end_local", default=None),
    Column("end_fold", Integer, nullable=False, server_default=text("0")),
    _flag("all_day"),
    _flag("reachable"),
    CheckConstraint("start_fold IN (0, 1)", name="appointment_start_fold"),
    CheckConstraint("end_fold IN (0, 1)", name="appointment_end_fold"),
    CheckConstraint(
        "end_local > start_local OR (end_local = start_local AND end_fold > start_fold)", name="appointment_order"
    ),
    Index("appointment_employee", "employee_id"),
)

vip_caller = Table(
    "vip_caller",
    metadata,
    _key(),
    _of("customer_id", "customer"),
    _of("employee_id", "employee", optional=True),
    _text("pattern", default=None),
    _text("name", default=None),
    _text("info"),
    Index("vip_caller_customer", "customer_id"),
)

faq_entry = Table(
    "faq_entry",
    metadata,
    _key(),
    _of("customer_id", "customer"),
    Column("place", Integer, nullable=False),
    _text("question", default=None),
    _text("answer", default=None),
    Index("faq_entry_customer", "customer_id", "place"),
)

note_field = Table(
    "note_field",
    metadata,
    _of("customer_id", "customer", primary_key=True),
    Column("key", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    _text("label", default=None),
    _text("kind", default=None),
    _flag("required"),
    Column("choices", JSON(none_as_null=True)),
    _one_of("note_field_kind", "kind", "text", "number", "date", "choice", "yesno", "phone"),
)

# ── people who log in ─────────────────────────────────────────────────────────────────────────────

account = Table(
    "account",
    metadata,
    _key(),
    _text("login", default=None, unique=True),
    _text("password_hash", default=None),
    _text("role", default=None),
    _of("customer_id", "customer", optional=True),
    _of("employee_id", "employee", optional=True),
    _text("locale", default="de"),
    _flag("disabled"),
    _moment("created_at", now=True),
    _one_of("account_role", "role", "agent", "supervisor", "customer", "subaccount", "operator"),
    _one_of("account_locale", "locale", "de", "en"),
)

agent = Table(
    "agent",
    metadata,
    _key(),
    _of("account_id", "account", unique=True),
    _text("given_name", default=None),
    _text("family_name", default=None),
    _text("interface", default=None, unique=True),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _of("account_id", "account"),
    _text("csrf", default=None),
    _moment("created_at"),
    _moment("seen_at"),
    _moment("expires_at"),
    Index("session_account", "account_id"),
)

login_throttle = Table(
    "login_throttle",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    _moment("blocked_until"),
)

# ── calls ─────────────────────────────────────────────────────────────────────────────────────────

call = Table(
    "call",
    metadata,
    _key(),
    _text("pbx_call", default=None, unique=True),
    _text("line_number", default=None),
    _of("customer_id", "customer", optional=True),
    _text("unassigned_reason"),
    _text("caller_number"),
    _text("caller_name"),
    Column("vip_id", Text),
    _of("agent_id", "agent", lost="SET NULL", optional=True),
    _moment("arrived_at"),
    _moment("answered_at", optional=True),
    _moment("ended_at", optional=True),
    _text("outcome", default="open"),
    _text("closed_reason"),
    _one_of("call_outcome", "outcome", "open", "noted", "closed", "abandoned", "lost"),
    Index("call_customer", "customer_id", "arrived_at"),
    Index("call_caller", "customer_id", "caller_number"),
)
Index("call_agent_open", call.c.agent_id, postgresql_where=text("outcome = 'open'"), sqlite_where=text("outcome = 'open'"))

attempt = Table(
    "attempt",
    metadata,
    _key(),
    _of("call_id", "call"),
    _of("employee_id", "employee", lost="SET NULL", optional=True),
    _flag("as_deputy"),
    _moment("started_at"),
    _moment("answered_at", optional=True),
    _moment("ended_at", optional=True),
    Column("result", Text),
    _one_of(
        "attempt_result",
        "result",
        *("joined", "declined", "busy", "no_answer", "unreachable", "cancelled", "refused", "unknown"),
    ),
    Index("attempt_call", "call_id"),
)

# ── notes and notifications ───────────────────────────────────────────────────────────────────────

note_draft = Table(
    "note_draft",
    metadata,
    _of("call_id", "call", primary_key=True),
    _of("agent_id", "agent"),
    Column("body", JSON, nullable=False),
    Column("revision", BigInteger, nullable=False),
    _moment("changed_at"),
)

call_note = Table(
    "call_note",
    metadata,
    _key(),
    _of("call_id", "call"),
    _of("customer_id", "customer"),
    _of("agent_id", "agent", lost="SET NULL", optional=True),
    _of("replaces_id", "call_note", optional=True, unique=True),
    _text("caller_name", default=None),
    _text("caller_company"),
    _text("callback_number"),
    _text("concern", default=None),
    Column("fields", JSON, nullable=False),
    _flag("urgent"),
    _text("callback_by_local"),
    _of("put_through_to", "employee", lost="SET NULL", optional=True),
    _text("message_to_caller"),
    _moment("created_at"),
    Index("call_note_call", "call_id"),
    Index("call_note_customer", "customer_id", "created_at"),
)

note_recipient = Table(
    "note_recipient",
    metadata,
    _of("note_id", "call_note", primary_key=True),
    _of("employee_id", "employee", primary_key=True),
)

notification = Table(
    "notification",
    metadata,
    _key(),
    _of("note_id", "call_note"),
    _of("customer_id", "customer"),
    _of("employee_id", "employee", lost="SET NULL", optional=True),
    _text("channel", default=None),
    _text("kind", default=None),
    _text("address", default=None),
    Column("cc", JSON, nullable=False),
    _text("subject"),
    _text("body_text", default=None),
    _text("body_html"),
    _text("message_id"),
    _text("state", default="waiting"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    _moment("due_at"),
    _moment("lease_until", optional=True),
    _text("gateway_id"),
    _moment("created_at"),
    _moment("finished_at", optional=True),
    _one_of("notification_channel", "channel", "email", "sms"),
    _one_of("notification_kind", "kind", "short", "note", "vip", "correction"),
    _one_of("notification_state", "state", "waiting", "sending", "sent", "delivered", "failed", "uncertain"),
    Index("notification_note", "note_id"),
)
_UNDER_WAY = text("state IN ('waiting', 'sending')")
_NAMED = text("gateway_id <> ''")
Index("notification_due", notification.c.due_at, postgresql_where=_UNDER_WAY, sqlite_where=_UNDER_WAY)
Index("notification_gateway", notification.c.gateway_id, postgresql_where=_NAMED, sqlite_where=_NAMED)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    _of("notification_id", "notification", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _moment("started_at"),
    _moment("ended_at", optional=True),
    Column("outcome", Text),
    _text("detail"),
    _one_of("delivery_attempt_outcome", "outcome", "sent", "failed", "uncertain"),
)

sms_usage = Table(
    "sms_usage",
    metadata,
    _of("notification_id", "notification", primary_key=True),
    _of("customer_id", "customer"),
    Column("price_micros", BigInteger, nullable=False),
    _moment("at"),
    Index("sms_usage_customer", "customer_id", "at"),
)

desk_command = Table(
    "desk_command",
    metadata,
    _of("account_id", "account", primary_key=True),
    Column("id", Text, primary_key=True),
    Column("answer", JSON, nullable=False),
    _moment("at"),
)
