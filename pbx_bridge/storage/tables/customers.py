"""Companies and all that they tell us."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Column, Index, Integer, Table, text

from pbx_bridge.storage.db.types import PlainText
from pbx_bridge.storage.tables.columns import declared, flag, key, metadata, moment, of, one_of, words
from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.fields.employee import EMPLOYEE
from rules.fields.nobody_free import NOBODY_FREE
from rules.fields.vip_caller import VIP_CALLER
from rules.model import FieldKind
from rules.vocabulary import ServiceState, SpokenLanguage

LEAVING = text("service IN ('ending', 'ended')")
NOT_LIVE = text("service <> 'live'")

tariff = Table(
    "tariff",
    metadata,
    key(),
    words("name", default=None, unique=True),
    Column("put_through", Boolean, nullable=False),
    Column("sms_parts", Integer, nullable=False, server_default=text("1")),
    flag("retired"),
    CheckConstraint("sms_parts IN (1, 2)", name="tariff_sms_parts"),
)

customer = Table(
    "customer",
    metadata,
    key(),
    words("name", default=None, unique=True),
    of("tariff_id", "tariff", lost=None),
    *declared("customer", CUSTOMER),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    moment("created_at", now=True),
    moment("changed_at", now=True),
    words("service", default=ServiceState.LIVE.value),
    moment("service_since", optional=True),
    one_of("customer_service", "service", ServiceState),
    of("team_id", "team", lost=None, optional=True),
    Column("overflow_after", Integer),
    of("overflow_team_id", "team", lost=None, optional=True),
    words("language", default=SpokenLanguage.GERMAN.value),
    CheckConstraint("hue BETWEEN 0 AND 11", name="customer_hue"),
    CheckConstraint("overflow_after BETWEEN 5 AND 240", name="customer_overflow"),
    Index("customer_team", "team_id"),
    Index("customer_overflow_team", "overflow_team_id"),
    Index("customer_version", "version"),
    Index("customer_tariff", "tariff_id"),
    Index("customer_leaving", "service", sqlite_where=LEAVING, postgresql_where=LEAVING),
    Index("customer_not_live", "name", sqlite_where=NOT_LIVE, postgresql_where=NOT_LIVE),
    Index("customer_answering", "confidential", "team_id", "overflow_after", "overflow_team_id", "language"),
)

line = Table(
    "line",
    metadata,
    key(),
    words("number", default=None, unique=True),
    words("region", default="DE"),
    of("customer_id", "customer", lost="SET NULL", optional=True),
    flag("shared"),
    moment("since", optional=True),
    Index("line_customer", "customer_id"),
    Index("line_since", "since"),
)

public_number = Table(
    "public_number",
    metadata,
    Column("number", PlainText, primary_key=True),
    of("customer_id", "customer"),
    Index("public_number_customer", "customer_id"),
)

employee = Table(
    "employee",
    metadata,
    key(),
    of("customer_id", "customer"),
    *declared("employee", EMPLOYEE),
    words("given_name"),
    words("family_name"),
    CheckConstraint("ring_seconds BETWEEN 5 AND 60", name="employee_ring"),
    Index("employee_customer", "customer_id"),
    Index("employee_deputy", "deputy_id"),
)

employee_cc = Table(
    "employee_cc",
    metadata,
    of("employee_id", "employee", primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    words("email", default=None),
)

appointment = Table(
    "appointment",
    metadata,
    key(),
    of("employee_id", "employee"),
    *declared("appointment", APPOINTMENT),
    CheckConstraint("start_fold IN (0, 1)", name="appointment_start_fold"),
    CheckConstraint("end_fold IN (0, 1)", name="appointment_end_fold"),
    CheckConstraint(
        "end_local > start_local OR (end_local = start_local AND end_fold > start_fold)",
        name="appointment_order",
    ),
    Index("appointment_employee", "employee_id"),
    Index("appointment_end", "end_local"),
)

vip_caller = Table(
    "vip_caller",
    metadata,
    key(),
    of("customer_id", "customer"),
    *declared("vip_caller", VIP_CALLER, person_lost="CASCADE"),
    Index("vip_caller_customer", "customer_id"),
    Index("vip_caller_employee", "employee_id"),
)

faq_entry = Table(
    "faq_entry",
    metadata,
    key(),
    of("customer_id", "customer"),
    Column("place", Integer, nullable=False),
    words("question", default=None),
    words("answer", default=None),
    Index("faq_entry_customer", "customer_id", "place"),
)

text_block = Table(
    "text_block",
    metadata,
    key(),
    of("customer_id", "customer"),
    Column("place", Integer, nullable=False),
    words("name", default=None),
    words("text", default=None),
    Index("text_block_customer", "customer_id", "place"),
)

nobody_free = Table(
    "nobody_free",
    metadata,
    of("customer_id", "customer", primary_key=True),
    *declared("nobody_free", NOBODY_FREE),
)

note_field = Table(
    "note_field",
    metadata,
    of("customer_id", "customer", primary_key=True),
    Column("key", PlainText, primary_key=True),
    Column("place", Integer, nullable=False),
    words("label", default=None),
    words("kind", default=None),
    flag("required"),
    Column("choices", JSON(none_as_null=True)),
    words("help"),
    flag("retired"),
    one_of("note_field_kind", "kind", FieldKind),
)

house_day = Table(
    "house_day",
    metadata,
    Column("day", PlainText, primary_key=True),
    Column("state", PlainText, primary_key=True),
    flag("free"),
    words("name", default=None),
)
