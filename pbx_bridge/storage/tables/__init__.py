"""The tables of schema.sql as SQLAlchemy sees them; what each column means stands there.

A test holds both together.
"""

from pbx_bridge.storage.tables.alarms import alarm
from pbx_bridge.storage.tables.billing import (
    adjustment,
    allowance,
    coming_tariff,
    contract_gap,
    former_tariff,
    tariff_terms,
    usage,
)
from pbx_bridge.storage.tables.calendars import calendar_event, calendar_feed, calendar_source
from pbx_bridge.storage.tables.calls import (
    attempt,
    blocked_caller,
    call,
    call_back,
    call_offer,
    call_time,
)
from pbx_bridge.storage.tables.columns import metadata
from pbx_bridge.storage.tables.company_changes import company_change
from pbx_bridge.storage.tables.customers import (
    appointment,
    customer,
    employee,
    employee_cc,
    faq_entry,
    house_day,
    line,
    nobody_free,
    note_field,
    public_number,
    tariff,
    text_block,
    vip_caller,
)
from pbx_bridge.storage.tables.erasure import company_retention, erasure
from pbx_bridge.storage.tables.notes import (
    call_note,
    delivery_attempt,
    desk_command,
    note_draft,
    note_recipient,
    notification,
    voice_message,
)
from pbx_bridge.storage.tables.pbx import pbx
from pbx_bridge.storage.tables.people import (
    access_log,
    account,
    agent,
    agent_phone,
    audit_head,
    invitation,
    known_device,
    login_throttle,
    pause_reason,
    recovery_code,
    second_factor,
    session,
)
from pbx_bridge.storage.tables.teams import team, team_member, team_queue
from pbx_bridge.storage.tables.undo import house_step, import_job, undo_part, undo_step
from pbx_bridge.storage.tables.versions import data_version, schema_version

__all__ = [
    "access_log",
    "account",
    "adjustment",
    "agent",
    "agent_phone",
    "alarm",
    "allowance",
    "appointment",
    "attempt",
    "audit_head",
    "blocked_caller",
    "calendar_event",
    "calendar_feed",
    "calendar_source",
    "call",
    "call_back",
    "call_note",
    "call_offer",
    "call_time",
    "coming_tariff",
    "company_change",
    "company_retention",
    "contract_gap",
    "customer",
    "data_version",
    "delivery_attempt",
    "desk_command",
    "employee",
    "employee_cc",
    "erasure",
    "faq_entry",
    "former_tariff",
    "house_day",
    "house_step",
    "import_job",
    "invitation",
    "known_device",
    "line",
    "login_throttle",
    "metadata",
    "nobody_free",
    "note_draft",
    "note_field",
    "note_recipient",
    "notification",
    "pause_reason",
    "pbx",
    "public_number",
    "recovery_code",
    "schema_version",
    "second_factor",
    "session",
    "tariff",
    "tariff_terms",
    "team",
    "team_member",
    "team_queue",
    "text_block",
    "undo_part",
    "undo_step",
    "usage",
    "vip_caller",
    "voice_message",
]
