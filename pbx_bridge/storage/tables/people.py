"""People who log in."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, Integer, Table, text

from pbx_bridge.storage.db.types import PlainText
from pbx_bridge.storage.tables.columns import flag, key, metadata, moment, of, one_of, words
from rules.vocabulary import FIRST_LANGUAGE, Role, SpokenLanguage

account = Table(
    "account",
    metadata,
    key(),
    words("login", default=None, unique=True),
    words("password_hash", default=None),
    words("role", default=None),
    of("customer_id", "customer", optional=True),
    of("employee_id", "employee", optional=True),
    words("locale", default=FIRST_LANGUAGE),
    flag("disabled"),
    moment("created_at", now=True),
    words("email"),
    Index("account_employee", "employee_id"),
    Index("account_customer", "customer_id"),
    Index("account_role_of", "role", "disabled"),
    one_of("account_role", "role", Role),
)

agent = Table(
    "agent",
    metadata,
    key(),
    of("account_id", "account", unique=True),
    words("given_name", default=None),
    words("family_name", default=None),
    words("interface", default=None, unique=True),
    flag("bound"),
    words("languages", default=SpokenLanguage.GERMAN.value),
)

pause_reason = Table(
    "pause_reason",
    metadata,
    key(),
    Column("names", JSON, nullable=False),
    Column("place", Integer, nullable=False),
    flag("retired"),
)

agent_phone = Table(
    "agent_phone",
    metadata,
    of("agent_id", "agent", primary_key=True),
    words("digest", default=None),
    moment("given_at"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    of("account_id", "account"),
    words("csrf", default=None),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    words("holder"),
    words("device"),
    words("network"),
    words("stage"),
    of("viewed_id", "customer", lost="SET NULL", optional=True),
    Index("session_account", "account_id"),
    Index("session_viewed", "viewed_id"),
)

known_device = Table(
    "known_device",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    of("account_id", "account", primary_key=True),
    moment("seen_at"),
    Index("known_device_account", "account_id", "seen_at"),
)

login_throttle = Table(
    "login_throttle",
    metadata,
    Column("key", PlainText, primary_key=True),
    Column("failures", Integer, nullable=False),
    moment("blocked_until"),
)

second_factor = Table(
    "second_factor",
    metadata,
    of("account_id", "account", primary_key=True),
    words("secret", default=None),
    flag("confirmed"),
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),
    moment("created_at"),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    of("account_id", "account", primary_key=True),
    Column("code_hash", PlainText, primary_key=True),
)

access_log = Table(
    "access_log",
    metadata,
    key(),
    moment("at"),
    words("deed", default=None),
    words("login"),
    words("done_by"),
    words("device"),
    words("network"),
    words("detail"),
    Column("place", BigInteger, nullable=False, server_default=text("0")),
    words("salt"),
    words("content_hash"),
    words("previous_hash"),
    words("own_hash"),
    Index("access_log_at", "at"),
    Index("access_log_login", "login"),
    Index("access_log_done_by", "done_by"),
    Index("access_log_deed", "deed", "at"),
    Index("access_log_place", "place", unique=True),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("place", BigInteger, nullable=False, server_default=text("0")),
    words("hash"),
    moment("checked_at", optional=True),
    words("breach"),
    Column("broken", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("id = 1", name="audit_head_one_row"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    of("account_id", "account", unique=True),
    moment("expires_at"),
)
